"""Forecast of requests: the length of answers, and the difference between billed and counted prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..pricing.schema import Model
from .workload import DEFAULT_OUTPUT_TOKENS, ForecastSource

if TYPE_CHECKING:
    from .calibration import Calibration

__all__ = ["OutputForecast"]


class OutputForecast(NamedTuple):
    """Expected length of answers, and expected difference between billed and counted prompts."""

    output_tokens: int = DEFAULT_OUTPUT_TOKENS
    """Tokens of an answer, used where no calibration gives a number."""

    source: ForecastSource | None = None
    """Source of the answer length. None if it was given as an option, or is the default."""

    calibration: Calibration | None = None
    """Calibration from an earlier run. None if none is used."""

    def answer_tokens(self, model: Model) -> int:
        """Return the expected length of an answer of a model, in tokens."""
        if self.source is None or self.calibration is None:
            return self.output_tokens
        return self.calibration.output_tokens(model.id, self.source.percentile)

    def extra_tokens(self, model: Model, messages: int, tools: int) -> int:
        """Return the tokens by which a billed prompt is expected to exceed the counted one; negative if it is shorter.

        A model counted by a ratio gets 0: its overhead cannot be separated from its ratio.
        """
        if self.calibration is None or model.ratio is not None:
            return 0
        return self.calibration.overhead_tokens(model.id, messages=messages, tools=tools)

    def of(self, model: Model, messages: int, tools: int) -> tuple[int, int]:
        """Return ``answer_tokens`` and ``extra_tokens`` as a pair."""
        return self.answer_tokens(model), self.extra_tokens(model, messages, tools)

    @property
    def sentence(self) -> str:
        """The expected length of answers, as a phrase for reports."""
        if self.source is None:
            return f"{self.output_tokens:,} output tokens each"
        return f"output as long as {self.source.percentile.upper()} of the model's answers in {self.source.path}"
