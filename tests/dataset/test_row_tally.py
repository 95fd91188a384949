"""What rows add up to: the same from any Arrow type, and in any order."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any

import pytest

pytest.importorskip("pyarrow")

import pyarrow
from hypothesis import given
from hypothesis import strategies as st
from reference import o200k

from gpt41calc.dataset import Above, Longest, Tally, merge, tally, tally_batches, tally_table
from gpt41calc.dataset.totals import bucket_middle, bucket_of
from gpt41calc.errors import UsageError

_NUMBERS = st.integers(0, 10**6)
_ROWS_ABOVE = st.builds(Above, _NUMBERS, _NUMBERS)
_LONGEST = st.one_of(st.just(Longest(0, "")), st.builds(Longest, _NUMBERS, st.sampled_from(["a", "b", "c"])))
_TALLIES = st.builds(
    Tally,
    rows=_NUMBERS,
    nulls=_NUMBERS,
    lossy=_NUMBERS,
    bytes=_NUMBERS,
    tokens=_NUMBERS,
    squares=_NUMBERS,
    outputs=_NUMBERS,
    longest=_LONGEST,
    histogram=st.dictionaries(st.integers(0, 100), st.integers(1, 99), max_size=3),
    above=st.dictionaries(st.sampled_from([1023, 200_000]), _ROWS_ABOVE),
)

HARD = [
    "hello world",
    "",
    None,
    "<|endoftext|>",
    "l'été 데이터 データ 👩‍👩‍👧",
    "\u1c89 \u2427 \ua7dc",  # letters that Unicode 16 has and earlier ones have not
    "x" * 300,
    "\r\n\t  \n",
    b"\xff\xfe no UTF-8 \xc3".decode("latin-1"),
]

_TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(HARD), st.text(max_size=30)), max_size=8)

TYPES: dict[str, Callable[[list[str | None]], Any]] = {
    "string": lambda rows: pyarrow.array(rows, pyarrow.string()),
    "large_string": lambda rows: pyarrow.array(rows, pyarrow.large_string()),
    "string_view": lambda rows: pyarrow.array(rows, pyarrow.string_view()),
    "binary": lambda rows: pyarrow.array([_encoded(row) for row in rows], pyarrow.binary()),
    "dictionary": lambda rows: pyarrow.array(rows, pyarrow.string()).dictionary_encode(),
}


def _encoded(row: str | None) -> bytes | None:
    return None if row is None else row.encode()


def reference(rows: list[str | None]) -> int:
    """Return the tokens of rows, each by itself, by tiktoken."""
    return sum(len(o200k().encode_ordinary(row)) for row in rows if row is not None)


@given(_TALLIES, _TALLIES, _TALLIES)
def test_tallies_are_a_commutative_monoid(one: Tally, two: Tally, three: Tally) -> None:
    """Neither order nor grouping matters, and an empty tally changes nothing."""
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Tally() == one


@given(_TALLIES)
def test_a_tally_comes_back_from_its_text(one: Tally) -> None:
    """What workers send is what they counted."""
    assert Tally.from_json(one.to_json()) == one


@pytest.mark.parametrize("kind", TYPES)
@given(rows=_TEXTS, start=st.integers(0, 3))
def test_a_tally_has_the_tokens_of_tiktoken(kind: str, rows: list[str | None], start: int) -> None:
    """Row by row, whatever Arrow type holds them, in a slice as well."""
    # Lone surrogates are in no Arrow string.
    rows = [None if row is None else row.encode("utf-8", "replace").decode() for row in rows]
    batch = pyarrow.record_batch({"text": TYPES[kind](rows)}).slice(start)
    found = tally(batch)

    assert (reference(rows[start:]), sum(row is not None for row in rows[start:])) == (found.tokens, found.rows)


def test_bytes_that_are_no_utf8_are_counted_as_they_are_sent() -> None:
    """Each is U+FFFD, and the row is named lossy."""
    raw = [b"good", b"\xff\xfe bad \xc3", b"\xe2\x82 cut"]
    found = tally(pyarrow.record_batch({"text": pyarrow.array(raw, pyarrow.binary())}))

    assert (reference([row.decode(errors="replace") for row in raw]), 2) == (found.tokens, found.lossy)


@given(_TEXTS, st.lists(st.integers(0, 8), max_size=3))
def test_any_division_into_batches_adds_up(rows: list[str | None], cuts: list[int]) -> None:
    """The tally of the whole is the sum of the tallies of its parts."""
    rows = [None if row is None else row.encode("utf-8", "replace").decode() for row in rows]
    batch = pyarrow.record_batch({"text": pyarrow.array(rows, pyarrow.string())})
    edges = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    parts = [tally(batch.slice(start, end - start)) for start, end in pairwise(edges)]
    whole, added = tally(batch), reduce(Tally.__add__, parts, Tally())

    assert (whole.tokens, whole.squares, whole.histogram) == (added.tokens, added.squares, added.histogram)


def test_thresholds_are_exact() -> None:
    """Rows that are longer than a threshold are counted apart, with all their tokens."""
    rows = ["a", "a b c", "a b c d e"]
    found = tally(pyarrow.record_batch({"text": rows}), thresholds=(1, 3, 5))

    assert {1: Above(2, 8), 3: Above(1, 5)} == found.above


def test_what_workers_yield_is_merged() -> None:
    """``tally_batches`` and ``tally_table`` give rows that ``merge`` adds up; another version is refused."""
    batch = pyarrow.record_batch({"text": ["hello world", None]})
    yielded = list(tally_batches([batch, batch]))
    tables = tally_table(pyarrow.Table.from_batches([batch]))

    assert (4, 2) == (merge(yielded).tokens, merge(tables.to_pylist()).tokens)
    with pytest.raises(UsageError, match="a worker has gpt41calc 0"):
        merge([{"version": "0", "encoding": "o200k_base", "tally": Tally().to_json()}])


@given(st.integers(0, 10**7))
def test_a_bucket_is_within_nine_percent(tokens: int) -> None:
    """A percentile that is read off the histogram is near the true one."""
    assert abs(bucket_middle(bucket_of(tokens)) - tokens) <= 0.09 * tokens


@pytest.mark.parametrize(
    "template",
    [
        "Label this.\n\nText: {text}\n",
        "{text}",
        "a{text}b{text}",
        "Head\nfoot {text}\n\nNext {{brace}}\nlast",
        " {text} ",
        "x\n{text}\ny",
    ],
)
@given(rows=st.lists(st.one_of(st.none(), st.sampled_from(["", "\n", " a", "'s", "n\n", "1"]), st.text(max_size=12))))
def test_the_seam_of_a_template_is_exact(template: str, rows: list[str | None]) -> None:
    """What is counted once and what is counted with every row are together the tokens of the whole prompt."""
    rows = [None if row is None else row.encode("utf-8", "replace").decode() for row in rows]
    prompts = [None if row is None else template.format(text=row) for row in rows]
    batch = pyarrow.record_batch({"text": pyarrow.array(rows, pyarrow.string())})

    assert reference(prompts) == tally(batch, template=template).tokens
