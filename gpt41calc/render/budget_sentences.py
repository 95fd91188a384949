"""Verdicts in words: what a limit allows, what it met, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from ..calculator.budget import Check, Verdict
from ..calculator.interval import is_approximate
from ..calculator.limit_check import LimitCheck
from ..pricing.schema import Model
from .json import plain_decimal
from .numbers import dollars, dollars_at_least, dollars_beside, dollars_in_full, number, plural

__all__ = ["VerdictWord", "limit_sentence", "summary_sentence", "verdict_word"]

VerdictWord = Literal["kept", "broken", "warned", "not known"]
"""What became of a budget: ``warned`` is broken without failing the run."""


def verdict_word(check: Check, verdict: Verdict) -> VerdictWord:
    """Say in a word what became of a budget."""
    if verdict.is_broken:
        return "broken" if check.fails(verdict) else "warned"
    return "kept" if verdict.is_kept else "not known"


def summary_sentence(check: Check) -> str:
    """Say what became of all budgets, in one line."""
    words = [verdict_word(check, verdict) for verdict in check.verdicts]
    total = len(words)
    if set(words) <= {"kept"}:
        return f"{plural(total, 'budget')} kept" if words else "no budgets"
    counts = [(words.count(word), word) for word in ("broken", "warned", "not known") if word in words]
    first, word = counts[0]
    of = plural(first, "budget") if total == 1 else f"{number(first)} of {plural(total, 'budget')}"
    others = "".join(f", {number(count)} {word}" for count, word in counts[1:])
    missing = "" if check.is_complete else "; nothing passes, as some input could not be counted"
    return f"{of} {word}{others}{missing}"


def limit_sentence(check: LimitCheck, models: Sequence[Model]) -> str:
    """Say what a limit met, what it allows, and what to do if it is broken.

    Args:
        check: the limit.
        models: those of the check, for their windows and dates.
    """
    by_id = {model.id: model for model in models}
    said = _SENTENCES[check.limit](check, by_id)
    if check.passed is None:
        said = f"not known, as some input could not be counted: {said}"
    return f"{check.path}: {said}" if check.path is not None else said


def _met(check: LimitCheck, actual: str, what: str, allowed: str, cure: str, *, lead: str = "") -> str:
    """Put a sentence together; the cure is given only where it is needed."""
    bound = " (high bound of an estimate)" if is_approximate(check.exactness) else ""
    if check.is_in_range:
        bound = " (high bound of an estimate; the limit lies within its range)"
    so_far = " so far" if check.passed is None else ""
    remedy = f": {cure}" if check.passed is False else ""
    return f"{lead}{_mark(check)}{actual}{what}{bound}{so_far}, {allowed} allowed{remedy}"


def _allowed(check: LimitCheck) -> int | Decimal:
    """Return what a budget allows: only limits of the API may have no number."""
    if check.allowed is None:
        raise TypeError(check.limit)
    return check.allowed


def _mark(check: LimitCheck) -> str:
    return "~" if is_approximate(check.exactness) else ""


def _tokens(check: LimitCheck, _: Mapping[str, Model]) -> str:
    actual, allowed = int(check.actual or 0), int(_allowed(check))
    return _met(check, plural(actual, "token"), "", number(allowed), f"cut {number(actual - allowed)}")


def _cost(check: LimitCheck, _: Mapping[str, Model]) -> str:
    actual, allowed = Decimal(check.actual or 0), Decimal(_allowed(check))
    period = "month" if check.limit == "max-monthly-cost" else "request"
    return _met(
        check,
        dollars_beside(actual, allowed),
        f" a {period} with {check.model}",
        dollars_in_full(allowed),
        f"cut {dollars_at_least(actual - allowed)}",
    )


def _context(check: LimitCheck, models: Mapping[str, Model]) -> str:
    over = Decimal(check.actual or 0) - _allowed(check)
    window = models[check.model or ""].window
    return _met(
        check,
        _percent(check.actual or 0),
        f" of {check.model}'s window",
        _percent(_allowed(check)),
        f"cut about {_at_least(over * window / 100)} tokens",
    )


def _retirement(check: LimitCheck, models: Mapping[str, Model]) -> str:
    model = models[check.model or ""]
    if check.actual is None:
        return f"{model.id} has no shutdown date"
    left = int(check.actual)
    ends = f"shuts down in {plural(left, 'day')}" if left > 0 else "shuts down today" if left == 0 else "was shut down"
    days = f"{model.id} {ends} ({model.shutdown}), not allowed within {number(int(_allowed(check)))}"
    if check.passed:
        return days
    return f"{days}: move to {model.replacement or 'another model'}"


def _increase(check: LimitCheck, models: Mapping[str, Model]) -> str:
    sentence = {"USD": _dearer, "percent": _grown, "tokens": _more}[check.unit]
    return sentence(check, models)


def _more(check: LimitCheck, _: Mapping[str, Model]) -> str:
    actual, allowed = int(check.actual or 0), int(_allowed(check))
    return _met(
        check,
        number(abs(actual)),
        f" from {_mark(check)}{plural(int(check.before or 0), 'token')} at the base",
        number(allowed),
        f"cut {number(actual - allowed)}",
        lead=_direction(actual),
    )


def _grown(check: LimitCheck, _: Mapping[str, Model]) -> str:
    allowed, before = Decimal(_allowed(check)), int(check.before or 0)
    if check.actual is None:
        cure = "a percentage needs a base, allow a number of tokens"
        return _met(check, "new: the base had none", "", _percent(allowed), cure)
    actual = Decimal(check.actual)
    return _met(
        check,
        _percent(abs(actual)),
        f" from {plural(before, 'token')} at the base",
        _percent(allowed),
        f"cut about {_at_least((actual - allowed) * before / 100)} tokens",
        lead=_direction(actual),
    )


def _dearer(check: LimitCheck, _: Mapping[str, Model]) -> str:
    actual, allowed = Decimal(check.actual or 0), Decimal(_allowed(check))
    base = _mark(check) + dollars(Decimal(check.before or 0))
    return _met(
        check,
        dollars_beside(actual, allowed).removeprefix("-"),
        f" from {base} a request at the base with {check.model}",
        dollars_in_full(allowed),
        f"cut {dollars_at_least(actual - allowed)}",
        lead=_direction(actual),
    )


def _direction(actual: int | Decimal) -> str:
    return "down " if actual < 0 else "up "


def _percent(share: int | Decimal) -> str:
    """Write a percentage in full: its last digit may be what the verdict hangs on."""
    return f"{Decimal(plain_decimal(Decimal(share))):,f} %"


_SIGNIFICANT = 3


def _at_least(tokens: Decimal) -> str:
    """Write a number of tokens rounded up to three digits: cutting so many is enough, within a rounded percentage."""
    if tokens <= 1:
        return "1"
    step = Decimal(1).scaleb(max(0, tokens.adjusted() - _SIGNIFICANT + 1))
    return number(int((tokens / step).to_integral_value(ROUND_CEILING) * step))


_SENTENCES: dict[str, Callable[[LimitCheck, Mapping[str, Model]], str]] = {
    "token-budget": _tokens,
    "token-budget-per-file": _tokens,
    "max-cost": _cost,
    "max-monthly-cost": _cost,
    "max-context": _context,
    "max-increase": _increase,
    "fail-if-retires-within": _retirement,
}
