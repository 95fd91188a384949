"""The hook for pre-commit, run by pre-commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from scratch import Scratch

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOK: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))[0]
KEPT, BROKEN = "Passed", "broken   prompts"


def pre_commit(repository: Scratch, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run pre-commit and return its status and what it writes."""
    ended = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=repository.root,
        env=environment | {"PRE_COMMIT_COLOR": "never"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return ended.returncode, ended.stdout


def configure(repository: Scratch, repo: str, hook: dict[str, Any], **more: str) -> None:
    """Write and stage a configuration with one hook."""
    document = {"repos": [{"repo": repo, "hooks": [hook], **more}]}
    repository.write(".pre-commit-config.yaml", yaml.safe_dump(document))
    repository.git("add", "-A")


def break_budget(repository: Scratch) -> None:
    """Stage a prompt that is too long."""
    repository.write("prompts/system.md", "word " * 300)
    repository.git("add", "-A")


def test_manifest(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """It is what pre-commit asks for."""
    assert (0, "") == pre_commit(budgeted, on_path, "validate-manifest", str(MANIFEST))


def test_hook(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """It passes while budgets are kept, and fails with what to do when what is staged breaks one."""
    configure(budgeted, "local", HOOK | {"language": "system"})
    kept = pre_commit(budgeted, on_path, "run")
    break_budget(budgeted)
    broken = pre_commit(budgeted, on_path, "run")

    assert [(0, True), (1, True)] == [(kept[0], KEPT in kept[1]), (broken[0], BROKEN in broken[1])]
    assert "- exit code: 1\n" in broken[1]


def test_what_is_not_staged(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """What is staged is checked, and not what lies beside it."""
    configure(budgeted, "local", HOOK | {"language": "system"})
    budgeted.write("prompts/system.md", "word " * 300)
    status, said = pre_commit(budgeted, on_path, "run")

    assert (0, True) == (status, KEPT in said)


def test_deleted(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """A commit that only deletes is checked, too: with --strict, a glob that lost its last file fails."""
    configure(budgeted, "local", HOOK | {"language": "system", "args": ["--strict"]})
    budgeted.commit("configured")
    budgeted.git("rm", "-q", "-r", "prompts")
    status, said = pre_commit(budgeted, on_path, "run")

    assert (1, True) == (status, "no file matches 'prompts/**/*.md'" in said)


def test_commit(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """Installed in a repository, it keeps git from committing what breaks a budget."""
    configure(budgeted, "local", HOOK | {"language": "system"})
    pre_commit(budgeted, on_path, "install")
    break_budget(budgeted)
    before = budgeted.git("rev-parse", "HEAD")
    budgeted.git("commit", "-q", "-m", "too long", check=False, **on_path)

    assert before == budgeted.git("rev-parse", "HEAD")


@pytest.mark.parametrize(("limit", "status"), [("200", 0), ("150", 1)])
def test_arguments(budgeted: Scratch, on_path: dict[str, str], limit: str, status: int) -> None:
    """A budget can be given without a file."""
    (budgeted.root / "gpt41calc.toml").unlink()
    configure(budgeted, "local", HOOK | {"language": "system", "args": ["prompts", f"--token-budget={limit}"]})

    assert status == pre_commit(budgeted, on_path, "run")[0]


@pytest.mark.packaging
def test_installed_by_pre_commit(budgeted: Scratch, on_path: dict[str, str], tmp_path: Path) -> None:
    """Named by repository and release as users name it, it is installed by pre-commit and runs."""
    release = Scratch(tmp_path / "release").init()
    for name in ("gpt41calc", "data"):
        shutil.copytree(ROOT / name, release.root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", MANIFEST.name):
        shutil.copy(ROOT / name, release.root)
    release.commit("a release")
    release.git("tag", "v0.1.0")
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    home = {"HOME": os.environ["HOME"], "PATH": os.environ["PATH"], "PRE_COMMIT_HOME": str(tmp_path / "hooks")}
    environment = on_path | pip | home
    configure(budgeted, str(release.root), {"id": "gpt41calc-check"}, rev="v0.1.0")
    kept = pre_commit(budgeted, environment, "run")
    break_budget(budgeted)
    broken = pre_commit(budgeted, environment, "run")

    assert [(0, True), (1, True)] == [(kept[0], KEPT in kept[1]), (broken[0], BROKEN in broken[1])]
