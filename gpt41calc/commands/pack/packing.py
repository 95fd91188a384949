"""Choose whole files for a token budget.

Files of a higher weight come first, then those that were changed later, then those with fewer tokens. A file that does
not fit is passed over, and the next one is tried: nothing that is left out would still fit. Among files of the same
weight and the same last change, no other choice has more files: of numbers that add up to at most a budget, the
smallest are the most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Candidate", "Packing", "choose"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be sent."""

    path: str
    """Its path, as shown in reports; no other candidate has it."""

    tokens: int
    """Its tokens."""

    bytes: int = 0
    """Its length in bytes."""

    weight: Decimal = Decimal(1)
    """How much it matters; it is never sent if this is 0."""

    rank: int = 0
    """Place by the last change, the latest first; files with the same rank are alike."""


@dataclass(frozen=True, slots=True)
class Packing:
    """The files that are sent, and those that are left out."""

    budget: int
    """Most tokens of all files that are sent."""

    included: tuple[Candidate, ...]
    """Files that are sent, in the order in which they were chosen."""

    left_out: tuple[Candidate, ...]
    """Files that are not sent, the largest first."""

    tokens: int
    """Tokens of all files that are sent."""

    @property
    def tokens_left(self) -> int:
        """Tokens of the budget that are not used."""
        return self.budget - self.tokens


def choose(candidates: Iterable[Candidate], budget: int) -> Packing:
    """Return the files to send; the order of the candidates does not matter.

    Args:
        candidates: the files.
        budget: most tokens of all files together.

    >>> packing = choose([Candidate("a", 5), Candidate("b", 2), Candidate("c", 9, weight=Decimal(3))], 12)
    >>> [one.path for one in packing.included], [one.path for one in packing.left_out]
    (['c', 'b'], ['a'])
    """
    included, left_out, tokens = [], [], 0
    for one in sorted(candidates, key=_preference):
        if one.weight and tokens + one.tokens <= budget:
            included.append(one)
            tokens += one.tokens
        else:
            left_out.append(one)
    left_out.sort(key=lambda one: (-one.tokens, one.path))
    return Packing(budget, tuple(included), tuple(left_out), tokens)


def _preference(one: Candidate) -> tuple[Decimal, int, int, str]:
    return -one.weight, one.rank, one.tokens, one.path
