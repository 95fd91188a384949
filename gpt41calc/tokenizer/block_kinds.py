"""Detect the kinds of the texts of many requests at once: with numpy it takes a quarter less than one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .engines import has_numpy
from .text_kind import (
    BLOCK_CHARACTERS,
    FEW,
    LETTERS,
    MANY,
    SIGNS,
    BlockKinds,
    TextKind,
    block_step,
    by_kind,
    is_english,
    kind_of_ascii,
    kinds_of_blocks,
    kinds_of_texts,
)

__all__ = ["RequestKinds"]

_FEW_BLOCKS = 8
"""Fewest blocks for which numpy is worth its calls."""

_SIGN, _BLANK, _LETTER, _IN_WORD = 1, 2, 4, 8


_CLASSES = bytes(
    (_SIGN if byte in SIGNS else 0)
    | (_BLANK if byte in b" \n" else 0)
    | (_LETTER if byte in LETTERS else 0)
    | (_IN_WORD if byte in LETTERS + b"0123456789_" else 0)
    for byte in range(256)
)
"""Table for ``bytes.translate``: the classes of a character of ASCII."""


class RequestKinds:
    """Detects the kinds of the texts of requests; those of a text that is repeated are found once."""

    def __init__(self) -> None:
        """Start without a text."""
        self._known: dict[str, BlockKinds] = {}

    def of(self, requests: Sequence[Sequence[str]]) -> list[Mapping[str, Decimal | int]]:
        """Return the ``kinds_of_texts`` of each request.

        >>> RequestKinds().of([["It is the first of two reports."], ["a", "これは日本語です"]])
        [{'english': 31}, {'latin': 1, 'cjk': Decimal('24')}]
        """
        # Every character of most requests is in a block, and the blocks of a text are those of the text alone.
        is_whole = [block_step(texts) == BLOCK_CHARACTERS for texts in requests]
        texts_of_whole = [text for texts, whole in zip(requests, is_whole, strict=True) if whole for text in texts]
        # What the last requests had, too: most begin with the same instructions.
        found = {text: self._known[text] for text in texts_of_whole if text in self._known}
        new = [text for text in dict.fromkeys(texts_of_whole) if text not in found]
        in_ascii = [text for text in new if text.isascii()]
        found.update(zip(in_ascii, _kinds_of_ascii_texts(in_ascii), strict=True))
        found.update((text, kinds_of_blocks(text, BLOCK_CHARACTERS)) for text in new if not text.isascii())
        self._known = found
        return [
            by_kind([found[text] for text in texts]) if whole else kinds_of_texts(texts)
            for texts, whole in zip(requests, is_whole, strict=True)
        ]


def _kinds_of_ascii_texts(texts: Sequence[str]) -> list[BlockKinds]:
    """Return the kinds of all blocks of texts of ASCII."""
    cut = [_blocks(text.encode()) for text in texts]
    blocks = [block for some in cut for block in some]
    is_worth_it = len(blocks) >= _FEW_BLOCKS and has_numpy()
    kinds = iter(_kinds_of_many(blocks) if is_worth_it else map(kind_of_ascii, blocks))
    result: list[BlockKinds] = []
    for some in cut:
        sums: dict[TextKind, Decimal | int] = {}
        for block in some:
            kind = next(kinds)
            sums[kind] = sums[kind] + len(block) if kind in sums else len(block)
        result.append(tuple(sums.items()))
    return result


def _blocks(raw: bytes) -> list[bytes]:
    if len(raw) <= BLOCK_CHARACTERS:
        return [raw] if raw else []
    return [raw[start : start + BLOCK_CHARACTERS] for start in range(0, len(raw), BLOCK_CHARACTERS)]


def _kinds_of_many(blocks: Sequence[bytes]) -> list[TextKind]:
    """Return the result of ``kind_of_ascii`` for each block of at most 1,024 bytes."""
    import numpy

    # Rows are as long as the longest block, of whole groups of 8 bytes, with at least one byte that is in no word.
    width = (max(map(len, blocks)) // 8 + 1) * 8
    rows = b"".join([block.ljust(width, b"\0") for block in blocks]).translate(_CLASSES)
    classes = numpy.frombuffer(rows, dtype="uint8")

    def sums(flags: numpy.ndarray) -> list[int]:
        """Return how many bytes of each row are 1; 8 of them are added at once, up to 129 times, without a carry."""
        eight = flags.view("uint64").reshape(len(blocks), -1).sum(axis=1)
        return list(eight.view("uint8").reshape(len(blocks), 8).sum(axis=1).tolist())

    in_word = classes & _IN_WORD
    begins = numpy.empty_like(in_word)
    begins[0] = in_word[0] != 0
    numpy.greater(in_word[1:], in_word[:-1], out=begins[1:].view("bool"))
    every = numpy.bitwise_or.reduce(classes.reshape(len(blocks), width), axis=1).tolist()
    signs, blanks, words = sums(classes & _SIGN), sums((classes & _BLANK) >> 1), sums(begins)
    return [
        "other"
        if not has & _LETTER
        else "code"
        if signs_in > MANY * (len(block) - blanks_in)
        else "english"
        if is_english(block, FEW * words_in)
        else "latin"
        for block, has, signs_in, blanks_in, words_in in zip(blocks, every, signs, blanks, words, strict=True)
    ]
