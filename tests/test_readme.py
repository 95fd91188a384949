"""The README says what the program does; GPT41CALC_UPDATE_CASES=1 writes it anew."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Spawn
from scratch import NEW_YEAR, Scratch

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
EXAMPLE = ROOT / "docs" / "example"

_BLOCK = re.compile(r"<!-- (?P<kind>\w+)(?P<name> \S+)? -->\n```(?P<language>\w+)\n(?P<body>.*?)```\n", re.DOTALL)


Session = Callable[[str], str]


@pytest.fixture
def session(budgeted: Scratch, on_path: dict[str, str]) -> Session:
    """Return what runs a line of the sessions that are about budgets, and returns what a terminal would show."""
    when = f"{NEW_YEAR + budgeted.days * 86_400} +0000"
    environment = on_path | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}

    def run(line: str) -> str:
        ended = subprocess.run(
            ["bash", "-c", line],  # noqa: S607 - where it is differs
            cwd=budgeted.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=True,
            text=True,
        )
        return ended.stdout

    return run


def test_examples_and_help_are_what_the_program_prints(spawn: Spawn, session: Session) -> None:
    """Every block behind a marker is what its command prints, or the file it shows."""
    text = README.read_text(encoding="utf-8")
    written = _BLOCK.sub(lambda block: _written(block, spawn, session), text)
    if os.environ.get("GPT41CALC_UPDATE_CASES") == "1":
        README.write_text(written, encoding="utf-8")

    assert written == text


def _written(block: re.Match[str], spawn: Spawn, session: Session) -> str:
    head = block[0].partition("```")[0] + f"```{block['language']}\n"
    if block["kind"] == "file":
        return head + (ROOT / block["name"].strip()).read_text(encoding="utf-8") + "```\n"
    if block["kind"] == "help":
        return head + spawn("estimate", "--help", env={"COLUMNS": "110"}).stdout + "```\n"
    commands = [line for line in block["body"].splitlines() if line.startswith("$ ")]
    in_session = block["kind"] == "session"
    printed = (session(one.removeprefix("$ ")) if in_session else _printed(one, spawn) for one in commands)
    return head + "".join(f"{command}\n{text}" for command, text in zip(commands, printed, strict=True)) + "```\n"


def _printed(command: str, spawn: Spawn) -> str:
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "gpt41calc"
    ended = spawn(*arguments, cwd=EXAMPLE)
    assert (0, "") == (ended.status, ended.stderr)
    return ended.stdout


def test_library_example_runs() -> None:
    """The Python session in the README gives what it shows."""
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")

    assert (0, True) == (failed, tried > 4)


def test_exit_codes_are_those_of_the_program() -> None:
    """The table of exit codes lists each code of the program, and no other."""
    from gpt41calc.errors import ExitCode

    listed = re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert [str(code.value) for code in ExitCode] == listed


def test_map_names_every_room() -> None:
    """Every folder and module at the top of the package is on the map."""
    house = README.read_text(encoding="utf-8").split("## How it is built")[1]
    rooms = {
        path.name for path in (ROOT / "gpt41calc").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    trivial = {"__init__.py", "version.py"}

    assert set() == {room for room in rooms - trivial if f"  {room}" not in house}
