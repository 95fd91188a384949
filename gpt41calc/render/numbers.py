"""Numbers as text for people: tokens, dollars, percentages and sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from ..calculator.interval import Interval

__all__ = [
    "about",
    "dollars",
    "dollars_apart",
    "dollars_at_least",
    "dollars_beside",
    "dollars_in_full",
    "dollars_in_places",
    "number",
    "percent",
    "percent_in_places",
    "places_of_dollars",
    "places_of_percents",
    "plural",
    "signed",
    "size",
]


def number(value: int) -> str:
    """Return a whole number with thousands separators.

    >>> number(1047576)
    '1,047,576'
    """
    return f"{value:,}"


def dollars(amount: Decimal) -> str:
    """Return US dollars with cents, or with two significant digits if the amount is too small for cents.

    >>> [dollars(Decimal(text)) for text in ("8.835196", "0.008835", "0.0000001", "0", "-1234.5", "0.30")]
    ['$8.84', '$0.0088', '$0.00000010', '$0', '-$1,234.50', '$0.30']
    """
    return _dollars(amount, _cents(amount), ROUND_HALF_EVEN) if amount else "$0"


def dollars_at_least(amount: Decimal) -> str:
    """Return US dollars rounded up, for an amount of which less is not enough.

    >>> dollars_at_least(Decimal("0.012001")), dollars_at_least(Decimal("1.2"))
    ('$0.013', '$1.20')
    """
    return _dollars(amount, _cents(amount), ROUND_CEILING) if amount else "$0"


def dollars_beside(amount: Decimal, limit: Decimal) -> str:
    """Return US dollars with enough digits to show on which side of a limit they are.

    >>> [dollars_beside(Decimal(text), Decimal("0.05")) for text in ("0.05", "0.050004", "0.0499996", "0.0624")]
    ['$0.050', '$0.050004', '$0.050', '$0.062']
    """
    places = _cents(amount) if amount else 2
    while (_rounded(amount, places) > limit) != (amount > limit):
        places += 1
    return _dollars(amount, places, ROUND_HALF_EVEN) if amount else "$0"


def dollars_apart(one: Decimal, other: Decimal) -> tuple[str, str]:
    """Return two amounts of US dollars with enough digits to show that they differ.

    >>> dollars_apart(Decimal("0.008736"), Decimal("0.008732")), dollars_apart(Decimal("1.5"), Decimal("1.5"))
    (('$0.00874', '$0.00873'), ('$1.50', '$1.50'))
    """
    if one == other or dollars(one) != dollars(other):
        return dollars(one), dollars(other)
    places = max(_cents(one), _cents(other))
    while _rounded(one, places) == _rounded(other, places):
        places += 1
    return _dollars(one, places, ROUND_HALF_EVEN), _dollars(other, places, ROUND_HALF_EVEN)


def dollars_in_full(amount: Decimal) -> str:
    """Return US dollars with all given digits, and at least cents.

    >>> [dollars_in_full(Decimal(text)) for text in ("0.5", "0.0125", "1E+2")]
    ['$0.50', '$0.0125', '$100.00']
    """
    exponent = amount.normalize().as_tuple().exponent
    return _dollars(amount, max(2, -exponent) if isinstance(exponent, int) else 2, ROUND_HALF_EVEN)


_MOST_DIGITS = 8
"""Most digits of the largest amount of a column, decimal places included: more cannot be compared at a glance."""


def places_of_dollars(amounts: Sequence[Decimal]) -> int:
    """Return the number of decimal places for all amounts of a column, so that they can be compared.

    The smallest amount gets two significant digits, unless the largest would then have more than eight.

    >>> places_of_dollars([Decimal("8.84"), Decimal("0.0004")]), places_of_dollars([Decimal(1234567), Decimal("0.01")])
    (5, 2)
    """
    sizes = [abs(amount) for amount in amounts if amount]
    if not sizes:
        return 2
    whole = max(max(sizes).adjusted() + 1, 1)
    return max(2, min(_cents(min(sizes)), _MOST_DIGITS - whole))


def dollars_in_places(amount: Decimal, places: int) -> str:
    """Return US dollars with a number of decimal places; if that would be 0, "<" and the smallest amount.

    >>> [dollars_in_places(Decimal(amount), 5) for amount in ("0.0004", "0.0000001", "0")]
    ['$0.00040', '<$0.00001', '$0']
    """
    if not amount:
        return "$0"
    if not _rounded(amount, places):
        return f"{'-' if amount < 0 else ''}<{_dollars(Decimal(1).scaleb(-places), places, ROUND_HALF_EVEN)}"
    return _dollars(amount, places, ROUND_HALF_EVEN)


def _cents(amount: Decimal) -> int:
    """Return the number of decimal places: two, or enough for two significant digits."""
    return max(2, 1 - amount.adjusted())


def _rounded(amount: Decimal, places: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding)


def _dollars(amount: Decimal, places: int, rounding: str) -> str:
    rounded = _rounded(amount, places, rounding)
    return f"{'-' if rounded < 0 else ''}${abs(rounded):,f}"


def signed(shown: str, amount: Decimal | int) -> str:
    """Return a number as text with a plus sign if it is positive.

    >>> signed("$0.40", Decimal("0.4")), signed("-3", -3), signed("0", 0)
    ('+$0.40', '-3', '0')
    """
    return f"+{shown}" if amount > 0 else shown


def percent(value: Decimal) -> str:
    """Return a percentage with one decimal place, or two close to 0 and 100.

    >>> [percent(Decimal(text)) for text in ("421.41", "20.00", "0.02", "99.99")]
    ['421.4 %', '20.0 %', '0.02 %', '99.99 %']
    """
    tenths = value.quantize(Decimal("0.1"))
    # 99.99 must not be shown as 100.0, nor 100.01: the verdict "fits" hangs on it.
    is_misleading = tenths != value and (abs(tenths) < 1 or tenths in {Decimal(100), Decimal("100.0")})
    return f"{value if is_misleading else tenths:,f} %"


def places_of_percents(values: Sequence[Decimal]) -> int:
    """Return the number of decimal places for all percentages of a column.

    One, or two if a percentage would else look like 0 or 100.

    >>> places_of_percents([Decimal("421.41"), Decimal("20.00")]), places_of_percents([Decimal("0.81"), Decimal("4.5")])
    (1, 2)
    """
    return 2 if any(percent(value) != f"{value.quantize(Decimal('0.1')):,f} %" for value in values) else 1


def percent_in_places(value: Decimal, places: int) -> str:
    """Return a percentage with a number of decimal places.

    >>> percent_in_places(Decimal("3449.06"), 1)
    '3,449.1 %'
    """
    return f"{_rounded(value, places):,f} %"


def size(count: int) -> str:
    """Return a number of bytes in a suitable unit.

    >>> [size(count) for count in (0, 999, 16_436_925)]
    ['0 B', '999 B', '16.4 MB']
    """
    value, unit = Decimal(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:  # noqa: PLR2004 - a kilo
            break
        value, unit = value / 1000, larger
    return f"{value:.1f} {unit}" if unit != "B" else f"{count} B"


def about(interval: Interval[Decimal] | Interval[int], write: Callable[..., str]) -> str:
    """Return a number as text, with its bounds if it is not exact.

    >>> about(Interval(Decimal(9), Decimal(10), Decimal(12)), dollars)
    '~$10.00 ($9.00 to $12.00)'
    """
    if interval.is_exact:
        return write(interval.value)
    value, low, high = write(interval.value), write(interval.low), write(interval.high)
    return f"~{value}" if low == high else f"~{value} ({low} to {high})"


def plural(count: int, thing: str) -> str:
    """Return a number with the name of what is counted, in the plural if needed.

    >>> plural(1, "file"), plural(2, "file")
    ('1 file', '2 files')
    """
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"
