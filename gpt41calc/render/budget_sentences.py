"""The wording of budget results: allowed value, actual value, remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from ..calculator.budget import Check, Verdict
from ..calculator.interval import is_approximate
from ..calculator.limit_check import LimitCheck
from ..pricing.schema import Model
from .json import plain_decimal
from .numbers import dollars, dollars_at_least, dollars_beside, dollars_in_full, number, plural

__all__ = ["LimitWords", "VerdictWord", "limit_sentence", "limit_words", "tokens_at_least", "verdict_word"]

VerdictWord = Literal["kept", "broken", "warned", "not known"]
"""Result of a budget; ``warned`` is broken without failing the run."""


@dataclass(frozen=True, slots=True)
class LimitWords:
    """The wording of a limit in parts: side by side in a table, or joined to a sentence."""

    actual: str
    """The actual value."""

    brief: str
    """The actual value, without words that are already in the name of the limit."""

    allowed: str
    """The allowed value."""

    cure: str
    """The remedy; empty if the limit is not broken."""

    between: str = ", {} allowed"
    """Text between ``actual`` and ``allowed`` in a sentence."""


def verdict_word(check: Check, verdict: Verdict) -> VerdictWord:
    """Return the result of a budget in one word."""
    if verdict.is_broken:
        return "broken" if check.fails(verdict) else "warned"
    return "kept" if verdict.has_passed else "not known"


def limit_sentence(check: LimitCheck, models: Sequence[Model]) -> str:
    """Return a sentence with the actual and allowed value of a limit, and the remedy if it is broken.

    Args:
        check: the limit.
        models: those of the check, for their windows and dates.
    """
    words = limit_words(check, models)
    sentence = words.actual + words.between.format(words.allowed) + (f": {words.cure}" if words.cure else "")
    if check.passed is None and check.is_in_range:
        sentence = f"not known, as the limit lies within the bounds of the sample: {sentence}"
    elif check.passed is None:
        sentence = f"not known, as some input could not be counted: {sentence}"
    return f"{check.path}: {sentence}" if check.path is not None else sentence


def limit_words(check: LimitCheck, models: Sequence[Model]) -> LimitWords:
    """Return the wording of a limit; arguments as for :func:`limit_sentence`."""
    return _WORDS[check.limit](check, {model.id: model for model in models})


def _met(check: LimitCheck, actual: str, what: str, allowed: str, cure: str, *, lead: str = "") -> LimitWords:
    """Return the parts combined; the remedy is only included if the limit is broken."""
    bound = " (high bound of an estimate)" if is_approximate(check.exactness) else ""
    if check.is_in_range:
        bound = " (high bound of an estimate; the limit lies within its range)"
    so_far = " so far" if check.passed is None and not check.is_in_range else ""
    brief = f"{lead}{_mark(check)}{actual}"
    return LimitWords(
        f"{brief}{what}{bound}{so_far}", f"{brief}{so_far}", allowed, cure if check.passed is False else ""
    )


def _allowed(check: LimitCheck) -> int | Decimal:
    """Return the allowed value of a budget: only limits of the API may have none."""
    if check.allowed is None:
        raise TypeError(check.limit)
    return check.allowed


def _mark(check: LimitCheck) -> str:
    return "~" if is_approximate(check.exactness) else ""


def _tokens(check: LimitCheck, _: Mapping[str, Model]) -> LimitWords:
    actual, allowed = int(check.actual or 0), int(_allowed(check))
    cure = f"cut {number(actual - allowed)}"
    return _met(check, number(actual), f" token{'' if actual == 1 else 's'}", number(allowed), cure)


def _cost(check: LimitCheck, _: Mapping[str, Model]) -> LimitWords:
    actual, allowed = Decimal(check.actual or 0), Decimal(_allowed(check))
    cure = f"cut {dollars_at_least(actual - allowed)}"
    if check.is_below_answers and check.answers_alone is not None:
        cure = f"lower the output tokens: they alone cost {dollars(check.answers_alone)}"
    return _met(
        check,
        dollars_beside(actual, allowed),
        f" {_FOR[check.limit]} with {check.model}",
        dollars_in_full(allowed),
        cure,
    )


_FOR = {"max-cost": "a request", "max-monthly-cost": "a month", "max-total-cost": "for all rows"}


def _context(check: LimitCheck, models: Mapping[str, Model]) -> LimitWords:
    over = Decimal(check.actual or 0) - _allowed(check)
    window = models[check.model or ""].window
    return _met(
        check,
        _percent(check.actual or 0),
        f" of {check.model}'s window",
        _percent(_allowed(check)),
        f"cut about {tokens_at_least(over * window / 100)} tokens",
    )


def _retirement(check: LimitCheck, models: Mapping[str, Model]) -> LimitWords:
    model = models[check.model or ""]
    allowed = plural(int(_allowed(check)), "day")
    between = ", not allowed within {}"
    if check.actual is None:
        return LimitWords(f"{model.id} has no shutdown date", "no date", allowed, "", "")
    left = int(check.actual)
    ends = f"shuts down in {plural(left, 'day')}" if left > 0 else "shuts down today" if left == 0 else "was shut down"
    cure = "" if check.passed else f"move to {model.replacement or 'another model'}"
    brief = plural(left, "day") if left >= 0 else "was shut down"
    return LimitWords(f"{model.id} {ends} ({model.shutdown})", brief, allowed, cure, between)


def _increase(check: LimitCheck, models: Mapping[str, Model]) -> LimitWords:
    if check.passed is None and check.actual is None:
        allowed = Decimal(_allowed(check))
        dollars_or_percent = {"USD": dollars_in_full, "percent": _percent}
        shown = dollars_or_percent[check.unit](allowed) if check.unit in dollars_or_percent else number(int(allowed))
        return LimitWords("there is no base to compare with", "no base", shown, "")
    sentence = {"USD": _dearer, "percent": _grown, "tokens": _more}[check.unit]
    return sentence(check, models)


def _more(check: LimitCheck, _: Mapping[str, Model]) -> LimitWords:
    actual, allowed = int(check.actual or 0), int(_allowed(check))
    return _met(
        check,
        number(abs(actual)),
        f" from {_mark(check)}{plural(int(check.before or 0), 'token')} at the base",
        number(allowed),
        f"cut {number(actual - allowed)}",
        lead=_direction(actual),
    )


def _grown(check: LimitCheck, _: Mapping[str, Model]) -> LimitWords:
    allowed, before = Decimal(_allowed(check)), int(check.before or 0)
    if check.actual is None:
        cure = "a percentage needs a base, allow a number of tokens"
        return _met(check, "new", ": the base had none", _percent(allowed), cure)
    actual = Decimal(check.actual)
    return _met(
        check,
        _percent(abs(actual)),
        f" from {plural(before, 'token')} at the base",
        _percent(allowed),
        f"cut about {tokens_at_least((actual - allowed) * before / 100)} tokens",
        lead=_direction(actual),
    )


def _dearer(check: LimitCheck, _: Mapping[str, Model]) -> LimitWords:
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
    """Return a percentage with all its digits: the result may depend on the last one."""
    return f"{Decimal(plain_decimal(Decimal(share))):,f} %"


_SIGNIFICANT = 3


def tokens_at_least(tokens: Decimal) -> str:
    """Return a number of tokens rounded up to three digits, which is enough to cut within a rounded percentage."""
    if tokens <= 1:
        return "1"
    step = Decimal(1).scaleb(max(0, tokens.adjusted() - _SIGNIFICANT + 1))
    return number(int((tokens / step).to_integral_value(ROUND_CEILING) * step))


_WORDS: dict[str, Callable[[LimitCheck, Mapping[str, Model]], LimitWords]] = {
    "token-budget": _tokens,
    "token-budget-per-file": _tokens,
    "max-cost": _cost,
    "max-monthly-cost": _cost,
    "max-total-cost": _cost,
    "max-context": _context,
    "max-increase": _increase,
    "fail-if-retires-within": _retirement,
}
