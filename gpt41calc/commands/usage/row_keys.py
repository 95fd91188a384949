"""The keys by which rows are grouped, in a module that the command line can import without what prices answers."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["DEFAULT_KEYS", "By", "Keys"]


class By(StrEnum):
    """The key by which rows are grouped."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    MODEL = "model"
    SESSION = "session"
    PROJECT = "project"
    KIND = "kind"
    """Groups requests by kind: a table of the accuracy of their estimates, beside the other rows."""


Keys = tuple[str, ...]
"""Names of the fields of ``Spent`` that separate rows."""

DEFAULT_KEYS: Keys = ("model", "day", "tier")
"""The default keys."""
