"""The files that the guide to budgets shows for CI, run as far as they can be without the service."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from composite import ROOT, Runner
from scratch import Scratch
from standin import TOKEN, listening

BUDGETS = ROOT / "docs" / "budgets"

_INSTALLS = ("pip install ", "pipx install ")


def read(name: str) -> Any:
    """Return an example; the one word that YAML 1.1 takes for a truth value is none here."""
    return yaml.load((BUDGETS / name).read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only


def shell(script: str, repository: Scratch, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run lines as a job does, but for those that install."""
    lines = [line for line in script.splitlines() if not line.startswith(_INSTALLS)]
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)],  # noqa: S607 - where it is differs
        cwd=repository.root,
        env=environment,
        stdin=subprocess.PIPE,
        capture_output=True,
        check=False,
        text=True,
    )


def break_budget(repository: Scratch) -> None:
    """Do what the guide does."""
    with (repository.root / "prompts" / "system.md").open("ab") as prompt:
        prompt.write((repository.root / "prompts" / "review.md").read_bytes())


def test_every_example_is_shown() -> None:
    """The guide shows every file there is, and nothing is kept that it does not show."""
    guide = (ROOT / "docs" / "guides" / "budgets.md").read_text(encoding="utf-8")

    assert [] == [path.name for path in BUDGETS.iterdir() if f"<!-- file docs/budgets/{path.name} -->" not in guide]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("github-action.yml", "vendor.github-workflows"),
        ("github-plain.yml", "vendor.github-workflows"),
        ("gitlab-ci.yml", "vendor.gitlab-ci"),
    ],
)
def test_schema(name: str, schema: str) -> None:
    """Every job is what the published schema of its service asks for."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(BUDGETS / name)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)

    assert (0, "") == (ended.returncode, ended.stderr)


@pytest.mark.parametrize("name", ["github-action.yml", "github-plain.yml"])
def test_permissions(name: str) -> None:
    """A job may read; it may write on pull requests only if it comments, and nothing keeps its credentials."""
    workflow = read(name)
    steps = workflow["jobs"]["budgets"]["steps"]
    comments = any(step.get("with", {}).get("comment") == "true" for step in steps)

    assert {"contents": "read"} | ({"pull-requests": "write"} if comments else {}) == workflow["permissions"]
    assert "false" == steps[0]["with"]["persist-credentials"]


def test_github_with_the_action(budgeted: Scratch, tmp_path: Path, programs: Path, on_path: dict[str, str]) -> None:
    """With what the example gives it, the action comments on the pull request and has the status of the check."""
    given = read("github-action.yml")["jobs"]["budgets"]["steps"][1]["with"]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    break_budget(budgeted)
    with listening() as github:
        environment = on_path | {"GITHUB_API_URL": github.url}
        runner = Runner(budgeted.root, temporary, environment, token=TOKEN, pull_request=7, programs=programs)
        ran = runner.run(**given)

    assert (1, 1) == (ran.status, len(github.comments))


def test_github_without_the_action(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """The lines of the example annotate, write the report and have the status of the check."""
    steps = read("github-plain.yml")["jobs"]["budgets"]["steps"]
    script = "\n".join(step["run"] for step in steps if "run" in step)
    kept = shell(script, budgeted, on_path)
    break_budget(budgeted)
    broken = shell(script, budgeted, on_path)

    assert [(0, ""), (1, "::error")] == [(kept.returncode, kept.stdout), (broken.returncode, broken.stdout[:7])]
    assert (budgeted.root / "check.sarif").exists()


def test_gitlab(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """The lines of the example write the reports that it hands over, and have the status of the check."""
    job = read("gitlab-ci.yml")["budgets"]
    environment = on_path | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": budgeted.git("rev-parse", "main")}
    kept = shell("\n".join(job["script"]), budgeted, environment)
    break_budget(budgeted)
    broken = shell("\n".join(job["script"]), budgeted, environment)
    reports = job["artifacts"]["reports"].values()

    assert [0, 1] == [kept.returncode, broken.returncode]
    assert [True, True] == [(budgeted.root / report).stat().st_size > 0 for report in reports]


def test_pre_commit(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """The example is a valid configuration, names the hook there is, and gives it what it takes."""
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(BUDGETS / "pre-commit-config.yaml")]
    subprocess.run(command, env=on_path, check=True)
    hook = read("pre-commit-config.yaml")["repos"][0]["hooks"][0]
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    ended = shell(" ".join([offered["entry"], *hook["args"]]), budgeted, on_path)

    assert (offered["id"], 0) == (hook["id"], ended.returncode)


def test_shell_script(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """The script tells kept, broken, not countable and asked wrongly apart."""
    script = BUDGETS / "check.sh"

    def run() -> tuple[int, str]:
        ended = subprocess.run(
            ["sh", script],  # noqa: S607 - where it is differs
            cwd=budgeted.root,
            env=on_path,
            capture_output=True,
            check=False,
            text=True,
        )
        return ended.returncode, ended.stderr.splitlines()[-1] if ended.stderr else ""

    kept = run()
    break_budget(budgeted)
    broken = run()
    shutil.rmtree(budgeted.root / "prompts")
    budgeted.write("prompts", b"\0")
    lost = run()
    budgeted.write("gpt41calc.toml", "model = 1\n")

    assert [(0, ""), (1, "over budget: see check.md")] == [kept, broken]
    assert [(3, "some files could not be counted"), (2, "nothing was checked")] == [lost, run()]
