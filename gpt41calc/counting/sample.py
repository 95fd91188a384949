"""A random sample of the counted text, from which the count of another tokenizer is estimated.

Every byte has the same probability of being drawn: the files are concatenated, and blocks are taken at equal distances
after a random start, which depends only on the files. In each block, the other tokenizer's tokens per byte are compared
with the known tokens per byte of the whole file, so that only variation within files adds to the error.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from ..sources.source import Source
from ..tally import Counted, Tally

__all__ = ["BLOCKS", "Block", "draw", "ratio_of"]

BLOCKS = 72
"""Number of blocks: the interval is then the count ± 3 to 5 %, on trees of code."""

_BLOCK_BYTES = 1 << 10

_DEVIATIONS = 2.3
"""Half width of the interval in standard errors: for 95 of 100, 72 blocks need 2, and their differences have long
tails.
"""

_SMALLEST_ERROR = 0.01
"""Smallest relative error, for the effect of the borders of blocks."""


class Block(NamedTuple):
    """A sampled part of a file."""

    text: str
    """The text of the part, cut at white space."""

    bytes: int
    """Its length in bytes, with one blank beside it."""

    density: float
    """Tokens per byte of the whole file, in the encoding that counted it."""


def draw(inputs: Tally, sources: Iterable[Source], encoding: str, blocks: int = BLOCKS) -> list[Block]:
    """Return a sample of the counted text; files that can no longer be read are left out.

    Args:
        inputs: the counted inputs.
        sources: the sources they were read from.
        encoding: the encoding in which it was counted.
        blocks: number of blocks to draw.
    """
    paths = {source.name: source.path for source in sources if source.path is not None}
    counted = [one for one in inputs.counted if one.bytes and paths.get(one.path) is not None and not one.lossy]
    ends = list(accumulate(one.bytes for one in counted))
    if not ends:
        return []
    found: list[Block] = []
    at = 0
    for place in _places(counted, ends[-1], blocks):
        while ends[at] <= place:
            at += 1
        one = counted[at]
        offset = place - (ends[at] - one.bytes)
        block = _read(paths, one, offset, one.tokens[encoding] / one.bytes)
        if block is not None:
            found.append(block)
    return found


def _places(counted: Sequence[Counted], size: int, blocks: int) -> list[int]:
    """Return the offsets of the blocks in the concatenated text."""
    seed = hashlib.sha256("\0".join([one.path for one in counted]).encode("utf-8", "surrogatepass"))
    seed.update(repr([one.bytes for one in counted]).encode())
    step = size / blocks
    start = int.from_bytes(seed.digest()[:6]) / (1 << 48)
    return [int((start + number) * step) for number in range(blocks)]


def _read(paths: Mapping[str, str | None], one: Counted, offset: int, density: float) -> Block | None:
    """Read the block of a file around an offset."""
    path = paths[one.path]
    begin = offset // _BLOCK_BYTES * _BLOCK_BYTES
    with suppress(OSError):
        if path is not None and os.path.isfile(path):  # a named pipe has nothing left, and opening it would wait
            with open(path, "rb") as file:
                file.seek(begin)
                raw = file.read(_BLOCK_BYTES)
            text = raw.decode("utf-8", "ignore").strip()
            if text and "\0" not in text:
                return Block(text, len(text.encode()) + 1, density)
    return None


def ratio_of(blocks: Sequence[Block], count: Callable[[str], int]) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return the ratio of another tokenizer's tokens to the counted ones as low, value, high; None without a sample.

    Args:
        blocks: the sample.
        count: the other tokenizer.
    """
    if len(blocks) < BLOCKS // 2:
        return None
    # Blocks are counted between two words, as inside a text: the start and end of a text are tokenized differently.
    theirs = [(count(f"x {block.text} x") - 2) / block.bytes for block in blocks]
    ours = [block.density for block in blocks]
    ratio = sum(theirs) / sum(ours)
    rests = [their - ratio * our for their, our in zip(theirs, ours, strict=True)]
    variance = sum(rest * rest for rest in rests) / (len(rests) - 1) / len(rests)
    error = max(_DEVIATIONS * math.sqrt(variance) / (sum(ours) / len(ours)), _SMALLEST_ERROR * ratio)
    return _number(max(ratio - error, ratio / 4)), _number(ratio), _number(ratio + error)


def _number(ratio: float) -> Decimal:
    return Decimal(ratio).quantize(Decimal("0.0001"))
