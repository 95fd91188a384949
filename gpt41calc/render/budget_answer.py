"""The first line of ``check``: the result of all budgets, and the remedy for the first broken one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, Decimal

from ..calculator.budget import Check, Verdict
from ..calculator.interval import is_approximate
from ..calculator.limit_check import LimitCheck
from .answer import Answer
from .budget_sentences import VerdictWord, tokens_at_least, verdict_word
from .numbers import dollars, dollars_at_least, number, plural

__all__ = ["check_answer"]


def check_answer(check: Check) -> Answer:
    """Return a sentence with the result of all budgets, and what to cut to keep the first broken one."""
    words = [verdict_word(check, verdict) for verdict in check.verdicts]
    if not words:
        return Answer("no budgets")
    worst: VerdictWord = next((word for word in _WORST_FIRST if word in words), "kept")
    of = plural(len(words), "budget")
    count = words.count(worst)
    text = f"{worst}: {of}" if count == len(words) else f"{worst}: {number(count)} of {of}"
    text += "".join(f", {number(words.count(word))} {word}" for word in _OTHERS if word != worst and word in words)
    if worst in {"broken", "warned"}:
        text += f", {_mended(check, worst)}"
    elif worst == "not known":
        is_sample = check.is_complete
        text += ", a limit lies within the bounds of a sample" if is_sample else ", some input could not be counted"
    if check.is_base_checked_commit:
        text += f"; the base, {check.against}, is the very commit that is checked"
    return Answer(text, "broken" if check.is_failed else "kept" if check.is_decided else "not known")


_WORST_FIRST: tuple[VerdictWord, ...] = ("broken", "not known", "warned")
_OTHERS: tuple[VerdictWord, ...] = ("not known", "warned")


def _mended(check: Check, word: VerdictWord) -> str:
    """Return the remedy for the first budget with a verdict, and the number of other budgets with it."""
    cures = list(
        dict.fromkeys(cure for one in check.verdicts if verdict_word(check, one) == word for cure in _cures(check, one))
    )
    more = len(cures) - 1
    return cures[0] + (f", and {number(more)} more" if more else "")


def _cures(check: Check, verdict: Verdict) -> Iterator[str]:
    """Yield the remedies of a budget: enough tokens for all its token limits together, then one per other limit."""
    broken = [one for one in verdict.limits if one.passed is False]
    name = verdict.budget.name
    name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    yield from _fewer_tokens([one for one in broken if one.path is None], check, name)
    for one in broken:
        if one.path is not None:
            yield f"cut {_tokens(one, Decimal(one.actual or 0) - Decimal(one.allowed or 0))} from {one.path}"
    yield from _fewer_dollars(broken, name)
    for one in broken:
        if one.limit == "fail-if-retires-within":
            model = next(model for model in check.models if model.id == one.model)
            yield f"move from {model.id} to {model.replacement or 'another model'}"
        elif one.actual is None:
            yield f"allow {name} a number of tokens, as its base has none to take a percentage of"


_LONGEST_NAME = 40
"""Longest name of a budget that is not shortened: the default name is the list of its paths."""


def _fewer_tokens(broken: Iterable[LimitCheck], check: Check, name: str) -> Iterator[str]:
    over = [(tokens, one) for one in broken if (tokens := _tokens_over(one, check)) is not None]
    if over:
        most, limit = max(over, key=lambda each: each[0])
        yield f"cut {_tokens(limit, most)} from {name}"


def _tokens_over(one: LimitCheck, check: Check) -> Decimal | None:
    """Return the number of tokens over the limit; None if the limit is not about tokens, or has no number."""
    if one.actual is None or one.allowed is None:
        return None
    over = Decimal(one.actual) - Decimal(one.allowed)
    if one.unit == "tokens":
        return over
    if one.unit == "percent":
        whole = one.before
        if one.limit == "max-context":
            whole = next(model.window for model in check.models if model.id == one.model)
        return over * Decimal(whole or 0) / 100
    return None


def _tokens(one: LimitCheck, over: Decimal) -> str:
    if one.unit == "percent":
        return f"about {tokens_at_least(over)} tokens"
    mark = "~" if is_approximate(one.exactness) else ""
    return mark + plural(int(over.to_integral_value(ROUND_CEILING)), "token")


def _fewer_dollars(broken: Iterable[LimitCheck], name: str) -> Iterator[str]:
    """Yield the amount over a cost limit, for the most expensive model."""
    by_limit: dict[str, Decimal] = {}
    for one in broken:
        if one.is_below_answers and one.answers_alone is not None:
            cost = f"{dollars(one.answers_alone)}{_PERIODS[one.limit]}"
            yield f"lower the output tokens of {name}: they alone cost {cost}"
            return
        if one.unit == "USD" and one.actual is not None and one.allowed is not None:
            over = Decimal(one.actual) - Decimal(one.allowed)
            by_limit[one.limit] = max(over, by_limit.get(one.limit, over))
    for limit, over in by_limit.items():
        yield f"cut {dollars_at_least(over)}{_PERIODS[limit]} from {name}"


_PERIODS = {
    "max-cost": " a request",
    "max-increase": " a request",
    "max-monthly-cost": " a month",
    "max-total-cost": "",
}
