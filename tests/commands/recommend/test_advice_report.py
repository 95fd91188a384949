"""Recommendations, what comes after, benchmarks and comparisons, as files under ``tests/cases``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from golden import hold_against_case
from variants import BENCHMARKS, GUIDANCE, PRICING, SIZES, TODAY, recommendation, sized_estimate

from gpt41calc.calculator.estimate import Estimate
from gpt41calc.calculator.long_context import readings
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.estimate.extras import MigrationOptions, with_migration
from gpt41calc.commands.models.benchmarks import benchmarks_sheet
from gpt41calc.commands.models.retiring import retiring_sheet
from gpt41calc.commands.pricing.compare import Disagreement
from gpt41calc.commands.pricing.databases import Database
from gpt41calc.commands.pricing.known_differences import load_known
from gpt41calc.commands.pricing.report import comparison_sheet
from gpt41calc.commands.pricing.run import Compared
from gpt41calc.commands.recommend.decision_tree import decision_tree, tree_sheet
from gpt41calc.commands.recommend.report import choices_sheet, recommendation_sheet
from gpt41calc.render.csv import CsvRenderer
from gpt41calc.render.json import JsonRenderer
from gpt41calc.render.markdown import MarkdownRenderer
from gpt41calc.render.plain import PlainRenderer
from gpt41calc.render.sheet import Sheet
from gpt41calc.render.table import TableRenderer
from gpt41calc.tally import Skipped

Renderer = TableRenderer | PlainRenderer | JsonRenderer | CsvRenderer | MarkdownRenderer

FORMATS: list[tuple[str, Renderer]] = [
    ("table-100.txt", TableRenderer(width=100, colour=False)),
    ("plain.txt", PlainRenderer()),
    ("json", JsonRenderer()),
    ("csv", CsvRenderer()),
    ("md", MarkdownRenderer()),
]
HOSTILE = "[/red]\x1b[2J|=.py"
NAMES = {name: PRICING.find(name).name for name in GUIDANCE.variants}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("task", [each.id for each in GUIDANCE.task])
def test_every_task_and_size(task: str, size: str) -> None:
    """Every task has its answer for an input that fits easily, one that fills half the window, and one too long."""
    sheet = recommendation_sheet(recommendation(task, SIZES[size]))

    hold_against_case(f"recommend-{task}-{size}.plain.txt", PlainRenderer().sheet(sheet))


def recommended() -> Sheet:
    """Return a recommendation in which every condition leaves somebody out, and some input is missing."""
    lost = Skipped(HOSTILE, "permission denied", expected=False)
    found = recommendation(
        "extraction", 500_000, max_cost="0.3", latency="interactive", needs=("tools",), allow_retired=True, lost=lost
    )
    return recommendation_sheet(found)


def tuned() -> Sheet:
    """Return a recommendation of fine-tuned copies, of which none is left."""
    return recommendation_sheet(recommendation("code", 200_000, needs=("fine-tuning",), on=date(2027, 1, 6)))


def amounts() -> Sheet:
    """Return a recommendation in plain numbers."""
    return choices_sheet(recommendation("code", 1_500_000, max_cost="1"))


def compared() -> Sheet:
    """Return a comparison with one difference that is explained and one that is not."""
    base = Disagreement(database="genai-prices", model="gpt-4.1", what="window", ours=1_047_576, theirs=1_000_000)
    odd = Disagreement(
        database=HOSTILE,
        model="gpt-4.1",
        what="standard input",
        above=1_000,
        since=date(2025, 4, 14),
        until=date(2026, 1, 1),
        ours=Decimal("2.00"),
        theirs=Decimal("2.0000001"),
    )
    known = load_known()
    return comparison_sheet(
        Compared(
            databases=[
                Database(name="genai-prices", version="0.2.3", has_history=True),
                Database(name=HOSTILE, version="prices.json", has_history=False),
            ],
            found=[(one, known.explanation(one)) for one in (base, odd)],
            missing={"genai-prices": [], HOSTILE: ["o1"]},
            on=TODAY,
            checked=TODAY,
            overlay="own [red].toml",
        ),
        known,
    )


SHEETS: dict[str, Callable[[], Sheet]] = {
    "recommend": recommended,
    "recommend-tuned": tuned,
    "recommend-amounts": amounts,
    "explain-one": lambda: tree_sheet(GUIDANCE, BENCHMARKS, NAMES, GUIDANCE.task[0]),
    "benchmarks": lambda: benchmarks_sheet(BENCHMARKS, []),
    "benchmarks-some": lambda: benchmarks_sheet(BENCHMARKS, ["gpt-4.1", "gpt-4.1-nano"]),
    "retiring": lambda: retiring_sheet(PRICING.models, PRICING, TODAY, 53),
    "retiring-none": lambda: retiring_sheet(PRICING.models, PRICING, TODAY, 7),
    "pricing-compare": compared,
}


@pytest.mark.parametrize(("suffix", "renderer"), FORMATS)
@pytest.mark.parametrize("name", SHEETS)
def test_sheets(name: str, suffix: str, renderer: Renderer) -> None:
    """Each is written in every format."""
    hold_against_case(f"{name}.{suffix}", renderer.sheet(SHEETS[name]()))


def test_explanation() -> None:
    """The tree of all tasks is text, and every task is in it."""
    tree = decision_tree(GUIDANCE, BENCHMARKS, NAMES, None)

    hold_against_case("explain.txt", tree)
    assert [] == [each.id for each in GUIDANCE.task if f"\n  {each.id}: " not in tree]


def migrated() -> Estimate:
    """Return an estimate with a window crossed, a step crossed, and models without a replacement."""
    models = ("gpt-4.1", "gpt-4.1-nano", "gemini-2.5-pro", "gpt-6-luna")
    estimate = sized_estimate(1_000_000, *models, workload=Workload(requests=3, output_tokens=500))
    monthly = replace(estimate, requests_per_month=30_000)
    return with_migration(monthly, MigrationOptions(reasoning_tokens=2_000), PRICING)


@pytest.mark.parametrize(("suffix", "renderer"), FORMATS)
def test_migration(suffix: str, renderer: Renderer) -> None:
    """What comes after is in every format of an estimate."""
    hold_against_case(f"estimate-migrate.{suffix}", renderer.estimate(migrated()))


@pytest.mark.parametrize(("suffix", "renderer"), [each for each in FORMATS if each[0] != "csv"])
def test_reading(suffix: str, renderer: Renderer) -> None:
    """How well a long input is read is in every format that has a place for it."""
    estimate = sized_estimate(612_000, *GUIDANCE.variants)
    found = replace(estimate, readings=readings(estimate.models, BENCHMARKS, "MRCR"))

    hold_against_case(f"estimate-reading.{suffix}", renderer.estimate(found))


def test_retiring_to_the_day() -> None:
    """A model that is shut down on the last of the days is listed; one that was shut down today is not."""

    def listed(on: date, days: int) -> list[str]:
        return list(retiring_sheet([PRICING.find("gpt-4.1")], PRICING, on, days).quiet)

    assert [["gpt-4.1"], [], [], ["gpt-4.1"]] == [
        listed(TODAY, 53),
        listed(TODAY, 52),
        listed(date(2027, 1, 14), 100),
        listed(date(2027, 1, 13), 1),
    ]


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_hidden_is_written(name: str) -> None:
    """No control character comes through, whatever a name holds."""
    written = "".join(renderer.sheet(SHEETS[name]()) for suffix, renderer in FORMATS if suffix not in {"json", "csv"})

    assert written.count("\x1b") == 0
