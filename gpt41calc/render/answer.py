"""The first line of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Answer", "Verdict"]

Verdict = Literal["kept", "broken", "not known"]
"""What became of the limits that were asked about; ``not known`` if some input could not be counted."""

_STYLES: dict[Verdict | None, str] = {
    None: "bold",
    "kept": "bold",
    "not known": "bold yellow",
    "broken": "bold red",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer in one sentence, with which every report for people begins: table, plain text and Markdown.

    >>> Answer("broken: 1 of 2 budgets, cut 35 tokens from prompts", "broken").style
    'bold red'
    """

    text: str
    """A sentence without a full stop: a quantity or ``word: `` first, then whether it fits, then what it costs."""

    verdict: Verdict | None = None
    """Whether the limits that were asked about hold. None if the report checks no limits."""

    @property
    def style(self) -> str:
        """How it is drawn on a terminal: red only if a limit is broken."""
        return _STYLES[self.verdict]
