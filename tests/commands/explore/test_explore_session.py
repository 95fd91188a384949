"""A use of the explorer without its screen: totals, rows as lines, and what keys change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len

from gpt41calc.api import estimate_paths
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.explore.help import help_lines
from gpt41calc.commands.explore.matching import Ask
from gpt41calc.commands.explore.patterns import matches
from gpt41calc.commands.explore.pieces import lines_of, pieces_of
from gpt41calc.commands.explore.run import Counting, ExploreOptions
from gpt41calc.commands.explore.session import Session
from gpt41calc.commands.explore.text import Line
from gpt41calc.commands.explore.totals import Setting
from gpt41calc.commands.explore.view import Filter
from gpt41calc.counting.runtime import Runtime
from gpt41calc.errors import UsageError
from gpt41calc.pricing.table import load_pricing
from gpt41calc.sources.source import Rules
from gpt41calc.tokenizer.engines import tokenizer

ON = date(2026, 11, 22)

Begin = Callable[..., Session]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """Return a function that begins a session on files by their names."""

    def start(files: dict[str, str], model: str = "gpt-4.1", workload: Workload | None = None) -> Session:
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        counting = Counting(ExploreOptions(path=str(tmp_path)), Runtime())
        table = load_pricing()
        setting = Setting(model=counting.as_counted(table.find(model)), workload=workload or Workload(), on=ON)
        return Session(counting, counting.numbers(setting.model.counted_in), table.models, setting)

    return start


def plain(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(text for text, _ in line)


FILES = {"docs/a.md": "Some words. " * 40, "docs/b.md": "More words. " * 20, "src/a.py": "x = 1\n" * 30}


def test_totals_are_those_of_estimate(begin: Begin, tmp_path: Path) -> None:
    """Tokens, fit and cost are what ``estimate`` says of the folder without what is left out."""
    session = begin(FILES)
    session.leave_out("*.py", b"".join(matches(session.view.tree, "*.py", session.counting.shown_as, option="x")))
    expected = estimate_paths(
        [str(tmp_path)], Workload(), models=["gpt-4.1"], versus=[], rules=Rules(exclude=("*.py",)), as_of=ON
    ).models[0]
    actual = session.totals.now

    assert (expected.tokens, expected.context, expected.cost) == (actual.tokens, actual.context, actual.cost)


def test_rows_add_up_to_the_cost_of_the_input(begin: Begin) -> None:
    """The costs of the rows at the root are that of the input; the one that is left out is priced like them."""
    session = begin(FILES, workload=Workload(cached_percent=Decimal(50)))
    totals = session.totals
    assert totals.now.cost is not None
    rows = [totals.cost_of(session.row(number).tokens) or Decimal() for number in range(len(session.items))]
    before = totals.now.cost.input + totals.now.cost.cached_input

    assert abs(sum(rows) - before) < Decimal("1e-20")


def test_more_cached_tokens_than_input_are_said(begin: Begin) -> None:
    """If so much is left out that more tokens are cached than there are, the cost is not known, and why."""
    session = begin(FILES, workload=Workload(cached_tokens=100))
    assert session.totals.now.cost is not None
    for number in range(len(session.items)):
        session.toggle(number)

    assert session.totals.now.cost is None
    assert "100 cached tokens are more than the 0 tokens" in plain(session.header(80)[2])


def test_toggling_twice_changes_nothing(begin: Begin) -> None:
    """X leaves out and takes back; a row below one that is left out says what to take back."""
    session = begin(FILES)
    before = [plain(line) for line in session.header(80)]
    session.toggle(0)
    assert session.row(0).state == "left out"
    session.enter(0)
    assert session.toggle(0) == "left out by /docs/: take that back with x on its row, or with u"
    assert session.leave() == 0
    session.toggle(0)

    assert before == [plain(line) for line in session.header(80)]


def test_a_filter_leaves_a_folder_without_rows(begin: Begin) -> None:
    """A filter that shows nothing of the folder leads to one above; without a match there are no rows."""
    session = begin(FILES)
    session.enter(1)
    assert session.view.tree.folders[session.folder].path == "src/"
    session.show_only(Filter("*.md", b"\1\1\0"))
    assert ["docs/"] == [session.row(number).name for number in range(len(session.items))]
    session.show_only(Filter("none", b"\0\0\0"))

    assert ([], "/  by tokens  only none: 0 files, 0 tokens") == (session.items, plain(session.header(80)[3]))


@pytest.mark.parametrize("width", [0, 1, 20, 40, 59, 80, 100, 300])
@pytest.mark.parametrize("name", ["a", "x" * 250, "漢字" * 40, "[bold]x[blink]", "e\u0301" * 80, "\u202e\x1b[2J\n.txt"])
def test_a_row_fits_every_width(begin: Begin, name: str, width: int) -> None:
    """Whatever a file is called, a row is no wider than the screen and has nothing that a terminal would obey."""
    session = begin({name: "hello world"})
    line = session.columns(width).line(session.row(0))

    assert cell_len(plain(line)) <= max(width, 46)
    assert plain(line).isprintable()
    assert all(plain(one).isprintable() for one in session.header(width))


@pytest.mark.parametrize("path", ["-", "a.txt"])
def test_what_is_no_folder(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file and standard input are refused."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("hello")

    with pytest.raises(UsageError, match="explore shows a folder"):
        Counting(ExploreOptions(path=path), Runtime())


@pytest.mark.parametrize("encoding", ["o200k_base", "cl100k_base"])
def test_the_pieces_of_a_text_are_its_tokens(encoding: str) -> None:
    """There are as many pieces as tokens, and together they are the text; a newline ends a line."""
    text = "def f():\n\treturn 'naïve 🜁 \x07'\n\n" * 3
    pieces = pieces_of(text.encode(), encoding)
    lines = lines_of(pieces, 200, colour=True)
    written = [plain(line) for line in lines]
    parts = "".join(f"\\x{byte:02x}" for byte in "🜁".encode())

    assert tokenizer(encoding).count(text) == len(pieces)
    assert ["def f():↵", f"→   return 'naïve {parts} \\x07'↵", "↵"] * 3 == written


@pytest.mark.parametrize("width", [1, 2, 7, 80])
def test_pieces_are_wrapped(width: int) -> None:
    """No line is wider than the screen, but for the sign of a newline and a character that is wider alone."""
    pieces = pieces_of(("漢字 and words, " * 9 + "\n").encode() * 2, "o200k_base")
    lines = lines_of(pieces, width, colour=False)

    assert all(cell_len(plain(line).removesuffix("↵")) <= max(width, 2) for line in lines)
    assert "".join(pieces).replace("\n", "↵") == "".join(map(plain, lines))


def test_neighbours_have_other_styles() -> None:
    """Each token has another style than the one before it, with and without colour."""
    for colour in (True, False):
        (line,) = lines_of(["a", "b", "c", "d", "e"], 80, colour=colour)
        styles = [style for _, style in line]

        assert all(one != other for one, other in pairwise(styles))


def test_the_page_of_keys_fits_80_columns() -> None:
    """No line of the keys is wider than a terminal of 80 columns."""
    assert max(cell_len(plain(line)) for line in help_lines(79)) <= 79


def test_questions_are_options() -> None:
    """What a glob is asked for is an option that every counting command has."""
    assert ["--include", "--exclude"] == list(Ask)
