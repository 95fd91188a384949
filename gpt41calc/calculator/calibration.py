"""Calibration from an earlier run: the lengths of answers, and billed minus counted prompt tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .percentile import PERCENTILES, Percentile, nearest_rank

__all__ = ["Calibration", "Learned", "Overhead", "Sample", "learn"]

_PLACES = Decimal("0.001")
"""Precision of a stored overhead: a thousandth of a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One answer of an earlier run, used to learn from."""

    model: str
    """Identifier of the model in the price table."""

    output_tokens: int
    """Tokens of the answer."""

    input_tokens: int = 0
    """Tokens of the prompt, as the API counted them."""

    modelled_tokens: int | None = None
    """Tokens of the prompt as this program counts them. None if the request is not available."""

    messages: int = 0
    """Number of messages in the prompt."""

    tools: int = 0
    """Number of tools declared in the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overhead:
    """Tokens by which billed prompts are longer than counted ones; negative if they are shorter."""

    requests: int
    """Number of requests this was learned from."""

    per_message: Decimal
    """Tokens to add for each message."""

    per_tool: Decimal
    """Tokens to add for each tool."""

    def tokens(self, *, messages: int, tools: int) -> int:
        """Return the tokens to add to a counted prompt.

        >>> Overhead(requests=9, per_message=Decimal("0.5"), per_tool=Decimal(-3)).tokens(messages=4, tools=1)
        -1
        """
        return round(self.per_message * messages + self.per_tool * tools)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The calibration of one model, or of all models together."""

    answers: int
    """Number of answers this was learned from, at least one."""

    output_tokens: Mapping[Percentile, int]
    """Length of answers in tokens, at each percentile."""

    overhead: Overhead | None = None
    """Difference between billed and counted prompts. None if no requests were compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A calibration learned from one run, to be used in estimates."""

    learned_on: date
    """Day on which it was learned."""

    models: Mapping[str, Learned]
    """The calibration of each model, by its identifier in the price table; at least one entry."""

    all: Learned
    """The calibration of all models together, used for a model that has none of its own."""

    path: str | None = None
    """Path of the file it was read from. None if it was not read from a file."""

    def of(self, model: str) -> Learned:
        """Return the calibration of a model, by its identifier in the price table, or else that of all models."""
        return self.models.get(model, self.all)

    def output_tokens(self, model: str, percentile: Percentile) -> int:
        """Return the expected length of an answer of a model at a percentile, in tokens."""
        return self.of(model).output_tokens[percentile]

    def overhead_tokens(self, model: str, *, messages: int, tools: int) -> int:
        """Return the tokens to add to a counted prompt of a model; 0 if that is not known."""
        overhead = self.of(model).overhead
        return overhead.tokens(messages=messages, tools=tools) if overhead else 0


def learn(samples: Iterable[Sample], *, on: date) -> Calibration | None:
    """Return the calibration learned from answers. None if there are no answers.

    Args:
        samples: one per answer.
        on: the current day.
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
    """Derive the overhead per message from requests without tools, and the overhead per tool from the rest."""
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
    """Return billed minus counted prompt tokens of all samples together."""
    return sample.input_tokens - (sample.modelled_tokens or 0)


def _share(tokens: Decimal, among: int) -> Decimal:
    return (tokens / among).quantize(_PLACES) if among else Decimal(0)
