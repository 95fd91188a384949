"""A set of digests is a set, and each digest keeps its number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.batch.digests import DigestNumbers, DigestSet

DIGESTS = st.lists(st.integers(-(1 << 63) + 1, (1 << 63) - 1).filter(bool) | st.integers(1, 300), max_size=400)


@given(DIGESTS)
def test_a_set(digests: list[int]) -> None:
    """Each digest is new once, in whatever order they come."""
    met = DigestSet()
    seen: set[int] = set()
    for digest in digests:
        assert (digest not in seen) == met.add(digest)
        seen.add(digest)

    assert len(seen) == len(met)


@given(DIGESTS)
def test_numbers(digests: list[int]) -> None:
    """However often a digest comes, and however the table grows, it keeps its first number."""
    numbers = DigestNumbers()
    expected = [list(dict.fromkeys(digests)).index(digest) for digest in digests]
    actual = [numbers.number(digest, len(numbers)) for digest in digests]

    assert expected == actual
