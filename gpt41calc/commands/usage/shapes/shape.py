"""What every shape of an export does: it takes the lines of one file and returns answers."""

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
    """What is known of all answers in a file."""

    name: str
    """The file, as the user would recognise it."""

    tier: Tier | None = None
    """Price list of answers that do not say theirs. None for the batch list for a Batch output file, else standard."""

    model: str | None = None
    """Model of answers that do not name theirs; None if such a line is to be refused."""

    session: str | None = None
    """Session of answers that do not name theirs: the name of the file."""

    project: str | None = None
    """Project of answers that do not name theirs: the folder of such a log file."""


class Shape(Protocol):
    """One form in which answers are kept. An object of it reads one file."""

    def __init__(self, file: FileContext) -> None:
        """Begin a file."""

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answers in a line; None if it is not of this shape.

        Args:
            line: one JSON object.
            place: where it is: file and line.

        Raises:
            NoUsage: the line is of this shape and is not billed.
        """

    def rest(self) -> Iterator[Answer | Skipped]:
        """Return what was held back until the end of the file."""
