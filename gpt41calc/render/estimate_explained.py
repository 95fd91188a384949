"""All notes on the numbers of an estimate, for ``--explain``."""

from __future__ import annotations

from ..calculator.estimate import Comparison, Estimate
from ..calculator.interval import Interval, is_approximate
from ..calculator.model_estimate import ModelEstimate
from .estimate_notes import generated_notes
from .migration import all_notes
from .numbers import about, dollars, number, percent
from .sentences import input_sentence, status_notes, workload_sentence
from .skipped import skipped_lines, skipped_sentence

__all__ = ["explained"]


def _mark(one: ModelEstimate) -> str:
    """Return ``~`` if the tokens of a model are an estimate without a range; a range is told by its bounds."""
    return "~" if is_approximate(one.exactness) and one.tokens.is_exact else ""


def _saving(comparison: Comparison, name: str, other: str) -> str:
    """Return a phrase with what a model saves compared with another, or costs more."""
    saving = comparison.saving
    if saving is None:
        return f"{name} cannot be compared with {other}: one of the two has no price"
    amount, share = saving.amount, saving.percent
    doubt = "" if saving.sign_certain else "; the estimate's bounds lie on both sides"
    if amount.value >= 0:
        share_text = f", {percent(share)}" if share is not None else ""
        return f"{name} saves {about(amount, dollars)}{share_text} against {other}{doubt}"
    more = Interval(-amount.high, -amount.value, -amount.low)
    return f"{name} costs {about(more, dollars)} more than {other}{doubt}"


def explained(estimate: Estimate) -> tuple[str, ...]:
    """Return all notes on the numbers: inputs, workload, statuses, savings, ratios, sources."""
    names = {one.model.id: one.model.name for one in estimate.models}
    inputs = estimate.inputs
    skipped = [f"skipped: {skipped_sentence(inputs.skipped)}", *skipped_lines(inputs.skipped)] if inputs.skipped else []
    models = [
        f"{one.model.name}: {_mark(one)}{about(one.tokens, number)} tokens"
        + (f", {_mark(one)}{about(one.cost.total, dollars)}" if one.cost else "")
        for one in estimate.models
    ]
    savings = [_saving(each, names[each.model], names[each.versus]) for each in estimate.savings]
    return (
        f"input: {input_sentence(estimate)}",
        *skipped,
        f"workload: {workload_sentence(estimate)}",
        "window: the input and the answer of a request share it",
        *models,
        *savings,
        *generated_notes(estimate),
        *status_notes(estimate),
        *all_notes(estimate),
    )
