"""What ``dataset`` shows: the answer in a line, what every model costs, and how long rows are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ...calculator.interval import is_approximate
from ...dataset.measured import Known
from ...dataset.sample import CONFIDENCE_PERCENT
from ...dataset.totals import Tally
from ...dataset.units import largest_undivided
from ...render.answer import Answer
from ...render.json import plain_decimal
from ...render.json_fields import header, name_or_none, skip_keys
from ...render.model_names import model_name_keys, model_name_notes, names_taken
from ...render.numbers import dollars, number, plural, size
from ...render.sentences import status_sentence
from ...render.sheet import Cell, Sheet
from ...render.skipped import lost_lines
from ...render.surcharges import charge_keys, surcharge_summary
from .price import MODES, ModelPrice, ModePrice
from .run import DatasetPrice

__all__ = ["dataset_document", "dataset_sheet", "rows_sheet"]

_PERCENTILES = (50, 90, 95, 99)

_NEARLY = 0.8
"""A sample of so many pieces differs from a share of the bytes."""


def dataset_sheet(found: DatasetPrice, *, exact: bool = False) -> Sheet:
    """Return a row a model, with what every way to run all rows costs: rounded for people or exact for programs."""
    names = tuple(f"{mode.capitalize()} $" for mode, _ in MODES)
    return Sheet(
        answer=_answer(found),
        title=f"Rows of {_inputs(found)}, prices of {found.as_of} (table checked {found.options.pricing.checked})",
        columns=("Model", "Tokens", *names),
        rows=tuple(_row(one, exact=exact) for one in found.models),
        document=dataset_document(found),
        notes=tuple(_notes(found)),
        quiet=(plain_decimal(found.first.tokens.value.to_integral_value()),),
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
        rows=((sums.rows, _mean(found), *lengths, measured.longest.tokens),) if sums.rows else (),
    )


def _mean(found: DatasetPrice) -> Decimal | None:
    rows = found.measured.requests.value
    tokens = found.measured.total(lambda tally: tally.tokens, per_row=found.around).value
    return (tokens / rows).quantize(Decimal("0.1")) if rows else None


def _inputs(found: DatasetPrice) -> str:
    return f"{plural(found.files, 'file')}, {size(found.stored_bytes)}"


def _row(one: ModelPrice, *, exact: bool) -> tuple[Cell, ...]:
    tokens = int(one.tokens.value.to_integral_value())
    costs = [mode.total.value if mode.total else None for mode in one.modes]
    shown = tuple(cost if exact or cost is None else dollars(cost) for cost in costs)
    return (one.model.id, tokens, *shown)


def _answer(found: DatasetPrice) -> Answer:
    first, measured = found.first, found.measured
    rows = measured.requests
    requests = f"{_about(rows)} request{'' if rows.low == rows.high == 1 else 's'}"
    cheapest, one_by_one = first.cheapest, first.modes[0]
    at_least = "" if found.complete else "at least "
    read = f"; {size(measured.bytes_read)} read of {size(measured.size)}" if measured.is_sampled else ""
    costs: list[str] = []
    for mode in (cheapest, one_by_one):
        if mode is not None and mode.total is not None and (not costs or mode is not cheapest):
            costs.append(f"{mode.mode} {_money(mode.total)}")
    prices = f", {first.model.id} {'; '.join(costs)}" if costs else ""
    return Answer(
        f"{at_least}{_about(first.tokens)} tokens{_precision(first.tokens, found)}{prices} for {requests}{read}",
        None if found.complete else "not known",
    )


def _precision(tokens: Known, found: DatasetPrice) -> str:
    if not found.complete or tokens.low == tokens.high or not tokens.value:
        return ""
    half = (tokens.high - tokens.low) / 2 / tokens.value * 100
    return f" ± {half:.2g} % ({CONFIDENCE_PERCENT} %)"


def _money(total: Known) -> str:
    if total.low == total.high:
        return dollars(total.value)
    return f"{dollars(total.value)} ({dollars(total.low)} to {dollars(total.high)})"


def _about(known: Known) -> str:
    """Write a number in full if it is known, and with three digits if it is an estimate."""
    if known.low == known.high:
        return number(int(known.value.to_integral_value()))
    value = known.value
    for power, unit in ((12, "T"), (9, "G"), (6, "M"), (3, "k")):
        if value >= Decimal(10) ** power:
            return f"~{value.scaleb(-power):.4g} {unit}"
    return f"~{value:.0f}"


def _notes(found: DatasetPrice) -> Iterator[str]:
    measured, output = found.measured, found.output
    sums = measured.sums
    if measured.job.holds_requests:
        yield "rows are requests: counted with what the API adds around messages"
    yield f"output: {f'{output.tokens:,} tokens, ' if not output.from_column else ''}{output.rule}"
    if measured.is_sampled:
        yield from _sample_notes(found)
    for one in found.models:
        if one.over_window is not None and one.over_window.high:
            yield f"{one.model.name}: {_about(one.over_window)} rows are longer than its window of {one.model.window:,}"
    yield from _model_notes(found)
    yield from _status_notes(found)
    if alone := largest_undivided(measured.parts):
        yield (
            f"{alone.file.name}: {size(alone.size)} that one worker reads alone, as it cannot be divided: "
            "Parquet, or lines without compression, can be"
        )
    if found.batch_files > 1:
        yield f"batch: {number(found.batch_files)} files at least"
    days = [f"{one.days:,} at tier {one.usage_tier}" for one in found.queue if one.days is not None]
    if any(one.days != 1 for one in found.queue) and days:
        yield f"days in the batch queue of {found.first.model.name}: {', '.join(days)}"
    yield from _rows_apart(sums)
    yield from _row_notes(found)
    if found.options.pricing.overlay:
        yield f"prices from {found.options.pricing.overlay} are laid over the shipped table"
    if found.options.config:
        yield f"options from {found.options.config}"
    yield from lost_lines(found.skipped)


def _model_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield names that were taken for a model, how tokens were estimated, and what is charged on top of list prices."""
    yield from model_name_notes(names_taken(one.model for one in found.models))
    approximate = [one.model.name for one in found.models if is_approximate(one.exactness) and one.model.ratio]
    if approximate:
        yield f"~ {', '.join(approximate)}: estimated, by the ratio of its tokens to those of GPT-4.1"
    yield from surcharge_summary(one.model for one in found.models)


def _status_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield what has become of the models that were asked about; comparators may be gone."""
    wanted = {model.id for model in found.options.models}
    for one in found.models:
        if one.model.id in wanted and one.status == "retired":
            yield f"{one.model.name}: {status_sentence(one.model, one.status)}"


def _rows_apart(sums: Tally) -> Iterator[str]:
    apart = []
    if sums.nulls:
        apart.append(f"{number(sums.nulls)} without a value, not sent")
    if sums.empty:
        apart.append(f"{number(sums.empty)} empty")
    if sums.lossy:
        apart.append(f"{number(sums.lossy)} with bytes that are no UTF-8, counted as U+FFFD")
    if apart:
        yield f"rows: {'; '.join(apart)}"


def _sample_notes(found: DatasetPrice) -> Iterator[str]:
    measured, aim = found.measured, found.options.aim
    if measured.draws is None:
        return
    read, of = number(len(measured.draws.positions)), number(len(measured.parts))
    yield f"sampled: {read} of {of} pieces, seed {aim.seed}; --exact counts every row"
    if found.complete:
        yield from _limit_notes(found)
    if not found.complete:
        yield "something could not be read: the totals have no interval"


def _limit_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield what was asked of a sample and is not reached, since no more may be read."""
    measured, aim = found.measured, found.options.aim
    reached = measured.reached or 0.0
    if aim.mode == "precision" and reached > aim.half_width:
        yield f"± {aim.half_width:.2%} was asked, ± {reached:.2%} is reached: --max-read allows no more"
    read = measured.bytes_read / measured.size if measured.size else 1.0
    if aim.mode == "share" and read < aim.share * _NEARLY:
        yield f"{aim.share:.1%} was asked, {read:.1%} is read: --max-read allows no more"


def _row_notes(found: DatasetPrice) -> Iterator[str]:
    longest = found.measured.longest
    if longest.place:
        yield f"longest: {longest.place}"
    if found.around:
        yield f"the template adds {plural(found.around, 'token')} to every row, counted once, and what is joined to it"


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
