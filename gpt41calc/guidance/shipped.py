"""Read the files that come with the package."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ..errors import GuidanceError
from ..pricing.price import Noun
from ..shipped import shipped_file
from .advice import Guidance
from .benchmarks import Benchmarks

__all__ = ["load_benchmarks", "load_guidance", "read_as"]

Table = TypeVar("Table", bound=Noun)


def load_benchmarks() -> Benchmarks:
    """Read what was measured of models.

    Raises:
        GuidanceError: the file is missing or breaks a rule.

    >>> load_benchmarks().find("swe-bench").scores["gpt-4.1"]
    Decimal('54.6')
    """
    return read_as(Benchmarks, shipped_file("benchmarks.toml"))


def load_guidance() -> Guidance:
    """Read which variant is best for which task.

    Raises:
        GuidanceError: the file is missing or breaks a rule.

    >>> load_guidance().task[0].order[0]
    'gpt-4.1'
    """
    return read_as(Guidance, shipped_file("guidance.toml"))


def read_as(noun: type[Table], path: Path) -> Table:
    """Read a TOML file as a noun; numbers keep their digits.

    Raises:
        GuidanceError: it cannot be read or breaks a rule; the message names the first place that does.
    """
    try:
        return noun.model_validate(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "".join(f"{step}: " for step in first["loc"])
        message = f"{path}: {where}{first['msg'].removeprefix('Value error, ')}"
        raise GuidanceError(message) from error
    except (OSError, ValueError) as error:
        message = f"{path}: {error}"
        raise GuidanceError(message) from error
