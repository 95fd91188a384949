"""Simulate a prompt cache: find the longest beginning that a prompt shares with an earlier one.

OpenAI caches prefixes from 1,024 tokens on, in steps of 128. So every prompt is cut at these lengths, a digest of each
prefix is stored, and the prefixes of later prompts are looked up. The result is an upper bound: a real cache forgets
after minutes, and not every request reaches the machine that has the prefix.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from ...pricing.schema import Caching
from .digests import DigestNumbers, DigestSet

__all__ = ["BLOCK_TOKENS", "FIRST_TOKENS", "PartCache", "PrefixCache", "prefix_digests", "served"]

FIRST_TOKENS = 1024
"""Shortest cached prefix, in tokens."""

BLOCK_TOKENS = 128
"""Step between lengths of cached prefixes, in tokens."""

# Python's own hash of bytes has 64 bits and a random key per process, which forked workers share. It is several times
# as fast as a digest, collisions cannot be constructed, and no stored data depends on it.


def prefix_digests(prompt: array[int]) -> tuple[int, ...]:
    """Return a digest of each cacheable prefix of a prompt, the shortest first."""
    if len(prompt) < FIRST_TOKENS:
        return ()
    raw, size = prompt.tobytes(), prompt.itemsize
    digest, begin, found = 0, 0, []
    for end in range(FIRST_TOKENS, len(prompt) + 1, BLOCK_TOKENS):
        digest = hash((digest, raw[begin * size : end * size]))
        found.append(digest)
        begin = end
    return tuple(found)


class PrefixCache:
    """Stores a digest of each prefix of the prompts.

    Of every prompt, the prefixes that no earlier prompt has are stored together, as a run. A run is found by the digest
    of its first prefix. The others are only compared in their order, so 32 bits of their digests are enough: where two
    prompts begin to differ, they are taken for equal by chance once in 4 billion times. Ten prefixes take less than
    half of the memory of ten digests in a table.
    """

    def __init__(self) -> None:
        """Create an empty cache."""
        self._runs = DigestNumbers()
        self._rest = array("I")  # of each run the number of its further prefixes, then these

    def shared(self, prefixes: Sequence[int]) -> int:
        """Return how many first tokens a prompt shares with an earlier one, and store its prefixes.

        Args:
            prefixes: the ``prefix_digests`` of the prompt.

        >>> cache, prompt = PrefixCache(), array("I", range(2000))
        >>> prompts = prompt, prompt, prompt[:1100] + prompt[1200:]
        >>> [cache.shared(prefix_digests(each)) for each in prompts]
        [0, 1920, 1024]
        """
        rest, known = self._rest, 0
        while known < len(prefixes):
            end = len(rest)
            run = self._runs.number(prefixes[known], end)
            if run == end:
                rest.append(len(prefixes) - known - 1)
                rest.extend([digest & _RUN_BITS for digest in prefixes[known + 1 :]])
                break
            known += 1
            for at in range(run + 1, run + 1 + rest[run]):
                if known == len(prefixes) or rest[at] != prefixes[known] & _RUN_BITS:
                    break
                known += 1
        return FIRST_TOKENS + (known - 1) * BLOCK_TOKENS if known else 0


_RUN_BITS = (1 << 32) - 1


class PartCache:
    """Stores whole parts of prompts, as if the parts that occurred earliest came first in every prompt."""

    def __init__(self) -> None:
        """Create an empty cache."""
        self._ranks = DigestNumbers()
        self._seen = DigestSet()

    def shared(self, parts: Sequence[tuple[int, int]]) -> int:
        """Return how many tokens a prompt would share with an earlier one if its stable parts came first.

        Parts are ordered by their first occurrence, so two prompts with the same parts are equal. A part counts as
        stable only from its second occurrence on, so one possible hit is missed, and another order may share more: the
        result is not an upper bound.

        Args:
            parts: digest and tokens of each part.

        >>> cache = PartCache()
        >>> [cache.shared([(question, 9), (77, 2000)]) for question in (1, 2, 3)]
        [0, 0, 1920]
        """
        ordered = sorted((self._ranks.number(key, len(self._ranks)), key, tokens) for key, tokens in parts)
        shared, digest, end = 0, 0, 0
        for _, key, tokens in ordered:
            digest = hash((digest, key))
            end += tokens
            if end >= FIRST_TOKENS and not self._seen.add(digest):
                shared = end
        return _down(shared)


def _down(tokens: int) -> int:
    """Return the length of the longest cacheable prefix within a number of tokens."""
    return tokens // BLOCK_TOKENS * BLOCK_TOKENS if tokens >= FIRST_TOKENS else 0


def served(shared: int, caching: Caching | None) -> int:
    """Return how many of the shared tokens the cache of a model would serve.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> [served(tokens, load_pricing().find("gpt-4.1").caching) for tokens in (896, 1024, 2047)]
    [0, 1024, 1920]
    """
    if caching is None or shared < caching.minimum:
        return 0
    return shared // caching.step * caching.step
