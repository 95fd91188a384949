"""Notes below the table of an estimate: the few that matter for a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from ..calculator.estimate import Estimate
from ..calculator.generated import generated_files
from ..calculator.interval import is_approximate
from ..calculator.model_estimate import ModelEstimate
from .model_names import model_names_in_short
from .numbers import number, percent
from .sentences import request_warnings
from .surcharges import surcharge_summary

__all__ = ["generated_notes", "short_notes"]

_MOST = 3
"""Most notes in a short report, including the last one, which explains marks and mentions ``--explain``."""


def short_notes(estimate: Estimate, *, first: str = "", omitted: Sequence[str] = ()) -> tuple[str, ...]:
    """Return at most three notes, the most important first.

    Args:
        estimate: the estimate.
        first: a note that comes first; empty for none.
        omitted: a note on what the rows do not show.
    """
    notes = [note for note in (first, *_decisive(estimate)) if note][: _MOST - 1]
    return (*_by_endpoints(estimate), *notes, "; ".join([*omitted, *_used(estimate), _legend(estimate)]))


def _by_endpoints(estimate: Estimate) -> Iterator[str]:
    """Yield a sentence per request that a vendor's endpoint has counted."""
    if estimate.endpoints:
        from .endpoint_counts import endpoint_notes

        yield from endpoint_notes(estimate.endpoints)


def _decisive(estimate: Estimate) -> Iterator[str]:
    """Yield notes that may change a decision, the most important first."""
    lost = [one for one in estimate.inputs.skipped if not one.expected]
    if lost:
        more = f", and {number(len(lost) - 1)} more" if len(lost) > 1 else ""
        yield f"not counted, so costs are lower bounds: {lost[0].path}: {lost[0].reason}{more}"
    for seen in estimate.requests:
        yield from request_warnings(seen, estimate.workload.output_tokens)
    first = estimate.models[0]
    caching = first.model.caching
    if estimate.workload.cached_tokens and caching and first.tokens.high < caching.minimum:
        least = number(caching.minimum)
        yield f"{first.model.name} caches prompts of at least {least} tokens; this one would be charged in full"
    yield from generated_notes(estimate)
    yield from _endings(estimate)
    unpriced: dict[str, list[str]] = {}
    for one in estimate.models:
        if one.cost_reason:
            unpriced.setdefault(one.cost_reason, []).append(one.model.name)
    yield from (f"{reason}: {', '.join(names)}" for reason, names in unpriced.items())
    for one in estimate.models:
        if is_approximate(one.exactness) and not one.tokens.is_exact:
            yield f"{one.model.name}: {number(one.tokens.low)} to {number(one.tokens.high)} tokens, estimated"


def _endings(estimate: Estimate) -> Iterator[str]:
    """Yield a sentence with deprecated variants and their replacements; retired ones only if no other was chosen."""
    variants = [one for one in estimate.models if one.role == "variant"]
    endpoint_sentences = "retired" if all(one.status == "retired" for one in variants) else "deprecated"
    ending: dict[tuple[date | None, str | None], list[str]] = {}
    for one in variants:
        if one.status == endpoint_sentences:
            ending.setdefault((one.model.shutdown, one.model.replacement), []).append(one.model.name)
    found = {one.model.id: one for one in estimate.models}
    for (day, replacement), models in ending.items():
        after = found.get(replacement or "")
        then = f"; replacement: {after.model.name if after else replacement}" if replacement else ""
        first = next(one for one in variants if one.model.name == models[0])
        times = _times_dearer(first, after) if after else ""
        yield f"{_listed(models)} {_SHUT_DOWN[endpoint_sentences][len(models) > 1]} on {day}{then}{times}"


def _times_dearer(one: ModelEstimate, other: ModelEstimate) -> str:
    """Return a phrase that says how many times as much as another a model costs; empty if it is not dearer."""
    if one.cost is None or other.cost is None or not other.cost.total.value:
        return ""
    ratio = one.cost.total.value / other.cost.total.value
    if ratio < _LEAST_TIMES:
        return ""
    mark = "~" if is_approximate(one.exactness) or is_approximate(other.exactness) else ""
    return f" ({one.model.name} costs {mark}{ratio:,.{0 if ratio >= _ROUND_TIMES else 1}f} times as much)"


_LEAST_TIMES = Decimal("1.1")
"""Smallest factor that is mentioned."""

_ROUND_TIMES = 10
"""Factors from here on are shown without decimals."""


_SHUT_DOWN = {"deprecated": ("shuts down", "shut down"), "retired": ("was shut down", "were shut down")}
"""Singular and plural."""


def _listed(names: Sequence[str]) -> str:
    """Return names joined with commas and "and".

    >>> _listed(["a"]), _listed(["a", "b"]), _listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def generated_notes(estimate: Estimate) -> Iterator[str]:
    """Yield notes on lock files and generated files with many tokens, and the option to exclude them."""
    if estimate.inputs.files < 2:  # noqa: PLR2004 - a file that was named alone is meant
        return
    found = generated_files(estimate.inputs.counted, estimate.encoding)
    if found:
        import shlex

        weights = ", ".join(f"{each.pattern} {percent(each.percent)}" for each in found)
        options = " ".join(f"--exclude {shlex.quote(each.pattern)}" for each in found)
        yield f"generated: {weights}; without: {options}"


def _used(estimate: Estimate) -> Iterator[str]:
    """Yield notes on what changed prices or options: other model names, surcharges, files."""
    yield from model_names_in_short(estimate.names_taken)
    yield from surcharge_summary([one.model for one in estimate.models])
    if estimate.overlay:
        yield f"prices from {estimate.overlay}"
    if estimate.config:
        yield f"options from {estimate.config}"


def _legend(estimate: Estimate) -> str:
    """Return a note that explains the marks, and mentions ``--explain``."""
    retired = "* retired; " if any(one.status == "retired" for one in estimate.models) else ""
    estimated = "~ estimated; " if any(is_approximate(one.exactness) for one in estimate.models) else ""
    return f"{retired}{estimated}more: --explain"
