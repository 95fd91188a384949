"""The kinds of the texts of many requests, found at once, are those of each request."""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.tokenizer.block_kinds import RequestKinds
from gpt41calc.tokenizer.text_kind import TextKind, kind_of_text, kinds_of_texts

WORDS = [
    "the",
    "of",
    "and",
    "in",
    "The",
    "x",
    "foo",
    "word",
    "a_b",
    "the1",
    "_",
    "1",
    "()",
    "{}",
    "=",
    "\0",
    "é",
    "это",
    "日本",
]
GAPS = [" ", "  ", "\n", "\t", "-", ".", "", "_", "\x1c", "\x85"]
TEXTS = st.one_of(
    st.text(max_size=30),
    st.builds(
        lambda some, gap, times: gap.join(some) * times,
        st.lists(st.sampled_from(WORDS), max_size=60),
        st.sampled_from(GAPS),
        st.sampled_from([1, 1, 2, 40, 300]),
    ),
    st.sampled_from(["x" * size for size in (1, 7, 8, 1023, 1024, 1025)]),
)


@given(parts=st.lists(st.lists(st.lists(TEXTS, max_size=3), max_size=12), max_size=3))
def test_many_requests_at_once_are_each_alone(parts: list[list[list[str]]]) -> None:
    """Words that cross the end of a block, texts longer than all blocks, and the texts of earlier requests, too."""
    kinds = RequestKinds()
    for requests in parts:
        expected = [list(kinds_of_texts(texts).items()) for texts in requests]
        actual = [list(found.items()) for found in kinds.of(requests)]

        assert expected == actual


@given(text=TEXTS)
def test_bounds_decide_as_the_shares_do(text: str) -> None:
    """Deciding from a part of a text finds the kind that counting all its characters and words finds."""
    text = text[:1024]
    expected = plainly(text)
    actual = kind_of_text(text)

    assert expected == actual


def plainly(text: str) -> TextKind:
    """Return the kind of a text by counting everything."""
    letters = re.findall(r"[^\W\d_]", text)
    cjk = re.findall("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]", text)
    latin = re.findall("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]", text)
    if len(cjk) > 0.2 * len(letters):
        return "cjk"
    if len(letters) - len(latin) > 0.2 * len(letters) or not letters:
        return "other"
    written = len(text) - text.count(" ") - text.count("\n")
    if len(re.findall("[][{}()<>=;:_/*\"'#$%&|\\\\+@~^`]", text)) > 0.12 * written:
        return "code"
    words = re.findall(r"\w+", text.lower())
    english = {"the", "of", "and", "to", "is", "in", "that", "for", "with", "or", "this", "be", "are", "not"}
    return "english" if sum(word in english for word in words) > 0.03 * len(words) else "latin"


def test_the_sizes_of_blocks_are_bytes() -> None:
    """What is not ASCII is weighed by its bytes."""
    expected = [{"english": Decimal(31)}, {"latin": Decimal(1), "cjk": Decimal(24)}]
    actual = RequestKinds().of([["It is the first of two reports."], ["a", "これは日本語です"]])

    assert expected == actual
