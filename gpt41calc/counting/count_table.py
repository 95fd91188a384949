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
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import NamedTuple

__all__ = ["KEY_BYTES", "MAX_TABLE_BYTES", "VARIANT_BYTES", "CountTable", "Slot", "TableError"]

KEY_BYTES = 24
"""Length of a key, in bytes: 192 bits of a hash, so that collisions are not a concern."""

VARIANT_BYTES = 8

_SLOT = Struct("<24s8sqqB11x")
"""Layout of a slot: key, variant, bytes, tokens, flags; a CRC-32 follows."""

_SLOT_BYTES = _SLOT.size + 4
_BUCKET_BYTES = 64 * _SLOT_BYTES
_EMPTY = bytes(_SLOT_BYTES)

_MIN_BUCKETS = 16
_MAX_BUCKETS = 1 << 16
_MOST_READ_AHEAD_BYTES = 32 << 20
"""The largest table has 256 MiB, half of the memory that counting a large tree may take."""


MAX_TABLE_BYTES = _MAX_BUCKETS * _BUCKET_BYTES
"""Largest size of the file, in bytes."""

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


class Slot(NamedTuple):
    """One count."""

    key: bytes
    """Key of the counted text; 24 bytes."""

    variant: bytes
    """Which count of the text; 8 bytes."""

    bytes: int
    """Length of the file, in bytes."""

    tokens: int
    """Number of tokens."""

    flags: int
    """Other facts about the text, as bits: 0 to 255."""


class TableError(Exception):
    """The file cannot be used as a table of counts."""

    def __init__(self, reason: str, *, is_damaged: bool) -> None:
        """Store the reason, and whether the file is a damaged table of this program, which may be replaced."""
        super().__init__(reason)
        self.is_damaged = is_damaged


class CountTable:
    """A table in an open file."""

    def __init__(self, path: Path) -> None:
        """Open a table, or create an empty one.

        Raises:
            OSError: the file cannot be opened or created.
            TableError: the file is not a table.
        """
        self._path = path
        self._descriptor, self._is_writable = _opened(path)
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
            os.truncate(self._descriptor, _MIN_BUCKETS * _BUCKET_BYTES)
            return _MIN_BUCKETS
        buckets, rest = divmod(status.st_size, _BUCKET_BYTES)
        if rest or not _MIN_BUCKETS <= buckets <= _MAX_BUCKETS or buckets & (buckets - 1):
            message = f"no file of counts has {status.st_size:,} bytes"
            raise TableError(message, is_damaged=True)
        return buckets

    def read_ahead(self, keys: int) -> None:
        """Read the whole table at once, if that is less than a bucket for each key that is about to be looked up.

        Counts that other processes store from now on are not found, until this one stores a count.

        Raises:
            OSError: the file cannot be read.
        """
        if keys >= self._buckets and self._buckets * _BUCKET_BYTES <= _MOST_READ_AHEAD_BYTES:
            self._read_ahead = _read_at(self._descriptor, self._buckets * _BUCKET_BYTES, 0)

    def find(self, key: bytes) -> list[Slot]:
        """Return all counts of a key.

        Raises:
            OSError: the file cannot be read.
        """
        bucket = self._bucket(_number_of(key) % self._buckets)
        found = []
        at = bucket.find(key)
        while at >= 0:
            if at % _SLOT_BYTES == 0 and (slot := _read(bucket, at)) is not None:
                found.append(slot)
            at = bucket.find(key, at + 1)
        return found

    def put(self, slot: Slot) -> None:
        """Write a count; it replaces one with the same key and variant.

        Raises:
            OSError: the file cannot be written.
        """
        self._read_ahead = b""
        number = _number_of(slot.key) % self._buckets
        at = _place_for(slot, self._bucket(number))
        if at is None and self._grow():
            self.put(slot)
            return
        # If the bucket is full, the key selects the slot to overwrite: as good as any rule, and needs no memory.
        where = _number_of(slot.key[8:]) % 64 * _SLOT_BYTES if at is None else at
        _write_at(self._descriptor, _packed(slot), number * _BUCKET_BYTES + where)

    def slots(self) -> Iterator[Slot]:
        """Yield every count.

        Raises:
            OSError: the file cannot be read.
        """
        for number in range(self._buckets):
            yield from _all_in(self._bucket(number))

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _bucket(self, number: int) -> bytes:
        start = number * _BUCKET_BYTES
        bucket = self._read_ahead[start : start + _BUCKET_BYTES] or _read_at(self._descriptor, _BUCKET_BYTES, start)
        # If the file was truncated in the meantime, missing slots count as empty.
        return bucket.ljust(_BUCKET_BYTES, b"\0")

    def _grow(self) -> bool:
        """Replace the table by one of twice the length; return whether that succeeded."""
        if self._buckets == _MAX_BUCKETS or sum(1 for _ in self.slots()) * _SPARSE < self._buckets * 64:
            return False
        # One temporary name for all processes: each writes whole slots at the same places, so two at once do no harm.
        larger = self._path.with_name(self._path.name + ".new")
        with suppress(FileNotFoundError):
            os.unlink(larger)
        table = CountTable(larger)
        try:
            os.truncate(table._descriptor, 2 * self._buckets * _BUCKET_BYTES)
            table._buckets = 2 * self._buckets
            for number in range(self._buckets):
                table._fill(_all_in(self._bucket(number)), number, self._buckets)
            os.replace(larger, self._path)
        except BaseException:
            table.close()
            with suppress(OSError):
                os.unlink(larger)
            raise
        os.close(self._descriptor)
        self._descriptor, self._buckets = table._descriptor, table._buckets
        return True

    def _fill(self, slots: Iterator[Slot], *numbers: int) -> None:
        """Write the counts of one bucket into the two buckets that replace it in the larger table."""
        number, step = numbers
        halves = {number: bytearray(), number + step: bytearray()}
        for slot in slots:
            halves[_number_of(slot.key) % self._buckets] += _packed(slot)
        for at, half in halves.items():
            _write_at(self._descriptor, bytes(half), at * _BUCKET_BYTES)


def _opened(path: Path) -> tuple[int, bool]:
    """Return a file descriptor, and whether it is writable."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | _OPEN_FLAGS, 0o600), True
    except OSError:
        with suppress(OSError):
            return os.open(path, os.O_RDONLY | _OPEN_FLAGS), False
        raise


def _number_of(key: bytes) -> int:
    return int.from_bytes(key[:8], "little")


def _packed(slot: Slot) -> bytes:
    raw = _SLOT.pack(*slot)
    return raw + zlib.crc32(raw).to_bytes(4, "little")


def _read(bucket: bytes, at: int) -> Slot | None:
    """Return the count in a slot; None if it is empty or damaged."""
    raw = bucket[at : at + _SLOT.size]
    if zlib.crc32(raw) != int.from_bytes(bucket[at + _SLOT.size : at + _SLOT_BYTES], "little"):
        return None
    slot = Slot._make(_SLOT.unpack(raw))
    return slot if slot.bytes >= 0 and slot.tokens >= 0 and slot.key.strip(b"\0") else None


def _all_in(bucket: bytes) -> Iterator[Slot]:
    if not bucket.strip(b"\0"):
        return
    for at in range(0, _BUCKET_BYTES, _SLOT_BYTES):
        slot = _read(bucket, at)
        if slot is not None:
            yield slot


def _place_for(slot: Slot, bucket: bytes) -> int | None:
    """Return the slot in its bucket for a count; None if there is no room."""
    same = slot.key + slot.variant
    free = None
    for at in range(0, _BUCKET_BYTES, _SLOT_BYTES):
        if bucket.startswith(same, at):
            return at
        if bucket[at : at + _SLOT_BYTES] == _EMPTY:
            free = at
            break  # slots are filled in order
    return free


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
