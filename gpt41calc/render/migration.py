"""Additional parts of an estimate: long-context results, endpoint counts, and moves to replacements."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..calculator.cost import Cost
from ..calculator.estimate import Estimate
from ..calculator.migration import DEFAULT_REASONING_TOKENS, Migration, Move
from ..pricing.price import PriceRow, Tier
from .cells import Figure, Money
from .endpoint_counts import endpoint_keys, endpoint_notes
from .json_fields import model_keys
from .long_context import reading_keys, reading_notes
from .numbers import about, dollars, dollars_in_full, number
from .sentences import fit_sentence, notes
from .sheet import Cell, Look, Sheet

__all__ = ["after_keys", "all_notes", "move_amounts_sheet", "moves_sheet"]


def all_notes(estimate: Estimate) -> list[str]:
    """Return sentences on how the numbers were made, and on the additional parts."""
    names = {one.model.id: one.model.name for one in estimate.models}
    sentences = [*notes(estimate), *reading_notes(estimate.readings, names)]
    if estimate.endpoints:
        sentences += endpoint_notes(estimate.endpoints)
    return (
        [*sentences, *_migration_notes(estimate.migration, estimate.workload.tier)] if estimate.migration else sentences
    )


def moves_sheet(migration: Migration) -> Sheet:
    """Return a row for each model that is shut down: its replacement, and what the move saves."""
    monthly = migration.requests_per_month is not None
    return Sheet(
        title=f"After the models that end, with {number(migration.reasoning_tokens)} reasoning tokens a request",
        columns=(
            "Model",
            "Ends",
            "Move to",
            "Fit",
            "A request",
            "Instead of",
            "Saves",
            *(("Saves a month",) if monthly else ()),
        ),
        rows=tuple(_row(move, migration) for move in migration.moves),
        look=Look(expendable=("Ends", "Instead of", "A request", "Fit"), fixed=("Model", "Move to")),
    )


def _row(move: Move, migration: Migration) -> tuple[Cell, ...]:
    here, there, saved = move.model, move.to, move.saving
    a_month = migration.a_month(saved.amount.value) if saved else None
    fits = "–" if there is None else "fits" if there.context.fits else f"{there.context.requests_needed} requests"
    return (
        here.model.name,
        here.model.shutdown,
        there.model.name if there else "no replacement",
        fits,
        _amount(there.cost) if there else None,
        _amount(here.cost),
        Figure(about(saved.amount, dollars)) if saved else None,
        *(() if migration.requests_per_month is None else (None if a_month is None else Money(a_month),)),
    )


def _amount(cost: Cost | None) -> Figure | None:
    return Figure(about(cost.total, dollars)) if cost else None


def move_amounts_sheet(migration: Migration) -> Sheet:
    """Return the moves for CSV, with plain numbers."""
    return Sheet(
        title="After the models that end",
        columns=(
            "Model",
            "Shutdown",
            "Move to",
            "Reasoning tokens",
            "Fits",
            "Cost per request",
            "Instead of",
            "Saving",
            "Saving per month",
        ),
        rows=tuple(_amounts(move, migration) for move in migration.moves),
    )


def _amounts(move: Move, migration: Migration) -> tuple[Cell, ...]:
    here, there, saved = move.model, move.to, move.saving
    return (
        here.model.id,
        here.model.shutdown,
        there.model.id if there else None,
        migration.reasoning_tokens,
        there.context.fits if there else None,
        there.cost.per_request if there and there.cost else None,
        here.cost.per_request if here.cost else None,
        saved.amount.value if saved else None,
        migration.a_month(saved.amount.value) if saved else None,
    )


def _migration_notes(migration: Migration, tier: Tier) -> Iterator[str]:
    if not migration.moves:
        yield "none of these models ends"
        return
    # Python cannot tell a given 1000 from the default, nor need it: it is the number that is used.
    assumed = " (the default)" if migration.reasoning_tokens == DEFAULT_REASONING_TOKENS else ""
    yield (
        f"replacements are allowed {number(migration.reasoning_tokens)} reasoning tokens a request{assumed}, "
        "billed as output"
    )
    if migration.requests_per_month is not None:
        yield f"a month has {number(migration.requests_per_month)} requests"
    listed = set()
    for move in migration.moves:
        if move.to and move.to.model.id not in listed:
            listed.add(move.to.model.id)
            yield from _steps(move, tier)


def _steps(move: Move, tier: Tier) -> Iterator[str]:
    """Yield a sentence with the prices of a replacement by prompt length, and those that apply to this prompt."""
    there = move.to
    if there is None:
        return
    if there.cost is None:
        yield f"{there.model.name}: {there.cost_reason}"
    elif not there.context.fits:
        yield f"{there.model.name}: {fit_sentence(there)}"
    sentences = [_step(row, tier) for row in move.steps if row.of(tier)]
    if sentences:
        highest = move.steps[-1].above_input_tokens
        here = ""
        if highest:
            here = f"; this prompt is {'above' if there.tokens.value > highest else 'not above'} the last step"
        yield f"{there.model.name}, per million tokens: {'; '.join(sentences)}{here}"


def _step(row: PriceRow, tier: Tier) -> str:
    price = row.of(tier)
    if price is None:
        return ""
    above = f"above {number(row.above_input_tokens)} input tokens " if row.above_input_tokens else ""
    return f"{above}{dollars_in_full(price.input)} input, {dollars_in_full(price.output)} output"


def after_keys(estimate: Estimate) -> dict[str, Any]:
    """Return the additional parts for JSON; a key that does not apply is absent."""
    keys: dict[str, Any] = {}
    if estimate.readings:
        keys["reading"] = [{"model": each.model, **reading_keys(each)} for each in estimate.readings]
    if estimate.endpoints:
        keys["endpoints"] = endpoint_keys(estimate.endpoints)
    if estimate.migration:
        keys["migration"] = _migration(estimate.migration, estimate.workload.tier)
    return keys


def _migration(migration: Migration, tier: Tier) -> dict[str, Any]:
    monthly = migration.requests_per_month
    return {
        "reasoning_tokens": migration.reasoning_tokens,
        **({} if monthly is None else {"requests_per_month": monthly}),
        "moves": [_move(move, migration, tier) for move in migration.moves],
    }


def _move(move: Move, migration: Migration, tier: Tier) -> dict[str, Any]:
    saved = None if move.saving is None else move.saving.amount.value
    return {
        "model": move.model.model.id,
        "shutdown": move.model.model.shutdown.isoformat() if move.model.model.shutdown else None,
        "to": {key: value for key, value in model_keys(move.to).items() if key != "role"} if move.to else None,
        "prices": [_price(row, tier) for row in move.steps if row.of(tier)],
        "saving_per_request": saved,
        **({} if migration.requests_per_month is None else {"saving_per_month": _monthly(saved, migration)}),
    }


def _monthly(saved: Decimal | None, migration: Migration) -> Decimal | None:
    return None if saved is None else migration.a_month(saved)


def _price(row: PriceRow, tier: Tier) -> dict[str, Any]:
    price = row.of(tier)
    charged = price.given() if price else {}
    return {"above_input_tokens": row.above_input_tokens, **charged}
