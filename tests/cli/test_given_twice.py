"""What contradicts itself is refused with both values; lists of paths that another program wrote get a hint."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Spawn


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--output-tokens", "5", "--output-tokens", "7"), "--output-tokens is given twice, as '5' and as '7'"),
        (("-f", "csv", "--format=plain"), "--format is given twice, as 'csv' and as 'plain'"),
        (("--tier", "batch", "--tier", "batch"), "--tier is given twice, as 'batch' and as 'batch'"),
    ],
)
def test_an_option_that_counts_once(spawn: Spawn, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Of two values for an option that takes one, none is taken."""
    (tmp_path / "a.txt").write_bytes(b"hello world\n")
    ended = spawn("estimate", "a.txt", *words)

    assert (2, "") == (ended.status, ended.stdout)
    assert f"gpt41calc: error: {said}\n" in ended.stderr


def test_options_that_add_up(spawn: Spawn, tmp_path: Path) -> None:
    """Lists may be given as often as one likes, and so may flags."""
    (tmp_path / "a.txt").write_bytes(b"hello world\n")
    ended = spawn("count", "a.txt", "-q", "-q", "--include", "*.txt", "--include", "*.md")

    assert (0, "3\n") == (ended.status, ended.stdout)


@pytest.mark.parametrize(
    ("name", "line", "hint"),
    [
        ("a.txt", b"a.txt\r\n", "paths.txt has Windows line ends: write it with LF alone"),
        ("caf\u00e9.txt", b'"caf\\303\\251.txt"\n', "git quotes such names: list them with -z and read them with -0"),
    ],
)
def test_lists_of_other_programs(spawn: Spawn, tmp_path: Path, name: str, line: bytes, hint: str) -> None:
    """A list with Windows line ends, or with names as git quotes them, says what is the matter with it."""
    (tmp_path / name).write_bytes(b"hello world\n")
    (tmp_path / "paths.txt").write_bytes(line)
    ended = spawn("count", "--files-from", "paths.txt")

    assert 2 == ended.status
    assert hint in ended.stderr
