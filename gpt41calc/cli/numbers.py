"""The grammar of numbers, sizes and days on the command line."""

from __future__ import annotations

import re
from datetime import date

from ..errors import BadNumber

__all__ = ["parse_count", "parse_day", "parse_size"]

_COUNT = re.compile(r"([0-9]+(?:[_,][0-9]+)*)([kM]?)", re.ASCII)
_SIZE = re.compile(r"([0-9]+(?:[_,][0-9]+)*)(|[kMGT]?i?B?)", re.ASCII)
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
