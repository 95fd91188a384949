"""The file of a report: the format that its name stands for, and checks that it replaces no input."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from ..errors import UsageError

__all__ = ["implied_format", "require_not_read", "require_output_file"]

_FORMATS = {
    ".json": "json",
    ".csv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".svg": "svg",
    ".sarif": "sarif",
    ".xml": "junit",
}
"""Format of a report by the ending of its file; with any other ending it is plain text."""

_READ = (
    *("paths", "path", "file", "files", "old", "new", "files_from", "input", "invoice", "config", "pricing", "limits"),
    *("baseline", "calibration", "vocabulary", "litellm", "template", "priority"),
)
"""Parameters that name files that are read."""

_NUMBER = re.compile(r"[0-9][0-9_,.]*(?:e[0-9]+)? ?[kmgb]?i?b?%?", re.ASCII | re.IGNORECASE)


def implied_format(path: str, formats: type[StrEnum]) -> StrEnum | None:
    """Return the format that the ending of a file stands for. None if it stands for none.

    Args:
        path: the file.
        formats: the formats that the command can write.

    Raises:
        UsageError: the command cannot write that format.
    """
    name = _FORMATS.get(os.path.splitext(path)[1].lower())
    if name is None:
        return None
    try:
        return formats(name)
    except ValueError as error:
        message = f"-o {path}: this command writes no {name}"
        hint = f"formats are {', '.join(formats)}; -f chooses one, whatever the ending"
        raise UsageError(message, hint=hint) from error


def require_output_file(path: str, values: Mapping[str, Any]) -> None:
    """Raise an error for a name that is meant as a number, or that of a file that is read.

    Args:
        path: the name as it was typed.
        values: the parameters of the command.

    Raises:
        UsageError: the name looks like a number of output tokens, or the file is an input.
    """
    if _NUMBER.fullmatch(path):
        tokens = "--output-tokens sets how long answers are; " if "output_tokens" in values else ""
        message = f"-o {path}: expected the name of a file, found a number"
        raise UsageError(message, hint=f"{tokens}a file of that name is written ./{path}")
    named = (values[name] for name in _READ if values.get(name))
    for each in (one for value in named for one in ([value] if isinstance(value, str) else value)):
        if isinstance(each, str) and each != "-" and not os.path.isdir(each) and _is_same(path, each):
            message = f"-o {path}: this file is read, and would be written over"
            raise UsageError(message, hint="name another file for the report")


def require_not_read(path: str, read: Iterable[str]) -> None:
    """Raise an error if a report would replace a file that was found in a folder and read.

    Args:
        path: the file to write.
        read: the paths of the files that were read.

    Raises:
        UsageError: the file was read.
    """
    if not os.path.isfile(path):
        return
    target = os.path.realpath(path)
    name = os.path.basename(target)  # compared first: resolving a million paths takes seconds
    if any(os.path.realpath(one) == target for one in read if one.endswith(name)):
        message = f"{path}: this file is read, and would be written over"
        raise UsageError(message, hint="name another file for the report")


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):  # one of them is not there
        return False
