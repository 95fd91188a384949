"""A random sample of the text that was counted, by which another tokenizer's count of all of it is estimated.

Every byte is as likely to be drawn as any other: files are laid end to end,
and blocks are taken at equal distances behind a random start, which depends
on nothing but the files themselves. Of a block, the other tokenizer's tokens
a byte are compared with what its file has in the tokenizer that counted it all,
so that only what differs within files is left to chance.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import NamedTuple

from ..sources.source import Source
from ..tally import Counted, Tally

__all__ = ["BLOCKS", "Block", "draw", "ratio_of"]

BLOCKS = 72
"""How many are drawn: the interval is then 3 to 5 % of the count, either way, on trees of code."""

_BLOCK_BYTES = 1 << 10

_DEVIATIONS = 2.3
"""Width of the interval in standard errors: 95 of 100 with 72 blocks need 2, and their differences have long tails."""

_SMALLEST_ERROR = 0.01
"""What the borders of blocks may cost, in parts of the ratio."""


class Block(NamedTuple):
    """A part of a file."""

    text: str
    """What it holds, cut at white space."""

    bytes: int
    """How long it is, with one blank beside it."""

    density: float
    """Tokens a byte of the whole file, in the encoding that counted it."""


def draw(inputs: Tally, sources: Iterable[Source], encoding: str, blocks: int = BLOCKS) -> list[Block]:
    """Return a sample of what was counted; what can no longer be read is left out.

    Args:
        inputs: what was counted.
        sources: where it was read from.
        encoding: the encoding in which it was counted.
        blocks: how many to draw.
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
    """Return where blocks are taken, in the text laid end to end."""
    seed = hashlib.sha256("\0".join(f"{one.path}\0{one.bytes}" for one in counted).encode("utf-8", "surrogatepass"))
    step = size / blocks
    start = Random(seed.digest()).random()  # noqa: S311 - a sample, no secret
    return [int((start + number) * step) for number in range(blocks)]


def _read(paths: Mapping[str, str | None], one: Counted, offset: int, density: float) -> Block | None:
    """Read the block of a file that an offset lies in."""
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
    """Return low, value and high of how many tokens another tokenizer makes of each; None if there is no sample.

    Args:
        blocks: the sample.
        count: the other tokenizer.
    """
    if len(blocks) < BLOCKS // 2:
        return None
    # Between two words, as inside a text: at its borders a text takes other tokens than in the middle.
    theirs = [(count(f"x {block.text} x") - 2) / block.bytes for block in blocks]
    ours = [block.density for block in blocks]
    ratio = sum(theirs) / sum(ours)
    rests = [their - ratio * our for their, our in zip(theirs, ours, strict=True)]
    variance = sum(rest * rest for rest in rests) / (len(rests) - 1) / len(rests)
    error = max(_DEVIATIONS * math.sqrt(variance) / (sum(ours) / len(ours)), _SMALLEST_ERROR * ratio)
    return _number(max(ratio - error, ratio / 4)), _number(ratio), _number(ratio + error)


def _number(ratio: float) -> Decimal:
    return Decimal(ratio).quantize(Decimal("0.0001"))
