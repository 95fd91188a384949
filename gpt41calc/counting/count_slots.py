"""One count in a table of counts: 64 bytes with a checksum of its own, and pages of 64 of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

__all__ = [
    "BUCKET_BYTES",
    "EMPTY",
    "KEY_BYTES",
    "SLOT_BYTES",
    "VARIANT_BYTES",
    "Slot",
    "number_of",
    "packed",
    "places_of",
    "read_slot",
    "slots_in",
]

KEY_BYTES = 24
"""Length of a key, in bytes: 192 bits of a hash, so that collisions are not a concern."""

VARIANT_BYTES = 8

_SLOT = Struct("<24s8sqqB11x")
"""Layout of a slot: key, variant, bytes, tokens, flags; a CRC-32 follows."""

SLOT_BYTES = _SLOT.size + 4
"""Length of a slot, in bytes: 64."""

BUCKET_BYTES = 64 * SLOT_BYTES
"""Length of a bucket, in bytes: a page."""

EMPTY = bytes(SLOT_BYTES)
"""A slot without a count."""


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


def number_of(key: bytes) -> int:
    """Return the number whose remainder selects the bucket of a key."""
    return int.from_bytes(key[:8], "little")


def packed(slot: Slot) -> bytes:
    """Return the bytes of a slot, with their checksum."""
    raw = _SLOT.pack(*slot)
    return raw + zlib.crc32(raw).to_bytes(4, "little")


def read_slot(bucket: bytes, at: int) -> Slot | None:
    """Return the count in a slot; None if it is empty or damaged."""
    if zlib.crc32(bucket[at : at + _SLOT.size]) != int.from_bytes(bucket[at + _SLOT.size : at + SLOT_BYTES], "little"):
        return None
    slot = Slot._make(_SLOT.unpack_from(bucket, at))
    return slot if slot.bytes >= 0 and slot.tokens >= 0 and slot.key != _NO_KEY else None


_NO_KEY = bytes(KEY_BYTES)


def slots_in(bucket: bytes) -> Iterator[Slot]:
    """Yield the counts in a bucket; damaged ones are left out."""
    if not bucket.strip(b"\0"):
        return
    for at in range(0, BUCKET_BYTES, SLOT_BYTES):
        slot = read_slot(bucket, at)
        if slot is not None:
            yield slot


def places_of(bucket: bytes | bytearray, begin: bytes, before: int = BUCKET_BYTES) -> Iterator[int]:
    """Yield where slots are that begin with a key or a whole slot, among those before a place.

    Only one byte of every slot is searched, one that does not select the bucket: a key is in one slot or none, and to
    search all bytes takes four times as long.
    """
    byte, bytes_of_slots = begin[_SEARCHED], bucket[_SEARCHED:before:SLOT_BYTES]
    number = bytes_of_slots.find(byte)
    while number >= 0:
        if bucket.startswith(begin, number * SLOT_BYTES):
            yield number * SLOT_BYTES
        number = bytes_of_slots.find(byte, number + 1)


_SEARCHED = 8
"""Place of that byte in a key: the eight bytes before it select the bucket."""
