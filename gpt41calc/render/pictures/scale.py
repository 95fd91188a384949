"""Axes: from values to places, and the values at which a line is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

__all__ = ["linear", "logarithmic", "nice_values", "powers"]

Scale = Callable[[float], float]
"""Returns the place of a value."""


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Return a scale on which equal steps are equally long.

    >>> linear(0, 10, 100, 200)(5)
    150.0
    """
    reach = (high - low) or 1.0
    return lambda value: start + (end - start) * (value - low) / reach


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """Return a scale on which equal ratios are equally long; all values are above 0.

    >>> round(logarithmic(1, 100, 0, 10)(10))
    5
    """
    as_linear = linear(math.log10(low), math.log10(high), start, end)
    return lambda value: as_linear(math.log10(value))


def nice_values(low: float, high: float, most: int = 5) -> list[float]:
    """Return round values that divide a range into at most so many parts, its ends among them or within.

    >>> nice_values(0, 421), nice_values(0, 1), nice_values(40, 90)
    ([0.0, 100.0, 200.0, 300.0, 400.0], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [40.0, 50.0, 60.0, 70.0, 80.0, 90.0])
    """
    if high <= low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * most >= (high - low) * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{at * step:.12g}") for at in range(first, last + 1)]


def powers(values: Sequence[float]) -> list[float]:
    """Return the powers of ten from just below the least value to just above the largest.

    >>> powers([0.003, 0.2])
    [0.001, 0.01, 0.1, 1.0]
    """
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [float(f"1e{power}") for power in range(first, max(last, first + 1) + 1)]
