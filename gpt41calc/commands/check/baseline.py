"""Baseline files: counts that a team commits, to compare with later without git history."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping, Sequence
from typing import Any

from ...calculator.budget import Check
from ...errors import ConfigError
from ...render.json import to_json
from ...render.json_fields import header, path_keys
from ...sources.open_path import why
from ...tally import Counted, Tally

__all__ = ["read_baseline", "written_baseline"]

_MAX_BYTES = 64 << 20


def written_baseline(check: Check) -> str:
    """Return the baseline document of a check: every budget with its files, without prices."""
    budgets = [
        {
            "name": verdict.budget.name,
            "files": [
                {**path_keys(one.path), "bytes": one.bytes, "tokens": dict(one.tokens)}
                for one in verdict.inputs.counted
            ],
        }
        for verdict in check.verdicts
        if verdict.rows is None  # rows of a sample are no base
    ]
    return to_json({**header(), "written": check.as_of.isoformat(), "budgets": budgets})


def read_baseline(path: str, names: Sequence[str], encodings: Sequence[str]) -> list[Tally]:
    """Return the files of each budget in a baseline.

    Args:
        path: the file.
        names: names of the budgets.
        encodings: encodings whose counts are required.

    Raises:
        ConfigError: the file cannot be read, is not a baseline, or lacks a budget or an encoding.
    """
    document = _document(path)
    try:
        budgets = _budgets(document["budgets"])
    except (AttributeError, TypeError, KeyError, ValueError) as error:
        message = f"{path}: not a baseline"
        raise ConfigError(message, hint=_AGAIN) from error
    for name in names:
        if name not in budgets:
            message = f"{path}: knows no budget '{name:.60}'"
            raise ConfigError(message, hint=_AGAIN)
        if any(encoding not in one.tokens for one in budgets[name] for encoding in encodings):
            message = f"{path}: budget '{name:.60}' was not counted in {' and '.join(encodings)}"
            raise ConfigError(message, hint=_AGAIN)
    return [Tally.of(*budgets[name]) for name in names]


def _budgets(written: Any) -> dict[str, list[Counted]]:
    """Return the files of every budget; duplicates are refused, since they would be added twice."""
    budgets: dict[str, list[Counted]] = {}
    for each in written:
        if each["name"] in budgets or not isinstance(each["files"], list):
            raise ValueError
        files = [_counted(one) for one in each["files"]]
        if len({one.path for one in files}) < len(files):
            raise ValueError
        budgets[each["name"]] = files
    return budgets


_AGAIN = "write it again with --write-baseline FILE and the same models"


def _document(path: str) -> Mapping[str, Any]:
    raw = _raw(path)
    if len(raw) > _MAX_BYTES:
        message = f"{path}: not a baseline: larger than {_MAX_BYTES:,} bytes"
        raise ConfigError(message, hint=_AGAIN)
    try:
        document = json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        message = f"{path}: not a baseline"
        raise ConfigError(message, hint=_AGAIN) from error
    if not isinstance(document, dict) or repr(document.get("schema_version")) != "1":  # True == 1
        message = f"{path}: not a baseline of this version"
        raise ConfigError(message, hint=_AGAIN)
    return document


def _raw(path: str) -> bytes:
    """Return the content of a file, up to one byte more than a baseline may have."""
    try:
        if stat.S_ISREG(os.stat(path).st_mode):  # reading a pipe would block forever
            with open(path, "rb") as file:
                return file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        message = f"{path}: {why(error) if isinstance(error, OSError) else 'not the name of a file'}"
        raise ConfigError(message, hint="'gpt41calc check --write-baseline FILE' writes one") from error
    message = f"{path}: not a file"
    raise ConfigError(message, hint=_AGAIN)


def _counted(one: Any) -> Counted:
    tokens = one["tokens"]
    numbers = [one["bytes"], *dict.values(tokens)]
    one["path"].encode()  # a lone surrogate cannot come from a written name
    if not isinstance(one["path"], str) or not all(type(each) is int and 0 <= each <= 10**15 for each in numbers):
        raise ValueError
    return Counted(one["path"], one["bytes"], tokens)
