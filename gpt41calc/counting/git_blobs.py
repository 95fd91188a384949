"""Count git objects: files at another revision, without checking them out."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..sources.git.blobs import Blob, BlobReading, contents
from ..sources.git.lfs import is_lfs_pointer
from ..sources.git.repository import Repository
from ..sources.source import Rules
from ..tally import Counted, Skipped
from ..tokenizer.protocol import Tokenizer
from .counter import SourceCounter
from .excerpts import WatchedText
from .fingerprint import CachedCounts, short_identity
from .runtime import Progress, unobserved

if TYPE_CHECKING:
    from .cache import CountCache

__all__ = ["GitCounter"]


class GitCounter:
    """Counts the blobs of a repository, each once, even if several paths and commits have it."""

    def __init__(
        self,
        repository: Repository,
        tokenizers: Mapping[str, Tokenizer],
        rules: Rules,
        cache: CountCache | None = None,
        warn: Callable[[str], None] = lambda _message: None,
    ) -> None:
        """Take the repository and the settings for counting.

        Args:
            repository: the repository.
            tokenizers: tokenizers by name of the encoding to report.
            rules: the rules for reading contents.
            cache: counts of earlier runs; the content of a blob never changes.
            warn: called with a message if the counted contents may differ from what the user expects.
        """
        self._repository = repository
        self._tokenizers = tokenizers
        self._rules = rules
        self._source_counter = SourceCounter(tokenizers, rules)
        self._cache = cache
        self._warn = warn
        self._known: dict[tuple[str, bool], Counted | Skipped] = {}

    def count(self, wanted: Iterable[tuple[str, Blob]], progress: Progress = unobserved) -> Iterator[Counted | Skipped]:
        """Yield the result of each content, under the path where it is.

        Args:
            wanted: paths as reported, each with its content.
            progress: shows the number of counted contents.
        """
        blobs = list(wanted)
        self._learn({(blob.id, blob.crlf): (path, blob) for path, blob in reversed(blobs) if not blob.reason}, progress)
        return (self._at(path, blob) for path, blob in blobs)

    def _at(self, path: str, blob: Blob) -> Counted | Skipped:
        if blob.reason:
            return Skipped(path, blob.reason, expected=True)
        known = self._known[blob.id, blob.crlf]
        if isinstance(known, Skipped):
            return Skipped(path, known.reason, known.expected)
        return Counted(path, known.bytes, known.tokens, known.lossy)

    def _learn(self, wanted: Mapping[tuple[str, bool], tuple[str, Blob]], progress: Progress) -> None:
        """Count the contents that are not cached."""
        unknown: list[tuple[str, Blob]] = []
        for name, (path, blob) in wanted.items():
            if name not in self._known:
                cached = self._cached(path, blob)
                if cached is None:
                    unknown.append((path, blob))
                else:
                    self._known[name] = cached
        answers = contents(self._repository, [blob for _, blob in unknown])
        with progress(len(unknown), "files") as observe:
            for done, ((path, blob), content) in enumerate(zip(unknown, answers, strict=True)):
                observe(done)
                text = _Watched(BlobReading(content, self._rules))
                seen = self._known[blob.id, blob.crlf] = self._source_counter.count_text(
                    path, text, keeps_excerpts=False
                )
                if text.is_pointer:
                    self._warn(f"{path}: a Git LFS pointer, counted as its own text and not as what it points to")
                self._store(blob, seen)

    def _cached(self, path: str, blob: Blob) -> Counted | None:
        if self._cache is None:
            return None
        known = self._cache.find_content(self._digest(blob))
        seen = self._source_counter.cached_text(path, known) if known else None
        limit = self._rules.max_bytes
        return seen if seen and (limit is None or seen.bytes <= limit) else None

    def _store(self, blob: Blob, seen: Counted | Skipped) -> None:
        if self._cache is not None and isinstance(seen, Counted):
            by_identity = {
                short_identity(self._tokenizers[name].identity): tokens for name, tokens in seen.tokens.items()
            }
            self._cache.store(None, CachedCounts(self._digest(blob), seen.bytes, seen.lossy, by_identity))

    def _digest(self, blob: Blob) -> bytes:
        """Return the cache key of a content: its git object id, and how it was read.

        The id is a digest that was verified when the content was read; counts from before that verification existed
        have other keys.
        """
        return hashlib.sha256(b"verified git %s %d %d" % (blob.id.encode(), self._rules.text, blob.crlf)).digest()


class _Watched(WatchedText):
    """A text of which is seen whether it is a pointer of Git LFS."""

    is_pointer = False
    """Whether it is one, as far as it was read."""

    def __iter__(self) -> Iterator[builtins.bytes]:
        for block in self._text:
            self.is_pointer = self.is_pointer or is_lfs_pointer(block)
            yield block
