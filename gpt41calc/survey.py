"""The one pipeline: sources are read, counted and added up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from .sources.nouns import Rules, Source
from .surveyor import Outcome, Surveyor
from .tally import Counted, Skipped, Tally
from .tokenizer.protocol import Tokenizer
from .tokenizer.remembered import Fingerprint

if TYPE_CHECKING:
    from .companion import Companion
    from .tokenizer.cache import CountCache

__all__ = ["Observer", "is_short", "survey"]

Observer = Callable[[int], None]
"""Is told again and again how many inputs are done, or in hand."""

_SHORT_BYTES = 64 << 10
"""So much is counted sooner by looking tokens up (25 ms) than by loading a vocabulary (250 to 400 ms)."""


def survey(
    found: Sequence[Source | Skipped],
    tokenizers: Mapping[str, Tokenizer],
    rules: Rules,
    *,
    cache: CountCache | None = None,
    companion: Companion | None = None,
    observe: Observer = lambda _inputs: None,
) -> Tally:
    """Count everything that was found; what cannot be counted is in the tally with its reason.

    Args:
        found: sources, and what was skipped in finding them.
        tokenizers: by the name of the encoding to report.
        rules: what to read of a file.
        cache: counts of earlier runs; none: everything is read and counted.
        companion: a process that takes its share of the work; none: all of it is done here.
        observe: told of the progress.
    """
    surveyor = Surveyor(tokenizers, rules, cache.recall_content if cache else None)
    seen = _recall(found, surveyor, cache, rules) if cache else {}
    waiting = [one for one in found if isinstance(one, Source) and one not in seen]
    known = len(found) - len(waiting)
    for source, outcome in _outcomes(waiting, surveyor, cache, companion, lambda done: observe(known + done)):
        seen[source] = outcome.seen
        if cache is not None and outcome.content is not None:
            cache.remember(outcome.key, outcome.content)
    return Tally.of(*(one if isinstance(one, Skipped) else seen[one] for one in found))


def _outcomes(
    waiting: Sequence[Source],
    surveyor: Surveyor,
    cache: CountCache | None,
    companion: Companion | None,
    observe: Observer,
) -> Iterator[tuple[Source, Outcome]]:
    """Yield what comes of every source, in any order."""
    if companion is not None and not is_short(waiting):
        yield from companion.share(waiting, surveyor, cache.path.parent if cache else None, observe)
        return
    for done, source in enumerate(waiting, 1):
        yield source, surveyor.count(source)
        observe(done)


def _recall(
    found: Iterable[Source | Skipped], surveyor: Surveyor, cache: CountCache, rules: Rules
) -> dict[Source, Counted | Skipped]:
    """Return what the cache knows of files that have not changed, without opening them."""
    keys: dict[Source, Fingerprint] = {}
    for one in found:
        if isinstance(one, Source) and one.path is not None:
            with suppress(OSError):
                status = os.stat(one.path) if one.named or rules.follow else os.lstat(one.path)
                if key := surveyor.fingerprint(status, time.time_ns()):
                    keys[one] = key
    remembered = cache.recall_files(list(keys.values()))
    outcomes = ((source, surveyor.recalled(source, remembered.get(key))) for source, key in keys.items())
    return {source: outcome for source, outcome in outcomes if outcome is not None}


def is_short(found: Iterable[Source | Skipped]) -> bool:
    """Say whether there is so little to count that loading a vocabulary would take most of the time.

    How much is in a pipe cannot be known; there, the lookup engine gives way when it becomes too much.
    """
    size = 0
    for one in found:
        if isinstance(one, Source) and one.path is not None:
            with suppress(OSError):
                size += os.stat(one.path).st_size
            if size > _SHORT_BYTES:
                return False
    return True
