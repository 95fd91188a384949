"""A file of counts: a hash table with slots of fixed size, each with its own checksum.

The file has no header, no index and no code, so damaged data is only ignored: a slot with a wrong checksum or
impossible numbers is treated as empty. Several processes read and write without locks; if one overwrites a count of
another, that text is counted again.

A *bucket* is a page of 64 slots. The first bytes of a key select its bucket; all counts of one key are in one bucket
and are read together. When a bucket is full, the table doubles, up to 256 MiB (four million counts); after that, new
counts replace old ones.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from .count_slots import BUCKET_BYTES, EMPTY, SLOT_BYTES, Slot, number_of, packed, places_of, read_slot, slots_in

__all__ = ["MAX_TABLE_BYTES", "CountTable", "TableError"]

_MIN_BUCKETS = 16
_MAX_BUCKETS = 1 << 16
_MOST_READ_AHEAD_BYTES = 32 << 20
"""The largest table has 256 MiB, half of the memory that counting a large tree may take."""


MAX_TABLE_BYTES = _MAX_BUCKETS * BUCKET_BYTES
"""Largest size of the file, in bytes."""

_RESERVED_SLOTS = 40
"""Slots of a bucket that new counts may fill before the table is enlarged: of 64, so that few buckets overflow."""

_SAMPLED_BUCKETS = 64
"""Buckets whose counts tell how full a table is."""

_SPARSE = 4
"""If fewer than one slot in four is in use, a full bucket does not double the table: the keys were chosen on purpose.
"""

_OPEN_FLAGS = (
    getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""Flags for opening the file: do not follow a link, and do not wait if a pipe was put in its place."""


class TableError(Exception):
    """The file cannot be used as a table of counts."""

    def __init__(self, reason: str, *, is_damaged: bool) -> None:
        """Store the reason, and whether the file is a damaged table of this program, which may be replaced."""
        super().__init__(reason)
        self.is_damaged = is_damaged


class CountTable:
    """A table in an open file."""

    def __init__(self, path: Path, *, only_reads: bool = False) -> None:
        """Open a table, or create an empty one.

        Args:
            path: the file.
            only_reads: whether nothing is written, so that no table is created either.

        Raises:
            OSError: the file cannot be opened or created.
            TableError: the file is not a table.
        """
        self._path = path
        self._descriptor, self._is_writable = (_opened_to_read(path), False) if only_reads else _opened(path)
        self._read_ahead = b""
        try:
            self._buckets = self._checked_buckets()
        except BaseException:
            os.close(self._descriptor)
            raise

    def _checked_buckets(self) -> int:
        """Return the number of buckets in the file.

        Raises:
            TableError: other users may write to the file, or its length is not that of a table.
        """
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise TableError("it is not a regular file", is_damaged=False)
        if hasattr(os, "geteuid") and (
            status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or status.st_nlink > 1
        ):
            raise TableError("others may write to it", is_damaged=False)
        if not status.st_size and self._is_writable:
            os.truncate(self._descriptor, _MIN_BUCKETS * BUCKET_BYTES)
            return _MIN_BUCKETS
        buckets, rest = divmod(status.st_size, BUCKET_BYTES)
        if rest or not _MIN_BUCKETS <= buckets <= _MAX_BUCKETS or buckets & (buckets - 1):
            message = f"no file of counts has {status.st_size:,} bytes"
            raise TableError(message, is_damaged=True)
        return buckets

    def read_ahead(self, keys: int) -> None:
        """Read the whole table at once, if it has fewer than half as many buckets as keys are about to be looked up.

        Reading a bucket alone takes 1 µs, reading the table 2.4 µs for each bucket, most of it for fresh memory.

        Counts that other processes store from now on are not found, until this one stores a count.

        Raises:
            OSError: the file cannot be read.
        """
        if keys >= 2 * self._buckets and self._buckets * BUCKET_BYTES <= _MOST_READ_AHEAD_BYTES:
            self._read_ahead = _read_at(self._descriptor, self._buckets * BUCKET_BYTES, 0)

    def is_new(self) -> bool:
        """Return whether the table has the length of a new one, and no count.

        Raises:
            OSError: the file cannot be read.
        """
        if self._buckets > _MIN_BUCKETS:
            return False
        return not _read_at(self._descriptor, _MIN_BUCKETS * BUCKET_BYTES, 0).strip(b"\0")

    def find(self, key: bytes) -> list[Slot]:
        """Return all counts of a key.

        Raises:
            OSError: the file cannot be read.
        """
        bucket = self._bucket(number_of(key) % self._buckets)
        places = places_of(bucket, key)
        return [slot for at in places if (slot := read_slot(bucket, at)) is not None]

    def put(self, slots: Sequence[Slot]) -> None:
        """Write counts; each replaces one with the same key and variant.

        Written bucket by bucket, 90,000 counts of 200 MB of text take a quarter of the time that they take one by one.

        Raises:
            OSError: the file cannot be written.
        """
        self._read_ahead = b""
        self._reserve(len(slots))
        by_bucket: dict[int, list[Slot]] = {}
        for slot in slots:
            by_bucket.setdefault(number_of(slot.key) % self._buckets, []).append(slot)
        rest = [slot for number in sorted(by_bucket) for slot in self._put_into(number, by_bucket[number])]
        if rest and self._grow():
            self.put(rest)
            return
        for slot in rest:
            # If the bucket is full, the key selects the slot to overwrite: as good as any rule, and needs no memory.
            where = number_of(slot.key[8:]) % 64 * SLOT_BYTES
            _write_at(self._descriptor, packed(slot), number_of(slot.key) % self._buckets * BUCKET_BYTES + where)

    def _reserve(self, counts: int) -> None:
        """Enlarge the table for a number of new counts, so that it need not be enlarged in several steps."""
        if counts < self._buckets:
            return
        # Keys are digests: a few buckets say how full the others are. Reading a million slots would take a second.
        step = max(1, self._buckets // _SAMPLED_BUCKETS)
        used = step * sum(1 for number in range(0, self._buckets, step) for _ in slots_in(self._bucket(number)))
        buckets = self._buckets
        while buckets < _MAX_BUCKETS and used + counts > buckets * _RESERVED_SLOTS:
            buckets *= 2
        if buckets > self._buckets:
            self._grow_to(buckets)

    def _put_into(self, number: int, slots: Sequence[Slot]) -> list[Slot]:
        """Write counts into their bucket; return those for which it has no room."""
        bucket = bytearray(self._bucket(number))
        free = next(places_of(bucket, EMPTY), None)  # slots are filled in order
        begin, end = BUCKET_BYTES, 0
        rest = []
        for slot in slots:
            at = next(places_of(bucket, slot.key + slot.variant, BUCKET_BYTES if free is None else free), None)
            if at is None:
                at = free
                if at is None:
                    rest.append(slot)
                    continue
            bucket[at : at + SLOT_BYTES] = packed(slot)
            begin, end = min(begin, at), max(end, at + SLOT_BYTES)
            if at == free:
                after = at + SLOT_BYTES
                free = after if bucket.startswith(EMPTY, after) else next(places_of(bucket, EMPTY), None)
        if begin < end:
            _write_at(self._descriptor, bytes(bucket[begin:end]), number * BUCKET_BYTES + begin)
        return rest

    def slots(self) -> Iterator[Slot]:
        """Yield every count.

        Raises:
            OSError: the file cannot be read.
        """
        for number in range(self._buckets):
            yield from slots_in(self._bucket(number))

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _bucket(self, number: int) -> bytes:
        start = number * BUCKET_BYTES
        bucket = self._read_ahead[start : start + BUCKET_BYTES] or _read_at(self._descriptor, BUCKET_BYTES, start)
        # If the file was truncated in the meantime, missing slots count as empty.
        return bucket.ljust(BUCKET_BYTES, b"\0")

    def _grow(self) -> bool:
        """Replace the table by one of twice the length, unless it is long or empty enough; return whether it was."""
        if self._buckets == _MAX_BUCKETS or sum(1 for _ in self.slots()) * _SPARSE < self._buckets * 64:
            return False
        self._grow_to(2 * self._buckets)
        return True

    def _grow_to(self, buckets: int) -> None:
        """Replace the table by a longer one."""
        # One temporary name for all processes: each writes whole slots at the same places, so two at once do no harm.
        larger = self._path.with_name(self._path.name + ".new")
        with suppress(FileNotFoundError):
            os.unlink(larger)
        table = CountTable(larger)
        try:
            os.truncate(table._descriptor, buckets * BUCKET_BYTES)
            table._buckets = buckets
            for number in range(self._buckets):
                table._fill(slots_in(self._bucket(number)))
            os.replace(larger, self._path)
        except BaseException:
            table.close()
            with suppress(OSError):
                os.unlink(larger)
            raise
        os.close(self._descriptor)
        self._descriptor, self._buckets = table._descriptor, table._buckets

    def _fill(self, slots: Iterator[Slot]) -> None:
        """Write the counts of one bucket into the empty buckets that replace it."""
        parts: dict[int, bytearray] = {}
        for slot in slots:
            parts.setdefault(number_of(slot.key) % self._buckets, bytearray()).extend(packed(slot))
        for at, part in parts.items():
            _write_at(self._descriptor, bytes(part), at * BUCKET_BYTES)


def _opened(path: Path) -> tuple[int, bool]:
    """Return a file descriptor, and whether it is writable."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | _OPEN_FLAGS, 0o600), True
    except OSError:
        with suppress(OSError):
            return _opened_to_read(path), False
        raise


def _opened_to_read(path: Path) -> int:
    return os.open(path, os.O_RDONLY | _OPEN_FLAGS)


def _read_at(descriptor: int, size: int, offset: int) -> bytes:
    if _HAS_POSITIONS:
        return os.pread(descriptor, size, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, size)


def _write_at(descriptor: int, data: bytes, offset: int) -> None:
    if _HAS_POSITIONS:
        os.pwrite(descriptor, data, offset)
    else:
        os.lseek(descriptor, offset, os.SEEK_SET)
        os.write(descriptor, data)


_HAS_POSITIONS = hasattr(os, "pread")
"""False on Windows, where no two processes share a file descriptor."""
