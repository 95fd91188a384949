"""What commands that read datasets make of what was typed: templates and percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UsageError
from .parse import parse_percent

if TYPE_CHECKING:
    from ..dataset.template import Template

__all__ = ["read_template", "share_of"]


def read_template(path: str, option: str = "--template") -> Template:
    """Return the template in a file.

    Args:
        path: the file.
        option: what an error calls it.

    Raises:
        UsageError: it cannot be read, or is no template.
    """
    from ..dataset.template import parse_template

    try:
        with open(path, "rb") as file:
            raw = file.read()
    except OSError as error:
        message = f"{option}: cannot read {path}: {error.strerror}"
        raise UsageError(message) from error
    try:
        return parse_template(raw.decode(), f"{option} {path}")
    except UnicodeDecodeError as error:
        message = f"{option}: {path} is not UTF-8"
        raise UsageError(message) from error


def share_of(typed: str, option: str) -> float:
    """Return a percentage as a share.

    Raises:
        UsageError: it is not more than 0 and less than 100.

    >>> share_of("2%", "--precision")
    0.02
    """
    percent = parse_percent(typed if typed.endswith("%") else f"{typed}%", option)
    if not 0 < percent < _WHOLE:
        message = f"{option}: expected more than 0% and less than 100%, found '{typed:.40}'"
        raise UsageError(message)
    return float(percent) / _WHOLE


_WHOLE = 100
