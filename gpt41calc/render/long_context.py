"""How well an input is read, and how soon it is answered, in words: published numbers and nothing between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .numbers import number

if TYPE_CHECKING:
    from ..calculator.long_context import Point, Reading
    from ..guidance.benchmarks import FirstToken

__all__ = [
    "first_token_cell",
    "first_token_sentence",
    "length",
    "reading_keys",
    "reading_notes",
    "score_cell",
    "score_sentence",
]


def length(tokens: int) -> str:
    """Write a length as benchmarks do.

    >>> [length(tokens) for tokens in (159, 128_000, 612_345, 1_000_000, 1_046_576)]
    ['159', '128k', '612k', '1M', '1.05M']
    """
    if tokens < 1000:  # noqa: PLR2004 - a kilo
        return number(tokens)
    if tokens < 999_500:  # noqa: PLR2004 - from there on it rounds to a million
        return f"{round(tokens / 1000)}k"
    return f"{tokens / 1_000_000:.2f}".rstrip("0").rstrip(".") + "M"


def score_sentence(reading: Reading) -> str:
    """Say what was measured around a length.

    Between two measurements both are shown: what lies between them is not known.
    """
    below, above = reading.below, reading.above
    if below and above:
        low, high = sorted((below.score, above.score))
        return f"{low}" if low == high else f"between {low} and {high}"
    if below:
        return f"{below.score} at {length(below.tokens)}, the longest published"
    return f"{above.score} at {length(above.tokens)}, the shortest published" if above else "not published"


def score_cell(reading: Reading | None) -> str:
    """Write the same in a few characters."""
    if reading is None:
        return "–"
    below, above = reading.below, reading.above
    if below and above and below.score != above.score:
        low, high = sorted((below.score, above.score))
        return f"{low} to {high}"
    point = below or above
    return f"{point.score} at {length(point.tokens)}" if point else "–"


def first_token_cell(reading: Reading | None) -> str:
    """Write the times to the first token in a few characters."""
    times = reading.first_token if reading else ()
    sign = {"about": "~", "less than": "<"}
    return ", ".join(f"{sign[each.bound]}{each.seconds} s at {length(each.at)}" for each in times) or "–"


def first_token_sentence(times: Sequence[FirstToken]) -> str:
    """Say how long it takes until the first token, around a length."""
    sentences = [f"{each.bound} {each.seconds} s at {length(each.at)}" for each in times]
    return (
        " and ".join(sentences)
        if len(sentences) == 1
        else f"between {' and '.join(sentences)}"
        if sentences
        else "not published"
    )


def reading_notes(readings: Iterable[Reading], names: Mapping[str, str]) -> list[str]:
    """Say how well an input of some length is read: one line a length, and one for the first token if it is known."""
    by_length: dict[tuple[int, str], list[Reading]] = {}
    for each in readings:
        by_length.setdefault((each.tokens, each.test), []).append(each)
    sentences = []
    for (tokens, test), group in by_length.items():
        scores = ", ".join(f"{score_sentence(each)} with {names[each.model]}" for each in group)
        sentences.append(f"at {length(tokens)} tokens: {test} {scores}; expect misses")
        timed = [each for each in group if each.first_token]
        if timed:
            times = ", ".join(f"{first_token_sentence(each.first_token)} with {names[each.model]}" for each in timed)
            sentences.append(f"at {length(tokens)} tokens, first token: {times}")
    return sentences


def reading_keys(reading: Reading) -> dict[str, Any]:
    """Return a reading for JSON."""
    return {
        "tokens": reading.tokens,
        "test": reading.test,
        "below": _point(reading.below),
        "above": _point(reading.above),
        "first_token": [
            {"tokens": each.at, "seconds": each.seconds, "bound": each.bound} for each in reading.first_token
        ],
    }


def _point(point: Point | None) -> dict[str, Any] | None:
    return {"tokens": point.tokens, "score": point.score} if point else None
