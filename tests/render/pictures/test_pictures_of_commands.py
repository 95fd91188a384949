"""The pictures of commands have the numbers of their documents, and say what they leave out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import samples

from gpt41calc.commands.batch.pictures import batch_pictures
from gpt41calc.commands.check.document import check_document
from gpt41calc.commands.check.pictures import check_pictures
from gpt41calc.commands.diff.document import difference_document
from gpt41calc.commands.diff.pictures import difference_pictures
from gpt41calc.commands.models.pictures import models_pictures
from gpt41calc.commands.usage.pictures import usage_pictures
from gpt41calc.render.model_fields import models_document
from gpt41calc.render.pictures.picture import Bars, Lines


def test_a_difference_has_a_bar_per_changed_file() -> None:
    """What is added and what is removed is what the document says, the largest change first."""
    document = difference_document(samples.changed())
    files = next(one for one in difference_pictures(document) if isinstance(one, Bars))
    deltas = [file["delta"] for file in document["files"] if file["delta"]]

    assert sorted(deltas, key=abs, reverse=True) == [int(bar.parts[0]) for bar in files.bars]


def test_nothing_changed_is_no_picture() -> None:
    """An empty difference draws nothing."""
    assert [] == list(difference_pictures(difference_document(samples.unchanged())))


def test_broken_limits_come_first() -> None:
    """They are marked, and the summary counts them."""
    document = check_document(samples.broken())
    (picture,) = check_pictures(document)
    assert isinstance(picture, Bars)
    broken = [limit for budget in document["budgets"] for limit in budget["limits"] if limit["passed"] is False]

    assert broken
    assert [True] * sum(bar.is_over for bar in picture.bars) == [bar.is_over for bar in picture.bars if bar.is_over]
    assert picture.bars[0].is_over
    assert Decimal(100) == picture.limit


def test_prices_of_two_models_are_lines() -> None:
    """A line has the prices of the table, each once, and ends with its model."""
    models = [samples.PRICING.find(name) for name in ("gpt-4o", "claude-3-7-sonnet")]
    (picture,) = models_pictures(models_document(models, samples.TODAY, samples.TODAY, None))
    assert isinstance(picture, Lines)

    assert ["GPT-4o, input", "GPT-4o, output", "Claude 3.7 Sonnet, input", "Claude 3.7 Sonnet, output"] == [
        line.name for line in picture.lines
    ]
    assert [Decimal(5), Decimal("2.5")] == [price for _, price in picture.lines[0].steps]
    assert models[1].shutdown == picture.lines[2].end
    assert ("a line ends where its model was shut down: Claude 3.7 Sonnet",) == picture.notes


def test_prices_of_all_models_are_bars() -> None:
    """Input and output each have a bar for every model with a price today."""
    document = models_document(samples.PRICING.models, samples.TODAY, samples.TODAY, None)
    drawn = list(models_pictures(document))

    assert ["input", "output"] == [one.title.split()[2].rstrip(",") for one in drawn]
    assert all("without a price today, or shut down: not drawn" in one.notes[0] for one in drawn)


def offers(*totals: Decimal | None) -> list[dict[str, Any]]:
    """Return an offer of one model with a total in each of two modes, and one that was shut down."""
    ways = [{"way": way, "total": total} for way, total in zip(("one_by_one", "batch"), totals, strict=True)]
    return [
        {"model": "gpt-4.1", "status": "deprecated", "ways": ways},
        {"model": "old", "status": "retired", "ways": [{"way": "batch", "total": Decimal("0.1")}]},
    ]


def test_modes_without_a_price_have_no_bar() -> None:
    """The cheapest that can be used is in the summary."""
    models = [{"id": "gpt-4.1", "requests": 2, "offers": offers(Decimal(4), None)}]
    (picture,) = batch_pictures({"models": models})
    assert isinstance(picture, Bars)

    assert ["gpt-4.1, one by one"] == [bar.name for bar in picture.bars]
    assert "the cheapest is gpt-4.1, one by one: $4.00" == picture.summary
    assert ("not drawn, because they were shut down: old",) == picture.notes


def spent(model: str, day: str | None, total: int) -> dict[str, Any]:
    """Return a row of usage."""
    parts = dict.fromkeys(("cached_input", "cache_write", "reasoning", "fees"), Decimal())
    cost = {"input": Decimal(), "output": Decimal(total), "total": Decimal(total), **parts}
    return {"model": model, "day": day, "cost": cost}


def test_usage_over_time() -> None:
    """Days come in their order, each with the sum of its rows; the last 40 are drawn."""
    rows = [spent("a", f"2026-{1 + at // 28:02}-{1 + at % 28:02}", at + 1) for at in range(60)]
    rows.append(spent("b", "2026-01-01", 100))
    document: Mapping[str, Any] = {"cost": {"total": Decimal(1)}, "models": rows[:1], "rows": rows}
    _, days = usage_pictures(document)
    assert isinstance(days, Bars)

    assert (40, "2026-01-21", "2026-03-04") == (len(days.bars), days.bars[0].name, days.bars[-1].name)
    assert ("20 earlier days left out",) == days.notes


def test_usage_of_nothing_is_no_picture() -> None:
    """Without a cost there is nothing to draw."""
    assert [] == list(usage_pictures({"cost": {"total": Decimal()}}))
