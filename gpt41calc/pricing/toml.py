"""Read and validate a TOML table, which may be written by a user."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from ..errors import Gpt41calcError
from ..locations import shipped_file
from .compiled import load_compiled
from .fields import Record

__all__ = ["read_as", "read_shipped", "read_toml"]

Table = TypeVar("Table", bound=Record)

_MAX_TABLE_BYTES = 1 << 20


def read_toml(path: Path, what: str, error: type[Gpt41calcError]) -> dict[str, Any]:
    """Return the content of a TOML file, with fractions as decimals.

    Args:
        path: the file.
        what: name of the file in messages, such as "pricing table".
        error: the error raised if it cannot be read or is not TOML.
    """
    from ..sources.strict_toml import NotToml, parse_toml

    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_TABLE_BYTES + 1)
    except (OSError, ValueError) as problem:  # a path with a null character is a ValueError
        message = f"cannot read the {what} {path}: {getattr(problem, 'strerror', None) or problem}"
        raise error(message) from problem
    if len(raw) > _MAX_TABLE_BYTES:
        message = f"{path}: expected at most {_MAX_TABLE_BYTES} bytes of TOML"
        raise error(message)
    try:
        return parse_toml(raw.decode("utf-8"))
    except (UnicodeDecodeError, NotToml) as problem:
        message = f"{path}: {problem}"
        raise error(message) from problem


def read_as(kind: type[Table], path: Path, failure: type[Gpt41calcError]) -> Table:
    """Return a TOML file as a record of a class; numbers keep their digits.

    Args:
        kind: the class of the table.
        path: the file.
        failure: the error raised if it cannot be read or breaks a rule; its message names the first such place.
    """
    from pydantic import TypeAdapter, ValidationError

    raw = read_toml(path, "table", failure)
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "".join(f"{step}: " for step in first["loc"])
        message = f"{path}: {where}{first['msg'].removeprefix('Value error, ')}"
        raise failure(message) from error


def read_shipped(kind: type[Table], name: str, failure: type[Gpt41calcError]) -> Table:
    """Return a shipped table: from its compiled form, or else from its TOML.

    Args:
        kind: the class of the table.
        name: its name, as in ``guidance`` for ``guidance.toml``.
        failure: the error raised if it cannot be read or breaks a rule.
    """
    return load_compiled(kind, name) or read_as(kind, shipped_file(f"{name}.toml"), failure)
