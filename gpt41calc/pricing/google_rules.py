"""Tokens that Gemini bills for the parts of a request other than its texts."""

from typing import Annotated, Literal

from .fields import Cited, Constrained, Line, Record

__all__ = ["GoogleRules"]

_Few = Annotated[int, Constrained(strict=True, ge=0, le=1000)]


class GoogleRules(Record):
    """Token overheads of a generateContent body."""

    functions: Literal["values", "python", "declarations"]
    """The notation in which functions, calls and results are counted: values (2.0), Python (2.5), or declarations (3).
    """

    per_content: _Few = 1
    """Tokens around each entry of ``contents``, and around the system instruction."""

    thoughts: Literal["unknown", "turn", "all"] = "unknown"
    """Which thought signatures add their thoughts to the prompt: those of the current turn, all, or mostly none."""

    bills_schema: bool = False
    """Whether ``responseSchema`` counts as part of the prompt."""

    source: Cited
    """Keys of the table's ``sources``."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""
