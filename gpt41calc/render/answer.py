"""The first line of a report: the answer."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Answer", "Verdict"]

Verdict = Literal["kept", "broken", "not known"]
"""Result of the checked limits; ``not known`` if some input could not be counted."""

_STYLES: dict[Verdict | None, str] = {
    None: "bold",
    "kept": "bold",
    "not known": "bold yellow",
    "broken": "bold red",
}


class Answer(NamedTuple):
    """The answer in one sentence, the first line of every report for people: table, plain text and Markdown.

    >>> Answer("broken: 1 of 2 budgets, cut 35 tokens from prompts", "broken").style
    'bold red'
    """

    text: str
    """A sentence without a full stop: a quantity or ``word: ``, then the fit, then the cost."""

    verdict: Verdict | None = None
    """Whether the checked limits are kept. None if the report checks no limits."""

    @property
    def style(self) -> str:
        """Style on a terminal: red only if a limit is broken."""
        return _STYLES[self.verdict]
