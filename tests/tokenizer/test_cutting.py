"""A text that was cut is the longest that is allowed, counted by tiktoken as it will be sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from texts_to_cut import ENCODINGS, REFERENCES, TEXTS

from gpt41calc.tokenizer import truncate as truncation
from gpt41calc.tokenizer.borders import token_ends, written_ends, written_starts
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.segments import segments
from gpt41calc.tokenizer.token_bytes import token_bytes
from gpt41calc.tokenizer.truncate import At, From, Truncation, truncate

MARKERS = st.sampled_from(("", "…", " [...]\n", "'t", "b", " x", "\n\n--- cut ---\n\n", "lo", "中"))


@pytest.fixture(params=[16, 64 << 10], ids=["many pieces", "one piece"])
def step_bytes(request: pytest.FixtureRequest) -> Iterator[int]:
    """Read texts in pieces of some size."""
    before = truncation.STEP_BYTES
    truncation.STEP_BYTES = request.param
    yield request.param
    truncation.STEP_BYTES = before


def places(text: str, at: At, encoding: str, *, start: bool) -> list[int]:
    """Return every place at which a text may be cut, in a way that knows nothing of segments."""
    reference = REFERENCES[encoding]
    if at is At.TOKEN:
        found = list(token_ends(text, reference, token_bytes(encoding)))
    else:
        found = written_starts(text, at) if start else written_ends(text, at)
    whole = {each.end() for each in regex.finditer(r"\X", text)}
    return [place for place in found if 0 < place < len(text) and place in whole]


def longest(texts: Iterator[str], limit: int, encoding: str, otherwise: str) -> str:
    """Return the longest text with few enough tokens."""
    fitting = (text for text in texts if REFERENCES[encoding].count(text) <= limit)
    return max(fitting, key=len, default=otherwise)


def expected(text: str, encoding: str, how: Truncation) -> str:
    """Return the longest allowed text, by trying all."""
    count, marker = REFERENCES[encoding].count, how.marker
    if count(text) <= how.limit:
        return text
    starts, ends = (places(text, how.at, encoding, start=start) for start in (True, False))
    if how.keep is From.START:
        return longest((text[:end] + marker for end in ends), how.limit, encoding, marker)
    if how.keep is From.END:
        return longest((marker + text[start:] for start in starts), how.limit, encoding, marker)
    half = (how.limit - count(marker)) // 2
    end = longest((text[start:] for start in starts), half, encoding, "")
    most = len(text) - len(end)
    return longest((text[:at] + marker + end for at in ends if at < most), how.limit, encoding, marker + end)


@pytest.mark.usefixtures("step_bytes")
@pytest.mark.parametrize("kept", From)
@given(TEXTS, MARKERS, st.integers(0, 40), st.sampled_from(At), ENCODINGS)
def test_the_longest_that_is_allowed(kept: From, text: str, marker: str, limit: int, at: At, encoding: str) -> None:
    """The result is the longest that the limit, the marker and the places allow, and its count is tiktoken's."""
    limit = max(limit, REFERENCES[encoding].count(marker))
    how = Truncation(limit, kept, marker, at)
    found = truncate(tokenizer(encoding), encoding, [text.encode()], how)

    assert (expected(text, encoding, how), True) == (found.text, found.tokens <= limit)
    assert REFERENCES[encoding].count(found.text) == found.tokens


@given(TEXTS, ENCODINGS)
def test_segments_add_up(text: str, encoding: str) -> None:
    """The segments are the text, and their counts add up to its count, also from or up to anywhere inside one."""
    parts, count = segments(text), REFERENCES[encoding].count
    middle = len(parts) // 2
    cut = parts[middle : middle + 1]
    shorter = [*parts[:middle], *(part[: (len(part) + 1) // 2] for part in cut)]
    later = [*(part[len(part) // 2 :] for part in cut), *parts[middle + 1 :]]

    assert text == "".join(parts)
    assert [count("".join(each)) for each in (parts, shorter, later)] == [
        sum(map(count, each)) for each in (parts, shorter, later)
    ]


@pytest.mark.parametrize("text", ["a" * 8_000, "=" * 40_000, "中" * 2000, " " * 80_000, "=- " * 2000])
@pytest.mark.parametrize(
    "kept",
    [
        From.MIDDLE,  # which cuts a start and an end
        *(pytest.param(one, marks=pytest.mark.exhaustive) for one in (From.START, From.END)),
    ],
)
def test_a_text_without_places_to_cut(text: str, kept: From) -> None:
    """A long run of one kind is cut as closely as another text: to a few tokens below the limit."""
    found = truncate(tokenizer("o200k_base"), "o200k_base", [text.encode()], Truncation(500, kept, " … "))
    count = REFERENCES["o200k_base"].count

    assert found.tokens == count(found.text)
    assert 490 < found.tokens <= 500


def test_little_is_read_to_keep_the_start() -> None:
    """Of a text without end, no more is read than the start takes."""
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b"lorem ipsum dolor 12\n" * 1000

    found = truncate(tokenizer("o200k_base"), "o200k_base", endless(), Truncation(100))

    assert (100, True, True) == (found.tokens, found.is_cut, read < 20)
