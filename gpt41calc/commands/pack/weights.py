"""The weights of files: lines of a glob and a number."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from ...errors import BadNumber, UsageError
from ...sources.ignore import globs
from ...sources.open_path import why
from ...sources.source import Source

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

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

    _rules: Sequence[tuple[GitIgnoreSpecPattern, Decimal]]
    """Its globs with their weights, the last one first."""

    def of(self, source: Source) -> Decimal:
        """Return the weight of a file: that of the last line that matches its path, as shown or from the folder."""
        if source.path is None:
            return USUAL
        shown = source.name.lstrip("/")  # as pathspec has it
        below = shown if source.named else source.place[1]
        # One pattern at a time: together, a glob of files would outweigh one of their folder, wherever they stand.
        matching = (each for glob, each in self._rules if _matches(glob, shown) or _matches(glob, below))
        return next(matching, USUAL)


def _matches(glob: GitIgnoreSpecPattern, path: str) -> bool:
    return glob.match_file(path) is not None


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
            message, hint=f"'--priority git' is by the last commit; all else names a file of weights: {_EXAMPLE}"
        ) from error
    rules = list(_rules(path, raw)) if len(raw) <= _MAX_BYTES else []
    if len(raw) > _MAX_BYTES or len(rules) > _MAX_LINES:
        message = f"{path}: too long for a file of weights (at most {_MAX_BYTES:,} bytes and {_MAX_LINES:,} globs)"
        raise UsageError(message, hint="a glob of a folder, such as 'docs/ 5', holds for all files in it")
    return Weights(path, rules[::-1])


def _rules(path: str, raw: bytes) -> Iterator[tuple[GitIgnoreSpecPattern, Decimal]]:
    """Yield the glob and the weight of each line."""
    # As in an ignore file, only a newline ends a line; str.splitlines() would also split at U+2028 or a form feed.
    for number, line in enumerate(os.fsdecode(raw.removeprefix(b"\xef\xbb\xbf")).split("\n"), 1):
        words = line.strip().rsplit(maxsplit=1)
        if words and not line.startswith("#"):
            yield _rule(words, f"{path}: line {number:,}")


def _rule(words: list[str], where: str) -> tuple[GitIgnoreSpecPattern, Decimal]:
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
    spec = cast("GitIgnoreSpec", globs((glob,), option=where))  # None only of no globs
    return spec.patterns[0], Decimal(last)
