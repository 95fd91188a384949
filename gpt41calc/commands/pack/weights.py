"""The weights of files: lines of a glob and a number."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ...errors import BadNumber, UsageError
from ...sources.ignore import globs
from ...sources.open_path import why
from ...sources.source import Source

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["USUAL", "Weights", "read_weights"]

USUAL = Decimal(1)
"""Weight of a file that no line matches."""

_MAX_BYTES = 1 << 20
_MAX_LINES = 1000

_WEIGHT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_EXAMPLE = "a line is a glob and a weight, such as 'src/**/*.py 10'; 0 never sends a file, and # begins a comment line"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights in a file."""

    path: str
    """The file."""

    _spec: GitIgnoreSpec | None
    """Its globs. None if it has none."""

    _weights: tuple[Decimal, ...]
    """The weight of each glob."""

    def of(self, source: Source) -> Decimal:
        """Return the weight of a file: that of the last line that matches its path, as shown or from the folder."""
        if self._spec is None or source.path is None:
            return USUAL
        paths = (source.name,) if source.named else (source.name, source.place[1])
        lines = [self._spec.check_file(path).index for path in paths]
        last = max((line for line in lines if line is not None), default=None)
        return USUAL if last is None else self._weights[last]


def read_weights(path: str) -> Weights:
    """Return the weights in a file.

    Raises:
        BadNumber: a weight is not a number of 0 or more; the message names the line.
        UsageError: the file cannot be read or is too long, or a line has no weight or no valid glob.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else "not the name of a file"
        message = f"cannot read the weights '{path}': {reason}"
        raise UsageError(
            message, hint="'--priority git' is by the last commit; all else is a file of weights"
        ) from error
    rules = list(_rules(path, raw))
    if len(raw) > _MAX_BYTES or len(rules) > _MAX_LINES:
        message = f"{path}: too long for a file of weights (at most {_MAX_BYTES:,} bytes and {_MAX_LINES:,} globs)"
        raise UsageError(message, hint="a glob of a folder, such as 'docs/ 5', holds for all files in it")
    return Weights(path, globs([glob for glob, _ in rules], option=path), tuple(weight for _, weight in rules))


def _rules(path: str, raw: bytes) -> Iterator[tuple[str, Decimal]]:
    """Yield the glob and the weight of each line."""
    # As in an ignore file, only a newline ends a line; str.splitlines() would also split at U+2028 or a form feed.
    for number, line in enumerate(os.fsdecode(raw.removeprefix(b"\xef\xbb\xbf")).split("\n"), 1):
        words = line.strip().rsplit(maxsplit=1)
        if words and not line.startswith("#"):
            yield _rule(words, f"{path}: line {number:,}")


def _rule(words: list[str], where: str) -> tuple[str, Decimal]:
    """Return the glob and the weight of a line.

    Args:
        words: the line up to its last word, and that word.
        where: the file and the line, for messages.

    Raises:
        BadNumber: the last word is not a weight.
        UsageError: there is one word only, or the glob is not valid.
    """
    *before, last = words
    if not before:
        message = f"{where}: expected a glob and a weight, found '{last:.60}'"
        raise UsageError(message, hint=_EXAMPLE)
    if not _WEIGHT.fullmatch(last):
        message = f"{where}: expected a weight of 0 or more at the end, found '{last:.60}'"
        raise BadNumber(message, hint=_EXAMPLE)
    glob = before[0]
    if glob.startswith("!"):
        message = f"{where}: a glob with a weight cannot begin with !"
        raise UsageError(message, hint="the last line that matches a file decides: put the exception below the rule")
    globs((glob,), option=where)
    return glob, Decimal(last)
