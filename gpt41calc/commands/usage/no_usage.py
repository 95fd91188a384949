"""The reason why a line is not billed."""

from __future__ import annotations

__all__ = ["NoUsage"]


class NoUsage(Exception):
    """A line without a cost, with the reason."""

    def __init__(self, reason: str, *, expected: bool = False, is_repeated: bool = False) -> None:
        """Store the reason, and whether the sum is complete without the line.

        Args:
            reason: a lower-case phrase.
            expected: True for what is no answer (a user's line, a summary, a
                failed request); False if an answer may be missing.
            is_repeated: whether another line has the same usage, or all of it.
        """
        super().__init__(reason)
        self.reason = reason
        self.expected = expected
        self.is_repeated = is_repeated
