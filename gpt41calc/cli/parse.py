"""Parse numbers, sizes, amounts and days of the command line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import BadNumber

if TYPE_CHECKING:
    from ..calculator.budget import Increase

__all__ = [
    "LISTS",
    "is_percent",
    "parse_count",
    "parse_count_or_percent",
    "parse_day",
    "parse_days",
    "parse_increase",
    "parse_money",
    "parse_percent",
    "parse_size",
]

LISTS = frozenset({"alias", "model", "versus", "include", "exclude", "uplift", "fee"})
"""Options that are lists: values from the environment and from the project file are added to those typed."""

_NUMBER = r"([0-9]+(?:_[0-9]+|,[0-9]{3}(?![0-9]))*)(?:\.([0-9]+))?(?:[eE]\+?([0-9]{1,2}))?"
"""Digits with separators, a fraction, an exponent. A comma must come before three digits: else it could be a decimal
point.
"""

# Texts, which re compiles once they are used; (?a) is re.ASCII, (?i) re.IGNORECASE.
_COUNT = f"(?ai){_NUMBER} ?([kmgbt]?)"
_SIZE = f"(?ai){_NUMBER} ?([kmgt]?)(i?)b?"
_MONEY = rf"(?ai)(?:(?:US)?\$ ?|USD ?)?(?:{_NUMBER}|\.([0-9]+)) ?([km]?)(?: ?(?:\$|USD))?"
_PERCENT = r"(?a)([0-9]{1,6}(?:\.[0-9]+)?) ?(?:%|percent)"
_DAYS = r"(?ai)([0-9]{1,5}) ?(?:(w|weeks?)|(?:d|days?)?)"
_DAY = r"(?a)([0-9]{4})([-/]?)([0-9]{2})\2([0-9]{2})"

_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9, "t": 10**12}
_MOST = 10**15
_MOST_DOLLARS = 10**9
_MOST_DIGITS = 30
_THOUSANDS = 3


def _value(digits: str, fraction: str | None, exponent: str | None) -> Decimal:
    """Return the number for the parts of a match."""
    written = re.sub("[_,]", "", digits) + (f".{fraction}" if fraction else "")
    return Decimal(written).scaleb(int(exponent)) if exponent else Decimal(written)


def _is_doubtful(fraction: str | None, exponent: str | None) -> bool:
    """Return whether a point may separate thousands, as in 1.500."""
    return fraction is not None and len(fraction) == _THOUSANDS and exponent is None


def parse_count(text: str, option: str, *, least: int = 0) -> int:
    """Read a whole number: 1500, 12_000, 1,000, 4k, 1.5k, 1M, 1e6.

    Raises:
        BadNumber: the text is not such a number, could mean two numbers, is too small, or over 10^15.

    >>> parse_count("4k", "--output-tokens"), parse_count("1_000,000", "--requests"), parse_count("1.5e3", "--rpm")
    (4000, 1000000, 1500)
    """
    match = re.fullmatch(_COUNT, text)
    number = _value(match[1], match[2], match[3]) * _FACTORS[match[4].lower()] if match else Decimal("0.5")
    if match is None or len(text) > _MOST_DIGITS or number % 1 or _is_doubtful(match[2], match[3]):
        message = f"{option}: expected a whole number such as 1500, 12_000 or 4k, found '{text:.40}'"
        raise BadNumber(message, hint=_count_hint(text, option))
    if not least <= number <= _MOST:
        message = f"{option}: expected a number from {least} to {_MOST:,}, found '{text:.40}'"
        raise BadNumber(message)
    return int(number)


def _count_hint(text: str, option: str) -> str:
    """Return a hint for a text that is not a whole number; empty if there is none."""
    if re.fullmatch(r"[0-9]+[.,][0-9]+ ?[kmgbt]?", text, re.ASCII | re.IGNORECASE):
        return "a point could part thousands, and a comma a fraction: write 1500, 1_500 or 1.5k"
    if text.endswith("%") and option.endswith("token-budget"):
        return "a share of the context window is --max-context 50%"
    return ""


def parse_size(text: str, option: str) -> int:
    """Read a number of bytes: like a count, with ``k``, ``M``, ``G`` or ``Ki``, ``Mi``, ``Gi``, and ``B`` or not.

    Raises:
        BadNumber: the text is not written like that.

    >>> parse_size("10M", "--max-file-size"), parse_size("1KiB", "--max-file-size")
    (10000000, 1024)
    """
    match = re.fullmatch(_SIZE, text)
    if match is None or len(text) > _MOST_DIGITS or (match[5] and not match[4]) or _is_doubtful(match[2], match[3]):
        message = f"{option}: expected a size such as 500k, 10M or 2MiB, found '{text:.40}'"
        raise BadNumber(message)
    unit = match[4].lower()
    factor = 1024 ** " kmgt".index(unit) if match[5] else _FACTORS[unit]
    return min(int(_value(match[1], match[2], match[3]) * factor), 2**63 - 1)


def parse_day(text: str, option: str) -> date:
    """Read a calendar day.

    Raises:
        BadNumber: the text is not a day written as YYYY-MM-DD.

    >>> parse_day("2026-11-22", "--as-of")
    datetime.date(2026, 11, 22)
    """
    try:
        if match := re.fullmatch(_DAY, text):
            return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        pass
    message = f"{option}: expected a day such as 2026-11-22, found '{text:.40}'"
    raise BadNumber(message)


def parse_money(text: str, option: str) -> Decimal:
    """Read an amount of US dollars: 0.05, $0.05, 5 USD, 1,200, 1.5k.

    Raises:
        BadNumber: the text is not such an amount, or is a billion or more.

    >>> parse_money("$0.05", "--max-cost"), parse_money("1,200", "--max-cost")
    (Decimal('0.05'), Decimal('1200'))
    """
    match = re.fullmatch(_MONEY, text)
    amount = None
    if match is not None and len(text) <= _MOST_DIGITS:
        amount = _value(match[1] or "0", match[2] or match[4], match[3]) * _FACTORS[match[5].lower()]
    if amount is None or amount >= _MOST_DOLLARS:
        message = f"{option}: expected dollars such as 0.05 or 1,200, found '{text:.40}'"
        raise BadNumber(message)
    return amount


def parse_percent(text: str, option: str) -> Decimal:
    """Read a percentage, with its sign or the word.

    Raises:
        BadNumber: the text is not written like that.

    >>> parse_percent("60%", "--max-context"), parse_percent("2.5 %", "--max-context")
    (Decimal('60'), Decimal('2.5'))
    """
    match = re.fullmatch(_PERCENT, text)
    if match is None or len(text) > _MOST_DIGITS:
        message = f"{option}: expected a percentage such as 60%, found '{text:.40}'"
        raise BadNumber(message)
    return Decimal(match[1])


def parse_count_or_percent(text: str, option: str) -> int | Decimal:
    """Read a whole number, or a percentage of something.

    Raises:
        BadNumber: the text is neither.
    """
    return parse_percent(text, option) if is_percent(text) else parse_count(text, option)


def is_percent(text: str) -> bool:
    """Return whether a text is meant as a percentage."""
    return text.endswith(("%", "percent"))


def parse_increase(text: str, option: str) -> Increase:
    """Read an increase: a percentage such as ``5%``, tokens such as ``12k``, or dollars per request such as ``$0.01``.

    Raises:
        BadNumber: the text is not written like that.

    >>> [parse_increase(text, "--max-increase").unit for text in ("5%", "12k", "$0.01")]
    ['percent', 'tokens', 'USD']
    """
    from ..calculator.budget import Increase

    if is_percent(text):
        return Increase(parse_percent(text, option), "percent")
    if "$" in text or "USD" in text.upper():
        return Increase(parse_money(text, option), "USD")
    try:
        return Increase(Decimal(parse_count(text, option)), "tokens")
    except BadNumber:
        message = f"{option}: expected 5%, a number of tokens or dollars such as $0.01, found '{text:.40}'"
        raise BadNumber(message) from None


def parse_days(text: str, option: str) -> int:
    """Read a number of days, such as ``90d`` or ``90 days``, or of weeks, such as ``12w``.

    Raises:
        BadNumber: the text is not written like that.

    >>> parse_days("90d", "--fail-if-retires-within"), parse_days("2w", "--fail-if-retires-within")
    (90, 14)
    """
    match = re.fullmatch(_DAYS, text)
    if match is None:
        message = f"{option}: expected a number of days such as 90d, found '{text:.40}'"
        raise BadNumber(message)
    return int(match[1]) * (7 if match[2] else 1)
