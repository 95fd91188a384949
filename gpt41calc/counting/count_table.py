"""A file of counts: a hash table of slots of fixed size, each with a checksum of its own.

There is no header, no index and no code in it, so nothing in the file can do
more than be passed over: a slot whose checksum or numbers are wrong is empty.
Several processes read and write without locks. What one overwrites of
another's is counted again.

A *bucket* is a page of 64 slots. The first bytes of a key say in which bucket
it is; all counts of one key are in one bucket and are read at once. When a
bucket is full, the table doubles, up to 256 MiB (four million counts); from
then on old counts give way to new ones.
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
"""192 bits of a hash: nobody finds two contents with the same."""

VARIANT_BYTES = 8

_SLOT = Struct("<24s8sqqB11x")
"""Key, variant, bytes, tokens, flags; a CRC-32 follows."""

_SLOT_BYTES = _SLOT.size + 4
_BUCKET_BYTES = 64 * _SLOT_BYTES
_EMPTY = bytes(_SLOT_BYTES)

_MIN_BUCKETS = 16
_MAX_BUCKETS = 1 << 16

MAX_TABLE_BYTES = _MAX_BUCKETS * _BUCKET_BYTES
"""No file of counts is larger."""

_SPARSE = 4
"""With less than one slot in four in use, a full bucket is no reason to double: somebody chose the keys."""

_OPEN_FLAGS = (
    getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""Without following a link, and without waiting for the other end of a pipe that was put in its place."""


class Slot(NamedTuple):
    """One count."""

    key: bytes
    """Of what; 24 bytes."""

    variant: bytes
    """Which count of it; 8 bytes."""

    bytes: int
    """How long the file is."""

    tokens: int
    """The count."""

    flags: int
    """Other facts about the text, as bits: from 0 to 255."""


class TableError(Exception):
    """A file that cannot be a table of counts."""

    def __init__(self, reason: str, *, is_damaged: bool) -> None:
        """Keep the reason, and whether the file is one of ours that was damaged, so that it may be replaced."""
        super().__init__(reason)
        self.is_damaged = is_damaged


class CountTable:
    """A table in a file that is open."""

    def __init__(self, path: Path) -> None:
        """Open a table, or make an empty one.

        Raises:
            OSError: there can be no file.
            TableError: the file is no table.
        """
        self._path = path
        self._descriptor, self._is_writable = _opened(path)
        try:
            self._buckets = self._checked_buckets()
        except BaseException:
            os.close(self._descriptor)
            raise

    def _checked_buckets(self) -> int:
        """Return how many buckets the file has.

        Raises:
            TableError: it is no file that only this user writes to, or of a length that no table has.
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
        """Write a count, in place of one with the same key and variant.

        Raises:
            OSError: the file cannot be written.
        """
        number = _number_of(slot.key) % self._buckets
        at = _place_for(slot, self._bucket(number))
        if at is None and self._grow():
            self.put(slot)
            return
        # Where there is no room, the key decides which one gives way: as good as any, and needs no memory.
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
        # Of a file that was cut off meanwhile, what is missing is empty.
        return _read_at(self._descriptor, _BUCKET_BYTES, number * _BUCKET_BYTES).ljust(_BUCKET_BYTES, b"\0")

    def _grow(self) -> bool:
        """Put a table of twice the length in the place of this one; return whether that was done."""
        if self._buckets == _MAX_BUCKETS or sum(1 for _ in self.slots()) * _SPARSE < self._buckets * 64:
            return False
        # One name for all processes: each writes whole slots where they belong, so two at once do no harm.
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
        """Write what was in a bucket of a table half as long into the two that take its place."""
        number, step = numbers
        halves = {number: bytearray(), number + step: bytearray()}
        for slot in slots:
            halves[_number_of(slot.key) % self._buckets] += _packed(slot)
        for at, half in halves.items():
            _write_at(self._descriptor, bytes(half), at * _BUCKET_BYTES)


def _opened(path: Path) -> tuple[int, bool]:
    """Return a descriptor, and whether it can be written to."""
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
    """Return the count in a slot, or None if it is empty or damaged."""
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
    """Return where in its bucket a count belongs, or None if there is no room."""
    same = slot.key + slot.variant
    free = None
    for at in range(0, _BUCKET_BYTES, _SLOT_BYTES):
        if bucket.startswith(same, at):
            return at
        if bucket[at : at + _SLOT_BYTES] == _EMPTY:
            free = at
            break  # slots are filled in their order
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
"""Not on Windows, where no process shares a descriptor with another."""
