"""What to do about a limit: every way out that works, the cheapest first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ...calculator.cost import Cost, cost
from ...pricing.price import Tier
from ...pricing.rate_limits import USAGE_TIERS, RateLimits
from ...pricing.schema import Model
from .capacity import Room, fewest_requests, rooms
from .evaluate import is_served, rulings
from .results import Asked, LimitName, Load, Ruling, WayOut, WayOutKind

__all__ = ["Others", "with_ways"]

_OF_OTHERS: frozenset[LimitName] = frozenset({"string-length", "batch-file", "shutdown", "fine-tuning"})
"""Limits that have ways out of their own."""


@dataclass(frozen=True, slots=True)
class Others:
    """The models that could take another's place."""

    variants: Sequence[Model]
    """Its sisters."""

    replacement: Model | None = None
    """What its vendor names for the time after it."""

    @property
    def all(self) -> tuple[Model, ...]:
        """Every one of them."""
        return (*self.variants, *([self.replacement] if self.replacement else []))


def with_ways(
    found: Sequence[Ruling], model: Model, load: Load, asked: Asked, limits: RateLimits, others: Others
) -> tuple[Ruling, ...]:
    """Add to every broken limit of a model the ways out of it.

    A way is only named if all other limits are kept then; a shutdown and what
    no model changes have ways of their own.
    """
    finder = _Finder(model, load, asked, limits, others)
    return tuple(replace(one, ways=finder.ways(one)) if one.is_broken else one for one in found)


@dataclass(frozen=True, slots=True)
class _Finder:
    model: Model
    load: Load
    asked: Asked
    limits: RateLimits
    others: Others

    def ways(self, ruling: Ruling) -> tuple[WayOut, ...]:
        found = list(self._candidates(ruling))
        return tuple(sorted(found, key=lambda way: (way.cost is None, way.cost or Decimal())))

    def _candidates(self, ruling: Ruling) -> Iterator[WayOut]:
        if ruling.limit == "string-length":
            yield self._way("strings", amount=math.ceil((ruling.actual or 0) / (ruling.allowed or 1)))
        elif ruling.limit == "output-cap":
            yield self._shorter(ruling.allowed or 0)
        elif ruling.limit in {"tokens-per-minute", "requests-per-minute"}:
            yield from self._slower(ruling)
            share = (ruling.allowed or 0) // self.asked.per_minute
            if ruling.limit == "tokens-per-minute" and self.load.tokens(self.model) <= share:
                yield self._shorter(min(share, self.model.max_output or share))
            yield from self._of_tier("batch", "batch")
        elif ruling.limit == "batch-file":
            yield self._way("batches", amount=math.ceil((ruling.actual or 0) / (ruling.allowed or 1)))
        elif ruling.limit == "batch-queue":
            yield from self._batches(ruling)
            yield from self._of_tier("standard", "one-by-one")
        if ruling.limit in {"window", "tokens-per-minute", "batch-queue"}:
            yield from self._split()
        if ruling.limit in {"tokens-per-minute", "requests-per-minute", "batch-queue"}:
            yield from self._higher_tier()
        if ruling.limit not in _OF_OTHERS or ruling.limit == "shutdown":
            yield from self._other_models(ruling)

    def _slower(self, ruling: Ruling) -> Iterator[WayOut]:
        """Return as many requests a minute as the limit allows, if that is at least one."""
        a_request = (ruling.actual or 0) // self.asked.per_minute
        slower = replace(self.asked, per_minute=max(1, (ruling.allowed or 0) // max(1, a_request)))
        if slower.per_minute < self.asked.per_minute and self._works(self.model, slower):
            yield self._way("slower", slower, amount=slower.per_minute)

    def _shorter(self, output_tokens: int) -> WayOut:
        shorter = replace(self.asked.workload, output_tokens=output_tokens)
        return self._way("shorter", replace(self.asked, workload=shorter), amount=output_tokens)

    def _of_tier(self, tier: Tier, kind: WayOutKind) -> Iterator[WayOut]:
        """Return the same with another price list, if it has a price there."""
        asked = replace(self.asked, workload=replace(self.asked.workload, tier=tier))
        way = self._way(kind, asked)
        if way.cost is not None and self._works(self.model, asked):
            yield way

    def _batches(self, ruling: Ruling) -> Iterator[WayOut]:
        """Return several batches, one after the other, if each request has room in one."""
        if ruling.allowed and self.load.tokens(self.model) <= ruling.allowed:
            yield self._way("batches", amount=math.ceil((ruling.actual or 0) / ruling.allowed))

    def _split(self) -> Iterator[WayOut]:
        found = self._rooms(self.model)
        requests = fewest_requests(self.load.tokens(self.model), found)
        if requests is not None and requests > 1:
            room = next(room for room in found if requests * room.most >= self.load.tokens(self.model))
            yield self._way("split", requests=requests, amount=room.most)

    def _rooms(self, model: Model) -> list[Room]:
        """Return how long a single request may be if nothing else is wrong with it."""
        output = min(self.asked.workload.output_tokens, model.max_output or self.asked.workload.output_tokens)
        workload = replace(self.asked.workload, output_tokens=output)
        return rooms(model, self.limits.find(model.id), self.asked.usage_tier, workload)

    def _higher_tier(self) -> Iterator[WayOut]:
        for tier in USAGE_TIERS[self.asked.usage_tier :]:
            asked = replace(self.asked, usage_tier=tier)
            if self._works(self.model, asked):
                yield self._way("usage-tier", asked, amount=tier)
                return

    def _other_models(self, ruling: Ruling) -> Iterator[WayOut]:
        """Return the other variants, and the replacement where the model itself is what is in the way."""
        candidates: list[tuple[WayOutKind, Model]] = [("variant", model) for model in self.others.variants]
        if ruling.limit in {"window", "output-cap", "shutdown"} and self.others.replacement is not None:
            candidates.append(("replacement", self.others.replacement))
        for kind, model in candidates:
            if model.id == self.model.id or not is_served(model, self.asked):
                continue
            if ruling.limit == "shutdown":  # what is too long for the new model as well is divided
                requests = fewest_requests(self.load.tokens(model), self._rooms(model))
            else:
                requests = 1 if self._works(model, self.asked) else None
            way = self._way(kind, model=model, requests=requests or 1)
            if requests is not None and way.cost is not None:
                yield way

    def _works(self, model: Model, asked: Asked) -> bool:
        """Say whether no limit is known to be broken; that a model ends is another matter."""
        found = rulings(model, self.load, asked, self.limits)
        return not any(one.is_broken for one in found if one.limit not in _OF_OTHERS)

    def _way(
        self,
        kind: WayOutKind,
        asked: Asked | None = None,
        *,
        model: Model | None = None,
        requests: int = 1,
        amount: int | None = None,
    ) -> WayOut:
        chosen = model or self.model
        return WayOut(
            kind=kind,
            model=chosen,
            requests=requests,
            amount=amount,
            cost=_cost(chosen, self.load, asked or self.asked, requests),
            is_known=self.limits.find(chosen.id) is not None,
        )


def _cost(model: Model, load: Load, asked: Asked, each: int) -> Decimal | None:
    """Return what everything costs if requests are divided, as equally as tokens can be; none: there is no price."""
    total = load.total[model.id]
    requests = load.requests * each if load.is_uniform else load.requests + each - 1
    length, longer = divmod(total, requests)
    amount = Decimal()
    for tokens, count in ((length, requests - longer), (length + 1, longer)):
        cached = min(asked.workload.cached_tokens, tokens)
        priced = cost(tokens, replace(asked.workload, requests=count, cached_tokens=cached), model, asked.as_of)
        if not isinstance(priced, Cost):
            return None
        amount += priced.total.value
    return amount
