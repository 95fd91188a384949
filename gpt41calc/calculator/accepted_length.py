"""The input lengths that one request may have, and the fewest requests that an input can be divided into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["AcceptedLength", "accepts", "fewest_requests"]


class AcceptedLength(NamedTuple):
    """A range of input lengths, in tokens, that one request may have.

    A model may have two ranges with a gap between them: its tokens-per-minute limit for long-context requests may be
    higher than its ordinary limit, so that a request just too short to count as long is refused.
    """

    least: int
    """Smallest accepted input, in tokens."""

    most: int
    """Largest accepted input, in tokens."""


def accepts(found: Sequence[AcceptedLength], tokens: int) -> bool:
    """Return whether one request may have an input of this many tokens."""
    return any(length.least <= tokens <= length.most for length in found)


def fewest_requests(tokens: int, found: Sequence[AcceptedLength]) -> int | None:
    """Return the fewest requests that an input can be divided into; None if no division is accepted.

    >>> lengths = [AcceptedLength(0, 30), AcceptedLength(129, 200)]
    >>> [fewest_requests(tokens, lengths) for tokens in (30, 31, 129, 230, 231, 258, 401)]
    [1, 2, 1, 2, 3, 2, 3]
    """
    if not found:
        return None
    if accepts(found, tokens):
        return 1
    largest = found[-1]
    if len(found) == 1:
        requests = math.ceil(tokens / largest.most) if largest.most > 0 else 0
        return requests if requests and tokens >= requests * largest.least else None
    short = found[0].most
    if short <= 0:
        return None
    requests = math.ceil(tokens / largest.most)
    while not any(
        long * largest.least <= tokens <= long * largest.most + (requests - long) * short
        for long in range(requests + 1)
    ):
        requests += 1
    return requests
