"""What is remembered of a folder, looked up in a copy of this process.

When the same was asked before, nearly all of a run is importing what prices
the counts (0.12 s), then listing the files and recalling their counts (0.1 s
for 4,000). The two need nothing of each other. It can only save time: what
the copy does not deliver is found here.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from .copies import are_possible, end_group, in_a_copy

if TYPE_CHECKING:
    from .sources.nouns import Rules, Source
    from .tally import Skipped
    from .tokenizer.remembered import Remembered

__all__ = ["Scout"]

_MANY_SOURCES = 5_000
"""So many are looked up in two processes: 10 µs each."""


class Scout:
    """The copy, seen from the process that sent it."""

    def __init__(self, paths: Sequence[str], rules: Rules) -> None:
        """Send it to find what is below some paths.

        Raises:
            OSError: the system has no process or pipe to give.
        """
        self._sent_for = (list(paths), rules)
        pipes = [os.pipe() for _ in range(2)]
        self._answers = [open(read, "rb") for read, _ in pipes]  # noqa: SIM115 - open until it is dismissed
        writes = [write for _, write in pipes]
        self._pid = in_a_copy(lambda: _look(paths, rules, *writes), writes, leads=True)
        for write in writes:
            os.close(write)

    @classmethod
    def sent(cls, paths: Sequence[str], rules: Rules) -> Scout | None:
        """Return a scout, or none where there cannot be one."""
        if sys.platform == "linux" and are_possible():
            with suppress(OSError):
                return cls(paths, rules)
        return None

    def report(
        self, paths: Sequence[str], rules: Rules
    ) -> tuple[list[Source | Skipped], Mapping[Source, Remembered]] | None:
        """Return what was found and what is remembered of it; none: it failed, or was sent for something else."""
        if self._sent_for != (list(paths), rules):
            return None
        try:
            packed = [one for answer in self._answers for one in marshal.loads(answer.read())]  # noqa: S302 - our own
        except (EOFError, ValueError, TypeError):
            return None
        return _unpacked(packed)

    def dismiss(self) -> None:
        """End it, whatever it does."""
        end_group(self._pid)
        for answer in self._answers:
            answer.close()


def _look(paths: Sequence[str], rules: Rules, first: int, second: int) -> None:
    """Find what is below some paths and what is remembered of it; of many files, in two processes."""
    from .sources.arguments import gather

    found = gather(paths, rules)
    if len(found) < _MANY_SOURCES:
        _recall([], rules, second)
        _recall(found, rules, first)
        return
    half = len(found) // 2
    other = in_a_copy(lambda: _recall(found[half:], rules, second), (second,))
    os.close(second)
    _recall(found[:half], rules, first)
    os.waitpid(other, 0)


def _recall(found: Sequence[Source | Skipped], rules: Rules, answer: int) -> None:
    """Tell what was found and what is remembered of it."""
    from .folders import cache_folder
    from .surveyor import recall
    from .tokenizer.cache import CountCache

    packed = _packed(found, recall(found, CountCache(cache_folder(), _complain), rules)) if found else []
    with open(answer, "wb") as file:
        marshal.dump(packed, file)


def _complain(_warning: str) -> NoReturn:
    """Come to nothing: what there is to warn of is found again, and told, by who sent this process."""
    raise OSError


def _packed(found: Sequence[Source | Skipped], remembered: Mapping[Source, Remembered]) -> list[tuple[Any, ...]]:
    """Write it in what ``marshal`` knows: the fields of what was found, and of what is remembered of it."""
    from .tally import Skipped

    return [(*one, None) if isinstance(one, Skipped) else one + remembered.get(one, ()) for one in found]


def _unpacked(packed: Sequence[tuple[Any, ...]]) -> tuple[list[Source | Skipped], dict[Source, Remembered]]:
    from .sources.nouns import Source
    from .tally import Skipped
    from .tokenizer.remembered import Remembered

    found: list[Source | Skipped] = []
    remembered: dict[Source, Remembered] = {}
    fields = len(Source._fields)
    for one in packed:
        if len(one) == fields + 1:
            found.append(Skipped(*one[:-1]))
            continue
        source = Source._make(one[:fields])
        found.append(source)
        if len(one) > fields:
            remembered[source] = Remembered._make(one[fields:])
    return found, remembered
