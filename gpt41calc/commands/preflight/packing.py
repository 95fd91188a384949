"""Pack files into as few requests as possible, with the files of a folder kept together."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...calculator.accepted_length import AcceptedLength, accepts, fewest_requests

__all__ = ["PackedRequest", "Part", "Plan", "pack"]


@dataclass(frozen=True, slots=True)
class Part:
    """A file to be sent."""

    path: str
    """Its name, with forward slashes."""

    tokens: int
    """Its length in tokens."""


@dataclass(frozen=True, slots=True)
class PackedRequest:
    """One request of a plan."""

    parts: tuple[Part, ...]
    """Its files, in the order of their names."""

    tokens: int
    """Their tokens."""

    accepted: bool
    """Whether its length is accepted; if not, one of its files is too long, or it lies in a gap that could not be
    avoided.
    """


@dataclass(frozen=True, slots=True)
class Plan:
    """All files, each in exactly one request."""

    requests: tuple[PackedRequest, ...]
    """The requests, in the order of their first files."""

    most_tokens: int
    """Input length, in tokens, that no request of the plan exceeds; a shorter accepted length if the longest is not
    needed.
    """

    fewest: int | None
    """Number of requests if files could be cut anywhere. None if no number is enough."""

    too_long: tuple[Part, ...]
    """Files that are too long for any request; each has a request of its own, and must be cut."""


def pack(parts: Sequence[Part], accepted_lengths: Sequence[AcceptedLength]) -> Plan:
    """Return a plan that packs files into requests.

    A folder that fits into one request is not split, unless that would take two requests more than the minimum; then
    smaller folders, and finally files, fill the remaining space. If accepted lengths have a gap (see
    ``AcceptedLength``), requests are made equally long so that they are above it, or else short enough to be below it.

    Args:
        parts: the files, in any order.
        accepted_lengths: as the function of that name returns them, at least one.
    """
    ordered = sorted(parts, key=lambda part: part.path.split("/"))
    most_tokens = accepted_lengths[-1].most
    too_long = [part for part in ordered if part.tokens > most_tokens]
    fitting = [part for part in ordered if part.tokens <= most_tokens]
    total = sum(part.tokens for part in fitting)
    packed = [*_accepted(fitting, total, accepted_lengths), *([part] for part in too_long)]
    places = {id(part): at for at, part in enumerate(ordered)}
    for request in packed:
        request.sort(key=lambda part: places[id(part)])
    packed.sort(key=lambda request: places[id(request[0])])
    return Plan(
        requests=tuple(_request(request, accepted_lengths) for request in packed),
        most_tokens=_most_tokens(packed, accepted_lengths),
        fewest=fewest_requests(sum(part.tokens for part in ordered), accepted_lengths),
        too_long=tuple(too_long),
    )


def _most_tokens(packed: Sequence[Sequence[Part]], accepted_lengths: Sequence[AcceptedLength]) -> int:
    """Return the shortest accepted length that no request exceeds, ignoring files that are too long."""
    most = accepted_lengths[-1].most
    longest = max((tokens for tokens in map(_length, packed) if tokens <= most), default=most)
    return next(length.most for length in accepted_lengths if longest <= length.most)


def _request(parts: Sequence[Part], accepted_lengths: Sequence[AcceptedLength]) -> PackedRequest:
    tokens = sum(part.tokens for part in parts)
    return PackedRequest(tuple(parts), tokens, accepts(accepted_lengths, tokens))


_EQUAL_STEPS = 20
"""Number of request lengths tried between equally long requests and full ones."""


def _accepted(parts: Sequence[Part], total: int, accepted_lengths: Sequence[AcceptedLength]) -> list[list[Part]]:
    """Return requests of which all are accepted, if possible."""
    most_tokens = accepted_lengths[-1].most
    packed = _packed(parts, total, most_tokens)
    if _all_accepted(packed, accepted_lengths):
        return packed
    equal = math.ceil(total / len(packed))
    for step in range(_EQUAL_STEPS):
        longest = equal + (most_tokens - equal) * step // _EQUAL_STEPS
        tried = _packed(parts, total, max(longest, 1))
        if _all_accepted(tried, accepted_lengths):
            return tried
    # Requests in the gap are split again into requests that are short enough to be below it.
    accepted = [request for request in packed if accepts(accepted_lengths, _length(request))]
    rest = [part for request in packed if not accepts(accepted_lengths, _length(request)) for part in request]
    return accepted + _packed(rest, _length(rest), accepted_lengths[0].most)


def _all_accepted(packed: Sequence[Sequence[Part]], accepted_lengths: Sequence[AcceptedLength]) -> bool:
    return all(accepts(accepted_lengths, _length(request)) for request in packed)


def _length(parts: Sequence[Part]) -> int:
    return sum(part.tokens for part in parts)


def _packed(parts: Sequence[Part], total: int, most_tokens: int) -> list[list[Part]]:
    """Return requests of at most this many tokens, except for single longer files."""
    if not parts:
        return []
    enough = max(1, math.ceil(total / most_tokens)) + 1
    steps = [part.path.split("/") for part in parts]
    sums = [0, *itertools.accumulate(part.tokens for part in parts)]
    best: list[list[Part]] = []
    largest = most_tokens
    while True:
        groups = [list(parts[start:end]) for start, end in _groups(steps, sums, largest)]
        for fill in (_in_order, _largest_first):
            packed = fill(groups, most_tokens)
            if len(packed) <= enough:
                return packed
            if not best or len(packed) < len(best):
                best = packed
        if largest == 0:
            return best
        largest = largest // 2 if largest > most_tokens // _FINEST else 0


_FINEST = 64
"""Below this fraction of a request, files of a folder are no longer kept together."""


def _groups(steps: Sequence[Sequence[str]], sums: Sequence[int], largest: int) -> Iterator[tuple[int, int]]:
    """Divide files in path order into groups: folders up to a number of tokens, and the parts of larger folders.

    Args:
        steps: the path of every file, step by step.
        sums: the tokens of all files before each, and of all.
        largest: most tokens of a group of several files.
    """
    # No recursion: folders can be nested deeper than Python's call stack.
    waiting = [(0, len(steps), 0)]
    while waiting:
        start, end, depth = waiting.pop()
        if end - start == 1 or sums[end] - sums[start] <= largest:
            yield start, end
        else:
            waiting += reversed(list(_inside(steps, start, end, depth)))


def _inside(steps: Sequence[Sequence[str]], start: int, end: int, depth: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and depth of every entry of a folder."""
    while start < end:
        here = steps[start][depth : depth + 1]
        last = start + 1
        while here and last < end and steps[last][depth : depth + 1] == here:  # a file may be listed twice
            last += 1
        yield start, last, depth + 1
        start = last


class _Requests:
    """Requests being filled, indexed by their remaining space."""

    def __init__(self, most_tokens: int) -> None:
        self._most_tokens = most_tokens
        self._left: list[tuple[int, int]] = []
        self.filled: list[list[Part]] = []

    def open(self, group: list[Part], tokens: int) -> int:
        """Add an empty request, and return its remaining space."""
        self.filled.append(list(group))
        return self._most_tokens - tokens

    def close(self, at: int, left: int) -> None:
        """Make the remaining space of a request available for later groups."""
        bisect.insort(self._left, (left, at))

    def put(self, group: list[Part], tokens: int) -> bool:
        """Put a group where it leaves the least space; return False if it fits nowhere."""
        found = bisect.bisect_left(self._left, (tokens, -1))
        if found == len(self._left):
            return False
        left, at = self._left.pop(found)
        self.filled[at] += group
        self.close(at, left - tokens)
        return True


def _in_order(groups: Sequence[list[Part]], most_tokens: int) -> list[list[Part]]:
    """Fill one request after the other, and use remaining space for groups that do not fit into the current one."""
    requests = _Requests(most_tokens)
    at, left = -1, -1
    for group in groups:
        tokens = _length(group)
        if tokens <= left:
            requests.filled[at] += group
            left -= tokens
        elif not requests.put(group, tokens):
            if at >= 0:
                requests.close(at, left)
            left = requests.open(group, tokens)
            at = len(requests.filled) - 1
    return requests.filled


def _largest_first(groups: Sequence[list[Part]], most_tokens: int) -> list[list[Part]]:
    """Place the largest groups first, each where it leaves the least space."""
    requests = _Requests(most_tokens)
    for group in sorted(groups, key=_length, reverse=True):
        tokens = _length(group)
        if not requests.put(group, tokens):
            left = requests.open(group, tokens)
            requests.close(len(requests.filled) - 1, left)
    return requests.filled
