"""Which files go into which request: every one into exactly one, none over its room, hardly any room left empty."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.accepted_length import AcceptedLength
from gpt41calc.commands.preflight.packing import Part, Plan, pack

ROOM = 200_000
DEAD_ZONE = [AcceptedLength(0, 30_000), AcceptedLength(128_001, 200_000)]

names = st.text("ab/.", max_size=6)
parts = st.lists(st.builds(Part, names, st.integers(0, 120)), max_size=60)


def repository(seed: int, files: int, *, longest: int = ROOM) -> list[Part]:
    """Return files as repositories have them: many short ones, few long ones, some folders deep."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret
    return [
        Part(
            f"p{chance.randrange(9)}/q{chance.randrange(7)}/f{at}.py",
            min(longest, int(chance.lognormvariate(6.2, 1.3))),
        )
        for at in range(files)
    ]


def sent(plan: Plan) -> list[Part]:
    """Return every file of a plan."""
    return [part for request in plan.requests for part in request.parts]


@given(parts, st.integers(1, 100))
def test_every_file_is_in_one_request(files: list[Part], most_tokens: int) -> None:
    """No file is lost or sent twice, whatever the names and lengths."""
    key = lambda part: (part.path, part.tokens)  # noqa: E731 - as long as a name

    assert sorted(files, key=key) == sorted(sent(pack(files, [AcceptedLength(0, most_tokens)])), key=key)


@given(parts, st.integers(1, 100))
def test_none_is_over_its_room(files: list[Part], most_tokens: int) -> None:
    """A request has at most its room, unless one file alone is longer; that file is said to be too long."""
    plan = pack(files, [AcceptedLength(0, most_tokens)])
    over = [request for request in plan.requests if request.tokens > most_tokens]

    assert all(request.tokens == sum(part.tokens for part in request.parts) for request in plan.requests)
    assert [request.parts for request in over] == [(part,) for part in plan.too_long]
    assert [request.accepted for request in plan.requests] == [
        request.tokens <= most_tokens for request in plan.requests
    ]


@given(st.integers(0, 10**6), st.integers(1, 3_000), st.sampled_from([30_000, 100_000, 500_000, 1_046_576]))
def test_at_most_one_more_than_the_fewest(seed: int, files: int, most_tokens: int) -> None:
    """With files as repositories have them, at most one request more is taken than files cut anywhere would take."""
    plan = pack(repository(seed, files, longest=most_tokens // 4), [AcceptedLength(0, most_tokens)])

    assert plan.fewest is not None
    assert len(plan.requests) <= plan.fewest + 1


@given(st.integers(0, 10**6), st.integers(1, 1_500))
def test_gap_is_left(seed: int, files: int) -> None:
    """No request lies in the gap of tier 1, where longer and shorter ones are accepted."""
    plan = pack(repository(seed, files, longest=20_000), DEAD_ZONE)

    assert all(request.accepted for request in plan.requests)


@pytest.mark.parametrize(
    ("expected", "tokens"),
    [([], []), ([30_000], [30_000]), ([128_001], [128_001]), ([15_000, 16_000], [16_000, 15_000])],
)
def test_gap(expected: list[int], tokens: list[int]) -> None:
    """What is accepted as it is stays one request; what lies in the gap is divided."""
    plan = pack([Part(f"{at}.md", length) for at, length in enumerate(tokens)], DEAD_ZONE)

    assert expected == sorted(request.tokens for request in plan.requests)


@pytest.mark.parametrize(
    ("most_tokens", "tokens"),
    [(30_000, [15_000, 16_000]), (200_000, [128_001]), (200_000, [60_000]), (30_000, [9, 300_000]), (200_000, [])],
)
def test_room_that_is_kept_to(most_tokens: int, tokens: list[int]) -> None:
    """The plan names the room of its longest request, not that of a length which it avoids."""
    assert most_tokens == pack([Part(f"{at}.md", length) for at, length in enumerate(tokens)], DEAD_ZONE).most_tokens


def test_file_in_the_gap() -> None:
    """A file that is refused however it is packed is in a request that says so."""
    plan = pack([Part("a.md", 60_000)], DEAD_ZONE)

    assert [False] == [request.accepted for request in plan.requests]


def test_folders_stay_together() -> None:
    """A folder that has room in one request is in one request."""
    files = [Part(f"{folder}/{at}.md", 10) for folder in "abcdef" for at in range(4)]
    plan = pack(files, [AcceptedLength(0, 100)])
    places = {folder: {at for at, each in enumerate(plan.requests) for part in each.parts if part.path[0] == folder}
              for folder in "abcdef"}  # fmt: skip

    assert 3 == len(plan.requests)
    assert {1} == {len(found) for found in places.values()}


def test_deep_folders() -> None:
    """Folders may be nested deeper than calls can be."""
    deep = "a/" * 5_000
    plan = pack([Part(f"{deep}{at}", 10) for at in range(9)], [AcceptedLength(0, 30)])

    assert 3 == len(plan.requests)


def test_three_million_tokens() -> None:
    """A folder of three million tokens takes as few requests as the window allows, or one more."""
    files = repository(7, 3_000)
    plan = pack(files, [AcceptedLength(0, 1_046_576)])
    total = sum(part.tokens for part in files)

    assert 3_000_000 < total
    assert (4, 4) == (plan.fewest, len(plan.requests))
