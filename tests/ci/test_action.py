"""The action: its metadata, and its steps as a runner takes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from composite import ACTION, ROOT, STEPS, Runner
from scratch import Scratch
from standin import TOKEN, GitHub, listening

GUIDE = (ROOT / "docs" / "guides" / "budgets.md").read_text(encoding="utf-8")


@pytest.fixture
def github() -> Iterator[GitHub]:
    """Return a stand-in that listens."""
    with listening() as found:
        yield found


@pytest.fixture
def runner(budgeted: Scratch, tmp_path: Path, programs: Path, on_path: dict[str, str], github: GitHub) -> Runner:
    """Return a machine with a checkout of a pull request, on which gpt41calc is installed."""
    temporary = tmp_path / "runner temp"
    temporary.mkdir()
    environment = on_path | {"GITHUB_API_URL": github.url}
    return Runner(budgeted.root, temporary, environment, token=TOKEN, pull_request=7, programs=programs)


def broken(repository: Scratch) -> None:
    """Break the budgets."""
    repository.write("prompts/system.md", "word " * 300)


def test_metadata() -> None:
    """It is what the published schema of actions asks for."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert (0, "") == (ended.returncode, ended.stderr)


def test_no_expression_is_code() -> None:
    """No script holds an expression, so nothing that somebody typed becomes a part of one."""
    scripts = [step for step in STEPS if "uses" not in step]

    assert [] == [step["name"] for step in scripts if "${{" in step["run"] or "shell" not in step]


def test_other_actions_are_pinned() -> None:
    """An action of somebody else is named by its commit, and cannot change the verdict."""
    others = [step for step in STEPS if "uses" in step]

    assert ["Page"] == [step["name"] for step in others]
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", step["uses"]) for step in others)
    assert all(step["continue-on-error"] for step in others)


def test_the_token_is_where_it_is_needed() -> None:
    """Only the step that comments is given the token."""
    given = [step["name"] for step in STEPS if "token" in json.dumps({**step, "run": ""})]

    assert ["Comment"] == given


def test_inputs_and_outputs_are_documented() -> None:
    """The guide's tables list each input with its default and each output, and the action describes them."""
    section = GUIDE.split("## GitHub Actions")[1].partition("\n## ")[0]
    rows = re.findall(r"^\| (`\w.*?) \|", section, re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([\w-]+)`", row)]
    defaults = dict(re.findall(r"^\| `([\w-]+)` \|.*\| `(.*)` \|$", section, re.MULTILINE))

    assert [*ACTION["inputs"], *ACTION["outputs"]] == listed
    assert {name: one["default"] for name, one in ACTION["inputs"].items() if one["default"]} == defaults
    assert all(one["description"] for one in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))


def test_kept(runner: Runner, github: GitHub) -> None:
    """A kept budget is quiet: no line in the log, a page, two reports, and nothing asked of the server."""
    ran = runner.run()
    document = json.loads(Path(ran.outputs["json"]).read_text(encoding="utf-8"))
    marker = Path(ran.outputs["markdown"]).read_text(encoding="utf-8").partition("\n")[0]

    assert (0, "", "0", "true") == (ran.status, ran.log, ran.outputs["status"], ran.outputs["passed"])
    assert (True, "<!-- gpt41calc:check -->", []) == (document["passed"], marker, github.asked)
    first = ran.summary.partition("\n")[0]
    assert first.startswith("## gpt41calc: kept: 2 budgets; the base, main (")
    assert first.endswith("), is the very commit that is checked")


def test_broken(runner: Runner, budgeted: Scratch, github: GitHub) -> None:
    """A broken budget is an annotation, a comment and status 1."""
    broken(budgeted)
    ran = runner.run(comment="true")

    assert (1, "1", "false") == (ran.status, ran.outputs["status"], ran.outputs["passed"])
    assert ran.log.startswith("::error file=prompts/system.md,title=budget 'prompts'%3A token-budget::")
    assert ran.log.endswith("comment created on pull request 7\n")
    assert [Path(ran.outputs["markdown"]).read_text(encoding="utf-8")] == [one["body"] for one in github.comments]


def test_the_page_is_kept_and_linked(runner: Runner, budgeted: Scratch, github: GitHub) -> None:
    """The page is one file beside the other reports, uploaded as it is, and the comment leads to it."""
    broken(budgeted)
    runner.artifact_url = "https://github.com/shop/cart/actions/runs/1/artifacts/2"
    ran = runner.run(comment="true")
    lines = github.comments[0]["body"].splitlines()

    assert Path(ran.outputs["html"]).read_text(encoding="utf-8").lstrip().startswith("<!DOCTYPE html>")
    assert [(ran.outputs["html"], "False")] == [(used["path"], used["archive"]) for used in runner.used]
    assert (runner.artifact_url, "gpt41calc-check.html") == (ran.outputs["page-url"], Path(ran.outputs["html"]).name)
    assert f"[Page with pictures and all numbers]({runner.artifact_url})" == lines[3]
    assert ("## gpt41calc: broken", "") == (lines[1][:20], lines[2])


def test_no_page(runner: Runner) -> None:
    """Without a name there is no page, and nothing is uploaded."""
    ran = runner.run(page="")

    assert (0, "", "", []) == (ran.status, ran.outputs["html"], ran.outputs["page-url"], runner.used)


@pytest.mark.parametrize("page", ["../up.html", "a/b.html", "page", ".html", "a b.html", "-x.html", "a.html\nx"])
def test_a_page_has_a_plain_name(runner: Runner, page: str) -> None:
    """What is no name of a page is refused before anything is checked."""
    ran = runner.run(page=page)

    assert (2, "::error title=gpt41calc::page is not the name of a file that ends in .html\n") == (ran.status, ran.log)


def test_repaired(runner: Runner, budgeted: Scratch, github: GitHub) -> None:
    """A repaired budget updates the comment that told of it."""
    broken(budgeted)
    runner.run(comment="true")
    budgeted.git("checkout", "-q", ".")
    ran = runner.run(comment="true")

    assert (0, "comment 4000000000 on pull request 7 updated\n") == (ran.status, ran.log)
    assert ["kept: 2 budgets"] == [one["body"].splitlines()[1][14:29] for one in github.comments]


def test_asked_wrongly(runner: Runner, budgeted: Scratch, github: GitHub) -> None:
    """A defect of the project file is status 2: no report, and no comment about nothing."""
    budgeted.write("gpt41calc.toml", "mdoel = []\n")
    ran = runner.run(comment="true")

    assert (2, "2", "false", "") == (ran.status, *(ran.outputs[name] for name in ("status", "passed", "markdown")))
    assert ("did you mean 'model'?" in ran.log, []) == (True, github.asked)


def test_incomplete(runner: Runner, budgeted: Scratch) -> None:
    """A file that was named and cannot be counted is status 3."""
    budgeted.write("image.bin", b"\0")
    ran = runner.run(args="image.bin\n--token-budget=5")

    assert (3, "3", "false") == (ran.status, ran.outputs["status"], ran.outputs["passed"])


@pytest.mark.parametrize("fork", ["may only read", "has no token", "is not there"])
def test_no_comment_no_harm(runner: Runner, budgeted: Scratch, github: GitHub, fork: str) -> None:
    """If commenting is not possible the verdict is the same, and there is a warning."""
    broken(budgeted)
    github.readonly = fork == "may only read"
    runner.token = "" if fork == "has no token" else TOKEN
    if fork == "is not there":
        github.instead = [(404, {"message": "Not Found"})]
    ran = runner.run(comment="true")

    assert (1, True, []) == (ran.status, "::warning title=gpt41calc::no comment: " in ran.log, github.comments)


def test_arguments(runner: Runner, budgeted: Scratch) -> None:
    """Every line is one argument, with what is in it, and replaces the budgets of the file."""
    budgeted.write("a folder/$HOME.md", "a b c")
    ran = runner.run(args="a folder/$HOME.md\r\n\n--token-budget\n2\n")

    assert (1, True) == (ran.status, "file=a folder/$HOME.md,title=budget 'a folder/$HOME.md'" in ran.log)


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_no_input_is_code(runner: Runner, tmp_path: Path, name: str) -> None:
    """Nothing in an input is run."""
    words = "$(touch canary)`touch canary`; touch canary; \" ; touch canary; ' ; touch canary;"
    (runner.workspace / words).mkdir()
    runner.run(**{"comment": "true", name: words})

    assert [] == [*tmp_path.rglob("canary")]


def test_no_module_of_the_checkout(runner: Runner, budgeted: Scratch) -> None:
    """A checkout with modules named like those of Python does not run them where the token is."""
    for name in ("argparse", "json", "urllib", "venv", "pip"):
        budgeted.write(f"{name}.py", "raise SystemExit('taken from the checkout')")
    installed = _alone("Install gpt41calc", runner, WANTED_VERSION="no version")
    commented = _alone("Comment", runner, PROGRAMS=str(runner.programs), REPORT="no report", COMMENT_TOKEN=TOKEN)

    assert "::error title=gpt41calc::version is not one, such as 0.1.0\n" == installed
    assert commented.startswith("::warning title=gpt41calc::no comment: ")


@pytest.mark.parametrize("version", ["https://example.org/x", "--help", "0.1.0 --pre", "0.1.0;x", "1\n2", "latest"])
def test_version(runner: Runner, version: str) -> None:
    """What is no version is not given to pip."""
    assert "::error title=gpt41calc::version is not one, such as 0.1.0\n" == _alone(
        "Install gpt41calc", runner, WANTED_VERSION=version
    )


@pytest.mark.parametrize("digest", ["", "0", "A" * 64, f"{'0' * 64} --no-deps", f"{'0' * 64}\nx"])
def test_a_version_needs_its_digest(runner: Runner, digest: str) -> None:
    """A release is installed by the digest of its wheel, or not at all."""
    assert "::error title=gpt41calc::version needs sha256, the 64 hexadecimal digits of its wheel\n" == _alone(
        "Install gpt41calc", runner, WANTED_VERSION="0.1.0", WANTED_SHA256=digest
    )


def test_nothing_is_installed_without_a_digest() -> None:
    """Pip asks for digests, or is given the sources of the action and no index."""
    script = next(step["run"] for step in STEPS if step["name"] == "Install gpt41calc")
    installs = re.findall(r"(?<=\binstall )--.*", script.partition("packages.txt")[2])

    assert ["--require-hashes", "--no-deps --no-build-isolation --no-index"] == [
        re.sub(r" (--only-binary|-- ).*", "", one) for one in installs
    ]


def _alone(name: str, runner: Runner, **environment: str) -> str:
    """Run one step, in the checkout, and return what it says."""
    script = next(step["run"] for step in STEPS if step["name"] == name)
    job = {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(runner.temporary), "GITHUB_OUTPUT": os.devnull}
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],  # noqa: S607 - where it is differs
        cwd=runner.workspace,
        env=runner.environment | job | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return ended.stdout


@pytest.mark.packaging
def test_installed_by_itself(runner: Runner, budgeted: Scratch, github: GitHub) -> None:
    """The whole action, on a machine with Python alone: it installs what it is in, checks and comments."""
    broken(budgeted)
    runner.programs = None
    runner.environment |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    runner.environment |= {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    ran = runner.run(comment="true")

    assert (1, "1", 1) == (ran.status, ran.outputs["status"], len(github.comments))
