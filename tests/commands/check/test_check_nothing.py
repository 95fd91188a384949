"""A check that has nothing to hold against its budgets has not passed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn
from scratch import Scratch

INCOMPLETE, USAGE = 3, 2

NOTHING: dict[str, tuple[str, ...]] = {
    "an empty list": ("--files-from", "empty"),
    "an empty folder": ("folder",),
    "an empty pipe": ("-",),
    "nothing but binary files": ("binary",),
}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("what", NOTHING)
def test_nothing_is_not_kept(tmp_path: Path, spawn: Spawn, what: str, strict: bool) -> None:  # noqa: FBT001
    """Silence is no yes: the run is incomplete, and with --strict it was asked wrongly."""
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").mkdir()
    (tmp_path / "binary" / "a").write_bytes(b"\0")
    options = ("--token-budget", "5", "--no-config", "--json", *(["--strict"] if strict else []))
    ended = spawn("check", *NOTHING[what], *options, stdin=b"")
    expected = (USAGE, None) if strict else (INCOMPLETE, (False, False))
    document = json.loads(ended.stdout)
    actual = (ended.status, None if strict else (document["passed"], document["complete"]))

    assert expected == actual


def test_an_empty_file_is_kept(tmp_path: Path, spawn: Spawn) -> None:
    """A file without text is a file that was checked."""
    (tmp_path / "empty").touch()
    expected = 0
    actual = spawn("check", "empty", "--token-budget", "5", "--no-config", "--strict").status

    assert expected == actual


def test_what_was_deleted_is_judged(scratch: Scratch, spawn: Spawn) -> None:
    """Where there was something at the base, that nothing is left is an answer."""
    scratch.commit(a="some text\n")
    (scratch.root / "a").unlink()
    expected = 0
    actual = spawn("check", ".", "--max-increase", "0", "--against", "HEAD", "--no-config", cwd=scratch.root).status

    assert expected == actual


POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
    "size 12345\n"
)


@pytest.mark.parametrize(
    "command",
    [("count",), ("estimate",), ("check", "--token-budget", "1k"), ("preflight", "--usage-tier", "1")],
    ids=" ".join,
)
@pytest.mark.parametrize("way", ["named", "found"])
def test_pointers_are_named(tmp_path: Path, spawn: Spawn, command: tuple[str, ...], way: str) -> None:
    """Every command that counts says that a pointer of Git LFS is not the file that it stands for."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "large.csv").write_text(POINTER)
    (folder / "other").write_text("0123456789 and some more text of about the same length, " * 3)
    paths = ("folder/large.csv", "folder/other") if way == "named" else ("folder",)
    said = spawn(*command, *paths, "--no-config").stderr
    expected = (1, True)
    actual = (said.count("a Git LFS pointer"), "folder/large.csv: a Git LFS pointer" in said)

    assert expected == actual
