"""How good are the counts? Estimates against billed tokens, by kind of request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .interval import Interval

__all__ = ["Accuracy", "Pair", "accuracy", "accuracy_by_kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One request with what it was billed."""

    kind: str
    """What kind of request it is, as in ``chat: tools``."""

    actual: int
    """Input tokens that were billed, those from a cache included."""

    estimate: Interval[int] | None
    """The tokens that were estimated. None if the request could not be counted."""

    @property
    def off(self) -> int | None:
        """Tokens by which the estimate is too high; negative if it is too low. None if there is none."""
        return None if self.estimate is None else self.estimate.value - self.actual


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How good the estimates of one kind of request are; shares are percentages of all requests of the kind."""

    kind: str
    """What kind."""

    requests: int
    """How many requests."""

    counted: int
    """How many of them could be counted."""

    exact: float
    """Share that is estimated to the token."""

    within_1: float
    """Share that is off by at most 1 % or 1 token."""

    within_3: float
    """Share that is off by at most 3 % or 3 tokens."""

    mean_off: float | None
    """Mean error in percent of what was billed; positive if estimates are too high. None if nothing was counted."""

    ranges: int
    """How many estimates came with a range."""

    covered: float | None
    """Share of those ranges that hold what was billed. None if there are none."""


def accuracy(kind: str, pairs: Sequence[Pair]) -> Accuracy:
    """Return how good some estimates are.

    >>> pairs = [Pair(kind="chat", actual=100, estimate=Interval(90, 101, 110))]
    >>> accuracy("chat", pairs).exact, accuracy("chat", pairs).within_1, accuracy("chat", pairs).covered
    (0.0, 100.0, 100.0)
    """
    offs = [(abs(pair.off), pair.actual) for pair in pairs if pair.off is not None]
    relative = [100 * pair.off / pair.actual for pair in pairs if pair.off is not None and pair.actual]
    ranged = [pair for pair in pairs if pair.estimate is not None and not pair.estimate.is_exact]
    covered = sum(pair.estimate.low <= pair.actual <= pair.estimate.high for pair in ranged if pair.estimate)
    return Accuracy(
        kind=kind,
        requests=len(pairs),
        counted=len(offs),
        exact=_share(sum(off == 0 for off, _ in offs), len(pairs)),
        within_1=_share(sum(off <= max(1, actual / 100) for off, actual in offs), len(pairs)),
        within_3=_share(sum(off <= max(3, actual * 3 / 100) for off, actual in offs), len(pairs)),
        mean_off=sum(relative) / len(relative) if relative else None,
        ranges=len(ranged),
        covered=_share(covered, len(ranged)) if ranged else None,
    )


def accuracy_by_kind(pairs: Iterable[Pair]) -> tuple[Accuracy, ...]:
    """Return how good the estimates of every kind are, in the order of their names, and of all kinds together last."""
    everything = tuple(pairs)
    kinds: dict[str, list[Pair]] = {}
    for pair in everything:
        kinds.setdefault(pair.kind, []).append(pair)
    return (*(accuracy(kind, kinds[kind]) for kind in sorted(kinds)), accuracy("all", everything))


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
