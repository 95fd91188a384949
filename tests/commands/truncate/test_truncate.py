"""``truncate`` as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Spawn

TEXT = b"One two three. Four five six. Seven eight nine.\nTen eleven.\n"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("-t", "5"), "One two three. Four"),
        (("-t", "5", "--from", "end", "--at", "line"), "Ten eleven.\n"),
        (("-t", "9", "--at", "sentence"), "One two three. Four five six."),
        (("-t", "14", "--at", "line"), "One two three. Four five six. Seven eight nine.\n"),
        (("-t", "6", "--at", "word", "--marker", " …"), "One two three. Four …"),
        (("-t", "8", "--from", "middle", "--marker", "…"), "One two three.…Ten eleven.\n"),
        (("-t", "100"), TEXT.decode()),
        (("-t", "0"), ""),
    ],
)
def test_what_is_kept(spawn: Spawn, words: tuple[str, ...], kept: str) -> None:
    """The text is cut as the options say, and nothing is added at its end."""
    ended = spawn("truncate", *words, stdin=TEXT)

    assert (0, kept, "") == (ended.status, ended.stdout, ended.stderr)


def test_the_document(spawn: Spawn) -> None:
    """--json has the text, its tokens, and whether it was cut."""
    found = json.loads(spawn("truncate", "-t", "4", "--json", stdin=TEXT).stdout)

    assert ("One two three.", 4, 4, True, "start") == tuple(
        found[key] for key in ("text", "tokens", "limit", "truncated", "from")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "how many tokens?"),
        (("-t", "x"), "--tokens: expected a whole number"),
        (("-t", "1", "--marker", "left out"), "--marker has 2 tokens, and only 1 are allowed"),
        (("-t", "1", "a.txt", "-o", "a.txt"), "this file is read, and would be written over"),
    ],
)
def test_what_is_wrong_is_said(spawn: Spawn, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Every mistake is a sentence, and the exit code is 2."""
    (tmp_path / "a.txt").write_text("a")
    ended = spawn("truncate", *words, stdin=TEXT)

    assert (2, True) == (ended.status, said in ended.stderr), ended


def test_on_a_terminal(tmp_path: Path, environment: dict[str, str]) -> None:
    """Escape sequences of the text do not reach a terminal, and the prompt comes on a line of its own."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    (tmp_path / "a.txt").write_bytes(b"a\tb\x1b[2J\nc")
    master, terminal = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "gpt41calc", "truncate", "-t", "100", "a.txt"],
        stdout=terminal,
        cwd=tmp_path,
        env=environment | {"TERM": "xterm"},
        check=True,
    )
    os.close(terminal)
    shown = os.read(master, 1000)
    os.close(master)

    assert "a\tb\\x1b[2J\nc\n" == shown.decode().replace("\r\n", "\n").expandtabs(1).replace("a b", "a\tb")


@pytest.mark.parametrize("name", ["short.md", "short.json", "short.py"])
def test_the_name_of_a_file_chooses_no_format(spawn: Spawn, tmp_path: Path, name: str) -> None:
    """The text is written as it is, whatever the file is called."""
    ended = spawn("truncate", "-t", "4", "-o", name, stdin=TEXT)

    assert (0, "One two three.") == (ended.status, (tmp_path / name).read_text())
