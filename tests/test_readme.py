"""The README and the docs say what the program does; GPT41CALC_UPDATE_CASES=1 writes them anew."""

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
PAGES = [
    README,
    *sorted(
        path for path in (ROOT / "docs").rglob("*.md") if {"_build", "generated", "example"}.isdisjoint(path.parts)
    ),
]
LIBRARY = ROOT / "docs" / "reference" / "library.md"
MAP = ROOT / "docs" / "explanation" / "architecture.md"
MOST_LINES = 250
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


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_examples_are_what_the_program_prints(page: Path, spawn: Spawn, session: Session) -> None:
    """Every block behind a marker is what its command prints, or the file it shows."""
    text = page.read_text(encoding="utf-8")
    written = _BLOCK.sub(lambda block: _written(block, spawn, session), text)
    if os.environ.get("GPT41CALC_UPDATE_CASES") == "1":
        page.write_text(written, encoding="utf-8")

    assert written == text


def _written(block: re.Match[str], spawn: Spawn, session: Session) -> str:
    head = block[0].partition("```")[0] + f"```{block['language']}\n"
    if block["kind"] == "file":
        return head + (ROOT / block["name"].strip()).read_text(encoding="utf-8") + "```\n"
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
    """The Python session in the reference gives what it shows."""
    failed, tried = doctest.testfile(str(LIBRARY), module_relative=False, encoding="utf-8")

    assert (0, True) == (failed, tried > 4)


def test_exit_codes_are_those_of_the_program() -> None:
    """The table of exit codes lists each code of the program, and no other."""
    from gpt41calc.errors import ExitCode

    listed = re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert [str(code.value) for code in ExitCode] == listed


def test_the_readme_is_short() -> None:
    """The README has at most 250 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_links_lead_somewhere() -> None:
    """Every relative link of the README and the docs is to a file that exists."""
    links = {
        (page.name, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    }

    assert set() == links


def test_the_map_is_the_tree() -> None:
    """Every package and module at the top of the package, and every command, is on the map, and nothing else is."""
    drawn = MAP.read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]
    inside = drawn.split("gpt41calc/\n")[1].split("\ntests/")[0]
    named = set(re.findall(r"^  (\w+/|\w+\.py)(?=  )", inside, re.MULTILINE))
    there = {
        path.name + ("/" if path.is_dir() else "")
        for path in (ROOT / "gpt41calc").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    commands = {path.parent.name for path in (ROOT / "gpt41calc" / "commands").glob("*/__init__.py")}
    drawn_commands = set(re.findall(r"^    (\w+)/", inside, re.MULTILINE))

    assert (there, commands) == (named, drawn_commands)
