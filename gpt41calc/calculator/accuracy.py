"""Accuracy of the counts: estimated input tokens compared with billed input tokens, by kind of request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .interval import Interval

__all__ = ["Accuracy", "Pair", "accuracy", "accuracy_by_kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One request: its billed and its estimated input tokens."""

    kind: str
    """Kind of the request, for example ``chat: tools``."""

    actual: int
    """Input tokens that were billed, those from a cache included."""

    estimate: Interval[int] | None
    """Estimated input tokens. None if the request could not be counted."""

    @property
    def off(self) -> int | None:
        """Estimated minus billed tokens: negative if the estimate is too low. None if there is no estimate."""
        return None if self.estimate is None else self.estimate.value - self.actual


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Accuracy of the estimates of one kind of request. Shares are percentages of all requests of the kind."""

    kind: str
    """Kind of the requests, for example ``chat: tools``."""

    requests: int
    """Number of requests."""

    counted: int
    """Number of requests that could be counted."""

    exact: float
    """Share whose estimate equals the billed tokens, in percent."""

    within_1: float
    """Share whose estimate is off by at most 1 % or 1 token, in percent."""

    within_3: float
    """Share whose estimate is off by at most 3 % or 3 tokens, in percent."""

    mean_off: float | None
    """Mean error in percent of the billed tokens; positive if estimates are too high. None if nothing was counted."""

    ranges: int
    """Number of estimates that have a range."""

    covered: float | None
    """Share of those ranges that contain the billed tokens, in percent. None if no estimate has a range."""


def accuracy(kind: str, pairs: Sequence[Pair]) -> Accuracy:
    """Return the accuracy of the estimates of one kind of request.

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
    """Return the accuracy for every kind, sorted by name, and for all kinds together as the last entry."""
    everything = tuple(pairs)
    kinds: dict[str, list[Pair]] = {}
    for pair in everything:
        kinds.setdefault(pair.kind, []).append(pair)
    return (*(accuracy(kind, kinds[kind]) for kind in sorted(kinds)), accuracy("all", everything))


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
