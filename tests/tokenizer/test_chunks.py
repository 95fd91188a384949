"""Text counted in pieces has the count of the whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.errors import Uncountable
from gpt41calc.tokenizer import chunks
from gpt41calc.tokenizer.chunks import count_stream, pieces
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

BITS = (
    *(
        "a",
        "Z",
        "word",
        "it's",
        "I'LL",
        "'",
        "'l",
        "l",
        "é",
        "ſ",
        "e\u0301",
        "\u0301",
        "Привет",
        "汉",
        "倀",
        "龘",
        "かな",
    ),
    *("0", "12", "1234", "٣", "²", " ", "  ", "\t", "\u3000", "\xa0", "\x0b", "\n", "\n\n", "\r\n", "\r", " \n", "\n "),
    *("!", "...", "/", "//", "/\n", "_", "-", "😀", "👍🏽", "{", "\x1c", "\u200b", "<|endoftext|>", "\ufffd"),
)
"""Neighbours of every kind of cut, and of every place that is none."""

TEXTS = st.lists(st.sampled_from(BITS) | st.text(max_size=3), max_size=40).map(lambda bits: "".join(bits).encode())


@st.composite
def divided(draw: st.DrawFn) -> list[bytes]:
    """Return text as blocks that may end anywhere, even inside a character."""
    text = draw(TEXTS)
    ends = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


@given(blocks=divided(), piece_bytes=st.integers(1, 8))
def test_pieces_are_the_text(blocks: list[bytes], piece_bytes: int) -> None:
    """Nothing is lost, added or moved by cutting, and no piece is empty."""
    found = list(pieces(blocks, piece_bytes=piece_bytes))
    expected = (b"".join(blocks), True)
    actual = (b"".join(found), all(found))

    assert expected == actual


@pytest.mark.parametrize("encoding", VOCABULARIES)
@settings(max_examples=150)
@given(blocks=divided(), piece_bytes=st.integers(1, 8))
def test_counts_of_pieces_add_up(encoding: str, blocks: list[bytes], piece_bytes: int) -> None:
    """However the text arrives and wherever it is cut, the sum is the count of the whole."""
    engine = tokenizer(encoding)
    expected = engine.count(b"".join(blocks))
    actual = sum(engine.count(piece) for piece in pieces(blocks, piece_bytes=piece_bytes))

    assert expected == actual


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("word word", 4),
        ("word\tword", 4),
        ("word\r\n", 4),
        ("word12", 4),
        ("12word", 2),
        ("12 !", 2),
        ("!\nword", 2),
        ("!\n12", 2),
        ("!\nか", 0),
        ("!\n倀", 2),
        ("!\n !", 0),
        ("!\n/", 0),
        ("! !", 0),
        ("é é", 0),
        ("it's", 0),
        ("e\u0301", 0),
        ("123456", 0),
        ("      ", 0),
        ("\r\n\r\n", 0),
    ],
)
def test_where_text_is_cut(text: str, cut: int) -> None:
    """Text is cut between a letter and a blank, a letter and a digit, a newline and a letter; not elsewhere."""
    raw = text.encode()
    expected = [raw[:cut], raw[cut:]] if cut else [raw]
    actual = list(pieces([raw], piece_bytes=1))

    assert expected == actual


@given(gap=st.integers(4_000, 4_200), filler=st.sampled_from(["!", " ", "か", "_"]))
def test_a_cut_far_from_the_end_is_found(gap: int, filler: str) -> None:
    """The last cut is found wherever it lies, also at the edge of what is looked at first."""
    tail = ("\r\n" + filler * gap).encode()
    expected = [b"!word12", tail]
    actual = list(pieces([b"!word12" + tail], piece_bytes=1))

    assert expected == actual


def test_long_text_is_not_held_at_once() -> None:
    """Of ordinary text, little more than a piece is ever held."""
    asked = 0

    def blocks() -> Iterator[bytes]:
        nonlocal asked
        for _ in range(100):
            asked += 1
            yield b"some words " * 10

    waiting: list[int] = []
    done = 0
    for piece in pieces(blocks(), piece_bytes=100):
        done += len(piece)
        waiting.append(asked * 110 - done)
    expected = True
    actual = max(waiting) <= 220

    assert expected == actual


@pytest.mark.parametrize("size", [1, 7, 100, 5_000])
def test_text_without_a_cut_is_refused(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Text with no place to cut is held up to a limit, and not a block longer."""
    monkeypatch.setattr(chunks, "MAX_PIECE_BYTES", 1_000)
    taken = 0

    def blocks() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += size
            yield b"!" * size

    with pytest.raises(Uncountable, match="more than 1,000 bytes without a place to cut"):
        list(pieces(blocks(), piece_bytes=10))
    expected = True
    actual = taken <= 1_000 + size

    assert expected == actual


def test_text_without_a_cut_is_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text with no place to cut that is as long as the limit is one piece."""
    monkeypatch.setattr(chunks, "MAX_PIECE_BYTES", 1_000)
    expected = [b"!" * 1_000]
    actual = list(pieces([b"!"] * 1_000, piece_bytes=10))

    assert expected == actual


def test_no_text_has_no_pieces() -> None:
    """Nothing, in no block or in many, counts nothing."""
    expected = [0, 0]
    actual = [count_stream(tokenizer("o200k_base"), blocks) for blocks in ([], [b"", b""])]

    assert expected == actual
