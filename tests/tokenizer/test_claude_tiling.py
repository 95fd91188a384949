"""The pieces of Claude's tokens: as many as are counted, and together the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("ctok", reason="ctok needs Python 3.12")

from gpt41calc.tokenizer.claude import ClaudeEngine
from gpt41calc.tokenizer.claude_tiling import TiledPiece, claude_tiling
from gpt41calc.tokenizer.claude_vocabulary import FAMILIES

pytestmark = pytest.mark.usefixtures("reconstructed")

WORDS = (
    *("it's", "don't", " 'a", "'", "HELLO", "Hello", "hELLO", "==", "});", "12", "\n", "\n\n", "  ", " ", "\t", "a b"),
    *("naïve", "ΣΑΣ", "НАТО", "नमस्ते", "ไทยำ", "مرحبا", "漢字", "カナ", "한국어", "😀", "“x”", "‘y’", "—"),
    *("e\u0301", "\u0301", "\u200b", "\xa0", "\u3000", "\ufdd0", "\ue000", "\0", "\x1f", "\r\n", "\u0e4d\u0e32"),
    *("\u1100\u1161", "⟨shift⟩"),
)

TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12).map("".join)


def texts_of(text: str, encoding: str) -> list[tuple[str, str]]:
    """Return each piece with its part of a text, bytes of characters as escapes."""
    raw = text.encode()
    return [
        (piece.name, raw[piece.start : piece.end].decode(errors="backslashreplace"))
        for piece in claude_tiling(text, encoding)
    ]


@pytest.mark.parametrize("encoding", FAMILIES)
@settings(max_examples=100)
@given(text=TEXTS)
def test_there_are_as_many_as_are_counted(encoding: str, text: str) -> None:
    """The number of pieces is the count of tokens, for any text."""
    assert ClaudeEngine(encoding).count(text) == len(claude_tiling(text, encoding))


@pytest.mark.parametrize("encoding", FAMILIES)
@settings(max_examples=100)
@given(text=TEXTS)
def test_together_they_are_the_text(encoding: str, text: str) -> None:
    """One piece begins where the one before ends, the first at the start, and the last ends with the text."""
    pieces = claude_tiling(text, encoding)
    joined = b"".join(text.encode()[piece.start : piece.end] for piece in pieces)

    assert (text.encode() if pieces else b"") == joined
    assert all(one.end == other.start for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello, World", [("⟨bow⟩hello⟨eow⟩", "hello"), (",⟨eow⟩", ","), ("⟨shift⟩⟨bow⟩world⟨eow⟩", " World")]),
        ("a Łódź", [("⟨bow⟩a⟨eow⟩", "a"), ("⟨shift⟩", ""), ("⟨bow⟩ł", " Ł"), ("ód", "ód"), ("ź⟨eow⟩", "ź")]),
        ("c\r\nd\n\n", [("⟨bow⟩c⟨eow⟩", "c"), ("\n", "\r\n"), ("⟨bow⟩d⟨eow⟩", "d\n\n")]),
        ("1🇩", [("⟨bow⟩", ""), ("1", "1"), ("⟨0xF0⟩⟨0x9F⟩", "\\xf0\\x9f"), ("⟨0x87⟩", "\\x87"), ("⟨0xA9⟩", "\\xa9")]),
        ("e\u0301 “y”", [("⟨bow⟩é⟨eow⟩", "e\u0301"), ('⟨bow⟩"', " “"), ("⟨bow⟩y⟨eow⟩", "y"), ('"', "”")]),
    ],
)
def test_each_has_its_part_of_the_text(text: str, expected: list[tuple[str, str]]) -> None:
    """A blank goes with the word after it, what was normalized is shown as it was written, and a mark has no text."""
    assert expected == texts_of(text, "claude-3")


def test_characters_that_cannot_be_told_apart() -> None:
    """Where two characters become one that is elsewhere, the first piece of the line has all of its text."""
    found = texts_of("x\n\u0e4d\u0e32 y", "claude-3")

    assert [("⟨bow⟩x⟨eow⟩", "x"), ("\n", "\n")] == found[:2]
    assert "\u0e4d\u0e32 y" == "".join(part for _, part in found[2:])
    assert 1 == sum(bool(part) for _, part in found[2:])


def test_a_piece_is_a_plain_value() -> None:
    """A piece has its name and its place in bytes."""
    assert [TiledPiece("⟨bow⟩é⟨eow⟩", 0, 2)] == claude_tiling("é", "claude-3")
