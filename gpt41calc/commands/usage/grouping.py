"""What the rows of the report stand for."""

from __future__ import annotations

from datetime import date, tzinfo
from enum import StrEnum

from .answer import Usage
from .charges import Charge, Priced, Spent
from .moments import month_of, week_of

__all__ = ["DEFAULT_KEYS", "By", "Keys", "key_of"]


class By(StrEnum):
    """What a row stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    MODEL = "model"
    SESSION = "session"
    PROJECT = "project"
    KIND = "kind"
    """Of requests: a table of how good their estimates were, beside the rows by the other keys."""


Keys = tuple[str, ...]
"""Names of the keys of ``Spent`` that rows are kept apart by."""

DEFAULT_KEYS: Keys = ("model", "day", "tier")
"""What rows stand for if nothing else is asked."""


def key_of(one: Priced, keys: Keys, zone: tzinfo) -> Spent:
    """Return the row of an answer, with no sums yet; model and price list are always separated."""
    answer = one.answer
    at = answer.at.astimezone(zone) if answer.at else None
    day: date | None = at.date() if at else answer.day
    return Spent(
        model=one.model.id,
        tier=answer.tier,
        day=day if "day" in keys else None,
        utc_day=answer.day if "utc_day" in keys else None,
        week=week_of(at) if at and "week" in keys else None,
        month=month_of(at) if at and "month" in keys else None,
        session=(answer.session or answer.file_session) if "session" in keys else None,
        project=answer.project if "project" in keys else None,
        usage=Usage(),
        charge=Charge(),
    )
