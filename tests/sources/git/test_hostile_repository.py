"""No setting of a repository runs a program, whatever is asked of it."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from scratch import Scratch, lines

from gpt41calc.sources.git.blobs import Blob, contents
from gpt41calc.sources.git.changes import Staged, WorkTree, changes
from gpt41calc.sources.git.client import excludes_file, is_ignored
from gpt41calc.sources.git.listing import list_files
from gpt41calc.sources.git.log import commits
from gpt41calc.sources.git.repository import Repository, repository
from gpt41calc.sources.git.revisions import Commit, base_of, resolve_revision
from gpt41calc.sources.git.trees import tree

HOOKS = [
    "post-index-change",
    "reference-transaction",
    "pre-commit",
    "post-checkout",
    "pre-auto-gc",
    "fsmonitor-watchman",
]


@pytest.fixture
def canaries(tmp_path: Path) -> Path:
    """Return the folder where a program that was run leaves a file."""
    folder = tmp_path / "canaries"
    folder.mkdir()
    return folder


@pytest.fixture
def hostile(scratch: Scratch, tmp_path: Path, canaries: Path) -> Scratch:
    """Return a partial clone whose every setting names a program, with work in its work tree."""
    fill(scratch)
    scratch.git("config", "uploadpack.allowFilter", "true")
    clone = Scratch(tmp_path / "clone", days=scratch.days)
    scratch.git("clone", "-q", "--filter=blob:none", f"file://{scratch.root}", str(clone.root))
    arm(clone, canaries)
    return clone


@pytest.fixture
def hostile_whole(scratch: Scratch, canaries: Path) -> Scratch:
    """Return the same with everything in it."""
    fill(scratch)
    arm(scratch, canaries)
    return scratch


def fill(scratch: Scratch) -> None:
    """Commit attributes that name filters, a file to rename and a signed commit."""
    attributes = "* filter=evil diff=evil merge=evil\n"
    scratch.commit(a="1\n", b=lines(1, 50), c="1\n", **{".gitattributes": attributes})
    scratch.git("mv", "b", "renamed")
    scratch.commit(a="2\n", renamed=lines(1, 48))
    signed = scratch.git("cat-file", "commit", "HEAD").replace(
        "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\nsigned ", 1
    )
    scratch.write("signed", signed + "\n")
    name = scratch.git("hash-object", "-t", "commit", "-w", "signed")
    (scratch.root / "signed").unlink()
    scratch.git("reset", "-q", "--hard", name)


def arm(scratch: Scratch, canaries: Path) -> None:
    """Name a program wherever git lets a repository name one, and leave the index and the disk in disarray."""
    for name in ("a", "renamed", "c"):
        os.utime(scratch.root / name, (1, 1))
    scratch.write("a", "3\n")
    scratch.write("new", "new\n")
    scratch.write("staged", lines(60, 90))
    scratch.git("add", "staged")
    scratch.write("staged", lines(60, 89))
    hooks = scratch.root / ".git" / "own-hooks"
    hooks.mkdir()

    def program(name: str) -> str:
        path = hooks / name
        path.write_text(f"#!/bin/sh\necho > {shlex.quote(str(canaries / name))}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    for hook in HOOKS:
        program(hook)
        (scratch.root / ".git" / "hooks" / hook).write_bytes((hooks / hook).read_bytes())
        (scratch.root / ".git" / "hooks" / hook).chmod(0o755)
    settings = {name: program(name.replace(".", "-")) for name in PROGRAMS}
    settings |= {
        "core.hooksPath": str(hooks),
        "diff.evil.cachetextconv": "true",
        "filter.evil.required": "true",
        "log.showSignature": "true",
        "protocol.allow": "always",
        "protocol.file.allow": "always",
        "protocol.ext.allow": "always",
        "protocol.ssh.allow": "always",
        "core.untrackedCache": "true",
        "alias.log": "!" + program("alias"),
        "alias.ls-files": "!" + program("alias"),
    }
    for name, value in settings.items():
        scratch.git("config", name, value)


PROGRAMS = [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.gitProxy",
    "core.askPass",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "gpg.ssh.program",
    "interactive.diffFilter",
    "merge.evil.driver",
    "pager.log",
    "pager.diff",
    "remote.origin.uploadpack",
    "uploadpack.packObjectsHook",
    "trailer.evil.command",
]

Ask = Callable[[Repository, Commit, Commit], object]


def read_all(at: Repository, before: Commit) -> list[bytes]:
    """Read every content that is there."""
    blobs = [Blob(entry.blob.id, entry.blob.mode) for entry in tree(at, before)]
    return [b"".join(one.blocks) for one in contents(at, blobs) if one.size_bytes is not None]


QUESTIONS: dict[str, Ask] = {
    "repository": lambda at, _before, _after: repository(at.root),
    "resolve": lambda at, _before, _after: resolve_revision(at, "HEAD"),
    "base_of": lambda at, _before, _after: base_of(at),
    "tree": lambda at, before, _after: tree(at, before),
    "contents": lambda at, before, _after: read_all(at, before),
    "commits": lambda at, _before, after: list(commits(at, None, after)),
    "a commit": changes,
    "staged": lambda at, before, _after: changes(at, before, Staged()),
    "work tree": lambda at, before, _after: changes(at, before, WorkTree()),
    "list_files": lambda at, _before, _after: list_files(at.root),
    "is_ignored": lambda at, _before, _after: is_ignored(os.path.join(at.root, "folder")),
    "excludes_file": lambda at, _before, _after: excludes_file(at.root),
}


def sung(root: Path, canaries: Path) -> dict[str, list[str]]:
    """Ask everything, and return which programs ran for which question."""
    at = repository(str(root))
    before, after = resolve_revision(at, "HEAD~1"), resolve_revision(at, "HEAD")
    programs = {}
    for question, ask in QUESTIONS.items():
        ask(at, before, after)
        programs[question] = os.listdir(canaries)
    return programs


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("remote.origin.uploadpack", "OWN/core-pager"),
        ("remote.origin.url", "ext::OWN/core-pager"),
        ("remote.origin.url", "ssh://localhost/x"),
        ("remote.origin.vcs", "evil"),
    ],
    ids=["file", "ext", "ssh", "vcs"],
)
def test_a_partial_clone_runs_nothing(
    hostile: Scratch, canaries: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    """Contents that are missing are not fetched, by any way that would run a program."""
    own = hostile.root / ".git" / "own-hooks"
    shutil.copy(own / "core-pager", own / "git-remote-evil")
    monkeypatch.setenv("PATH", str(own), prepend=os.pathsep)
    hostile.git("config", setting, value.replace("OWN", str(own)))
    expected: dict[str, list[str]] = {question: [] for question in QUESTIONS}
    actual = sung(hostile.root, canaries)
    hostile.git("cat-file", "blob", "HEAD~1:b", check=False, GIT_ALLOW_PROTOCOL="file:ext:ssh:evil")

    assert expected == actual
    assert os.listdir(canaries) != [], "the canary cannot sing"


def test_a_repository_runs_nothing(hostile_whole: Scratch, canaries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither hooks, filters, viewers, signatures nor anything else it names is run; nor what the environment names."""
    program = str(hostile_whole.root / ".git" / "own-hooks" / "core-pager")
    for name in ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR", "PAGER"):
        monkeypatch.setenv(name, program)
    expected: dict[str, list[str]] = {question: [] for question in QUESTIONS}
    actual = sung(hostile_whole.root, canaries)

    assert expected == actual


def test_what_is_told_of_it(hostile_whole: Scratch) -> None:
    """With all that, the answers are right."""
    at = repository(str(hostile_whole.root))
    before, after = resolve_revision(at, "HEAD~1"), resolve_revision(at, "HEAD")
    expected = (
        ["changed a", "renamed renamed"],
        ["changed a", "added new", "renamed renamed", "added staged"],
        2,
    )
    actual = (
        [f"{one.status} {one.path}" for one in changes(at, before, after)],
        [f"{one.status} {one.path}" for one in changes(at, before, WorkTree())],
        len(list(commits(at, None, after))),
    )

    assert expected == actual


@pytest.mark.parametrize(
    "command",
    [("diff", "HEAD"), ("status",), ("log", "-1"), ("diff-index", "-p", "HEAD")],
    ids=lambda command: command[0],
)
def test_the_canaries_sing(hostile_whole: Scratch, canaries: Path, command: tuple[str, ...]) -> None:
    """The same settings do run programs where git is asked without care."""
    hostile_whole.git(*command, check=False)

    assert os.listdir(canaries) != []
