"""The README and the docs say what the program does; GPT41CALC_UPDATE_CASES=1 writes their examples anew.

A block of code behind one of these comments is run, or compared with a file:

    <!-- example -->    commands of gpt41calc, each by itself, in docs/example
    <!-- session -->    lines of a shell, in a repository with budgets
    <!-- tutorial -->   lines of a shell, in an empty repository; a page is one session
    <!-- file PATH -->  the content of a file of this repository
"""

from __future__ import annotations

import doctest
import html
import os
import re
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
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
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
UPDATES = os.environ.get("GPT41CALC_UPDATE_CASES") == "1"
MOST_LINES = 250
MOST_COLUMNS = 62
"""As many columns of code as a phone shows."""
EXAMPLE = ROOT / "docs" / "example"

_BLOCK = re.compile(r"<!-- (?P<kind>\w+)(?P<name> \S+)? -->\n```(?P<language>\w+)\n(?P<body>.*?)```\n", re.DOTALL)


Session = Callable[[str], str]
"""Runs a line of a shell and returns what a terminal would show."""


@pytest.fixture
def sessions(request: pytest.FixtureRequest, on_path: dict[str, str]) -> dict[str, Session]:
    """Return a session in a repository with budgets, and one in an empty repository."""

    def start(fixture: str) -> Session:
        """Return a session that makes its repository when its first line is run."""
        return lambda line: _in_shell(line, request.getfixturevalue(fixture), on_path)

    return {"session": start("budgeted"), "tutorial": start("scratch")}


def _in_shell(line: str, repository: Scratch, environment: dict[str, str]) -> str:
    when = f"{NEW_YEAR + repository.days * 86_400} +0000"
    ended = subprocess.run(
        ["bash", "-c", line],  # noqa: S607 - where it is differs
        cwd=repository.root,
        env=environment | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=True,
        text=True,
    )
    return ended.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_examples_are_what_the_program_prints(page: Path, spawn: Spawn, sessions: dict[str, Session]) -> None:
    """Every block behind a marker is what its commands print, or the file it shows."""
    text = page.read_text(encoding="utf-8")
    written = _BLOCK.sub(lambda block: _written(block, spawn, sessions), text)
    if UPDATES:
        page.write_text(written, encoding="utf-8")
        text = written

    assert written == text


def _written(block: re.Match[str], spawn: Spawn, sessions: dict[str, Session]) -> str:
    head = block[0].partition("```")[0] + f"```{block['language']}\n"
    if block["kind"] == "file":
        return head + (ROOT / block["name"].strip()).read_text(encoding="utf-8") + "```\n"
    commands = [line for line in block["body"].splitlines() if line.startswith("$ ")]
    session = sessions.get(block["kind"])
    printed = (session(one.removeprefix("$ ")) if session else _printed(one, spawn) for one in commands)
    return head + "".join(f"{command}\n{text}" for command, text in zip(commands, printed, strict=True)) + "```\n"


def _printed(command: str, spawn: Spawn) -> str:
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "gpt41calc"
    ended = spawn(*arguments, cwd=EXAMPLE)
    assert (0, "") == (ended.status, ended.stderr)
    return ended.stdout


@pytest.mark.parametrize("name", ["estimate.svg", "pictures/tokens.svg", "pictures/cut.svg"])
def test_pictures_are_what_a_terminal_shows(tmp_path: Path, name: str) -> None:
    """The pictures of the README and of guides have the words and numbers that the program prints now."""
    drawn, kept = tmp_path / "drawn.svg", ROOT / "docs" / name
    runpy.run_path(str(ROOT / "docs" / "picture.py"))["draw"](name, drawn)
    if UPDATES and not (kept.exists() and _words_in(drawn) == _words_in(kept)):
        shutil.copyfile(drawn, kept)

    assert _words_in(drawn) == _words_in(kept)


@pytest.mark.parametrize("name", ["estimate", "models", "batch", "check", "count", "compare"])
def test_the_pictures_of_the_guide_are_reports(tmp_path: Path, name: str) -> None:
    """Each has the words and numbers that the program draws now."""
    drawn, kept = tmp_path / "drawn.svg", ROOT / "docs" / "pictures" / f"{name}.svg"
    runpy.run_path(str(ROOT / "docs" / "picture.py"))["draw_report"](name, drawn)
    if UPDATES:
        kept.parent.mkdir(exist_ok=True)
        shutil.copyfile(drawn, kept)

    assert _words_in(kept) == _words_in(drawn)


def _words_in(picture: Path) -> list[str]:
    """Return the texts of a picture, which releases of rich place and colour differently."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture.read_text(encoding="utf-8"))
    return html.unescape(" ".join(texts)).split()


def test_library_example_runs() -> None:
    """The Python session in the reference gives what it shows."""
    failed, tried = doctest.testfile(str(LIBRARY), module_relative=False, encoding="utf-8")

    assert (0, True) == (failed, tried > 4)


def test_exit_codes_are_those_of_the_program() -> None:
    """The table of exit codes lists each code of the program, and no other."""
    from gpt41calc.errors import ExitCode

    listed = re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert [str(code.value) for code in ExitCode] == listed


def test_recipes_of_the_readme_run(budgeted: Scratch, on_path: dict[str, str]) -> None:
    """Every one of the ten recipes is a command that succeeds, in a folder that has what it names."""
    shutil.copytree(EXAMPLE, budgeted.root, dirs_exist_ok=True)
    budgeted.write("prompts/system.md", "You are the reviewer.\n")
    recipes = README.read_text(encoding="utf-8").split("## Ten recipes")[1].split("```sh\n")[1].split("```")[0]
    commands = [line for line in recipes.splitlines() if line and not line.startswith("#")]
    for line in commands:
        _in_shell(line, budgeted, on_path)

    assert 10 == len(commands)


def test_figures_of_the_readme_are_those_of_the_docs() -> None:
    """Every time and share in the README is in a table of the page on speed or of one on accuracy."""
    table = README.read_text(encoding="utf-8").split("## What it does that others do not")[1].split("\n## ")[0]
    figures = re.findall(r"\d+\.\d+ s\b|\d+\.\d+ %|(?<=of )[\d,]+(?= recorded)", table)
    pages = [ROOT / "docs" / "explanation" / "speed.md", *(ROOT / "docs").glob("accuracy-*.md")]
    measured = "".join(page.read_text(encoding="utf-8") for page in pages)

    assert figures
    assert [] == [one for one in figures if one not in measured]


def test_the_readme_is_short() -> None:
    """The README has at most 250 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_code_of_the_readme_fits_a_phone() -> None:
    """Code in the README has short lines; only the commands that set up everything are longer, to be copied whole."""
    blocks = re.findall(r"```\w+\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]

    assert [] == [line for line in lines if len(line) > MOST_COLUMNS and not line.startswith("python3 -m venv")]


@pytest.mark.parametrize("page", [MAP, CONTRIBUTING, README], ids=lambda path: path.stem)
def test_files_that_are_named_exist(page: Path) -> None:
    """Every file and folder of the code that a page for developers names is in the tree."""
    named = re.findall(r"`([\w./-]+(?:\.py|\.toml|\.json|/))`", page.read_text(encoding="utf-8"))
    known = [ROOT, ROOT / "gpt41calc", ROOT / "gpt41calc" / "commands" / "check"]  # which has every usual file
    missing = [name for name in named if not any((folder / name).exists() for folder in known)]

    assert [] == [name for name in missing if "NAME" not in name]


def test_the_glossary_has_the_words_of_reports() -> None:
    """Every value that a document has for exactness, status, verdict, tier, role or level is in the glossary."""
    from gpt41calc.commands.schema.run import load_schemas

    values = {value for schema in load_schemas() for value in _choices(schema.document)}
    terms = re.findall(r"^(\w.*)\n: ", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)

    assert set() == values - {term for line in terms for term in line.split(", ")}


def _choices(schema: object) -> Iterator[str]:
    """Yield what the properties with words for people may be."""
    if isinstance(schema, list):
        for each in schema:
            yield from _choices(each)
    elif isinstance(schema, dict):
        for name, each in schema.items():
            if name in {"exactness", "status", "verdict", "tier", "role", "level"} and isinstance(each, dict):
                for one in (each, *each.get("anyOf", ())):
                    yield from one.get("enum", ())
            yield from _choices(each)


COINED = (
    *("ways? out", "held against", "holds? .{0,40} against", "told", "reckon", "companion", "scout", "foreseen"),
    *("rulings?", "nouns?", "manner of", "judged by"),
)
"""Words that are no terms of the field; what they meant has a name in the glossary."""


@pytest.mark.parametrize("page", [*PAGES, CONTRIBUTING], ids=lambda path: path.stem)
def test_pages_use_the_words_of_the_field(page: Path) -> None:
    """No page uses a coined word in its prose."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert [] == re.findall(rf"\b(?:{'|'.join(COINED)})\b", prose, re.IGNORECASE)


def test_no_page_has_the_marks_of_a_merge() -> None:
    """No page shows where a merge was not finished."""
    pages = [*PAGES, CONTRIBUTING, ROOT / "CHANGELOG.md"]
    marks = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)

    assert [] == [page.name for page in pages if marks.search(page.read_text(encoding="utf-8"))]


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
