"""``explore`` as a process in a terminal of 80 x 24: keys, mouse, colours, endings."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from conftest import TODAY, Spawn
from driven import Driven
from golden import hold_against_case

pytest.importorskip("textual", reason="the extra explore is not installed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

Start = Callable[..., Driven]

DOWN, ESCAPE = "\x1b[B", "\x1b"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder of a few files, one of them with a hostile name."""
    for name, content in {
        "src/app/main.py": "def main():\n    return 42\n" * 30,
        "src/app/view.py": "class View:\n    pass\n" * 20,
        "src/[red]x[bold]\x1b[2J\u202e.py": "value = 1\n" * 10,
        "docs/guide.md": "# Guide\n\nRead this first. 🜁\n" * 40,
        "docs/old/notes.md": "A note.\n" * 15,
        "README.md": "What it is.\n" * 5,
    }.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "project"


@pytest.fixture
def explore(project: Path, environment: dict[str, str]) -> Iterator[Callable[..., Driven]]:
    """Return a function that starts the explorer in a folder, and waits for its first picture."""
    started: list[Driven] = []

    def start(
        *options: str, variables: Mapping[str, str] = MappingProxyType({}), columns: int = 80, rows: int = 24
    ) -> Driven:
        around = {**environment, "GPT41CALC_AS_OF": TODAY, **variables}
        words = ["explore", "--no-cache", *options]
        driven = Driven(words, environment=around, folder=project, columns=columns, rows=rows)
        started.append(driven)
        driven.until("tokens in", "README.md", "q:quit")
        return driven

    yield start
    for driven in started:
        driven.close()


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 30)])
def test_the_first_picture(explore: Start, columns: int, rows: int) -> None:
    """Totals, fit and cost come first, then the rows, largest first, and the keys in the last line."""
    driven = explore(columns=columns, rows=rows)
    lines = driven.until("README.md")
    driven.press("q")

    hold_against_case(f"explore-{columns}.txt", "\n".join(lines) + "\n")
    assert (0, "") == driven.end()


def test_leaving_out_changes_totals_and_is_written_on_quitting(explore: Start, project: Path, spawn: Spawn) -> None:
    """What is left out changes tokens, fit and cost at once; pasted as options it gives the same tokens."""
    driven = explore()
    driven.press("x")
    driven.until("by 1 exclusion", "left out /docs/: 2 files")
    driven.press("e*.py")
    driven.until("leave out 3 files")
    driven.press("\r")
    lines = driven.until("by 2 exclusions")
    driven.press("q")
    status, options = driven.end()
    shown = re.search(r"([\d,]+) tokens", lines[0])
    counted = spawn("count", "-q", "--exclude", "/docs/", "--exclude", "*.py", cwd=project)

    assert (0, "--exclude /docs/ --exclude '*.py'\n") == (status, options)
    assert shown is not None
    assert counted.stdout == shown[1].replace(",", "") + "\n"


def test_folders_and_the_tokens_of_a_file(explore: Start) -> None:
    """Enter opens folders, and the tokens of a file; Escape and the left arrow lead back."""
    driven = explore()
    driven.press("\r")
    driven.until("/docs/  by tokens", "guide.md")
    driven.press("\r")
    lines = driven.until("docs/guide.md:", "tokens of o200k_base", "Read this first. \\xf0\\x9f\\x9c\\x81↵")
    driven.press(ESCAPE)
    driven.until("/docs/  by tokens")
    driven.press("\x1b[D")
    driven.until("/  by tokens")
    driven.press("q")

    hold_against_case("explore-tokens.txt", "\n".join(lines) + "\n")
    assert (0, "") == driven.end()


def test_the_filter_and_the_order(explore: Start) -> None:
    """A filter shows only what matches, Escape shows everything again, and s sorts by the next column."""
    driven = explore()
    driven.press("/*.md\r")
    lines = driven.until("only *.md: 3 files")
    assert not any("src/" in line for line in lines)
    driven.press(ESCAPE)
    driven.until("src/")
    driven.press("sr")
    lines = driven.until("by name, last first")
    driven.press("q")

    assert ["src/", "docs/", "README.md"] == [line.split()[-1] for line in lines[5:8]]
    assert (0, "") == driven.end()


def test_another_model(explore: Start) -> None:
    """A model of another encoding is counted when it is chosen, and what was left out stays so."""
    driven = explore("-m", "gpt-4.1,gpt-4")
    driven.press("x")
    driven.until("by 1 exclusion")
    driven.press("m")
    driven.until("not counted yet")
    driven.press(DOWN + "\r")
    lines = driven.until("of 8,192", "by 1 exclusion")
    driven.press("q")

    assert lines[0].endswith("GPT-4")
    assert (0, "--exclude /docs/\n") == driven.end()


def test_a_model_is_found_by_its_name(explore: Start) -> None:
    """In the list of models letters are a name, and not keys of the rows; a name that no model has is said."""
    driven = explore()
    driven.press("m")
    driven.until("find", "choose")
    driven.press("mini")
    driven.until("find mini")
    driven.press("x")
    driven.until("find minix: no model has it in its name")
    driven.press("\x7f\r")
    lines = driven.until("by tokens")
    driven.press("q")

    assert lines[0].rstrip().endswith("GPT-4.1 mini")
    assert (0, "") == driven.end()


@pytest.mark.exhaustive
def test_a_mouse(explore: Start) -> None:
    """A double click opens a row, and a click on a heading sorts by its column."""
    driven = explore()
    click = "\x1b[<0;10;7M\x1b[<0;10;7m"
    driven.press(click + click)
    driven.until("/src/  by tokens")
    driven.press("\x1b[<0;60;5M\x1b[<0;60;5m")
    driven.until("/src/  by name")
    driven.press("q")

    assert (0, "") == driven.end()


@pytest.mark.parametrize(
    ("options", "variables", "has_colour"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": "1"}, False),
        pytest.param(["--no-color"], {}, False, marks=pytest.mark.exhaustive),
        pytest.param(["--color", "always"], {"NO_COLOR": "1"}, True, marks=pytest.mark.exhaustive),
    ],
)
def test_colour(explore: Start, options: list[str], variables: dict[str, str], *, has_colour: bool) -> None:
    """Colours are the sixteen of the terminal, which suit its own background; without colour there is none at all."""
    driven = explore(*options, variables=variables)
    driven.press(DOWN + "x")
    driven.until("by 1 exclusion")
    driven.press("q")
    driven.end()
    codes = {code for found in re.findall(rb"\x1b\[([\d;]*)m", driven.written) for code in found.split(b";") if code}
    colours = {int(code) for code in codes if 30 <= int(code) <= 48 and code != b"39"}

    assert has_colour is bool(colours)
    assert 38 not in colours, "a colour of its own, which may not be seen on the user's background"


@pytest.mark.exhaustive
def test_hostile_names_change_nothing(explore: Start) -> None:
    """Control characters, overrides and markup in a name are shown as escapes, on the screen and in what is written."""
    driven = explore()
    driven.press(DOWN + "\r" + DOWN)  # all at once, as over a slow line
    driven.until("[red]x[bold]\\x1b[2J\\u202e.py")
    driven.press("x")
    driven.until("left out /src/\\\\[red]")
    driven.press("q")
    status, options = driven.end()

    assert (0, "--exclude $'/src/\\\\[red]x\\\\[bold]\\033\\\\[2J\\342\\200\\256.py'\n") == (status, options)


@pytest.mark.parametrize(
    ("signals", "keys"),
    [
        (signal.SIGTERM, ""),
        pytest.param(signal.SIGHUP, "", marks=pytest.mark.exhaustive),
        pytest.param(None, "\x03", marks=pytest.mark.exhaustive),
    ],
)
def test_an_interruption(explore: Start, signals: signal.Signals | None, keys: str) -> None:
    """A signal, or Ctrl+C, restores the terminal, writes nothing and ends with 130."""
    driven = explore()
    driven.press("x")
    driven.until("by 1 exclusion")
    if signals is not None:
        os.kill(driven.pid, signals)
    driven.press(keys)

    assert (130, "") == driven.end()
    assert b"\x1b[?1049l" in driven.written


def test_without_a_terminal(spawn: Spawn) -> None:
    """Without a terminal there is a sentence and status 2."""
    ended = spawn("explore")

    assert (2, "") == (ended.status, ended.stdout)
    assert ended.stderr.startswith("gpt41calc: error: explore needs a terminal")


def test_without_the_extra(project: Path, environment: dict[str, str]) -> None:
    """Without Textual there is a sentence that names the extra, before anything is counted."""
    hiding = (
        "import sys; sys.modules['textual'] = None; from gpt41calc.boundary import main; sys.exit(main(['explore']))"
    )
    driven = Driven([], environment=environment, folder=project, program=["-c", hiding])
    try:
        status, output = driven.end()
        assert "pip install 'gpt41calc[explore]'" in " ".join(driven.written.decode().split())
    finally:
        driven.close()

    assert (2, "") == (status, output)


def test_what_could_not_be_counted_is_said(explore: Start, project: Path) -> None:
    """If a file could not be counted, totals are lower bounds, and the status is 3."""
    (project / "gone.bin").write_bytes(b"\0\1")
    (project / "locked.md").write_text("secret")
    (project / "locked.md").chmod(0)
    if os.access(project / "locked.md", os.R_OK):
        pytest.skip("this user may read everything")
    driven = explore()
    driven.until("at least 915 tokens")
    driven.press("q")

    assert (3, "") == driven.end()


def test_help_names_every_key(spawn: Spawn) -> None:
    """``--help`` says what the keys do."""
    from gpt41calc.commands.explore.keys import KEYS

    said = " ".join(spawn("explore", "--help").stdout.split())

    assert [] == [key for key in KEYS if f"{key.shown}: {key.does.partition(';')[0]}" not in said]
