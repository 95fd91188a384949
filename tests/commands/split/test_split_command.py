"""``split`` as a process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn

TEXT = "One two three.\n\nFour five six.\n\n# Ten\n\nEleven ☃ twelve.\n".encode()


def test_files(spawn: Spawn, tmp_path: Path) -> None:
    """The files are numbered with padding, are the text together, and the first line says how many there are."""
    (tmp_path / "notes.md").write_bytes(TEXT)
    ended = spawn("split", "-t", "12", "notes.md", "-o", "out/pieces")
    found = sorted((tmp_path / "out" / "pieces").iterdir())

    assert (0, "2 pieces in out/pieces, with at most 9 tokens each.\n") == (ended.status, ended.stdout), ended
    assert ["notes-001.md", "notes-002.md"] == [path.name for path in found]
    assert TEXT == b"".join(path.read_bytes() for path in found)


def test_the_document(spawn: Spawn, tmp_path: Path) -> None:
    """--json lists the pieces as they are in the files."""
    found = json.loads(spawn("split", "-t", "6", "-o", "out", "--json", stdin=TEXT).stdout)["pieces"]

    assert [TEXT[each["start"] : each["end"]] for each in found] == [
        (tmp_path / each["path"]).read_bytes() for each in found
    ]
    assert all(each["bytes"] == each["end"] - each["start"] for each in found)
    assert all(each["tokens"] <= 6 for each in found)


def test_lines(spawn: Spawn) -> None:
    """Without a folder, each piece is a line of JSON."""
    lines = [json.loads(line) for line in spawn("split", "-t", "6", stdin=TEXT).stdout.splitlines()]

    assert TEXT.decode() == "".join(line["text"] for line in lines)


def test_a_hyphen_is_standard_output(spawn: Spawn, tmp_path: Path) -> None:
    """-o - is what is written without -o, as in other commands; a folder of that name is ./-."""
    usual, hyphen = (spawn("split", "-t", "6", *words, stdin=TEXT).stdout for words in ((), ("-o", "-")))
    listed, document = (spawn("split", "-t", "6", *words, "--json", stdin=TEXT).stdout for words in ((), ("-o", "-")))
    spawn("split", "-t", "6", "-o", "./-", stdin=TEXT)

    assert [usual, listed] == [hyphen, document]
    assert ["-"] == [path.name for path in tmp_path.iterdir()]


def test_an_empty_text(spawn: Spawn) -> None:
    """It has no pieces."""
    ended = spawn("split", "-t", "6", "-o", "out", stdin=b"")

    assert (0, "No pieces: the text is empty.\n") == (ended.status, ended.stdout)


def test_a_file_that_is_there_stays(spawn: Spawn, tmp_path: Path) -> None:
    """Nothing is overwritten, and old pieces are not mixed with new ones."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "piece-009.txt").write_text("old")
    ended = spawn("split", "-t", "6", "-o", "out", stdin=TEXT)

    assert (2, True) == (ended.status, "piece-009.txt is there already" in ended.stderr), ended
    assert [("piece-009.txt", "old")] == [(path.name, path.read_text()) for path in (tmp_path / "out").iterdir()]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "how many tokens?"),
        (("-t", "0"), 2, "--tokens: expected a number from 1"),
        (("-t", "5", "--overlap", "5"), 2, "an overlap of 5 tokens leaves nothing of a piece with at most 5"),
        (("-t", "1"), 2, "and a piece may have 1"),
        (("-t", "5", "-o", "file"), 74, "cannot write to file"),
        (("-t", "1", "-o", "new"), 2, "and a piece may have 1"),
    ],
)
def test_what_is_wrong_is_said(spawn: Spawn, tmp_path: Path, words: tuple[str, ...], status: int, said: str) -> None:
    """Every mistake is a sentence, and nothing is left behind."""
    (tmp_path / "file").write_text("a")
    ended = spawn("split", *words, stdin="A 👨‍👩‍👧 family".encode())

    assert (status, True) == (ended.status, said in ended.stderr), ended
    assert not (tmp_path / "new").exists()


def test_commands_of_a_job_log(spawn: Spawn) -> None:
    """A CI service finds no command in the lines of JSON, which stand for the same text."""
    ended = spawn("split", "-t", "50", stdin=b"##[set-output name=a;]b", env={"GITHUB_ACTIONS": "true"})

    assert "##[set-output name=a;]b" == json.loads(ended.stdout)["text"]
    assert "##[" not in ended.stdout
