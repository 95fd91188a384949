"""The expected length of answers: as given, or from the calibration of an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from ..calculator.forecast import OutputForecast
from ..calculator.percentile import Percentile
from ..calculator.workload import DEFAULT_OUTPUT_TOKENS, ForecastSource
from ..errors import UsageError
from .parse import parse_count

if TYPE_CHECKING:
    from ..pricing.schema import Model

__all__ = ["expected_output", "output_forecast"]


def output_forecast(typed: str | None, path: str | None, usual: Percentile = "p50") -> OutputForecast:
    """Return the forecast for requests that name their own models.

    Args:
        typed: a number, or one of p50, p90 and p99. None for the percentile that is usual for the command.
        path: path of the calibration file; None if there is none.
        usual: the percentile used if none is given; without a calibration, answers have 1,000 tokens.

    Raises:
        UsageError: a percentile is given without a calibration.
        BadNumber: ``typed`` is neither a number nor a percentile.
        ConfigError: the file cannot be read, or is not a calibration.
    """
    output_tokens, source = expected_output(typed, path, usual)
    if path is None:
        return OutputForecast(output_tokens, source)
    from .calibration_file import read_calibration

    return OutputForecast(output_tokens, source, read_calibration(path))


def expected_output(
    typed: str | None, path: str | None, usual: Percentile, models: Sequence[Model] = ()
) -> tuple[int, ForecastSource | None]:
    """Return the expected output tokens of an answer, and their source; the source is None if they were given.

    All models get the same length, because they are compared on the same task: that of the first model in the
    calibration, else that of all answers in it.

    Args:
        typed: a number, or one of p50, p90 and p99. None for the percentile that is usual for the command.
        path: path of the calibration file; None if there is none.
        usual: the percentile used if none is given; without a calibration, answers have 1,000 tokens.
        models: the models of the report.

    Raises:
        UsageError: a percentile is given without a calibration.
        BadNumber: ``typed`` is neither a number nor a percentile.
        ConfigError: the file cannot be read, or is not a calibration.
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
    return learned.output_tokens[chosen], ForecastSource(percentile=chosen, path=path, model=known)


def _percentile(typed: str | None) -> Percentile | None:
    return next((name for name in get_args(Percentile) if name == typed), None)
