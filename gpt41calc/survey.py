"""The one pipeline: sources are read, counted and added up."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from .errors import Uncountable
from .sources.nouns import Rules, Source
from .sources.read import NotText, Reading
from .tally import Counted, Skipped, Tally
from .tokenizer.protocol import Tokenizer
from .tokenizer.remembered import BINARY, Fingerprint, Remembered, fingerprint
from .tokenizer.stream import pieces

if TYPE_CHECKING:
    from .tokenizer.cache import CountCache

__all__ = ["Observer", "survey"]

Observer = Callable[[int], None]
"""Is told after every input how many there have been."""


def survey(
    found: Sequence[Source | Skipped],
    tokenizers: Mapping[str, Tokenizer],
    rules: Rules,
    *,
    cache: CountCache | None = None,
    observe: Observer = lambda _inputs: None,
) -> Tally:
    """Count everything that was found; what cannot be counted is in the tally with its reason.

    Args:
        found: sources, and what was skipped in finding them.
        tokenizers: by the name of the encoding to report.
        rules: what to read of a file.
        cache: counts of earlier runs; none: everything is read and counted.
        observe: told of the progress.
    """
    surveyor = _Surveyor(tokenizers, rules, cache)
    known = surveyor.recall(found)
    seen: list[Counted | Skipped] = []
    for one in found:
        seen.append(one if isinstance(one, Skipped) else known.get(one) or surveyor.count(one))
        observe(len(seen))
    return Tally.of(*seen)


class _Surveyor:
    """Counts one source after the other."""

    def __init__(self, tokenizers: Mapping[str, Tokenizer], rules: Rules, cache: CountCache | None) -> None:
        self._tokenizers = tokenizers
        self._rules = rules
        self._cache = cache

    def recall(self, found: Iterable[Source | Skipped]) -> dict[Source, Counted | Skipped]:
        """Return what the cache knows of files that have not changed, without opening them."""
        if self._cache is None:
            return {}
        keys: dict[Source, Fingerprint] = {}
        for one in found:
            if isinstance(one, Source) and one.path is not None:
                with suppress(OSError):
                    status = os.stat(one.path) if one.named or self._rules.follow else os.lstat(one.path)
                    if key := self._fingerprint(status, time.time_ns()):
                        keys[one] = key
        remembered = self._cache.recall_files(list(keys.values()))
        outcomes = ((source, self._recalled(source, remembered.get(key))) for source, key in keys.items())
        return {source: outcome for source, outcome in outcomes if outcome is not None}

    def _fingerprint(self, status: os.stat_result, asked_ns: int) -> Fingerprint | None:
        limit = self._rules.max_bytes
        if limit is not None and status.st_size > limit:
            return None
        return fingerprint(status, now_ns=asked_ns, as_text=self._rules.text)

    def _recalled(self, source: Source, known: Remembered | None) -> Counted | Skipped | None:
        if known is None:
            return None
        if known.digest == BINARY:
            return Skipped(source.name, "binary", expected=not source.named)
        tokens = self._counts(known)
        return Counted(source.name, known.bytes, tokens, known.lossy) if len(tokens) == len(self._tokenizers) else None

    def _counts(self, known: Remembered | None) -> dict[str, int]:
        """Return what is known in the encodings that are asked for."""
        by_identity = known.tokens if known else {}
        return {
            encoding: by_identity[tokenizer.identity]
            for encoding, tokenizer in self._tokenizers.items()
            if tokenizer.identity in by_identity
        }

    def count(self, source: Source) -> Counted | Skipped:
        """Read one source and count it."""
        reading = Reading(source, self._rules)
        try:
            tokens, digest = self._count(reading)
        except NotText as reason:
            if reason.reason == "binary":
                self._remember(reading, BINARY, {})
            return Skipped(source.name, reason.reason, reason.expected)
        except Uncountable as reason:
            return Skipped(source.name, str(reason), expected=False)
        except MemoryError:
            return Skipped(source.name, "too large for the memory there is", expected=False)
        self._remember(reading, digest, tokens)
        return Counted(source.name, reading.bytes, tokens, reading.lossy)

    def _count(self, reading: Reading) -> tuple[dict[str, int], bytes]:
        """Return the counts of a text, and its digest if there is a cache to keep it in."""
        digest = hashlib.sha256()
        blocks = iter(reading)
        first = next(blocks, b"")
        second = next(blocks, None)
        if second is None:
            known: dict[str, int] = {}
            if self._cache is not None:
                digest.update(first)
                digest.update(_manner(reading))
                known = self._counts(self._cache.recall_content(digest.digest()))
            return {
                name: known[name] if name in known else tokenizer.count(first)
                for name, tokenizer in self._tokenizers.items()
            }, digest.digest()
        tokens = dict.fromkeys(self._tokenizers, 0)
        for piece in pieces(chain((first, second), blocks)):
            if self._cache is not None:
                digest.update(piece)
            for name, tokenizer in self._tokenizers.items():
                tokens[name] += tokenizer.count(piece)
        digest.update(_manner(reading))
        return tokens, digest.digest()

    def _remember(self, reading: Reading, digest: bytes, tokens: Mapping[str, int]) -> None:
        if self._cache is None:
            return
        status = reading.status
        # A file of /sys says that it is larger than it is, and changes unseen. What is binary is not read to its end.
        believed = status is not None and (reading.bytes == status.st_size or digest == BINARY)
        key = self._fingerprint(status, reading.asked_ns) if status is not None and believed else None
        by_identity = {self._tokenizers[name].identity: count for name, count in tokens.items()}
        self._cache.remember(key, Remembered(digest, reading.bytes, reading.lossy, by_identity))


def _manner(reading: Reading) -> bytes:
    """Tell apart files of one text: with a byte order mark or without, with U+FFFD or with what became it."""
    return b"\0%d %d" % (reading.bytes, reading.lossy)
