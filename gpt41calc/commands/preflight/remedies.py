"""Find remedies for an exceeded limit: all that work, the cheapest first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ...calculator.accepted_length import AcceptedLength, fewest_requests
from ...calculator.cost import Cost, cost
from ...calculator.limit_check import LimitCheck, Remedy, RemedyKind
from ...pricing.limits_schema import USAGE_TIERS
from ...pricing.price import Tier
from ...pricing.rate_limits import RateLimits
from ...pricing.schema import Model
from .capacity import accepted_lengths
from .evaluate import is_served, limit_checks
from .results import LimitName, Load, Traffic

__all__ = ["Alternatives", "with_remedies"]

_OF_OTHERS: frozenset[LimitName] = frozenset({"string-length", "batch-file", "shutdown", "fine-tuning"})
"""Limits that have remedies of their own."""


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The models that could replace a model."""

    variants: Sequence[Model]
    """Other variants of the same family."""

    replacement: Model | None = None
    """The replacement recommended by its vendor. None if there is none."""

    @property
    def all(self) -> tuple[Model, ...]:
        """All of these models."""
        return (*self.variants, *([self.replacement] if self.replacement else []))

    def as_counted(self, models: Mapping[str, Model]) -> Alternatives:
        """Return the same models as they count this input, by their identifiers."""
        replacement = models[self.replacement.id] if self.replacement else None
        return Alternatives([models[one.id] for one in self.variants], replacement)


def with_remedies(
    found: Sequence[LimitCheck],
    model: Model,
    load: Load,
    traffic: Traffic,
    limits: RateLimits,
    alternatives: Alternatives,
) -> tuple[LimitCheck, ...]:
    """Return the limits of a model, with remedies for every broken one.

    A remedy is only listed if it keeps all other limits; shutdowns, and limits that no model changes, have remedies of
    their own.
    """
    finder = _Finder(model, load, traffic, limits, alternatives)
    return tuple(replace(one, remedies=finder.remedies(one)) if one.is_broken else one for one in found)


@dataclass(frozen=True, slots=True)
class _Finder:
    model: Model
    load: Load
    traffic: Traffic
    limits: RateLimits
    alternatives: Alternatives

    def remedies(self, check: LimitCheck) -> tuple[Remedy, ...]:
        found = list(self._candidates(check))
        return tuple(sorted(found, key=lambda remedy: (remedy.cost is None, remedy.cost or Decimal())))

    def _candidates(self, check: LimitCheck) -> Iterator[Remedy]:
        if check.limit == "string-length":
            yield self._remedy("strings", amount=math.ceil((check.actual or 0) / (check.allowed or 1)))
        elif check.limit == "output-cap":
            yield self._shorter(int(check.allowed or 0))
        elif check.limit in {"tokens-per-minute", "requests-per-minute"}:
            yield from self._slower(check)
            share = int(check.allowed or 0) // self.traffic.per_minute
            if check.limit == "tokens-per-minute" and self.load.tokens(self.model) <= share:
                yield self._shorter(min(share, self.model.max_output or share))
            yield from self._of_tier("batch", "batch")
        elif check.limit == "batch-file":
            yield self._remedy("batches", amount=math.ceil((check.actual or 0) / (check.allowed or 1)))
        elif check.limit == "batch-queue":
            yield from self._batches(check)
            yield from self._of_tier("standard", "one-by-one")
        if check.limit in {"window", "tokens-per-minute", "batch-queue"}:
            yield from self._split()
        if check.limit in {"tokens-per-minute", "requests-per-minute", "batch-queue"}:
            yield from self._higher_tier()
        if check.limit not in _OF_OTHERS or check.limit == "shutdown":
            yield from self._other_models(check)

    def _slower(self, check: LimitCheck) -> Iterator[Remedy]:
        """Yield the remedy of as many requests per minute as the limit allows, if that is at least one."""
        a_request = int(check.actual or 0) // self.traffic.per_minute
        slower = replace(self.traffic, per_minute=max(1, int(check.allowed or 0) // max(1, a_request)))
        if slower.per_minute < self.traffic.per_minute and self._works(self.model, slower):
            yield self._remedy("slower", slower, amount=slower.per_minute)

    def _shorter(self, output_tokens: int) -> Remedy:
        shorter = replace(self.traffic.workload, output_tokens=output_tokens)
        return self._remedy("shorter", replace(self.traffic, workload=shorter), amount=output_tokens)

    def _of_tier(self, tier: Tier, kind: RemedyKind) -> Iterator[Remedy]:
        """Yield the remedy of another tier, if the model has a price there."""
        traffic = replace(self.traffic, workload=replace(self.traffic.workload, tier=tier))
        remedy = self._remedy(kind, traffic)
        if remedy.cost is not None and self._works(self.model, traffic):
            yield remedy

    def _batches(self, check: LimitCheck) -> Iterator[Remedy]:
        """Yield the remedy of several batches, one after the other, if each request fits into one."""
        if check.allowed and self.load.tokens(self.model) <= check.allowed:
            yield self._remedy("batches", amount=math.ceil((check.actual or 0) / check.allowed))

    def _split(self) -> Iterator[Remedy]:
        found = self._accepted_lengths(self.model)
        requests = fewest_requests(self.load.tokens(self.model), found)
        if requests is not None and requests > 1:
            accepted = next(accepted for accepted in found if requests * accepted.most >= self.load.tokens(self.model))
            yield self._remedy("split", requests=requests, amount=accepted.most)

    def _accepted_lengths(self, model: Model) -> list[AcceptedLength]:
        """Return the lengths that a single request may have, if no other limit is broken."""
        output = min(self.traffic.workload.output_tokens, model.max_output or self.traffic.workload.output_tokens)
        workload = replace(self.traffic.workload, output_tokens=output)
        return accepted_lengths(model, self.limits.find(model.id), self.traffic.usage_tier, workload)

    def _higher_tier(self) -> Iterator[Remedy]:
        for tier in USAGE_TIERS[self.traffic.usage_tier :]:
            traffic = replace(self.traffic, usage_tier=tier)
            if self._works(self.model, traffic):
                yield self._remedy("usage-tier", traffic, amount=tier)
                return

    def _other_models(self, check: LimitCheck) -> Iterator[Remedy]:
        """Yield the remedies of another variant, or of the replacement if the model itself is the problem."""
        candidates: list[tuple[RemedyKind, Model]] = [("variant", model) for model in self.alternatives.variants]
        if check.limit in {"window", "output-cap", "shutdown"} and self.alternatives.replacement is not None:
            candidates.append(("replacement", self.alternatives.replacement))
        for kind, model in candidates:
            if model.id == self.model.id or not is_served(model, self.traffic):
                continue
            if check.limit == "shutdown":  # an input that is also too long for the new model is divided
                requests = fewest_requests(self.load.tokens(model), self._accepted_lengths(model))
            else:
                requests = 1 if self._works(model, self.traffic) else None
            remedy = self._remedy(kind, model=model, requests=requests or 1)
            if requests is not None and remedy.cost is not None:
                yield remedy

    def _works(self, model: Model, traffic: Traffic) -> bool:
        """Return whether no limit is known to be broken; the shutdown of a model is ignored."""
        found = limit_checks(model, self.load, traffic, self.limits)
        return not any(one.is_broken for one in found if one.limit not in _OF_OTHERS)

    def _remedy(
        self,
        kind: RemedyKind,
        traffic: Traffic | None = None,
        *,
        model: Model | None = None,
        requests: int = 1,
        amount: int | None = None,
    ) -> Remedy:
        chosen = model or self.model
        return Remedy(
            kind=kind,
            model=chosen,
            requests=requests,
            amount=amount,
            cost=_cost(chosen, self.load, traffic or self.traffic, requests),
            is_known=self.limits.find(chosen.id) is not None,
        )


def _cost(model: Model, load: Load, traffic: Traffic, each: int) -> Decimal | None:
    """Return the cost of everything if requests are divided as equally as possible. None if there is no price."""
    total = load.total[model.id]
    requests = load.requests * each if load.is_uniform else load.requests + each - 1
    length, longer = divmod(total, requests)
    amount = Decimal()
    for tokens, count in ((length, requests - longer), (length + 1, longer)):
        cached = min(traffic.workload.cached_tokens, tokens)
        priced = cost(tokens, replace(traffic.workload, requests=count, cached_tokens=cached), model, traffic.as_of)
        if not isinstance(priced, Cost):
            return None
        amount += priced.total.value
    return amount
