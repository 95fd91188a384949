"""Calibrations as files: what ``usage --calibrate`` writes, and other commands read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from ..calculator.calibration import Calibration, Learned, Overhead, Percentile
from ..calculator.workload import DEFAULT_OUTPUT_TOKENS, Foreseen
from ..errors import ConfigError, UsageError
from ..pricing.schema import Model
from ..render.document import header
from ..render.json import to_json
from ..sources.opening import open_path, why
from ..sources.strict_json import NotJson, parse_json
from .numbers import parse_count

__all__ = ["Foresight", "expected_output", "foresight", "read_calibration", "written_calibration"]

_MAX_BYTES = 1 << 20
_MOST_TOKENS = 10**12
_LARGEST_OVERHEAD = 10**6
_AGAIN = "'gpt41calc usage FILE --calibrate FILE' writes one"


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
    return Foresight(output_tokens, foreseen, None if path is None else read_calibration(path))


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
            raise UsageError(message, hint=f"add --calibration FILE; {_AGAIN}")
        return (DEFAULT_OUTPUT_TOKENS if typed is None else parse_count(typed, "--output-tokens")), None
    calibration = read_calibration(path)
    if typed is not None and percentile is None:
        return parse_count(typed, "--output-tokens"), None
    chosen = percentile or usual
    known = next((model.id for model in models if model.id in calibration.models), None)
    learned = calibration.all if known is None else calibration.of(known)
    return learned.output_tokens[chosen], Foreseen(percentile=chosen, path=path, model=known)


def _percentile(typed: str | None) -> Percentile | None:
    return next((name for name in get_args(Percentile) if name == typed), None)


def written_calibration(calibration: Calibration) -> str:
    """Return the document of what was learned."""
    return to_json(
        {
            **header(),
            "learned": calibration.learned_on.isoformat(),
            "all": _written(calibration.all),
            "models": [{"id": name, **_written(learned)} for name, learned in calibration.models.items()],
        }
    )


def _written(learned: Learned) -> dict[str, Any]:
    overhead = learned.overhead
    return {
        "answers": learned.answers,
        "output_tokens": dict(learned.output_tokens),
        **(
            {
                "overhead": {
                    "requests": overhead.requests,
                    "extra_tokens_per_message": overhead.per_message,
                    "extra_tokens_per_tool": overhead.per_tool,
                }
            }
            if overhead
            else {}
        ),
    }


def read_calibration(path: str) -> Calibration:
    """Return what was learned of an earlier run.

    Raises:
        ConfigError: the file cannot be read, or is no calibration.
    """
    document = _document(path)
    try:
        return Calibration(
            learned_on=date.fromisoformat(document["learned"]),
            models={_name(each["id"]): _learned(each) for each in document["models"]},
            all=_learned(document["all"]),
            path=path,
        )
    except (TypeError, KeyError, ValueError, ArithmeticError, AttributeError) as error:
        message = f"{path}: not a calibration"
        raise ConfigError(message, hint=_AGAIN) from error


def _document(path: str) -> Mapping[str, Any]:
    try:
        with open(open_path(path, os.O_RDONLY), "rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else "not the name of a file"
        message = f"{path}: {reason}"
        raise ConfigError(message, hint=_AGAIN) from error
    if len(raw) > _MAX_BYTES:
        message = f"{path}: not a calibration: larger than {_MAX_BYTES:,} bytes"
        raise ConfigError(message, hint=_AGAIN)
    try:
        document = parse_json(raw)
    except NotJson as error:
        message = f"{path}: not a calibration: {error.reason}"
        raise ConfigError(message, hint=_AGAIN) from error
    if not isinstance(document, dict) or document.get("schema_version") != 1:
        message = f"{path}: not a calibration of this version"
        raise ConfigError(message, hint=_AGAIN)
    return document


def _learned(each: Mapping[str, Any]) -> Learned:
    overhead = each.get("overhead")
    return Learned(
        answers=_count(each["answers"]),
        output_tokens={name: _count(each["output_tokens"][name]) for name in get_args(Percentile)},
        overhead=None
        if overhead is None
        else Overhead(
            requests=_count(overhead["requests"]),
            per_message=_extra(overhead["extra_tokens_per_message"]),
            per_tool=_extra(overhead["extra_tokens_per_tool"]),
        ),
    )


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_TOKENS:
        raise ValueError
    return value


def _extra(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST_OVERHEAD:
        raise ValueError
    return Decimal(str(value))
