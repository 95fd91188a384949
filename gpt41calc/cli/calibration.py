"""What is to be expected of requests, by what was typed or what an earlier run has taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from ..calculator.summary import Percentile
from ..calculator.workload import DEFAULT_OUTPUT_TOKENS, Foreseen
from ..errors import UsageError
from .parse import parse_count

if TYPE_CHECKING:
    from ..calculator.calibration import Calibration
    from ..pricing.schema import Model

__all__ = ["Foresight", "expected_output", "foresight"]


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is to be expected of requests: how long answers are, and by how much prompts differ from the model."""

    output_tokens: int
    """Tokens of an answer, where a calibration does not know better."""

    foreseen: Foreseen | None
    """Where the length of answers is known from; none: it was given, or is the default."""

    calibration: Calibration | None
    """What an earlier run has taught."""

    def answer_tokens(self, model: Model) -> int:
        """Return how long answers of a model are to be expected."""
        if self.foreseen is None or self.calibration is None:
            return self.output_tokens
        return self.calibration.output_tokens(model.id, self.foreseen.percentile)

    def extra_tokens(self, model: Model, messages: int, tools: int) -> int:
        """Return by how many tokens a prompt is longer than modelled; negative: shorter.

        An estimated model has no overhead that could be told from its ratio.
        """
        if self.calibration is None or model.ratio is not None:
            return 0
        return self.calibration.overhead_tokens(model.id, messages=messages, tools=tools)

    def of(self, model: Model, messages: int, tools: int) -> tuple[int, int]:
        """Return both: the tokens of an answer, and those to add to a prompt."""
        return self.answer_tokens(model), self.extra_tokens(model, messages, tools)

    @property
    def said(self) -> str:
        """How long answers are expected to be, in words."""
        if self.foreseen is None:
            return f"{self.output_tokens:,} output tokens each"
        return f"output as long as {self.foreseen.percentile.upper()} of the model's answers in {self.foreseen.path}"


def foresight(typed: str | None, path: str | None, usual: Percentile = "p50") -> Foresight:
    """Return what is to be expected of requests, each with its own model.

    Args:
        typed: a number, or one of p50, p90 and p99; none: the percentile that is usual for the command.
        path: the file with the calibration, if there is one.
        usual: that percentile; without a calibration, 1,000 tokens.

    Raises:
        UsageError: a percentile is asked for without a calibration.
        BadNumber: what is typed is neither.
        ConfigError: the file cannot be read, or is no calibration.
    """
    output_tokens, foreseen = expected_output(typed, path, usual)
    if path is None:
        return Foresight(output_tokens, foreseen, None)
    from .calibration_file import read_calibration

    return Foresight(output_tokens, foreseen, read_calibration(path))


def expected_output(
    typed: str | None, path: str | None, usual: Percentile, models: Sequence[Model] = ()
) -> tuple[int, Foreseen | None]:
    """Return how long answers are to be expected, and where that is known from if it is not given.

    One length holds for all models, as it is one task that they are compared
    by: that of the first model that the calibration knows, else of all answers in it.

    Args:
        typed: a number, or one of p50, p90 and p99; none: the percentile that is usual for the command.
        path: the file with the calibration, if there is one.
        usual: that percentile; without a calibration, 1,000 tokens.
        models: those asked about.

    Raises:
        UsageError: a percentile is asked for without a calibration.
        BadNumber: what is typed is neither.
        ConfigError: the file cannot be read, or is no calibration.
    """
    percentile = _percentile(typed)
    if path is None:
        if percentile is not None:
            message = f"--output-tokens {typed}: of which answers?"
            raise UsageError(message, hint="add --calibration FILE; 'gpt41calc usage FILE --calibrate FILE' writes one")
        return (DEFAULT_OUTPUT_TOKENS if typed is None else parse_count(typed, "--output-tokens")), None
    from .calibration_file import read_calibration

    calibration = read_calibration(path)
    if typed is not None and percentile is None:
        return parse_count(typed, "--output-tokens"), None
    chosen = percentile or usual
    known = next((model.id for model in models if model.id in calibration.models), None)
    learned = calibration.all if known is None else calibration.of(known)
    return learned.output_tokens[chosen], Foreseen(percentile=chosen, path=path, model=known)


def _percentile(typed: str | None) -> Percentile | None:
    return next((name for name in get_args(Percentile) if name == typed), None)
