"""Tallies form a monoid, and forget nothing."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.counting.count import count_all
from gpt41calc.sources.source import Rules, Source
from gpt41calc.tally import Counted, Skipped, Tally
from gpt41calc.tokenizer.engines import tokenizer

COUNTED = st.builds(
    Counted,
    st.text(max_size=3),
    st.integers(0, 10**12),
    st.dictionaries(st.sampled_from(["o200k_base", "cl100k_base"]), st.integers(0, 10**12)),
    st.booleans(),
)
SKIPPED = st.builds(Skipped, st.text(max_size=3), st.text(max_size=3), expected=st.booleans())
SEEN = st.lists(COUNTED | SKIPPED, max_size=5)
TALLIES = SEEN.map(lambda seen: Tally.of(*seen))


@given(tally=TALLIES)
def test_zero(tally: Tally) -> None:
    """The empty tally changes nothing on either side."""
    expected = (tally, tally)
    actual = (Tally() + tally, tally + Tally())

    assert expected == actual


@given(one=TALLIES, two=TALLIES, three=TALLIES)
def test_associative(one: Tally, two: Tally, three: Tally) -> None:
    """How the parts are grouped makes no difference."""
    expected = (one + two) + three
    actual = one + (two + three)

    assert expected == actual


@given(seen=SEEN)
def test_adding_up_is_counting_at_once(seen: list[Counted | Skipped]) -> None:
    """Inputs that are added one by one give the tally of them all."""
    expected = Tally.of(*seen)
    actual = sum(map(Tally.of, seen), Tally())

    assert expected == actual


@given(one=TALLIES, two=TALLIES)
def test_numbers_do_not_depend_on_the_order(one: Tally, two: Tally) -> None:
    """Whatever comes first, the sums and the verdict on completeness are the same."""

    def numbers(tally: Tally) -> tuple[int, int, int, int, bool]:
        return (tally.files, tally.bytes, tally.tokens("o200k_base"), tally.tokens("cl100k_base"), tally.complete)

    expected = numbers(one + two)
    actual = numbers(two + one)

    assert expected == actual


@given(seen=SEEN)
def test_nothing_is_forgotten(seen: list[Counted | Skipped]) -> None:
    """Every input is either counted or skipped, in its order, and an unexpected skip makes the tally incomplete."""
    tally = Tally.of(*seen)
    skipped = tuple(one for one in seen if isinstance(one, Skipped))
    counted = tuple(one for one in seen if isinstance(one, Counted))
    expected = (
        counted,
        skipped,
        sum(one.tokens.get("o200k_base", 0) for one in counted),
        tuple(one.path for one in counted if one.lossy),
        not [one for one in skipped if not one.expected],
    )
    actual = (tally.counted, tally.skipped, tally.tokens("o200k_base"), tally.lossy, tally.complete)

    assert expected == actual


def test_a_survey_counts_or_says_why_not(tmp_path: Path) -> None:
    """Each input is counted in every encoding or skipped with its reason; a skip is done from the start."""
    (tmp_path / "text").write_bytes(b"\xef\xbb\xbfhello <|endoftext|>\xff")
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\0")
    names = ("text", "empty", "binary", "gone")
    sources = [Source(name, str(tmp_path / name), named=name != "binary") for name in names]
    link = Skipped("link", "a symbolic link", expected=True)
    encodings = ("o200k_base", "cl100k_base")
    counts = {encoding: tokenizer(encoding).count("hello <|endoftext|>\ufffd") for encoding in encodings}
    observed: list[int] = []
    expected = (
        Tally.of(
            Counted("text", 23, counts, lossy=True),
            Counted("empty", 0, dict.fromkeys(encodings, 0)),
            Skipped("binary", "binary", expected=True),
            Skipped("gone", "no such file or directory", expected=False),
            link,
        ),
        [2, 3, 4, 5],
    )
    tally = count_all([*sources, link], {name: tokenizer(name) for name in encodings}, Rules(), observe=observed.append)
    actual = (tally, observed)

    assert expected == actual
