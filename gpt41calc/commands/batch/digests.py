"""Sets of 64-bit digests with 11 to 17 bytes per entry; a Python ``set`` takes 70 to 120.

A batch file may have millions of requests, and a digest of each name is stored; of prompts that are long enough for a
prompt cache, digests of their parts and prefixes, too.
"""

from __future__ import annotations

from array import array

__all__ = ["DigestNumbers", "DigestSet"]

_MOST_FULL = 0.7
"""Largest share of used slots; above it, a search examines many slots."""

_BITS = (1 << 64) - 1


class DigestSet:
    """A set of digests: a hash table with open addressing, in which 0 marks an empty slot."""

    def __init__(self) -> None:
        """Create an empty set."""
        self._slots = array("Q", bytes(8 * 61))
        self._used = 0

    def __len__(self) -> int:
        """Return the number of digests."""
        return self._used

    def add(self, digest: int) -> bool:
        """Add a digest; return whether it was new.

        >>> met = DigestSet()
        >>> met.add(7), met.add(-7), met.add(7), len(met)
        (True, True, False, 2)
        """
        key = digest & _BITS or 1
        at = self._place(key)
        if self._slots[at] == key:
            return False
        self._take(at, key)
        return True

    def _take(self, at: int, key: int) -> None:
        self._slots[at] = key
        self._used += 1
        if self._used > _MOST_FULL * len(self._slots):
            self._grow()

    def _place(self, key: int) -> int:
        """Return the slot of a digest, or the empty slot for it."""
        slots = self._slots
        at = key % len(slots)
        while (found := slots[at]) and found != key:
            at += 1
            if at == len(slots):
                at = 0
        return at

    def _grow(self) -> None:
        old = self._slots
        self._slots = array("Q", bytes(8)) * (len(old) * 3 // 2 | 1)
        for key in old:
            if key:
                self._slots[self._place(key)] = key


class DigestNumbers(DigestSet):
    """Digests, each with a number below 4 billion, which takes half as much memory again."""

    def __init__(self) -> None:
        """Create an empty collection."""
        super().__init__()
        self._numbers = array("I", bytes(4 * len(self._slots)))

    def number(self, digest: int, if_new: int) -> int:
        """Return the number of a digest; if the digest is new, store and return the given one.

        >>> numbers = DigestNumbers()
        >>> [numbers.number(digest, len(numbers)) for digest in (5, 6, 5, 7)]
        [0, 1, 0, 2]
        """
        key = digest & _BITS or 1
        at = self._place(key)
        if self._slots[at] == key:
            return self._numbers[at]
        self._numbers[at] = if_new
        self._take(at, key)
        return if_new

    def _grow(self) -> None:
        old, numbers = self._slots, self._numbers
        self._slots = array("Q", bytes(8)) * (len(old) * 3 // 2 | 1)
        self._numbers = array("I", bytes(4)) * len(self._slots)
        for key, number in zip(old, numbers, strict=True):
            if key:
                at = self._place(key)
                self._slots[at], self._numbers[at] = key, number
