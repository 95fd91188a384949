"""What a run has taught: how long answers are, and by how much prompts differ from the model of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .summary import PERCENTILES, Percentile, nearest_rank

__all__ = ["Calibration", "Learned", "Overhead", "Sample", "learn"]

_PLACES = Decimal("0.001")
"""As finely as an overhead is kept: a thousandth of a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One answer to learn from."""

    model: str
    """Identifier of the model in the price table."""

    output_tokens: int
    """How long it was."""

    input_tokens: int = 0
    """Tokens of the prompt, as the API counted them."""

    modelled_tokens: int | None = None
    """Tokens of the prompt by exact text and our model of the rest. None if there is nothing to compare."""

    messages: int = 0
    """How many messages the prompt had."""

    tools: int = 0
    """How many tools were described in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """By how many tokens a prompt is longer than modelled; shorter, where a number is negative."""

    requests: int
    """How many requests this was learned from."""

    per_message: Decimal
    """Tokens for each message."""

    per_tool: Decimal
    """Tokens for each tool."""

    def tokens(self, *, messages: int, tools: int) -> int:
        """Return the tokens to add to a modelled prompt.

        >>> Overhead(requests=9, per_message=Decimal("0.5"), per_tool=Decimal(-3)).tokens(messages=4, tools=1)
        -1
        """
        return round(self.per_message * messages + self.per_tool * tools)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned of one model, or of all."""

    answers: int
    """How many answers this was learned from, at least one."""

    output_tokens: Mapping[Percentile, int]
    """How long answers are: half of them, nine tenths, all but one in a hundred."""

    overhead: Overhead | None = None
    """How prompts differ from the model of them. None if requests were not compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was learned of a run, to be used in estimates."""

    learned_on: date
    """Day on which it was learned."""

    models: Mapping[str, Learned]
    """By identifier of the model in the price table, at least one."""

    all: Learned
    """Of all models together, for those of which nothing is known."""

    path: str | None = None
    """The file it was read from."""

    def of(self, model: str) -> Learned:
        """Return what is known of a model, by its identifier in the price table; else what is known of all."""
        return self.models.get(model, self.all)

    def output_tokens(self, model: str, percentile: Percentile) -> int:
        """Return how long answers of a model are to be expected."""
        return self.of(model).output_tokens[percentile]

    def overhead_tokens(self, model: str, *, messages: int, tools: int) -> int:
        """Return by how many tokens a prompt is to be expected longer than it is modelled; 0 if it is not known."""
        overhead = self.of(model).overhead
        return overhead.tokens(messages=messages, tools=tools) if overhead else 0


def learn(samples: Iterable[Sample], *, on: date) -> Calibration | None:
    """Return what some answers teach, or none if there is no answer.

    Args:
        samples: one for each answer.
        on: the day it is.
    """
    every = list(samples)
    if not every:
        return None
    models = list(dict.fromkeys(one.model for one in every))
    return Calibration(
        learned_on=on,
        models={model: _learned([one for one in every if one.model == model]) for model in sorted(models)},
        all=_learned(every),
    )


def _learned(samples: list[Sample]) -> Learned:
    lengths = sorted(one.output_tokens for one in samples)
    return Learned(
        answers=len(samples),
        output_tokens={name: nearest_rank(lengths, percent) for name, percent in PERCENTILES.items()},
        overhead=_overhead([one for one in samples if one.modelled_tokens is not None]),
    )


def _overhead(samples: list[Sample]) -> Overhead | None:
    """Blame messages for what is off without tools, and tools for what is off beyond that with them."""
    if not samples:
        return None
    bare = [one for one in samples if not one.tools]
    per_message = _share(Decimal(sum(map(_off, bare))), sum(one.messages for one in bare))
    equipped = [one for one in samples if one.tools]
    left = sum((_off(one) - per_message * one.messages for one in equipped), Decimal())
    return Overhead(
        requests=len(samples),
        per_message=per_message,
        per_tool=_share(left, sum(one.tools for one in equipped)),
    )


def _off(sample: Sample) -> int:
    """Return by how many tokens the API counted more than was modelled."""
    return sample.input_tokens - (sample.modelled_tokens or 0)


def _share(tokens: Decimal, among: int) -> Decimal:
    return (tokens / among).quantize(_PLACES) if among else Decimal(0)
