"""The interface of log format readers: each reads the lines of one file and returns answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ....pricing.price import Tier
from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json

__all__ = ["FileContext", "Shape"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContext:
    """Defaults for all answers in a file."""

    name: str
    """The file, as the user wrote it."""

    tier: Tier | None = None
    """Tier of answers that do not state theirs. None for batch in a Batch output file, else standard."""

    model: str | None = None
    """Model of answers that do not name one; None to refuse such answers."""

    session: str | None = None
    """Session of answers that do not name one: the name of the file. None if the file is not one session."""

    project: str | None = None
    """Project of answers that do not name one: the folder of the log file. None if it is no log file."""


class Shape(Protocol):
    """A log format; an object of it reads one file."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answers in a line; None if the line is not of this format.

        Args:
            line: one JSON object.
            place: where it is: file and line.

        Raises:
            NoUsage: the line is of this format and is not billed.
        """

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield the answers held back until the end of the file."""
