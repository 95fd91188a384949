"""Preflights that several tests check and write in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from samples import HOSTILE, LOST, PRICING, TODAY, tally

from gpt41calc.calculator.interval import Interval
from gpt41calc.calculator.limit_check import LimitCheck
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.preflight.capacity import accepted_lengths
from gpt41calc.commands.preflight.evaluate import limit_checks
from gpt41calc.commands.preflight.packing import Part, pack
from gpt41calc.commands.preflight.remedies import Alternatives, with_remedies
from gpt41calc.commands.preflight.results import Load, ModelChecks, Preflight, Traffic
from gpt41calc.pricing.rate_limits import RateLimits, load_limits
from gpt41calc.pricing.table import DEFAULT_MODELS
from gpt41calc.tally import Tally

LIMITS = load_limits()
VARIANTS = [PRICING.find(name) for name in DEFAULT_MODELS]


def load(tokens: int | Tally, requests: int = 1, characters: int | Interval[int] = 1_000) -> Load:
    """Return one request of so many tokens, or with these files, made so many times."""
    inputs = tokens if isinstance(tokens, Tally) else tally({"prompts/system.md": tokens})
    longest = {model.id: inputs.tokens(model.counted_in) for model in PRICING.models}
    return Load(
        inputs=inputs,
        longest=longest,
        total={name: count * requests for name, count in longest.items()},
        requests=requests,
        characters=Interval.exact(characters) if isinstance(characters, int) else characters,
    )


def traffic(usage_tier: int = 1, *, until: date = TODAY, as_of: date = TODAY, **workload: Any) -> Traffic:
    """Return a way to send it."""
    return Traffic(workload=Workload(**workload), usage_tier=usage_tier, as_of=as_of, until=until)


def ruled(model: str, what: Load, how: Traffic, limits: RateLimits = LIMITS) -> ModelChecks:
    """Return one model, compared with every limit."""
    found = PRICING.find(model)
    alternatives = Alternatives(VARIANTS, PRICING.find(found.replacement) if found.replacement else None)
    judged = with_remedies(limit_checks(found, what, how, limits), found, what, how, limits, alternatives)
    return ModelChecks(model=found, limits=limits.find(found.id), tokens=what.tokens(found), limit_checks=judged)


def check(limit: str, model: str, what: Load, how: Traffic) -> LimitCheck:
    """Return one limit check."""
    return next(one for one in ruled(model, what, how).limit_checks if one.limit == limit)


def preflight(models: tuple[str, ...], what: Load, how: Traffic) -> Preflight:
    """Return a preflight."""
    return Preflight(
        models=tuple(ruled(model, what, how) for model in models),
        load=what,
        traffic=how,
        limits=LIMITS,
        pricing_checked=TODAY,
    )


def accepted() -> Preflight:
    """Return one of which every limit is kept."""
    found = preflight(("gpt-4.1", "gpt-4.1-mini"), load(20_000), traffic())
    return replace(found, left_out=(PRICING.find("gpt-4.1-nano"),), config="pyproject.toml")


def dead_zone() -> Preflight:
    """Return one in the gap of tier 1, that must also work for a year and be fine-tuned."""
    how = replace(traffic(until=date(2027, 11, 22), output_tokens=2_000), per_minute=2, fine_tune=True)
    return preflight(("gpt-4.1", "gpt-4.1-mini"), load(100_000), how)


def too_much() -> Preflight:
    """Return one in which every limit is broken that ordinary requests have."""
    how = replace(traffic(output_tokens=40_000), per_minute=600)
    return preflight(("gpt-4.1-nano",), load(1_100_000, characters=11_000_000), how)


def batch() -> Preflight:
    """Return a batch that is longer than the queue."""
    return preflight(("gpt-4.1",), load(20_000, requests=10), traffic(tier="batch"))


def unknown() -> Preflight:
    """Return one for models whose limits are not known, one of them estimated, and with input that is missing."""
    seen = tally({"prompts/system.md": 200_000}, LOST)
    how = traffic(as_of=date(2026, 1, 2), until=date(2026, 1, 2))
    return preflight(
        ("claude-3-7-sonnet", "gpt-4.1-nano"), load(seen, characters=Interval(3_000_000, 12_000_000, 12_000_000)), how
    )


def hostile() -> Preflight:
    """Return one with names that want to be more than names, and with a plan."""
    what = load(tally({f"{name}/{at}": 20_000 + at for name in HOSTILE for at in range(2)} | {"long": 60_000}))
    return replace(planned(preflight(("gpt-4.1",), what, traffic())), config=HOSTILE[2], overlay=HOSTILE[1])


def planned(found: Preflight) -> Preflight:
    """Return a preflight with a plan for its first model."""
    one = found.models[0]
    parts = [Part(each.path, each.tokens[one.model.counted_in]) for each in found.load.inputs.counted]
    return replace(
        found,
        plan=pack(parts, accepted_lengths(one.model, one.limits, found.traffic.usage_tier, found.traffic.workload)),
    )


PREFLIGHTS: Mapping[str, Any] = {
    "accepted": accepted,
    "dead-zone": dead_zone,
    "too-much": too_much,
    "batch": batch,
    "unknown": unknown,
    "hostile": hostile,
}
