"""Read and count one source; every counting process uses this."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import Uncountable
from ..sources.folders import OpenFolders
from ..sources.read import NotText, Reading
from ..sources.source import Rules, Source
from ..tally import Counted, Skipped
from ..tokenizer.chunks import pieces
from ..tokenizer.protocol import Counter
from .cached_files import fingerprint
from .excerpts import Excerpted, Text
from .fingerprint import BINARY, EMPTY, CachedCounts, Fingerprint, Fingerprints, short_identity

if TYPE_CHECKING:
    from .piece_workers import PieceWorkers

__all__ = ["FindContent", "Outcome", "SourceCounter", "TooLong"]

FindContent = Callable[[bytes], CachedCounts | None]
"""Returns the cached counts of a content, given its digest."""


class Outcome(NamedTuple):  # made for every file, and sooner made than a frozen dataclass
    """The result of a source, and what is worth caching."""

    seen: Counted | Skipped
    """The counted or skipped source, as reported."""

    key: Fingerprint | None = None
    """Fingerprint of the file. None if it is not reliable."""

    content: CachedCounts | None = None
    """The counts of its content, for the cache. None if they must not be cached."""

    def packed(self) -> tuple[object, ...]:
        """Return the outcome without its source, in types of ``marshal``, which is ten times as fast as ``pickle``."""
        seen, content = self.seen, self.content
        known = (content.digest, content.bytes, content.lossy, dict(content.tokens)) if content else None
        if isinstance(seen, Skipped):
            return (seen.reason, seen.expected), self.key, known
        return (seen.bytes, dict(seen.tokens), seen.lossy), self.key, known


class TooLong(Exception):
    """The file is so long that other processes should help to count it."""


class SourceCounter:
    """Counts sources, one after the other."""

    def __init__(
        self,
        tokenizers: Mapping[str, Counter],
        rules: Rules,
        find_content: FindContent | None = None,
        folders: OpenFolders | None = None,
        piece_workers: PieceWorkers | None = None,
        *,
        most_bytes: int | None = None,
    ) -> None:
        """Take the settings for reading and counting.

        Args:
            tokenizers: tokenizers by name of the encoding to report.
            rules: the rules for reading files.
            find_content: looks up cached contents. None if contents are not hashed.
            folders: opens found files relative to their folder; None if each is opened by its path.
            piece_workers: processes that share a long text; None if it is counted by this process alone.
            most_bytes: a longer file raises ``TooLong``; None if there is no limit.
        """
        self._folders = folders
        self._tokenizers = tokenizers
        self._identities = {encoding: short_identity(tokenizer.identity) for encoding, tokenizer in tokenizers.items()}
        self._rules = rules
        self._find_content = find_content
        self._piece_workers = piece_workers
        self._most_bytes = most_bytes
        self._fingerprints = Fingerprints()

    @property
    def settings(self) -> tuple[list[str], tuple[Any, ...]]:
        """The settings in types that ``marshal`` supports: encodings, and the rules field by field."""
        return list(self._tokenizers), tuple(self._rules)

    def cached(self, source: Source, known: CachedCounts) -> Counted | Skipped | None:
        """Return the cached result of a source; None if its counts are incomplete."""
        if known.digest == BINARY:
            return Skipped(source.name, "binary", expected=not source.named)
        if known.digest == EMPTY:
            return Counted(source.name, 0, dict.fromkeys(self._tokenizers, 0))
        return self.cached_text(source.name, known)

    def cached_text(self, name: str, known: CachedCounts) -> Counted | None:
        """Return the cached result of a text if all encodings are cached."""
        tokens = self._counts(known)
        return Counted(name, known.bytes, tokens, known.lossy) if len(tokens) == len(self._tokenizers) else None

    def _counts(self, known: CachedCounts | None) -> dict[str, int]:
        """Return the cached counts in the requested encodings."""
        by_identity = known.tokens if known else {}
        return {
            encoding: by_identity[identity]
            for encoding, identity in self._identities.items()
            if identity in by_identity
        }

    @staticmethod
    def unpacked(source: Source, packed: tuple[Any, ...]) -> Outcome:
        """Return the outcome of a source from the packed form that another process sent."""
        packed_outcome, key, known = packed
        seen = (Skipped if isinstance(packed_outcome[0], str) else Counted)(source.name, *packed_outcome)
        return Outcome(seen, key, CachedCounts(*known) if known else None)

    def count(self, source: Source) -> Outcome:
        """Read and count one source.

        Raises:
            TooLong: the source is longer than ``most_bytes``.
        """
        reading = Reading(source, self._rules, folders=self._folders)
        watched = Excerpted(reading) if source.path is None else None
        seen, digest = self._attempt(source.name, watched or reading)
        if watched is not None:
            seen = watched.with_excerpts(seen)
        if self._find_content is None or digest is None:
            return Outcome(seen)
        status = reading.status
        # A file of /sys reports a larger size than it has, and changes unnoticed. Binary files are not read to the end.
        believed = status is not None and (reading.bytes == status.st_size or digest == BINARY)
        key = None
        if believed and status is not None and source.path is not None:
            key = fingerprint(self._fingerprints, status, source.path, reading.read_ns, self._rules)
        tokens = seen.tokens if isinstance(seen, Counted) else {}
        by_identity = {self._identities[name]: count for name, count in tokens.items()}
        return Outcome(seen, key, CachedCounts(digest, reading.bytes, reading.lossy, by_identity))

    def count_text(self, name: str, text: Text, *, keeps_excerpts: bool = True) -> Counted | Skipped:
        """Count a text that is read from elsewhere.

        Args:
            name: how it is reported.
            text: the text.
            keeps_excerpts: whether parts of it are stored, since it cannot be read again.
        """
        if not keeps_excerpts:
            return self._attempt(name, text)[0]
        watched = Excerpted(text)
        seen = self._attempt(name, watched)[0]
        return watched.with_excerpts(seen)

    def _attempt(self, name: str, reading: Text) -> tuple[Counted | Skipped, bytes | None]:
        """Return the result of a text, and its digest if it is to be cached."""
        try:
            tokens, digest = self._count(reading)
        except NotText as reason:
            skipped = Skipped(name, reason.reason, reason.expected)
            return skipped, BINARY if reason.reason == "binary" else None
        except Uncountable as reason:
            return Skipped(name, str(reason), expected=False), None
        except MemoryError:
            return Skipped(name, "too large for the memory there is", expected=False), None
        return Counted(name, reading.bytes, tokens, reading.lossy), digest

    def _count(self, reading: Text) -> tuple[dict[str, int], bytes | None]:
        """Return the counts of a text, and its digest if contents are cached and reading the text is not free."""
        blocks = iter(reading)
        first = next(blocks, b"")
        second = next(blocks, None)
        if second is not None:
            if (
                self._most_bytes is not None
                and isinstance(reading, Reading | Excerpted)
                and reading.is_longer(self._most_bytes)
            ):
                raise TooLong
            return self._count_pieces(chain((first, second), blocks), reading)
        if not first:  # before any vocabulary is loaded: everything else in the folder may be cached
            return dict.fromkeys(self._tokenizers, 0), None
        if self._find_content is None:
            return {name: tokenizer.count(first) for name, tokenizer in self._tokenizers.items()}, None
        digest = _digest(first, reading)
        known = self._counts(self._find_content(digest))
        return {
            name: known[name] if name in known else tokenizer.count(first)
            for name, tokenizer in self._tokenizers.items()
        }, digest

    def _count_pieces(self, blocks: Iterator[builtins.bytes], reading: Text) -> tuple[dict[str, int], bytes]:
        """Return the same for a long text, which is counted before its digest is known."""
        digest = hashlib.sha256()
        if self._find_content is not None:
            blocks = _digested(blocks, digest)
        if self._piece_workers is not None:
            tokens = self._piece_workers.count(blocks, self._tokenizers)
        else:
            tokens = dict.fromkeys(self._tokenizers, 0)
            for piece in pieces(blocks):
                for name, tokenizer in self._tokenizers.items():
                    tokens[name] += tokenizer.count(piece)
        digest.update(_settings_key(reading))
        return tokens, digest.digest()


def _digested(blocks: Iterator[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for block in blocks:
        digest.update(block)
        yield block


def _digest(text: bytes, reading: Text) -> bytes:
    digest = hashlib.sha256(text)
    digest.update(_settings_key(reading))
    return digest.digest()


def _settings_key(reading: Text) -> bytes:
    """Return a key for how a text was read: with or without byte order mark, with invalid bytes or real U+FFFD."""
    return b"\0%d %d" % (reading.bytes, reading.lossy)
