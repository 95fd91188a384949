"""Find the project file. A file is only parsed if it has settings for this program."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ..errors import ConfigError

if TYPE_CHECKING:
    from .project_file import Project

__all__ = ["find_project", "read_project"]

_MAX_BYTES = 1 << 20
"""Longest project file that is read, in bytes."""

_OURS, _SHARED = "gpt41calc.toml", "pyproject.toml"


def find_project(folder: str) -> Project | None:
    """Return the nearest project file in this folder or above, or None if there is none.

    Raises:
        ConfigError: the nearest file cannot be read or breaks a rule.
    """
    try:
        at = os.path.abspath(folder)
    except OSError:  # it is gone; whoever looks for files says so
        return None
    while True:
        for name in (_OURS, _SHARED):
            path = os.path.join(at, name)
            if os.path.isfile(path) and (project := _read(os.path.relpath(path, folder), path, is_named=False)):
                return project
        above = os.path.dirname(at)
        if above == at:
            return None
        at = above


def read_project(path: str) -> Project:
    """Return a project file that was named.

    Raises:
        ConfigError: it cannot be read, has no table for this program, or breaks a rule.
    """
    project = _read(path, path, is_named=True)
    if project is None:
        message = f"{path}: no [tool.gpt41calc] in it"
        raise ConfigError(message, hint="'gpt41calc check --init' writes a gpt41calc.toml to begin with")
    return project


def _read(shown: str, path: str, *, is_named: bool) -> Project | None:
    """Return the project file at a path. None if it is a ``pyproject.toml`` without settings for this program."""
    raw = _bytes(shown, path, is_named=is_named)
    is_shared = os.path.basename(path) == _SHARED
    if is_shared and not _may_hold_our_table(raw):
        return None
    if len(raw) > _MAX_BYTES:
        message = f"{shown}: larger than {_MAX_BYTES:,} bytes"
        raise ConfigError(message, hint="a project file holds options and budgets, and nothing else")
    from .project_file import parse_project

    return parse_project(shown, raw, is_shared=is_shared)


def _may_hold_our_table(raw: bytes) -> bool:
    """Return whether a file has the name of this program as a key, and not only as a required package."""
    if b"gpt41calc" not in raw:
        return False
    # Not compiled before it is needed, as every pattern of a module that each run imports.
    key = rb"""^[ \t]*(?:["']?tool["']?[ \t]*=.*|[^=#\n]*)\bgpt41calc["']?\s*[].=]"""
    return re.search(key, raw, re.MULTILINE) is not None


def _bytes(shown: str, path: str, *, is_named: bool) -> bytes:
    """Return the content of a file, up to one byte more than is allowed.

    Raises:
        ConfigError: the file cannot be read.
    """
    from ..sources.open_path import read_regular, why

    try:
        if not is_named:  # whatever became of it since it was found, it is not waited for
            return read_regular(path, _MAX_BYTES + 1)
        with open(path, "rb") as file:
            return file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with a NUL byte is a ValueError
        message = f"{shown}: {why(error) if isinstance(error, OSError) else 'not the name of a file'}"
        raise ConfigError(message) from error
