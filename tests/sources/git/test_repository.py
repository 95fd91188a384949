"""The repository around a folder, or a reason."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from scratch import GIT, Scratch

from gpt41calc.errors import UsageError
from gpt41calc.sources.git.repository import Repository, repository


def refusal(folder: Path) -> str:
    """Return why there is no repository to work in."""
    with pytest.raises(UsageError) as refused:
        repository(str(folder))
    return str(refused.value).replace(str(folder), "HERE")


@pytest.mark.parametrize("below", ["", "a", "a/b\nc"])
def test_a_folder_in_a_work_tree(scratch: Scratch, below: str) -> None:
    """The top is found from any folder, and the folder as seen from the top."""
    (scratch.root / "a" / "b\nc").mkdir(parents=True)
    expected = Repository(str(scratch.root), f"{below}/" if below else "", False, False, "sha1")  # noqa: FBT003
    actual = repository(str(scratch.root / below))

    assert expected == actual


def test_the_name_of_the_top_may_be_hostile(tmp_path: Path, quiet_git: Path) -> None:
    """Line ends in the path of a repository are part of it."""
    assert quiet_git.is_dir()
    root = tmp_path / "a\nb\n"
    Scratch(root).init()
    expected = str(root)
    actual = repository(str(root)).root

    assert expected == actual


def test_a_link_to_a_folder(scratch: Scratch, tmp_path: Path) -> None:
    """A folder reached through a link is the folder it leads to."""
    (scratch.root / "a").mkdir()
    (tmp_path / "link").symlink_to(scratch.root / "a")
    expected = "a/"
    actual = repository(str(tmp_path / "link")).prefix

    assert expected == actual


def test_where_there_is_none(tmp_path: Path, scratch: Scratch, quiet_git: Path) -> None:
    """A folder outside, a bare repository and git's own folder are refused, each with its reason."""
    Scratch(tmp_path / "bare").init("--bare")
    expected = {
        quiet_git: "'HERE' is not in a git repository",
        tmp_path / "bare": "'HERE' is in a bare repository, which has no files of its own",
        scratch.root / ".git": "'HERE' is inside the folder where git keeps its own files",
        tmp_path / "gone": "cannot run git in 'HERE': no such file or directory",
    }
    actual = {folder: refusal(folder) for folder in expected}

    assert expected == actual


def test_every_refusal_says_what_next(quiet_git: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git is not installed, that is said, and what to do."""
    monkeypatch.setenv("PATH", str(quiet_git))
    with pytest.raises(UsageError) as refused:
        repository(".")
    expected = ("git is not installed", "install git, and see that it is on the PATH")
    actual = (str(refused.value), refused.value.hint)

    assert expected == actual


def test_a_program_in_the_folder_is_not_git(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PATH that names the current folder does not make a file named git there the program."""
    script = scratch.write("git", "#!/bin/sh\necho > canary\n")
    script.chmod(0o755)
    monkeypatch.chdir(scratch.root)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.path.dirname(GIT)]))
    expected = (str(scratch.root), False)
    actual = (repository(".").root, (scratch.root / "canary").exists())

    assert expected == actual


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give folders away")
def test_the_repository_of_somebody_else(scratch: Scratch) -> None:
    """What git does not trust is explained, as it is common in containers."""
    scratch.write("a", "a")
    for path in (scratch.root, scratch.root / ".git"):
        os.chown(path, 12_345, 12_345)
    expected = "git does not trust the repository around 'HERE': it belongs to another user"
    actual = refusal(scratch.root)

    assert expected == actual


def test_a_work_tree_elsewhere(scratch: Scratch, tmp_path: Path) -> None:
    """A setting that puts the work tree elsewhere does not have another folder counted."""
    (tmp_path / "elsewhere").mkdir()
    scratch.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    expected = True
    actual = "HERE" in refusal(scratch.root)

    assert expected == actual


def test_the_environment_does_not_mislead(
    scratch: Scratch, tmp_path: Path, quiet_git: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a git that runs a hook says of its own repository is not believed of another."""
    other = Scratch(tmp_path / "other").init()
    for name in ("GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare'='true'")
    monkeypatch.setenv("GIT_TRACE", str(quiet_git / "trace"))
    expected = (str(scratch.root), False)
    actual = (repository(str(scratch.root)).root, (quiet_git / "trace").exists())

    assert expected == actual


def test_shallow_and_partial_clones_are_known(scratch: Scratch, tmp_path: Path) -> None:
    """What is missing from a clone by design is known before anything is asked for."""
    scratch.commit(a="a")
    scratch.commit(a="b")
    scratch.git("config", "uploadpack.allowFilter", "true")
    address = f"file://{scratch.root}"
    scratch.git("clone", "-q", "--depth", "1", address, str(tmp_path / "shallow"))
    scratch.git("clone", "-q", "--filter=blob:none", address, str(tmp_path / "partial"))
    found = [repository(str(tmp_path / name)) for name in ("scratch", "shallow", "partial")]
    expected = [(False, False), (True, False), (False, True)]
    actual = [(one.shallow, one.partial) for one in found]

    assert expected == actual


def test_a_linked_work_tree(scratch: Scratch, tmp_path: Path) -> None:
    """A second work tree is a top of its own."""
    scratch.commit(a="a")
    scratch.git("worktree", "add", "-q", str(tmp_path / "second"))
    expected = str(tmp_path / "second")
    actual = repository(str(tmp_path / "second")).root
    shutil.rmtree(tmp_path / "second")

    assert expected == actual
