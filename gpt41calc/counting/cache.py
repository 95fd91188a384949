"""Counts stored between runs. A faulty cache can only cost time: it never causes a wrong number or a failure.

Without it, a second run over Django takes 3.6 times as long, and 3.7 times the processor time.

A count is stored for a *content*, under its digest. A *file* is stored under its fingerprint (see ``fingerprint``), so
that the counts of an unchanged file are found without reading it.

Only numbers and digests are stored, no names and no text, in a table with a fixed binary format (see ``count_table``).
A folder or file that other users may write to is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from ..errors import CannotWrite
from ..locations import is_private
from .count_slots import KEY_BYTES, VARIANT_BYTES, Slot
from .count_table import CountTable, TableError
from .fingerprint import BINARY, CachedCounts, Fingerprint

__all__ = ["CountCache", "clear_cache"]

FORMAT_VERSION = 2
"""Version in the name of the file, so that different versions of the program do not share a cache."""

_OLD_NAMES = ("counts-v1.sqlite3", "counts-v1.sqlite3-journal", "foreseen-v1")
"""Files of an earlier version, which ``clear`` also deletes."""


class CountCache:
    """The counts stored in a file.

    The first problem with the file is reported as a warning; from then on nothing is cached.
    """

    def __init__(self, folder: Path, warn: Callable[[str], None], *, only_reads: bool = False) -> None:
        """Open the cache in a folder.

        Args:
            folder: the folder.
            warn: called with a warning if the cache is not used.
            only_reads: whether nothing is written. If not, the folder and the file are created where they are missing.
        """
        self._only_reads = only_reads
        self.path = folder / f"counts-v{FORMAT_VERSION}"
        self._warn = warn
        self._new: dict[bytes, Slot] = {}
        self._table: CountTable | None = None
        with self._giving_up("is not used"):
            self._table = self._open(folder)

    def _open(self, folder: Path) -> CountTable:
        if not folder.is_absolute():
            raise TableError("there is no home folder", is_damaged=False)
        if not self._only_reads:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_private(folder):
            raise TableError("others may write to it", is_damaged=False)
        try:
            return CountTable(self.path, only_reads=self._only_reads)
        except TableError as error:
            if self._only_reads or not error.is_damaged:
                raise
            self._warn(f"the cache {self.path} is damaged ({error}) and is begun anew")
        self.path.unlink()
        return CountTable(self.path)

    @contextmanager
    def _giving_up(self, what: str) -> Iterator[None]:
        """Stop using the file after the first failure."""
        try:
            yield
        except (OSError, TableError) as error:
            self._disconnect()
            self._warn(f"the cache {self.path} {what}: {error}")

    def is_empty(self) -> bool:
        """Return whether nothing can be found, as in a first run."""
        with self._giving_up("is not used any more"):
            return self._table is None or self._table.is_new()
        return True

    def content_finder(self) -> Callable[[bytes], CachedCounts | None]:
        """Return ``find_content``, or in a first run, when every content would be looked up in vain, a substitute."""
        return (lambda _digest: None) if self.is_empty() else self.find_content

    def read_ahead(self, files: int) -> None:
        """Prepare to look up so many files."""
        with self._giving_up("is not used any more"):
            if self._table is not None:
                self._table.read_ahead(files)

    def find_files(self, fingerprints: Sequence[Fingerprint]) -> Sequence[CachedCounts | None]:
        """Return the cached counts of files, in their order; None for a file that has changed or was never counted."""
        with self._giving_up("is not used any more"):
            return [self._find(_key(one, _OF_A_FILE)) for one in fingerprints]
        return [None] * len(fingerprints)

    def find_content(self, digest: bytes) -> CachedCounts | None:
        """Return the cached counts of a content."""
        with self._giving_up("is not used any more"):
            return self._find(_key(digest, _OF_A_CONTENT))
        return None

    def _find(self, key: bytes) -> CachedCounts | None:
        slots = self._table.find(key) if self._table else ()
        tokens: dict[bytes, int] = {}
        size = kind = -1
        for _, variant, length, count, flags in slots:
            # UTF-16 may grow from two bytes to three bytes of UTF-8, and no token is shorter than a byte.
            if count > 3 * length + 3:
                continue
            if flags & _IS_BINARY:
                return CachedCounts(BINARY, 0, lossy=False, tokens={})
            if tokens and (length, flags) != (size, kind):
                return None  # two entries of one text have different numbers: at least one of them is wrong
            tokens[variant] = count
            size, kind = length, flags
        return CachedCounts(key, size, bool(kind & _IS_LOSSY), tokens) if tokens else None

    def store(self, found: Fingerprint | None, content: CachedCounts) -> None:
        """Store a count in memory until ``close`` writes it."""
        flags = _IS_LOSSY if content.lossy else 0
        counts = content.tokens.items()
        if content.digest == BINARY:
            flags, counts = _IS_BINARY, {bytes(VARIANT_BYTES): 0}.items()
        else:
            self._keep(_key(content.digest, _OF_A_CONTENT), content.bytes, flags, counts)
        if found is not None:
            self._keep(_key(found, _OF_A_FILE), content.bytes, flags | _IS_FILE, counts)

    def _keep(self, key: bytes, size: int, flags: int, counts: Iterable[tuple[bytes, int]]) -> None:
        for variant, tokens in counts:
            self._new[key + variant] = Slot(key, variant, size, tokens, flags)

    def close(self) -> None:
        """Write the new counts. If a run is killed here, the cache has only a part of them."""
        with self._giving_up("was not written"):
            if self._table is not None:
                self._table.put(list(self._new.values()))
        self._disconnect()

    def _disconnect(self) -> None:
        table, self._table = self._table, None
        if table is not None:
            table.close()

    def size(self) -> tuple[int, int]:
        """Return the number of stored files and the number of stored counts."""
        files: set[bytes] = set()
        counts = 0
        with self._giving_up("is not used any more"):
            for slot in self._table.slots() if self._table else ():
                if slot.flags & _IS_FILE:
                    files.add(slot.key)
                else:
                    counts += 1
        return len(files), counts


def clear_cache(folder: Path) -> None:
    """Delete all cached counts, without reading them.

    Raises:
        CannotWrite: a file cannot be deleted.
    """
    if not folder.is_absolute():  # without a home folder, nothing was ever stored
        return
    path = folder / f"counts-v{FORMAT_VERSION}"
    for one in (path, path.with_name(path.name + ".new"), *(folder / name for name in _OLD_NAMES)):
        try:
            one.unlink(missing_ok=True)
        except NotADirectoryError:
            pass  # a file is in the place of the folder: there never was a cache
        except OSError as error:
            message = f"cannot remove the cache {one}: {error.strerror}"
            raise CannotWrite(message) from error


_IS_LOSSY = 1
_IS_BINARY = 2
_IS_FILE = 4

_OF_A_FILE = b"file"
_OF_A_CONTENT = b"content"


def _key(name: bytes, of: bytes) -> bytes:
    return blake2b(name, digest_size=KEY_BYTES, person=of).digest()
