"""Cut a text to a number of tokens, counted as the result is encoded again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice

from .borders import At
from .chunks import pieces
from .cutting import Cutter, Pieces, Place
from .protocol import Tokenizer
from .token_bytes import token_bytes

__all__ = ["MAX_TOKEN_BYTES", "At", "From", "Truncated", "Truncation", "in_steps", "truncate"]

MAX_TOKEN_BYTES = 128
"""Length of the longest token of every encoding, in bytes."""

STEP_BYTES = 64 << 10
"""Text is counted in pieces of this size, so that little is read beyond the end of a short start."""


class From(StrEnum):
    """Which part of a text is kept."""

    START = "start"
    END = "end"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Truncation:
    """How to cut a text."""

    limit: int
    """Most tokens of the result, with the marker."""

    keep: From = From.START
    """Which part is kept; with ``MIDDLE``, the start and the end are, and what is between them is left out."""

    marker: str = ""
    """Text that stands for what is left out; empty for none."""

    at: At = At.TOKEN
    """What is not divided by the cut."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """A text that was cut, or is short enough."""

    text: str
    """What is kept, with the marker if something was left out."""

    tokens: int
    """Tokens of ``text``, encoded as it is."""

    is_cut: bool
    """Whether something was left out."""


def truncate(tokenizer: Tokenizer, encoding: str, blocks: Iterable[bytes], how: Truncation) -> Truncated:
    """Cut a text to a number of tokens.

    To keep the start, no more is read than that takes. Otherwise all is read, but at most 128 bytes for each token of
    the limit are held at once.

    Args:
        tokenizer: the tokenizer.
        encoding: the name of its encoding.
        blocks: the text as UTF-8, in any division.
        how: how to cut it.

    Returns:
        The longest start (or end) of the text that ends (begins) where ``how.at`` allows it and that has, with the
        marker, no more tokens than the limit. With ``MIDDLE``, the end is the longest one with half of the tokens
        that the marker leaves, and the start is the longest one with which the whole has no more than the limit.

    Raises:
        ValueError: the marker alone has more tokens than the limit.
        Uncountable: more than ``chunks.MAX_PIECE_BYTES`` bytes without a place to cut.
    """
    marker_tokens = tokenizer.count(how.marker)
    if marker_tokens > how.limit:
        message = f"the marker alone has {marker_tokens:,} tokens, and the limit is {how.limit:,}"
        raise ValueError(message)
    cutter = Cutter(tokenizer, token_bytes(encoding), how.at)
    stream = pieces(in_steps(blocks), piece_bytes=STEP_BYTES)
    if how.keep is From.END:
        text = _ending(tokenizer, stream, how.limit)
        if text.tokens <= how.limit:
            return Truncated(text.text(), text.tokens, is_cut=False)
        end = cutter.longest_end(text, how.marker, how.limit)
        return Truncated(how.marker + _from(text, end.place), end.tokens, is_cut=True)
    head = _beginning(tokenizer, stream, how.limit)
    if head.tokens <= how.limit:
        return Truncated(head.text(), head.tokens, is_cut=False)
    last, what_follows = head.end, how.marker
    if how.keep is From.MIDDLE:
        text = _ending(tokenizer, chain((each.encode() for each in head.texts), stream), how.limit)
        end = cutter.longest_end(text, "", (how.limit - marker_tokens) // 2)
        last, what_follows = min(last, end.place or text.end), how.marker + _from(text, end.place)
    start = cutter.longest_start(head, what_follows, how.limit, last)
    beginning = head.text(end=start.place) if start.place else ""
    return Truncated(beginning + what_follows, start.tokens, is_cut=True)


def _from(text: Pieces, place: Place | None) -> str:
    return text.text(start=place) if place else ""


def _beginning(tokenizer: Tokenizer, stream: Iterator[bytes], limit: int) -> Pieces:
    """Return the first pieces of a text, up to one after that with which a limit is passed."""
    texts: list[str] = []
    counts: list[int] = []
    tokens = 0
    for piece in stream:
        texts.append(piece.decode())
        counts.append(tokenizer.count(piece))
        if tokens > limit:
            break
        tokens += counts[-1]
    return Pieces(texts, counts)


def _ending(tokenizer: Tokenizer, stream: Iterator[bytes], limit: int) -> Pieces:
    """Return the last pieces of a text, from one before that with which a limit is passed, counted from the end."""
    held: deque[bytes] = deque()
    size, read, most_bytes = 0, 0, (limit + 1) * MAX_TOKEN_BYTES
    for piece in stream:
        held.append(piece)
        size += len(piece)
        read += 1
        while len(held) > 2 and size - len(held[0]) - len(held[1]) >= most_bytes:  # noqa: PLR2004 - one is before them
            size -= len(held.popleft())
    counts: deque[int] = deque()
    tokens = 0
    for piece in reversed(held):
        counts.appendleft(tokenizer.count(piece))
        if tokens > limit:
            break
        tokens += counts[0]
    return Pieces(
        [piece.decode() for piece in islice(held, len(held) - len(counts), None)], [*counts], read - len(counts)
    )


def in_steps(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text in blocks that are not too large to be counted for little."""
    return (block[at : at + STEP_BYTES] for block in blocks for at in range(0, len(block), STEP_BYTES))
