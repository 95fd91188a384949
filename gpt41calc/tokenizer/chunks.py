"""Count text of any length in pieces, exactly.

Byte-pair merging never crosses the pieces into which an encoding's pattern cuts the text, and the pattern never looks
back. So text may be cut where a piece always ends whatever follows it, if the piece before the cut would also have
ended there without the text that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..errors import Uncountable
from .protocol import Counter

__all__ = ["count_stream", "pieces"]

PIECE_BYTES = 4 << 20
"""Smallest size of a piece, in bytes, so that the overhead per call is negligible."""

MAX_PIECE_BYTES = 256 << 20
"""Longest text without a safe cut that can be counted, in bytes."""

_WINDOW_BYTES = 1 << 6

# In o200k_base and cl100k_base, no piece with a letter continues over white space or a digit, no piece with a digit
# over white space or a letter, and no piece with a newline over a letter or digit. \xe5-\xe8 are the first bytes of
# U+5000 to U+8FFF, all of them letters.
_SAFE_CUT = re.compile(
    rb"(?<=[A-Za-z0-9])(?=[ \t\r\n])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=\n)(?=[A-Za-z0-9\xe5-\xe8])"
)


def pieces(blocks: Iterable[bytes], *, piece_bytes: int = PIECE_BYTES) -> Iterator[bytes]:
    """Divide UTF-8 text at safe cuts; the token counts of the pieces add up to that of the text.

    Args:
        blocks: the text in any division; a character may lie across two blocks, not across two pieces.
        piece_bytes: smallest size of each piece but the last.

    Raises:
        Uncountable: more than ``MAX_PIECE_BYTES`` bytes without a safe cut.
    """
    held: list[bytes] = []
    size = 0
    wanted = piece_bytes
    for block in blocks:
        held.append(block)
        size += len(block)
        if size < wanted:
            continue
        text = b"".join(held)
        cut = _last_cut(text)
        if cut:
            yield text[:cut]
        held = [text[cut:]]
        size = len(held[0])
        wanted = min(max(piece_bytes, 2 * size), MAX_PIECE_BYTES + 1)
        if size > MAX_PIECE_BYTES:
            message = f"more than {MAX_PIECE_BYTES:,} bytes without a place to cut"
            raise Uncountable(message)
    if size:
        yield b"".join(held)


def _last_cut(text: bytes) -> int:
    """Return the position of the last safe cut, or 0; the end is searched first, where it nearly always is."""
    end, window = len(text), _WINDOW_BYTES
    while end > 0:
        start = max(0, end - window)
        # The window has one more byte on either side, so that a cut at its edge is found.
        found = [cut.start() for cut in _SAFE_CUT.finditer(text, max(0, start - 1), min(len(text), end + 1))]
        if found and found[-1] > 0:
            return found[-1]
        end, window = start, 2 * window
    return 0


def count_stream(tokenizer: Counter, blocks: Iterable[bytes]) -> int:
    """Return the exact number of tokens of a text that may be larger than memory.

    Raises:
        Uncountable: more than ``MAX_PIECE_BYTES`` bytes without a safe cut.

    >>> from gpt41calc.tokenizer.engines import tokenizer
    >>> count_stream(tokenizer("o200k_base"), [b"hel", b"lo wor", b"ld"])
    2
    """
    return sum(tokenizer.count(piece) for piece in pieces(blocks))
