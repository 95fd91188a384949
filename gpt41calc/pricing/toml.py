"""Read a TOML file that comes with the package as a noun."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from ..errors import Gpt41calcError
from .price import Noun

__all__ = ["read_as"]

Table = TypeVar("Table", bound=Noun)


def read_as(noun: type[Table], path: Path, failure: type[Gpt41calcError]) -> Table:
    """Read a TOML file as a noun; numbers keep their digits.

    Args:
        noun: what the file is.
        path: the file.
        failure: what is raised if it cannot be read or breaks a rule; its message names the first place that does.
    """
    try:
        return noun.model_validate(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "".join(f"{step}: " for step in first["loc"])
        message = f"{path}: {where}{first['msg'].removeprefix('Value error, ')}"
        raise failure(message) from error
    except (OSError, ValueError) as error:
        message = f"{path}: {error}"
        raise failure(message) from error
