"""What ``dataset`` shows: the answer in a line, what every model costs, and how long rows are."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...calculator.interval import Interval
from ...dataset.measured import Known
from ...dataset.sample import CONFIDENCE_PERCENT
from ...render.answer import Answer
from ...render.cells import Figure, Money
from ...render.json import plain_decimal
from ...render.json_fields import header, name_or_none, skip_keys
from ...render.model_names import model_name_keys, names_taken
from ...render.numbers import about as with_bounds
from ...render.numbers import dollars, number, plural, size
from ...render.sheet import Cell, Look, Sheet
from ...render.surcharges import charge_keys
from .charge import ModePrice
from .explained import explained
from .notes import about, dataset_notes, rounded
from .price import MODES, ModelPrice
from .run import DatasetPrice

__all__ = ["dataset_document", "dataset_sheet", "rows_sheet"]

_PERCENTILES = (50, 90, 95, 99)


def dataset_sheet(found: DatasetPrice, *, exact: bool = False) -> Sheet:
    """Return a row a model, with what every way to run all rows costs: rounded for people or exact for programs."""
    notes = tuple(dataset_notes(found))
    names = tuple(mode.capitalize() for mode, _ in MODES)
    return Sheet(
        answer=_answer(found),
        title=f"Rows of {_inputs(found)}, prices of {found.as_of} (table checked {found.options.pricing.checked})",
        columns=("Model", "Tokens", *names, *(_range_columns(names) if exact else ())),
        rows=() if found.is_empty and not exact else tuple(_row(one, exact=exact) for one in found.models),
        document=dataset_document(found),
        notes=notes,
        explained=tuple(sentence for sentence in explained(found) if sentence not in notes),
        quiet=(plain_decimal(found.first.tokens.value.to_integral_value()),),
        look=Look(expendable=("Flex", "Priority", "Cached"), fixed=("Model",)),
    )


def rows_sheet(found: DatasetPrice) -> Sheet:
    """Return how long the rows are."""
    measured = found.measured
    sums = measured.sums
    lengths = tuple(measured.percentile(percent) for percent in _PERCENTILES)
    what = "rows that were read" if measured.is_sampled else "rows"
    return Sheet(
        title="Tokens of a row" + (", from the sample" if measured.is_sampled else ""),
        columns=(what.capitalize(), "Mean", *(f"P{percent}" for percent in _PERCENTILES), "Longest"),
        rows=((sums.rows, _mean(found), *lengths, measured.longest.tokens),),
    )


def _mean(found: DatasetPrice) -> Decimal | None:
    rows = found.measured.requests.value
    tokens = found.measured.total(lambda tally: tally.tokens, per_row=found.around).value
    return (tokens / rows).quantize(Decimal("0.1")) if rows else None


def _inputs(found: DatasetPrice) -> str:
    return f"{plural(found.files, 'file')}, {size(found.stored_bytes)}"


def _range_columns(modes: Sequence[str]) -> tuple[str, ...]:
    """Return the headings of the columns that say how good the numbers are, for programs."""
    ends = ("low", "high")
    return ("Exactness", *(f"Tokens {end}" for end in ends), *(f"{mode} {end}" for mode in modes for end in ends))


def _row(one: ModelPrice, *, exact: bool) -> tuple[Cell, ...]:
    tokens = int(one.tokens.value.to_integral_value())
    costs = [mode.total.value if mode.total else None for mode in one.modes]
    if exact:
        totals = [
            bound for mode in one.modes for bound in ((mode.total.low, mode.total.high) if mode.total else (None,) * 2)
        ]
        bounds = (int(bound.to_integral_value()) for bound in (one.tokens.low, one.tokens.high))
        return (one.model.id, tokens, *costs, one.exactness, *bounds, *totals)
    mark = "~" if one.is_rough else ""
    # A column of dashes alone stands at the right, too.
    shown = (Figure("–") if cost is None else Money(cost, mark) for cost in costs)
    return (one.model.id, Figure(mark + number(tokens)), *shown)


def _answer(found: DatasetPrice) -> Answer:
    first, measured = found.first, found.measured
    rows = measured.requests
    requests = f"{about(rows)} request{'' if rows.low == rows.high == 1 else 's'}"
    cheapest, one_by_one = first.cheapest, first.modes[0]
    at_least = "" if found.complete else "at least "
    read = f"; {size(measured.bytes_read)} read of {size(measured.size)}" if measured.is_sampled else ""
    costs: list[str] = []
    for mode in (cheapest, one_by_one):
        if mode is not None and mode.total is not None and (not costs or mode is not cheapest):
            costs.append(f"{mode.mode} {_money(mode.total)}")
    prices = f", {first.model.id} {'; '.join(costs)}" if costs else ""
    word = "token" if first.tokens.low == first.tokens.high == 1 else "tokens"
    return Answer(
        f"{at_least}{about(first.tokens)} {word}{_bounds(found)}{prices} for {requests}{read}",
        None if found.complete else "not known",
    )


def _bounds(found: DatasetPrice) -> str:
    """Return the interval of a sample with its confidence; the range of a ratio has none."""
    tokens = found.first.tokens
    if not found.complete or tokens.low == tokens.high or not tokens.value:
        return ""
    if found.first.is_by_ratio:
        return f" ({rounded(tokens.low)} to {rounded(tokens.high)})"
    return f" ± {tokens.half_width * 100:.2g} % ({CONFIDENCE_PERCENT} %)"


def _money(total: Known) -> str:
    return with_bounds(Interval(total.low, total.value, total.high), dollars)


def dataset_document(found: DatasetPrice) -> dict[str, Any]:
    """Return the document of ``dataset``."""
    measured = found.measured
    sums = measured.sums
    return {
        **header(),
        **model_name_keys(names_taken(one.model for one in found.models)),
        "as_of": found.as_of.isoformat(),
        "pricing": {
            "checked": found.options.pricing.checked.isoformat(),
            "overlay": name_or_none(found.options.pricing.overlay),
        },
        **({"config": name_or_none(found.options.config)} if found.options.config else {}),
        "complete": found.complete,
        "exactness": "sampled" if measured.is_sampled else "exact",
        "confidence": CONFIDENCE_PERCENT if measured.is_sampled and found.complete else None,
        "files": found.files,
        "bytes": measured.size,
        "bytes_read": measured.bytes_read,
        "sample": _sample(found),
        "counted_as": "requests" if measured.job.holds_requests else "text",
        "requests": _known(measured.requests, found),
        "rows": {
            "read": sums.rows,
            "nulls": sums.nulls,
            "empty": sums.empty,
            "lossy": sums.lossy,
            "mean": _mean(found),
            **{f"p{percent}": measured.percentile(percent) for percent in _PERCENTILES},
            "max": measured.longest.tokens,
        },
        "template_tokens": found.around,
        "output_tokens": None if found.output.from_column else found.output.tokens,
        "output_rule": found.output.rule,
        "models": [_model(one, found) for one in found.models],
        "batch_files": found.batch_files,
        "queue_days": [{"usage_tier": one.usage_tier, "days": one.days} for one in found.queue],
        "skipped": [skip_keys(one) for one in found.skipped],
    }


def _sample(found: DatasetPrice) -> dict[str, Any] | None:
    draws = found.measured.draws
    if draws is None:
        return None
    return {
        "pieces": len(draws.positions),
        "of": len(found.measured.parts),
        "seed": found.options.aim.seed,
        "half_width": None if not found.complete else Decimal(repr(found.measured.reached or 0.0)),
    }


def _known(known: Known, found: DatasetPrice, *, whole: bool = True) -> dict[str, Any]:
    """Return a number and its bounds; what is incomplete has none."""
    low, value, high = (
        (int(one.to_integral_value()) if whole else one) for one in (known.low, known.value, known.high)
    )
    return {"low": low, "value": value, "high": high if found.complete else None}


def _model(one: ModelPrice, found: DatasetPrice) -> dict[str, Any]:
    return {
        "id": one.model.id,
        "status": one.status,
        "exactness": one.exactness,
        **charge_keys(one.model),
        "encoding": one.encoding if not found.measured.job.holds_requests else one.model.counted_in,
        **({} if one.rows_drawn is None else {"rows_counted": one.rows_drawn}),
        "input_tokens": _known(one.tokens, found),
        "over_window": None if one.over_window is None else _known(one.over_window, found),
        "modes": [_mode(mode, found) for mode in one.modes],
    }


def _mode(mode: ModePrice, found: DatasetPrice) -> dict[str, Any]:
    return {
        "mode": mode.mode,
        "cost": None if mode.total is None else _known(mode.total, found, whole=False),
        "reason": mode.reason,
    }
