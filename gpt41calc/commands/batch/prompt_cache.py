"""What would a prompt cache serve? The longest beginning that a prompt shares with an earlier one.

OpenAI serves a prefix from 1,024 tokens on, in steps of 128. So every prompt
is cut there, each cut is stored as a digest of all that stands before it,
and a prompt is looked up cut by cut. What comes of it is an upper bound: a
cache forgets after minutes, and not every request reaches the machine that
stores.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate

from ...pricing.schema import Caching

__all__ = ["BLOCK_TOKENS", "FIRST_TOKENS", "PartCache", "PrefixCache", "served"]

FIRST_TOKENS = 1024
"""The shortest prefix that is looked for."""

BLOCK_TOKENS = 128
"""By how much one prefix is longer than the one before."""

# Python's own hash of bytes has 64 bits and a key of its own in every process: it is several times as fast as a
# digest, nobody can choose what collides, and nothing that is kept depends on it.


class PrefixCache:
    """Stores the prefixes of prompts, one number for each."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._seen: set[int] = set()

    def shared(self, prompt: array[int]) -> int:
        """Return how many tokens a prompt begins with that an earlier one began with, and store it.

        >>> cache, prompt = PrefixCache(), array("I", range(2000))
        >>> cache.shared(prompt), cache.shared(prompt), cache.shared(prompt[:1100] + prompt[1200:])
        (0, 1920, 1024)
        """
        raw, size = prompt.tobytes(), prompt.itemsize
        digest, shared, is_known = 0, 0, True
        begin, end = 0, FIRST_TOKENS
        while end <= len(prompt):
            digest = hash((digest, raw[begin * size : end * size]))
            if is_known and digest in self._seen:
                shared = end
            else:
                is_known = False
                self._seen.add(digest)
            begin, end = end, end + BLOCK_TOKENS
        return shared


class PartCache:
    """Stores whole parts of prompts, as if every prompt began with those that were there before."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rank: dict[int, int] = {}
        self._seen: set[int] = set()

    def shared(self, parts: Sequence[tuple[int, int]]) -> int:
        """Return how many tokens a prompt would share with an earlier one if its stable parts came first.

        The part that was met first comes first, so two prompts of the same
        parts are alike. A part is only known to be stable once it was met
        again, so this finds one hit fewer than there are, and another order
        of the parts may share more: it is no upper bound.

        Args:
            parts: by what tells them apart, with their tokens.

        >>> cache = PartCache()
        >>> [cache.shared([(question, 9), (77, 2000)]) for question in (1, 2, 3)]
        [0, 0, 1920]
        """
        for key, _ in parts:
            self._rank.setdefault(key, len(self._rank))
        ordered = sorted(parts, key=lambda part: self._rank[part[0]])
        shared, digest = 0, 0
        for (key, _), end in zip(ordered, accumulate(tokens for _, tokens in ordered), strict=True):
            digest = hash((digest, key))
            if digest in self._seen:
                shared = end
            self._seen.add(digest)
        return _down(shared)


def _down(tokens: int) -> int:
    """Return the tokens of the longest prefix that is looked for."""
    return tokens // BLOCK_TOKENS * BLOCK_TOKENS if tokens >= FIRST_TOKENS else 0


def served(shared: int, caching: Caching | None) -> int:
    """Return how many shared tokens the cache of a model serves.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> [served(tokens, load_pricing().find("gpt-4.1").caching) for tokens in (896, 1024, 2047)]
    [0, 1024, 1920]
    """
    if caching is None or shared < caching.minimum:
        return 0
    return shared // caching.step * caching.step
