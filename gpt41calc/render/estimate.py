"""An estimate for people: the answer, a table of models or parts, and the notes that matter for a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..calculator.estimate import Comparison, Estimate
from ..calculator.model_estimate import ModelEstimate
from ..pricing.schema import Status
from .cells import Cell, Figure, Money
from .estimate_answer import approximately, estimate_answer, share_of_window
from .estimate_notes import short_notes
from .numbers import dollars, number, percent
from .sheet import BAR, Look, Sheet

__all__ = ["estimate_sheets", "living_first"]

_MOST_SAVING = 3
"""Most models with a column of savings."""

_SAVES = " saves"
"""Ending of the headings of these columns."""

_ORDER: dict[Status, int] = {"live": 0, "deprecated": 1, "unreleased": 2, "retired": 3}


def estimate_sheets(estimate: Estimate, *, explain: bool) -> list[Sheet]:
    """Return the tables of an estimate; the first begins with the answer.

    Args:
        estimate: the estimate.
        explain: whether all notes on the numbers are added to the first.
    """
    first = replace(_first_sheet(estimate), answer=estimate_answer(estimate))
    if explain:
        from .estimate_explained import explained

        first = replace(first, explained=explained(estimate))
    if estimate.migration is None:
        return [first]
    from .migration import moves_sheet

    return [first, moves_sheet(estimate.migration)]


def _first_sheet(estimate: Estimate) -> Sheet:
    """Return a row for each part of the input if a breakdown was requested, else for each model."""
    if estimate.breakdown is None:
        return _models_sheet(estimate)
    from .breakdown import breakdown_sheet

    parts = breakdown_sheet(estimate.breakdown, estimate.input_tokens)
    return replace(parts, title="", notes=short_notes(estimate, first=_prices(estimate), omitted=parts.notes))


def _models_sheet(estimate: Estimate) -> Sheet:
    """Return a row per model: tokens, window, cost, and the variants' savings compared with it."""
    rows = list(estimate.models) if estimate.is_sorted else living_first(estimate.models)
    columns = {heading: cells for heading, cells in _columns(estimate, rows) if any(cell is not None for cell in cells)}
    variants = sum(one.role == "variant" for one in rows)
    return Sheet(
        title="",
        columns=tuple(columns),
        rows=tuple(zip(*columns.values(), strict=True)),
        notes=short_notes(estimate),
        look=Look(
            expendable=_expendable(estimate, list(columns)),
            bar="window",
            fixed=("model", "fits"),
            styles=tuple("dim" if one.status == "retired" else "" for one in rows),
            rules=(variants,) if 0 < variants < len(rows) else (),
        ),
    )


def _expendable(estimate: Estimate, headings: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that a narrow terminal omits, in this order: parts of the cost, the bar, savings."""
    saves = [heading for heading in headings if heading.endswith(_SAVES)]
    variants = [one for one in estimate.models if one.role == "variant"]
    retired = {_shorter(one, variants[0]) + _SAVES for one in variants if one.status == "retired"}
    totals = headings[headings.index("a request") + 1 : len(headings) - len(saves)] if "a request" in headings else []
    return (
        *("out", "cached", "in", BAR),
        *(heading for heading in saves[1:] if heading in retired),
        *(heading for heading in saves[:0:-1] if heading not in retired),
        "tokens",
        *(("a request",) if totals else ()),
        *saves[:1],
        *("fits", "window"),
    )


def living_first(models: Iterable[ModelEstimate]) -> list[ModelEstimate]:
    """Return variants in the given order, then comparators: available ones, deprecated ones, retired ones."""
    return sorted(models, key=_place)


def _place(one: ModelEstimate) -> tuple[bool, int]:
    is_variant = one.role == "variant"
    return not is_variant, int(one.status == "retired") if is_variant else _ORDER[one.status]


def _prices(estimate: Estimate) -> str:
    """Return a line with the prices of the variants and of available models."""
    prices = [
        f"{_name(one)} {approximately(one)}{dollars(one.cost.per_request)}"
        for one in living_first(estimate.models)
        if one.cost and (one.role == "variant" or one.status != "retired")
    ]
    return f"a request: {', '.join(prices)}" if prices else ""


def _name(one: ModelEstimate) -> str:
    return f"{one.model.name}*" if one.status == "retired" else one.model.name


def _columns(estimate: Estimate, rows: Sequence[ModelEstimate]) -> Iterator[tuple[str, list[Cell]]]:
    """Yield headings with their cells; a column that contains only None is omitted."""
    requests = estimate.workload.requests
    yield "model", [_name(one) for one in rows]
    yield "tokens", [Figure(approximately(one) + number(one.tokens.value)) for one in rows]
    yield "window", [share_of_window(one) for one in rows]
    if not all(one.context.fits for one in rows):
        yield "fits", [_fits(one) for one in rows]
    yield "in", [_money(one, one.cost.input if one.cost else None) for one in rows]
    if estimate.workload.cached_tokens:
        yield "cached", [_money(one, one.cost.cached_input if one.cost else None) for one in rows]
    yield "out", [Money(one.cost.output) if one.cost else None for one in rows]
    yield "a request", [_money(one, one.cost.per_request if one.cost else None) for one in rows]
    if requests != 1:
        yield f"{number(requests)} requests", [_money(one, one.cost.total.value if one.cost else None) for one in rows]
    if estimate.requests_per_month is not None:
        yield "a month", [_money(one, estimate.a_month(one)) for one in rows]
    yield from _savings(estimate, rows)


def _money(one: ModelEstimate, amount: Decimal | None) -> Money | None:
    return None if amount is None else Money(amount, approximately(one))


def _fits(one: ModelEstimate) -> str:
    """Return whether a request fits, and what to do if not."""
    fit = one.context
    if fit.fits:
        return "yes" if fit.fits_certain else "probably"
    needed = fit.requests_needed
    return "output too long" if needed is None else f"in {number(needed)} requests"


def _savings(estimate: Estimate, rows: Sequence[ModelEstimate]) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the savings of some variants compared with every comparator."""
    if not estimate.savings:
        return
    by_pair = {(each.model, each.versus): each for each in estimate.savings}
    variants = [one for one in estimate.models if one.role == "variant"]
    # For some models the rule for pictures is not known, so their costs are not comparable.
    partly = {name for seen in estimate.requests for name in seen.unknown}
    for variant in variants if len(variants) <= _MOST_SAVING else variants[:1]:
        saved: list[Cell] = [
            _NOT_KNOWN
            if one.role != "variant" and partly & {variant.model.name, one.model.name}
            else _saved(by_pair.get((variant.model.id, one.model.id)), variant, one)
            for one in rows
        ]
        yield _shorter(variant, variants[0]) + _SAVES, saved


_NOT_KNOWN = Figure("not known", "yellow")


def _shorter(variant: ModelEstimate, first: ModelEstimate) -> str:
    """Return the name of a variant without the part it shares with the first: GPT-4.1, mini, nano."""
    return variant.model.name.removeprefix(f"{first.model.name} ")


def _saved(comparison: Comparison | None, one: ModelEstimate, other: ModelEstimate) -> Figure | None:
    """Return the saving in percent, negative if the variant costs more."""
    if comparison is None:  # of two variants
        return Figure("")
    saving = comparison.saving
    if saving is None or saving.percent is None or one.cost is None or other.cost is None:
        return None
    mark = approximately(one) or approximately(other)
    if not saving.sign_certain:
        return Figure("unclear", "yellow")
    style = "green" if saving.percent > 0 else "yellow" if saving.percent else ""
    return Figure(mark + percent(saving.percent), style)
