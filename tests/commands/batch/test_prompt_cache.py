"""What a prompt cache would serve, against a search that compares every pair of prompts."""

from __future__ import annotations

import tracemalloc
from array import array
from itertools import chain, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.batch.digests import DigestSet
from gpt41calc.commands.batch.prompt_cache import PartCache, PrefixCache, prefix_digests, served
from gpt41calc.pricing.schema import Caching


def prompt(*runs: tuple[int, int]) -> array[int]:
    """Return a prompt of runs: a token, and how often it comes."""
    return array("I", [token for token, times in runs for _ in range(times)])


def longest(one: array[int], earlier: list[array[int]]) -> int:
    """Return what is shared with the best of the earlier prompts, by comparing token by token."""
    shared = 0
    for other in earlier:
        same = 0
        while same < min(len(one), len(other)) and one[same] == other[same]:
            same += 1
        shared = max(shared, same)
    return shared // 128 * 128 if shared >= 1024 else 0


PROMPTS = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from([1, 127, 128, 129, 500, 1023, 1024, 1025])), max_size=5).map(
        lambda runs: prompt(*runs)
    ),
    max_size=8,
)


@given(PROMPTS)
def test_chained_blocks_find_what_comparing_every_pair_finds(prompts: list[array[int]]) -> None:
    """The longest prefix shared with any earlier prompt, from 1,024 tokens, in steps of 128."""
    cache = PrefixCache()
    expected = [longest(one, prompts[:at]) for at, one in enumerate(prompts)]

    assert expected == [cache.shared(prefix_digests(one)) for one in prompts]


@given(st.lists(st.lists(st.integers(1, 2), max_size=20), max_size=30))
def test_runs_find_what_a_set_of_all_prefixes_finds(prompts: list[list[int]]) -> None:
    """However prompts branch, continue or end within one another, the longest known prefix is found."""
    cache = PrefixCache()
    seen: set[int] = set()
    expected, actual = [], []
    for blocks in prompts:
        digests = prefix_digests(prompt((9, 1024 - 128), *((block, 128) for block in blocks)))
        known = len(list(takewhile(seen.__contains__, digests)))
        expected.append(1024 + 128 * (known - 1) if known else 0)
        actual.append(cache.shared(digests))
        seen.update(digests)

    assert expected == actual


def test_memory_of_prefixes() -> None:
    """Ten prefixes of a prompt take less than half of the memory of ten digests."""
    prompts = [[hash((number, at)) for at in range(10)] for number in range(5000)]
    cache, every = PrefixCache(), DigestSet()
    tracemalloc.start()
    for digests in prompts:
        cache.shared(digests)
    taken = tracemalloc.get_traced_memory()[0]
    for digest in chain.from_iterable(prompts):
        every.add(digest)
    all_taken = tracemalloc.get_traced_memory()[0] - taken
    tracemalloc.stop()

    assert taken < all_taken / 2


@pytest.mark.parametrize(
    ("shared", "expected"),
    [(1023, 0), (1024, 1024), (1151, 1024), (1152, 1152), (2006, 1920)],
)
def test_borders_of_what_is_shared(shared: int, expected: int) -> None:
    """1,024, 1,152, 1,280 and so on; the guide's prompt of 2,006 tokens has 1,920 of them cached."""
    cache = PrefixCache()
    cache.shared(prefix_digests(prompt((1, shared), (2, 500))))

    assert expected == cache.shared(prefix_digests(prompt((1, shared), (3, 500))))


def test_a_model_with_a_longer_minimum_is_served_less() -> None:
    """By its own rules, and not at all without a cache."""
    assert [0, 2048, 0] == [
        served(1920, Caching(minimum=2048)),
        served(2048, Caching(minimum=2048)),
        served(9999, None),
    ]


def test_stable_parts_first() -> None:
    """A document behind a question that differs is shared once it was met twice; other orders of it are one order."""
    cache = PartCache()
    system, document, other = (1, 100), (2, 2000), (3, 1500)
    prompts = [
        [system, (11, 9), document],
        [system, (12, 9), document],
        [system, (13, 9), document],
        [system, document, (14, 9)],
        [system, (15, 9), other],
        [system, (16, 9), document, other],
        [system, (17, 9), other, document],
    ]

    assert [0, 0, 2048, 2048, 0, 2048, 3584] == [cache.shared(parts) for parts in prompts]
