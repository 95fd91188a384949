"""Sets of 64-bit digests that take 11 to 17 bytes for each; a ``set`` of Python's takes 70 to 120.

A batch file may have millions of requests, and of each its name, its parts and its beginnings are stored.
"""

from __future__ import annotations

from array import array

__all__ = ["DigestRanks", "DigestSet"]

_MOST_FULL = 0.7
"""Share of the slots that is used at most; where more are, a search looks at many."""

_BITS = (1 << 64) - 1


class DigestSet:
    """Digests that were met: a hash table with open addressing, in which 0 is an empty slot."""

    def __init__(self) -> None:
        """Begin with none."""
        self._slots = array("Q", bytes(8 * 61))
        self._used = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return self._used

    def __contains__(self, digest: int) -> bool:
        """Say whether a digest was added."""
        key = digest & _BITS or 1
        return self._slots[self._place(key)] == key

    def add(self, digest: int) -> bool:
        """Add a digest; return whether it was not there before.

        >>> met = DigestSet()
        >>> met.add(7), met.add(-7), met.add(7), len(met), -7 in met, 8 in met
        (True, True, False, 2, True, False)
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
        """Return the slot that a digest is in, or the empty one that it would go to."""
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


class DigestRanks(DigestSet):
    """Digests with the order in which they were met, up to 4 billion; each takes half as much again."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self._ranks = array("I", bytes(4 * len(self._slots)))

    def rank(self, digest: int) -> int:
        """Return how many others were met before a digest, which is met now if it was not.

        >>> ranks = DigestRanks()
        >>> [ranks.rank(digest) for digest in (5, 6, 5, 7)]
        [0, 1, 0, 2]
        """
        key = digest & _BITS or 1
        at = self._place(key)
        if self._slots[at] == key:
            return self._ranks[at]
        rank = self._ranks[at] = self._used
        self._take(at, key)
        return rank

    def _grow(self) -> None:
        old, ranks = self._slots, self._ranks
        self._slots = array("Q", bytes(8)) * (len(old) * 3 // 2 | 1)
        self._ranks = array("I", bytes(4)) * len(self._slots)
        for key, rank in zip(old, ranks, strict=True):
            if key:
                at = self._place(key)
                self._slots[at], self._ranks[at] = key, rank
