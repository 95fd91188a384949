"""The grammar of numbers, sizes and days on the command line."""

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
    "parse_count",
    "parse_day",
    "parse_days",
    "parse_increase",
    "parse_money",
    "parse_percent",
    "parse_size",
]

LISTS = frozenset({"alias", "model", "versus", "include", "exclude", "uplift", "fee"})
"""Options that are lists, of which the environment and a project file may each give a part."""

_COUNT = re.compile(r"([0-9]+(?:[_,][0-9]+)*)([kM]?)", re.ASCII)
_SIZE = re.compile(r"([0-9]+(?:[_,][0-9]+)*)(|[kMGT]?i?B?)", re.ASCII)
_MONEY = re.compile(r"\$?([0-9]{1,3}(?:[_,][0-9]{3}){0,2}(?:\.[0-9]+)?|[0-9]{1,9}(?:\.[0-9]+)?|\.[0-9]+)", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]+)?) ?%", re.ASCII)
_DAYS = re.compile(r"([0-9]{1,5})([dw]?)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

_FACTORS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_MOST = 10**15
_MOST_DIGITS = 30


def parse_count(text: str, option: str, *, least: int = 0) -> int:
    """Read a whole number: digits, ``_`` or ``,`` between them, ``k`` or ``M`` behind.

    Raises:
        BadNumber: it is not written so, or too small, or over 10^15.

    >>> parse_count("4k", "--output-tokens"), parse_count("1_000,000", "--requests")
    (4000, 1000000)
    """
    match = _COUNT.fullmatch(text)
    if match is None or len(text) > _MOST_DIGITS:
        message = f"{option}: expected a whole number such as 1500, 12_000 or 4k, found '{text:.40}'"
        raise BadNumber(message)
    number = int(re.sub("[_,]", "", match[1])) * _FACTORS[match[2]]
    if not least <= number <= _MOST:
        message = f"{option}: expected a number from {least} to {_MOST:,}, found '{text:.40}'"
        raise BadNumber(message)
    return number


def parse_size(text: str, option: str) -> int:
    """Read a number of bytes: like a count, or with ``k``, ``M``, ``G`` and ``Ki``, ``Mi``, ``Gi``, ``B`` or not.

    Raises:
        BadNumber: it is not written so.

    >>> parse_size("10M", "--max-file-size"), parse_size("1KiB", "--max-file-size")
    (10000000, 1024)
    """
    match = _SIZE.fullmatch(text.replace("K", "k"))
    if match is None or len(text) > _MOST_DIGITS:
        message = f"{option}: expected a size such as 500k, 10M or 2MiB, found '{text:.40}'"
        raise BadNumber(message)
    unit = match[2].removesuffix("B")
    factor = 1024 ** " kMGT".index(unit[0]) if unit.endswith("i") and unit != "i" else _FACTORS.get(unit)
    if factor is None:
        message = f"{option}: unknown unit in '{text:.40}'"
        raise BadNumber(message)
    return min(int(re.sub("[_,]", "", match[1])) * factor, 2**63 - 1)


def parse_day(text: str, option: str) -> date:
    """Read a calendar day.

    Raises:
        BadNumber: it is not a day written as YYYY-MM-DD.

    >>> parse_day("2026-11-22", "--as-of")
    datetime.date(2026, 11, 22)
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = f"{option}: expected a day such as 2026-11-22, found '{text:.40}'"
    raise BadNumber(message)


def parse_money(text: str, option: str) -> Decimal:
    """Read an amount of US dollars: digits with a point, ``_`` or ``,`` between them, ``$`` before or not.

    Raises:
        BadNumber: it is not written so, or over a billion.

    >>> parse_money("$0.05", "--max-cost"), parse_money("1,200", "--max-cost")
    (Decimal('0.05'), Decimal('1200'))
    """
    match = _MONEY.fullmatch(text)
    if match is None or len(text) > _MOST_DIGITS:
        message = f"{option}: expected dollars such as 0.05 or 1,200, found '{text:.40}'"
        raise BadNumber(message)
    return Decimal(re.sub("[_,]", "", match[1]))


def parse_percent(text: str, option: str) -> Decimal:
    """Read a percentage, with its sign.

    Raises:
        BadNumber: it is not written so.

    >>> parse_percent("60%", "--max-context"), parse_percent("2.5 %", "--max-context")
    (Decimal('60'), Decimal('2.5'))
    """
    match = _PERCENT.fullmatch(text)
    if match is None or len(text) > _MOST_DIGITS:
        message = f"{option}: expected a percentage such as 60%, found '{text:.40}'"
        raise BadNumber(message)
    return Decimal(match[1])


def parse_increase(text: str, option: str) -> Increase:
    """Read how much more something may become: ``5%``, ``500`` or ``12k`` tokens, ``$0.01`` a request.

    Raises:
        BadNumber: it is not written so.

    >>> [parse_increase(text, "--max-increase").unit for text in ("5%", "12k", "$0.01")]
    ['percent', 'tokens', 'USD']
    """
    from ..calculator.budget import Increase

    if text.endswith("%"):
        return Increase(parse_percent(text, option), "percent")
    if text.startswith("$"):
        return Increase(parse_money(text, option), "USD")
    try:
        return Increase(Decimal(parse_count(text, option)), "tokens")
    except BadNumber:
        message = f"{option}: expected 5%, a number of tokens or dollars such as $0.01, found '{text:.40}'"
        raise BadNumber(message) from None


def parse_days(text: str, option: str) -> int:
    """Read a number of days, such as ``90d``, or of weeks, such as ``12w``.

    Raises:
        BadNumber: it is not written so.

    >>> parse_days("90d", "--fail-if-retires-within"), parse_days("2w", "--fail-if-retires-within")
    (90, 14)
    """
    match = _DAYS.fullmatch(text)
    if match is None:
        message = f"{option}: expected a number of days such as 90d, found '{text:.40}'"
        raise BadNumber(message)
    return int(match[1]) * (7 if match[2] == "w" else 1)
