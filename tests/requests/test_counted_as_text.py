"""Commands that count files as text say so of a file that looks like a request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn

REQUEST = json.dumps({"model": "gpt-4.1", "messages": [{"role": "user", "content": "Say hello."}]})


@pytest.mark.parametrize(
    "command",
    [
        ("count",),
        ("check", "--token-budget", "1k"),
        ("preflight", "--usage-tier", "1"),
        ("recommend", "--task", "code"),
    ],
)
def test_hint(spawn: Spawn, tmp_path: Path, command: tuple[str, ...]) -> None:
    """The hint names the file and the command that counts it as a request; the count stays that of the text."""
    (tmp_path / "a.json").write_text(REQUEST, encoding="utf-8")
    ended = spawn(command[0], "a.json", *command[1:])

    assert 0 == ended.status
    assert "hint: a.json is counted as text; 'gpt41calc estimate' counts it as the request" in ended.stderr


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", '{"name": "a", "version": "1"}'), ("a.md", REQUEST), ("a.json", "")]
)
def test_no_hint(spawn: Spawn, tmp_path: Path, name: str, text: str) -> None:
    """Neither for other JSON, nor for a text about a request."""
    (tmp_path / name).write_text(text, encoding="utf-8")

    assert "" == spawn("count", name).stderr


def test_files_of_folders_are_texts(spawn: Spawn, tmp_path: Path) -> None:
    """What was found in a folder was not meant as a request."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/a.json").write_text(REQUEST, encoding="utf-8")

    assert "" == spawn("count", "prompts", "-q").stderr
