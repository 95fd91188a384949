"""The wording of limit checks: allowed value, actual value, and remedies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ...calculator.interval import is_approximate
from ...calculator.limit_check import LimitCheck, Remedy
from ...render.answer import Answer
from ...render.numbers import dollars, number, plural
from .results import ModelChecks, Preflight

__all__ = [
    "LimitCheckWord",
    "limit_check_parts",
    "limit_check_sentence",
    "limit_check_word",
    "preflight_answer",
    "remedies_sentence",
]

LimitCheckWord = Literal["kept", "broken", "not known", "not used"]
"""Result of a limit in one word; ``not used`` means that the limit does not apply."""


def limit_check_word(check: LimitCheck) -> LimitCheckWord:
    """Return the result of a limit in one word."""
    if not check.is_used:
        return "not used"
    if check.passed is None:
        return "not known"
    return "kept" if check.passed else "broken"


def preflight_answer(preflight: Preflight) -> Answer:
    """Return a sentence with the models that would accept the request, those that would not, and the first remedy."""
    models = preflight.models
    accepted = [one.model.id for one in models if not one.is_broken and not one.is_unknown]
    broken = [
        f"{one.model.id} ({', '.join(each.limit for each in one.limit_checks if each.is_broken)})"
        for one in models
        if one.is_broken
    ]
    unknown = [
        f"{one.model.id} ({', '.join(each.limit for each in one.limit_checks if each.is_unknown)})"
        for one in models
        if one.is_unknown
    ]
    sentence = [f"refused: {', '.join(broken)}{_first_cure(preflight)}"] if broken else []
    if accepted and preflight.is_complete:
        sentence.append(f"accepted: {', '.join(accepted)}")
    sentence += [f"not known: {', '.join(unknown)}"] if unknown else []
    if not preflight.load.inputs.complete:
        sentence.append("not known: nothing is accepted for certain, as some input could not be counted")
    tokens = f"{plural(max((one.tokens for one in models), default=0), 'token')} at usage tier "
    text = f"{'; '.join(sentence)}; {tokens}{preflight.traffic.usage_tier}"
    return Answer(text, "broken" if broken else "kept" if preflight.is_complete else "not known")


def _first_cure(preflight: Preflight) -> str:
    """Return the remedy for the first broken limit; empty if there is none."""
    for one in preflight.models:
        for check in one.limit_checks:
            if check.is_broken and check.remedies:
                return f"; cure: {_remedy(preflight, check, check.remedies[0])}"
    return ""


def limit_check_sentence(preflight: Preflight, one: ModelChecks, check: LimitCheck) -> str:
    """Return a sentence with actual and allowed value of a limit and, if it is broken, the remedies."""
    sentence = _SENTENCES[check.limit](preflight, one, check)
    cure = remedies_sentence(preflight, check)
    return f"{sentence}: {cure}" if check.is_broken and cure else sentence


def limit_check_parts(
    preflight: Preflight, one: ModelChecks, check: LimitCheck, *, most: int | None
) -> tuple[str, str]:
    """Return the actual value of a limit as a phrase, and the remedies if it is broken, the cheapest first.

    Args:
        preflight: the run.
        one: the model.
        check: its limit.
        most: most remedies. None for all of them.
    """
    sentence = _SENTENCES[check.limit](preflight, one, check)
    remedies = [_remedy(preflight, check, remedy) for remedy in check.remedies[:most]] if check.is_broken else []
    return sentence, "; else ".join(remedies)


def remedies_sentence(preflight: Preflight, check: LimitCheck) -> str:
    """Return the remedies with their costs, the cheapest first; empty if there are none."""
    if not check.remedies:
        return ""
    first, *alternatives = [_remedy(preflight, check, remedy) for remedy in check.remedies]
    return f"cheapest remedy {first}" + (f"; else {', '.join(alternatives)}" if alternatives else "")


def _remedy(preflight: Preflight, check: LimitCheck, remedy: Remedy) -> str:
    cost = dollars(remedy.cost) if remedy.cost is not None else "no price"
    doubt = "" if remedy.is_known else "; its rate limits are not known"
    return f"{_REMEDIES[remedy.kind](preflight, check, remedy)} ({cost}{doubt})"


def _split(_: Preflight, check: LimitCheck, remedy: Remedy) -> str:
    pace = ", one a minute" if check.limit == "tokens-per-minute" else ""
    return f"{plural(remedy.requests, 'request')} of at most {number(remedy.amount or 0)} input tokens{pace}"


def _usage_tier(preflight: Preflight, _: LimitCheck, remedy: Remedy) -> str:
    paid = preflight.limits.paid(remedy.amount or 0)
    return f"usage tier {remedy.amount}" + (f", for ${number(paid)} paid so far" if paid is not None else "")


def _other_model(_: Preflight, __: LimitCheck, remedy: Remedy) -> str:
    role = "its replacement " if remedy.kind == "replacement" else ""
    return f"{role}{remedy.model.id}" + (f" in {plural(remedy.requests, 'request')}" if remedy.requests > 1 else "")


_REMEDIES: dict[str, Callable[[Preflight, LimitCheck, Remedy], str]] = {
    "split": _split,
    "strings": lambda _, __, remedy: f"{plural(remedy.amount or 0, 'text')} in the request instead of one",
    "slower": lambda _, __, remedy: f"{plural(remedy.amount or 0, 'request')} a minute",
    "shorter": lambda _, __, remedy: f"at most {number(remedy.amount or 0)} output tokens",
    "batch": lambda *_: "a batch",
    "batches": lambda _, __, remedy: f"{plural(remedy.amount or 0, 'batch file')}, one after the other",
    "one-by-one": lambda *_: "ordinary requests",
    "variant": _other_model,
    "usage-tier": _usage_tier,
    "replacement": _other_model,
}


def _mark(check: LimitCheck) -> str:
    return "~" if is_approximate(check.exactness) else ""


def _met(check: LimitCheck, things: str, where: str = "") -> str:
    """Return how much of a limit is used, or by how much it is exceeded."""
    if check.allowed is None:
        return f"{_mark(check)}{number(int(check.actual or 0))} {things}{where}; how many are allowed is not known"
    so_far = " so far" if check.is_unknown else ""
    actual = f"{_mark(check)}{number(int(check.actual or 0))} {things}{so_far}"
    if check.is_in_range:
        actual = f"{actual} (at least {number(int(check.low or 0))}: the limit lies within the range)"
    return f"{actual}, {number(int(check.allowed))} allowed{where}"


def _window(_: Preflight, one: ModelChecks, check: LimitCheck) -> str:
    what = "tokens with the output" if check.allowed == one.model.window else "input tokens"
    return _met(check, what)


def _output_cap(_: Preflight, __: ModelChecks, check: LimitCheck) -> str:
    return _met(check, "output tokens") if check.is_used else "no cap but the window"


def _string_length(preflight: Preflight, _: ModelChecks, check: LimitCheck) -> str:
    characters = preflight.load.characters
    if check.passed and not characters.is_exact:
        return f"at most {_met(check, 'characters in one text')}"
    if check.passed is None and characters.high > (check.allowed or 0):
        bounds = f"{number(characters.low)} to {number(characters.high)} characters in one text"
        return (
            f"{bounds}, {number(int(check.allowed or 0))} allowed; name a file instead of a pipe to have them counted"
        )
    return _met(check, "characters in one text")


def _tier(preflight: Preflight, check: LimitCheck) -> str:
    return f" at usage tier {preflight.traffic.usage_tier}" + (" for long context" if check.is_long else "")


def _tokens_per_minute(preflight: Preflight, one: ModelChecks, check: LimitCheck) -> str:
    if not check.is_used:
        return _OF_A_BATCH
    sentence = _met(check, "tokens a minute", _tier(preflight, check))
    limits = one.limits
    is_too_long = check.passed is False and one.tokens > (check.allowed or 0)
    if not is_too_long or check.is_long or limits is None or limits.long_context_above is None:
        return sentence
    longer = limits.at(preflight.traffic.usage_tier, limits.long_context_above + 1)
    if longer is None or longer.tokens_per_minute is None or longer.tokens_per_minute <= limits.long_context_above:
        return sentence
    above, allowed = number(limits.long_context_above), number(longer.tokens_per_minute)
    return f"{sentence} ({allowed} only for requests of more than {above} input tokens)"


def _requests_per_minute(preflight: Preflight, _: ModelChecks, check: LimitCheck) -> str:
    if not check.is_used:
        return _OF_A_BATCH
    things = "request a minute" if check.actual == 1 else "requests a minute"
    return _met(check, things, _tier(preflight, check))


_OF_A_BATCH = "does not bound a batch"


def _batch_queue(preflight: Preflight, _: ModelChecks, check: LimitCheck) -> str:
    sentence = _met(check, "input tokens in batches", _tier(preflight, check))
    return sentence if check.is_used else f"no batch is asked for; {sentence}"


def _shutdown(preflight: Preflight, one: ModelChecks, _: LimitCheck) -> str:
    model, traffic = one.model, preflight.traffic
    if traffic.as_of < model.released:
        return f"not released before {model.released}"
    if model.shutdown is None:
        return "no shutdown is announced"
    if model.shutdown <= traffic.as_of:
        return f"shut down on {model.shutdown}"
    needed = f", needed until {traffic.until}" if traffic.until > traffic.as_of else ""
    return f"shuts down on {model.shutdown}{needed}"


def _fine_tuning(preflight: Preflight, one: ModelChecks, check: LimitCheck) -> str:
    return _open_to(preflight, one, check) if check.is_used else "not asked for (--fine-tune)"


def _open_to(preflight: Preflight, one: ModelChecks, check: LimitCheck) -> str:
    tuning, traffic = one.model.fine_tuning, preflight.traffic
    if tuning is None:
        return "cannot be fine-tuned"
    closes = min(filter(None, (tuning.closes, one.model.shutdown)), default=None)
    if closes is not None and closes <= traffic.as_of:
        return f"takes no training job since {closes}"
    steps = [step for step in preflight.limits.table.fine_tuning_closed if step.since <= traffic.until]
    closed = "".join(f"; since {step.since} closed to {step.to}" for step in steps)
    until = f", needed until {traffic.until}" if check.passed is False else ""
    return f"takes training jobs until {closes}{until}{closed}" if closes else f"takes training jobs{closed}"


_SENTENCES: dict[str, Callable[[Preflight, ModelChecks, LimitCheck], str]] = {
    "window": _window,
    "output-cap": _output_cap,
    "string-length": _string_length,
    "tokens-per-minute": _tokens_per_minute,
    "requests-per-minute": _requests_per_minute,
    "batch-file": lambda _, __, check: _met(check, f"{check.unit} in one batch file"),
    "batch-queue": _batch_queue,
    "shutdown": _shutdown,
    "fine-tuning": _fine_tuning,
}
