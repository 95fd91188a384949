"""The grouping of answers into rows of the report."""

from __future__ import annotations

from datetime import date, tzinfo

from .answer import Usage
from .charges import Charge, Priced, Spent
from .moments import month_of, week_of
from .row_keys import Keys

__all__ = ["key_of"]


def key_of(one: Priced, keys: Keys, zone: tzinfo) -> Spent:
    """Return an empty row with the keys of an answer; model and tier are always separate."""
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
