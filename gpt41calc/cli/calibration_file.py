"""Calibration files: written by ``usage --calibrate``, read by other commands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from ..calculator.calibration import Calibration, Learned, Overhead
from ..calculator.percentile import Percentile
from ..errors import ConfigError
from ..render.json import to_json
from ..render.json_fields import header
from ..sources.open_path import open_path, why
from ..sources.strict_json import NotJson, parse_json

__all__ = ["read_calibration", "written_calibration"]

_MAX_BYTES = 1 << 20
_MOST_TOKENS = 10**12
_LARGEST_OVERHEAD = 10**6
_AGAIN = "'gpt41calc usage FILE --calibrate FILE' writes one"


def written_calibration(calibration: Calibration) -> str:
    """Return the JSON document of a calibration."""
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
    """Return the calibration in a file.

    Raises:
        ConfigError: the file cannot be read, or is not a calibration.
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
