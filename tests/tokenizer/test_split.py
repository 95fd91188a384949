"""A text that was split is in its pieces, each with few enough tokens as tiktoken counts them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from texts_to_cut import ENCODINGS, REFERENCES, TEXTS

from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.split import At, Indivisible, Part, Splitting, split

MARKDOWN = st.lists(
    st.sampled_from(("# Title\n", "## Part\n\n", "Title\n=====\n", "One. Two!\n", "word " * 9, "\n\n", "a\r\n\r\n")),
    max_size=20,
).map("".join)


def parts(text: str, encoding: str, how: Splitting) -> list[Part]:
    """Return the pieces of a text; a text with a character that is longer than a piece is no example."""
    try:
        return list(split(tokenizer(encoding), encoding, [text.encode()], how))
    except Indivisible:
        reject()


@given(TEXTS | MARKDOWN, ENCODINGS, st.sampled_from(list(At)), st.integers(12, 40))
def test_pieces_joined_are_the_text(text: str, encoding: str, at: At, limit: int) -> None:
    """Nothing is lost or added, and no piece is empty."""
    found = parts(text, encoding, Splitting(limit, at=at))

    assert text == "".join(each.text for each in found)
    assert all(each.text for each in found)


@given(TEXTS | MARKDOWN, ENCODINGS, st.sampled_from(list(At)), st.integers(12, 40), st.integers(0, 11))
def test_no_piece_has_too_many_tokens(text: str, encoding: str, at: At, limit: int, overlap: int) -> None:
    """Every piece has the tokens it says, and no more than the limit."""
    for each in parts(text, encoding, Splitting(limit, overlap, at)):
        assert REFERENCES[encoding].count(each.text) == each.tokens <= limit


@given(TEXTS | MARKDOWN, ENCODINGS, st.sampled_from(list(At)), st.integers(12, 40), st.integers(1, 11))
def test_what_is_repeated(text: str, encoding: str, at: At, limit: int, overlap: int) -> None:
    """A piece begins inside the one before it or at its end, goes on after it, and repeats few enough tokens."""
    raw = text.encode()
    found = parts(text, encoding, Splitting(limit, overlap, at))

    assert all(raw[each.start : each.end] == each.text.encode() for each in found)
    assert [0, len(raw)] == [found[0].start, found[-1].end] if raw else not found
    for before, after in pairwise(found):
        assert before.start < after.start <= before.end < after.end
        assert REFERENCES[encoding].count(raw[after.start : before.end]) <= overlap


@pytest.mark.parametrize(
    ("at", "limit", "expected"),
    [
        (At.PARAGRAPH, 6, ["One two. Three.\n\n", "# Title\n\nFour five.\n\n", "Six.\n"]),
        (At.PARAGRAPH, 12, ["One two. Three.\n\n# Title\n\nFour five.\n\n", "Six.\n"]),
        (At.HEADING, 12, ["One two. Three.\n\n", "# Title\n\nFour five.\n\nSix.\n"]),
        (At.SENTENCE, 4, ["One two. ", "Three.\n\n", "# Title\n\nFour", " five.\n\nSix.\n"]),
        (At.TOKEN, 8, ["One two. Three.\n\n# Title\n\n", "Four five.\n\nSix.\n"]),
    ],
)
def test_where_a_piece_ends(at: At, limit: int, expected: list[str]) -> None:
    """It ends between paragraphs, sections or sentences, and a heading is in the piece of its text."""
    text = "One two. Three.\n\n# Title\n\nFour five.\n\nSix.\n"

    assert expected == [each.text for each in parts(text, "o200k_base", Splitting(limit, at=at))]


def test_a_heading_is_never_alone() -> None:
    """A heading that would be the last of a piece begins the next one, with the headings before it."""
    text = "word " * 20 + "\n\n# One\n\n## Two\n\n" + "word " * 20

    first, second = parts(text, "o200k_base", Splitting(30))

    assert second.text.startswith("# One\n\n## Two\n\nword")
    assert "#" not in first.text


def test_a_character_with_too_many_tokens() -> None:
    """No character is divided: that it does not fit is said, with its place."""
    with pytest.raises(Indivisible, match=r"the character at byte 2 has [0-9]+ tokens"):
        list(split(tokenizer("o200k_base"), "o200k_base", ["a 👨‍👩‍👧".encode()], Splitting(2, at=At.TOKEN)))


def test_a_long_text_in_small_blocks() -> None:
    """However a text comes, its pieces are the same."""
    text = "".join(f"# {number}\n\nSome words of {number}.\n\n" for number in range(1500)) + "x" * 70_000
    raw = text.encode()
    blocks = [raw[at : at + 1000] for at in range(0, len(raw), 1000)]
    how = Splitting(200, 20)

    assert parts(text, "o200k_base", how) == list(split(tokenizer("o200k_base"), "o200k_base", blocks, how))
