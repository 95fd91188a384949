"""What is to be expected of requests: how long answers are, and by how much prompts differ from their model."""

from __future__ import annotations

from dataclasses import dataclass

from ..pricing.schema import Model
from .calibration import Calibration
from .workload import DEFAULT_OUTPUT_TOKENS, ForecastSource

__all__ = ["OutputForecast"]


@dataclass(frozen=True, slots=True)
class OutputForecast:
    """How long answers are, and by how much prompts differ from the model of them."""

    output_tokens: int = DEFAULT_OUTPUT_TOKENS
    """Tokens of an answer, where a calibration does not know better."""

    source: ForecastSource | None = None
    """Where the length of answers is known from; None if it was given, or is the default."""

    calibration: Calibration | None = None
    """What was learned from an earlier run; None if nothing is used."""

    def answer_tokens(self, model: Model) -> int:
        """Return how long answers of a model are to be expected, in tokens."""
        if self.source is None or self.calibration is None:
            return self.output_tokens
        return self.calibration.output_tokens(model.id, self.source.percentile)

    def extra_tokens(self, model: Model, messages: int, tools: int) -> int:
        """Return by how many tokens a prompt is longer than modelled; negative if it is shorter.

        An estimated model has no overhead that could be separated from its ratio.
        """
        if self.calibration is None or model.ratio is not None:
            return 0
        return self.calibration.overhead_tokens(model.id, messages=messages, tools=tools)

    def of(self, model: Model, messages: int, tools: int) -> tuple[int, int]:
        """Return both: the tokens of an answer, and those to add to a prompt."""
        return self.answer_tokens(model), self.extra_tokens(model, messages, tools)

    @property
    def sentence(self) -> str:
        """How long answers are expected to be, in words."""
        if self.source is None:
            return f"{self.output_tokens:,} output tokens each"
        return f"output as long as {self.source.percentile.upper()} of the model's answers in {self.source.path}"
