"""Every format of one report, as files under ``tests/cases``; GPT41CALC_UPDATE_CASES=1 writes them anew."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from golden import hold_against_case
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.breakdown import Grouping, break_down
from gpt41calc.calculator.estimate import Estimate, estimate_tally
from gpt41calc.calculator.interval import Interval
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.count.report import counts_sheet
from gpt41calc.commands.count.run import Counts
from gpt41calc.commands.models.report import model_sheet, models_sheet, prices_sheet
from gpt41calc.pricing.table import DEFAULT_MODELS, DEFAULT_VERSUS, Pricing, load_pricing
from gpt41calc.render.bar import bar
from gpt41calc.render.cells import Money, written_column
from gpt41calc.render.csv import CsvRenderer
from gpt41calc.render.json import JsonRenderer
from gpt41calc.render.markdown import MarkdownRenderer
from gpt41calc.render.numbers import about, dollars, percent
from gpt41calc.render.plain import PlainRenderer
from gpt41calc.render.sheet import Sheet
from gpt41calc.render.table import TableRenderer
from gpt41calc.tally import Counted, Skipped, Tally

TODAY = date(2026, 11, 22)
SHIPPED = load_pricing()
HOSTILE = "[/red]\x1b[2J|=.py"

TALLY = Tally.of(
    Counted("src/main.py", 900_000, {"o200k_base": 250_000}),
    Counted(HOSTILE, 1_000, {"o200k_base": 300}),
    Counted("caf\udce9.txt", 40, {"o200k_base": 12}, lossy=True),
    Skipped("logo.png", "binary", expected=True),
    Skipped("gone.txt", "no such file or directory", expected=False),
)


def small_table() -> Pricing:
    """Return the shipped table with an exact and an estimated model only, and with a user's over it."""
    models = tuple(SHIPPED.find(name) for name in ("gpt-4.1", "gemini-2.5-pro"))
    table = copy(SHIPPED.table)
    object.__setattr__(table, "model", models)  # without their replacements, which a table that is read must have
    return replace(SHIPPED, table=table, overlay="own [red].toml")


def estimate(tally: Tally = TALLY, workload: Workload | None = None, *, parts: bool = True) -> Estimate:
    """Return an estimate with the default models."""
    found = estimate_tally(
        tally,
        [SHIPPED.find(name) for name in DEFAULT_MODELS],
        [SHIPPED.find(name) for name in DEFAULT_VERSUS],
        workload or Workload(requests=20, cached_tokens=200_000),
        on=TODAY,
        checked=TODAY,
        overlay="own [red].toml",
    )
    return replace(found, breakdown=break_down(tally, "o200k_base", Grouping())) if parts else found


def table(width: int, *, colour: bool = False) -> TableRenderer:
    """Return the renderer of a terminal."""
    return TableRenderer(width=width, colour=colour)


def sheets() -> dict[str, Sheet]:
    """Return what is written under headings."""
    small = small_table()
    return {
        "models": models_sheet(small, TODAY),
        "models-one": model_sheet([small.find("gemini-2.5-pro")], small, TODAY),
        "pricing-show": prices_sheet(small.models, small, TODAY),
        "count": counts_sheet(Counts(inputs=TALLY, encoding="o200k_base", model=SHIPPED.find("gpt-4.1"))),
        "count-tree": counts_sheet(
            Counts(
                inputs=TALLY,
                encoding="o200k_base",
                model=SHIPPED.find("gpt-4.1"),
                breakdown=break_down(TALLY, "o200k_base", Grouping(tree_depth=0)),
            )
        ),
    }


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("colour", [False, True])
def test_estimate_as_table(*, width: int, colour: bool) -> None:
    """A terminal gets a panel and tables, or lines where tables are too wide for it."""
    hold_against_case(
        f"estimate.table-{width}{'-colour' if colour else ''}.txt", table(width, colour=colour).estimate(estimate())
    )


@pytest.mark.parametrize(
    ("name", "renderer"),
    [
        ("estimate.plain.txt", PlainRenderer()),
        ("estimate.json", JsonRenderer()),
        ("estimate.md", MarkdownRenderer()),
    ],
)
def test_estimate_as_text(name: str, renderer: PlainRenderer | JsonRenderer | MarkdownRenderer) -> None:
    """Pipes, scripts and pull requests get the same facts in their own form."""
    hold_against_case(name, renderer.estimate(estimate()))


@pytest.mark.parametrize("parts", [False, True])
def test_estimate_as_csv(*, parts: bool) -> None:
    """CSV has a row a model, or a row a part if parts were asked for."""
    hold_against_case(f"estimate{'-parts' if parts else ''}.csv", CsvRenderer().estimate(estimate(parts=parts)))


@pytest.mark.parametrize("name", sorted(sheets()))
@pytest.mark.parametrize(
    ("suffix", "renderer"),
    [
        ("table-100.txt", table(100)),
        ("plain.txt", PlainRenderer()),
        ("json", JsonRenderer()),
        ("csv", CsvRenderer()),
        ("md", MarkdownRenderer()),
    ],
)
def test_sheets(
    name: str, suffix: str, renderer: TableRenderer | PlainRenderer | JsonRenderer | CsvRenderer | MarkdownRenderer
) -> None:
    """Counts, models and prices are written in every format."""
    hold_against_case(f"{name}.{suffix}", renderer.sheet(sheets()[name]))


@pytest.mark.parametrize(
    "written",
    [
        PlainRenderer().estimate(estimate()),
        MarkdownRenderer().estimate(estimate()),
        *(table(width).estimate(estimate()) for width in (40, 80, 120)),
    ],
)
def test_nothing_hidden_is_written(written: str) -> None:
    """No name brings a control character into a report for people."""
    assert {unicodedata.category(char) for char in written if char != "\n"}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


def test_markup_in_a_name_is_text() -> None:
    """Brackets in a name are shown, not obeyed."""
    assert r"[/red]\x1b[2J|=.py" in table(120).estimate(estimate())


@pytest.mark.parametrize("width", [40, 44, 60, 70, 76, 80, 90, 100, 110, 120])
@pytest.mark.parametrize("tokens", [3, 300_000, 44_000_000])
def test_numbers_are_never_shortened(width: int, tokens: int) -> None:
    """At every width each amount of the report is written in full."""
    found = estimate(Tally.of(Counted("a", 1, {"o200k_base": tokens})), Workload(requests=7), parts=False)
    written = table(width).estimate(found)
    totals = written_column([Money(one.cost.total.value) for one in found.models if one.cost])

    assert [] == [amount for amount in totals if not re.search(rf"{re.escape(amount)}(?![\d.])", written)]
    assert "…" not in written


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_tables_keep_the_width(width: int) -> None:
    """What is drawn as tables is never wider than the terminal."""
    written = table(width).estimate(estimate())

    assert max(map(len, written.splitlines())) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_usual_terminal_gets_the_table(width: int) -> None:
    """Forty columns are enough for a table, whatever the input costs: columns go before the table does."""
    written = [
        table(width).estimate(estimate(Tally.of(Counted("a", 1, {"o200k_base": tokens})), Workload(), parts=False))
        for tokens in (0, 3, 5_000, 300_000, 4_413_598)
    ]

    assert [True] * 5 == ["─" * 20 in one and max(map(len, one.splitlines())) <= width for one in written]


def test_columns_that_go_are_named() -> None:
    """A narrow table says which columns it does without; a wide one has all of them."""
    found = estimate(Tally.of(Counted("a", 1, {"o200k_base": 5_000})), Workload(), parts=False)

    assert "no room for: in, out, nano saves" in " ".join(table(80).estimate(found).split())
    assert "no room for" not in table(120).estimate(found)


def test_long_path_is_shortened_in_the_middle() -> None:
    """A long path loses folders in its middle, and never a letter of its last name."""
    name = "folder/" * 40 + "the-last-name.py"
    written = table(80).estimate(estimate(Tally.of(Counted(name, 9, {"o200k_base": 300_000})), Workload()))

    assert re.search(r" folder/…/(folder/)+the-last-name\.py$", written, re.MULTILINE)


def test_long_name_loses_nothing() -> None:
    """A name that is wider than half of the terminal is broken over lines, with all its letters."""
    name = "n" * 200
    written = table(80).estimate(estimate(Tally.of(Counted(name, 9, {"o200k_base": 300_000})), Workload()))

    assert written.count("n" * 20) > 1
    assert name in re.sub(r"\s+", "", written)


def test_a_bar_says_by_how_much_a_limit_is_exceeded() -> None:
    """Shares far above the limit differ at a glance, and next to nothing is next to no bar."""
    bars = [bar(Decimal(share), 16) for share in ("0.1", "99", "150", "421", "3449")]

    assert len(bars) == len(set(bars))
    assert bars[0].strip() == "▏"


def test_drawing_without_lines() -> None:
    """Where the encoding has no lines to draw with, the tables are drawn in ASCII."""
    table, plain = TableRenderer(width=100, colour=False, encoding="ascii"), PlainRenderer(encoding="ascii")
    written = [each.estimate(estimate()) + each.sheet(sheets()["count-tree"]) for each in (table, plain)]

    assert [[]] * 2 == [re.findall("[^ -~\n]", each) for each in written]
    assert [True] * 2 == ["`-- main.py" in each for each in written]


def test_colour_changes_no_text() -> None:
    """Colour adds codes and changes nothing else."""
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", table(120, colour=True).estimate(estimate()))

    assert table(120).estimate(estimate()).split() == coloured.split()


def test_json_is_strict_and_exact() -> None:
    """The document holds no NaN, no exponent, no float noise and no lone surrogate."""
    written = JsonRenderer().estimate(estimate())
    document = json.loads(written, parse_float=Decimal)
    total = document["models"][0]["cost"]["total"]

    assert written.encode().decode() == written
    assert not re.search(r"\d[eE][+-]?\d", re.sub(r'"[^"]*"', "", written))
    assert (250_312 - 200_000) * 40 + 200_000 * 10 + 160_000 == total * 1_000_000


def test_csv_has_as_many_cells_as_headings() -> None:
    """Every row of the CSV has a cell a heading."""
    rows = list(csv.reader(io.StringIO(CsvRenderer().estimate(estimate(parts=False)), newline="")))

    assert {len(rows[0])} == {len(row) for row in rows}


@given(st.decimals(min_value=0, max_value=10**9, places=12).filter(bool))
def test_dollars_are_never_rounded_to_nothing(amount: Decimal) -> None:
    """A positive amount is never shown as $0, and off by less than half of a hundredth or of its second digit."""
    shown = Decimal(dollars(amount).replace("$", "").replace(",", ""))

    assert shown > 0
    assert abs(shown - amount) <= max(min(Decimal("0.005"), amount / 20), Decimal(0))


@given(st.decimals(min_value=0, max_value=1000, places=2))
def test_percentages_agree_with_the_limit(share: Decimal) -> None:
    """A share is shown as 100 only if it is, and as 0 only if it is."""
    shown = Decimal(percent(share).removesuffix(" %").replace(",", ""))

    assert (share == 100, share == 0) == (shown == 100, shown == 0)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Interval(Decimal(2), Decimal(2), Decimal(2)), "$2.00"),
        (Interval(Decimal(1), Decimal(2), Decimal(3)), "~$2.00 ($1.00 to $3.00)"),
        (Interval(Decimal("2.001"), Decimal("2.002"), Decimal("2.003")), "~$2.00"),
    ],
)
def test_bounds_are_said_if_they_differ(span: Interval[Decimal], said: str) -> None:
    """Bounds are written unless they look the same."""
    assert said == about(span, dollars)
