"""The result of comparing inputs: each with the first, in tokens and dollars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from ...calculator.change import FileChange, ModelChange
from ...calculator.workload import Workload
from ...tally import Tally

if TYPE_CHECKING:
    from .sections import DividedBy
    from .wording import Wording

__all__ = ["Compared", "Comparison", "SectionChange", "Side", "SideKind"]

SideKind = Literal["text", "request", "folder"]
"""What an input is: a text, the body of a request, which is counted by its API's rules, or a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the inputs."""

    name: str
    """Its path as the user would write it, or ``<stdin>``."""

    kind: SideKind
    """What it is."""

    inputs: Tally
    """What was counted of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChange:
    """A section that is not the same in both inputs."""

    path: str | None
    """Its file, relative to the folders that are compared. None if two files are compared."""

    name: str
    """Its heading or function."""

    by: DividedBy | None
    """What the sections are. None for the rest: tokens that no section has alone."""

    before: int | None
    """Its tokens in the first input. None if it is not there."""

    after: int | None
    """Its tokens in the other input. None if it is not there."""

    @property
    def delta(self) -> int:
        """Added tokens; negative if there are fewer."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An input compared with the first."""

    side: Side
    """The input."""

    is_same: bool
    """Whether its files are the same."""

    models: tuple[ModelChange, ...]
    """The difference for each model."""

    files: tuple[FileChange, ...]
    """The files that are not the same, by relative path."""

    sections: tuple[SectionChange, ...]
    """The sections of these files that are not the same, in their order; removed ones after the others of a file."""

    undivided: tuple[tuple[str, str], ...]
    """Files that should have sections and have none, with the reason as a phrase."""

    lines: tuple[Wording, ...]
    """The lines that cost the most: most tokens added or taken away first."""

    words: tuple[Wording, ...]
    """The words of changed lines that cost the most."""

    more_lines: int = 0
    """Number of changed lines that ``lines`` leaves out."""

    more_words: int = 0
    """Number of changed words that ``words`` leaves out."""

    unread: tuple[tuple[str, str], ...] = ()
    """Files whose lines and words are not compared, with the reason as a phrase."""

    @property
    def delta(self) -> int:
        """Added tokens of the first model; negative if there are fewer."""
        return self.models[0].delta.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Inputs side by side."""

    first: Side
    """The input that the others are compared with."""

    others: tuple[Compared, ...]
    """The others, in the order given by the user; at least one."""

    encoding: str
    """Encoding of the first model, in which files and sections are reported."""

    workload: Workload
    """Output tokens and tier."""

    as_of: date
    """The day whose prices apply."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """All inputs."""
        return (self.first, *(one.side for one in self.others))

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted."""
        return all(side.inputs.complete for side in self.sides)
