"""Rulings in words: what a limit allows, what it meets, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ...render.numbers import dollars, number, plural
from .results import ModelRulings, Preflight, Ruling, WayOut

__all__ = ["RulingWord", "preflight_sentence", "ruling_sentence", "ruling_word", "ways_sentence"]

RulingWord = Literal["kept", "broken", "not known", "not used"]
"""What became of a limit: ``not used`` does not bound what is asked."""


def ruling_word(ruling: Ruling) -> RulingWord:
    """Say in a word what became of a limit."""
    if not ruling.is_used:
        return "not used"
    if ruling.passed is None:
        return "not known"
    return "kept" if ruling.passed else "broken"


def preflight_sentence(preflight: Preflight) -> str:
    """Say what became of all models, in one line."""
    accepted = [one.model.id for one in preflight.models if not one.is_broken and not one.is_unknown]
    said = [f"accepted with {', '.join(accepted)}"] if accepted and preflight.is_complete else []
    broken = [(one.model.id, [each.limit for each in one.rulings if each.is_broken]) for one in preflight.models]
    unknown = [(one.model.id, [each.limit for each in one.rulings if each.is_unknown]) for one in preflight.models]
    refused = [f"refused with {model}: {', '.join(limits)}" for model, limits in broken if limits]
    said += [f"not known with {model}: {', '.join(limits)}" for model, limits in unknown if limits]
    if not preflight.load.inputs.complete:
        said.append("nothing is accepted for certain, as some input could not be counted")
    return "; ".join([*refused, *said])


def ruling_sentence(preflight: Preflight, one: ModelRulings, ruling: Ruling) -> str:
    """Say what a limit meets and what it allows; of a broken one, also what to do."""
    said = _SENTENCES[ruling.limit](preflight, one, ruling)
    cure = ways_sentence(preflight, ruling)
    return f"{said}: {cure}" if ruling.is_broken and cure else said


def ways_sentence(preflight: Preflight, ruling: Ruling) -> str:
    """Name the ways out with what they cost, the cheapest first; empty if there is none."""
    if not ruling.ways:
        return ""
    first, *others = [_way(preflight, ruling, way) for way in ruling.ways]
    return f"cheapest way out {first}" + (f"; else {', '.join(others)}" if others else "")


def _way(preflight: Preflight, ruling: Ruling, way: WayOut) -> str:
    cost = dollars(way.cost) if way.cost is not None else "no price"
    doubt = "" if way.is_known else "; its rate limits are not known"
    return f"{_WAYS[way.kind](preflight, ruling, way)} ({cost}{doubt})"


def _split(_: Preflight, ruling: Ruling, way: WayOut) -> str:
    pace = ", one a minute" if ruling.limit == "tokens-per-minute" else ""
    return f"{plural(way.requests, 'request')} of at most {number(way.amount or 0)} input tokens{pace}"


def _usage_tier(preflight: Preflight, _: Ruling, way: WayOut) -> str:
    paid = preflight.limits.paid(way.amount or 0)
    return f"usage tier {way.amount}" + (f", for ${number(paid)} paid so far" if paid is not None else "")


def _other_model(_: Preflight, __: Ruling, way: WayOut) -> str:
    role = "its replacement " if way.kind == "replacement" else ""
    return f"{role}{way.model.id}" + (f" in {plural(way.requests, 'request')}" if way.requests > 1 else "")


_WAYS: dict[str, Callable[[Preflight, Ruling, WayOut], str]] = {
    "split": _split,
    "strings": lambda _, __, way: f"{plural(way.amount or 0, 'text')} in the request instead of one",
    "slower": lambda _, __, way: f"{plural(way.amount or 0, 'request')} a minute",
    "shorter": lambda _, __, way: f"at most {number(way.amount or 0)} output tokens",
    "batch": lambda *_: "a batch",
    "batches": lambda _, __, way: f"{plural(way.amount or 0, 'batch file')}, one after the other",
    "one-by-one": lambda *_: "ordinary requests",
    "variant": _other_model,
    "usage-tier": _usage_tier,
    "replacement": _other_model,
}


def _mark(ruling: Ruling) -> str:
    return "~" if ruling.exactness == "estimated" else ""


def _met(ruling: Ruling, things: str, where: str = "") -> str:
    """Say how much of a limit is used, or by how much it is exceeded."""
    if ruling.allowed is None:
        return f"{_mark(ruling)}{number(ruling.actual or 0)} {things}{where}; how many are allowed is not known"
    so_far = " so far" if ruling.is_unknown else ""
    return f"{_mark(ruling)}{number(ruling.actual or 0)} {things}{so_far}, {number(ruling.allowed)} allowed{where}"


def _window(_: Preflight, one: ModelRulings, ruling: Ruling) -> str:
    what = "tokens with the output" if ruling.allowed == one.model.window else "input tokens"
    return _met(ruling, what)


def _output_cap(_: Preflight, __: ModelRulings, ruling: Ruling) -> str:
    return _met(ruling, "output tokens") if ruling.is_used else "no cap but the window"


def _string_length(preflight: Preflight, _: ModelRulings, ruling: Ruling) -> str:
    characters = preflight.load.characters
    if ruling.passed and not characters.is_exact:
        return f"at most {_met(ruling, 'characters in one text')}"
    if ruling.passed is None and characters.high > (ruling.allowed or 0):
        bounds = f"{number(characters.low)} to {number(characters.high)} characters in one text"
        return f"{bounds}, {number(ruling.allowed or 0)} allowed; name a file instead of a pipe to have them counted"
    return _met(ruling, "characters in one text")


def _tier(preflight: Preflight, ruling: Ruling) -> str:
    return f" at usage tier {preflight.asked.usage_tier}" + (" for long context" if ruling.is_long else "")


def _tokens_per_minute(preflight: Preflight, one: ModelRulings, ruling: Ruling) -> str:
    if not ruling.is_used:
        return _OF_A_BATCH
    said = _met(ruling, "tokens a minute", _tier(preflight, ruling))
    limits = one.limits
    is_too_long = ruling.passed is False and one.tokens > (ruling.allowed or 0)
    if not is_too_long or ruling.is_long or limits is None or limits.long_context_above is None:
        return said
    longer = limits.at(preflight.asked.usage_tier, limits.long_context_above + 1)
    if longer is None or longer.tokens_per_minute is None or longer.tokens_per_minute <= limits.long_context_above:
        return said
    above, allowed = number(limits.long_context_above), number(longer.tokens_per_minute)
    return f"{said} ({allowed} only for requests of more than {above} input tokens)"


def _requests_per_minute(preflight: Preflight, _: ModelRulings, ruling: Ruling) -> str:
    if not ruling.is_used:
        return _OF_A_BATCH
    things = "request a minute" if ruling.actual == 1 else "requests a minute"
    return _met(ruling, things, _tier(preflight, ruling))


_OF_A_BATCH = "does not bound a batch"


def _batch_queue(preflight: Preflight, _: ModelRulings, ruling: Ruling) -> str:
    said = _met(ruling, "input tokens in batches", _tier(preflight, ruling))
    return said if ruling.is_used else f"no batch is asked for; {said}"


def _shutdown(preflight: Preflight, one: ModelRulings, _: Ruling) -> str:
    model, asked = one.model, preflight.asked
    if asked.as_of < model.released:
        return f"not released before {model.released}"
    if model.shutdown is None:
        return "no shutdown is announced"
    if model.shutdown <= asked.as_of:
        return f"shut down on {model.shutdown}"
    needed = f", needed until {asked.until}" if asked.until > asked.as_of else ""
    return f"shuts down on {model.shutdown}{needed}"


def _fine_tuning(preflight: Preflight, one: ModelRulings, ruling: Ruling) -> str:
    return _open_to(preflight, one, ruling) if ruling.is_used else "not asked for (--fine-tune)"


def _open_to(preflight: Preflight, one: ModelRulings, ruling: Ruling) -> str:
    tuning, asked = one.model.fine_tuning, preflight.asked
    if tuning is None:
        return "cannot be fine-tuned"
    closes = min(filter(None, (tuning.closes, one.model.shutdown)), default=None)
    if closes is not None and closes <= asked.as_of:
        return f"takes no training job since {closes}"
    steps = [step for step in preflight.limits.table.fine_tuning_closed if step.since <= asked.until]
    closed = "".join(f"; since {step.since} closed to {step.to}" for step in steps)
    until = f", needed until {asked.until}" if ruling.passed is False else ""
    return f"takes training jobs until {closes}{until}{closed}" if closes else f"takes training jobs{closed}"


_SENTENCES: dict[str, Callable[[Preflight, ModelRulings, Ruling], str]] = {
    "window": _window,
    "output-cap": _output_cap,
    "string-length": _string_length,
    "tokens-per-minute": _tokens_per_minute,
    "requests-per-minute": _requests_per_minute,
    "batch-file": lambda _, __, ruling: _met(ruling, f"{ruling.unit} in one batch file"),
    "batch-queue": _batch_queue,
    "shutdown": _shutdown,
    "fine-tuning": _fine_tuning,
}
