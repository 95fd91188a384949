"""Parse times in logs, and convert them to the day, week or month of a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ...errors import UsageError

__all__ = ["moment", "month_of", "time_zone", "week_of"]

_EARLIEST, _LATEST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""A time outside this range is not the time of an answer."""

_SCALES = (1, 1_000, 1_000_000, 1_000_000_000)
"""Units of numeric times since 1970: seconds, milliseconds, microseconds (LangSmith), nanoseconds (OpenTelemetry)."""


def moment(value: object) -> datetime | None:
    """Return the time in UTC for a text or a number; None if it is not a time.

    >>> moment("2026-11-22T10:00:00+02:00") == moment(1_795_334_400) == moment("1795334400000000000")
    True
    """
    when = None
    if isinstance(value, str):
        if value.isascii() and value.isdigit() and len(value) <= 20:  # noqa: PLR2004 - as many digits as 2100 has nanoseconds
            return moment(int(value)) if len(value) != len("20261122") else _iso(value)
        when = _iso(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        for scale in _SCALES:
            if _EARLIEST.timestamp() <= value / scale < _LATEST.timestamp():
                when = datetime.fromtimestamp(value / scale, UTC)
    if when is None or not _EARLIEST <= when < _LATEST:
        return None
    return when.astimezone(UTC)


def _iso(value: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when


def time_zone(name: str | None) -> tzinfo:
    """Return the time zone with a name in the IANA database; UTC if none is given.

    Raises:
        UsageError: there is no such time zone.
    """
    if name is None or name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"--timezone: unknown time zone '{name:.60}'"
        raise UsageError(message, hint="give a name such as Europe/Berlin, America/New_York or UTC") from error


def week_of(when: datetime) -> str:
    """Return the week in ISO 8601; its year is that of its Thursday.

    >>> week_of(datetime(2027, 1, 1, tzinfo=UTC))
    '2026-W53'
    """
    year, week, _ = when.isocalendar()
    return f"{year}-W{week:02}"


def month_of(when: datetime) -> str:
    """Return the month in ISO 8601.

    >>> month_of(datetime(2026, 11, 22, tzinfo=UTC))
    '2026-11'
    """
    return f"{when:%Y-%m}"
