"""The text around a row: literal text with the names of columns in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import UsageError

__all__ = ["Template", "parse_template"]

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

# Between a newline and a letter or digit every piece of o200k_base and cl100k_base ends, whatever stands around it
# (tokenizer/chunks.py): text before the cut and behind it can be counted apart.
_CUT = re.compile(r"(?<=\n)(?=[A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Template:
    r"""What every row is put into.

    >>> parse_template("Label this.\n\nText: {text}\n").columns
    ('text',)
    """

    parts: tuple[tuple[str, str | None], ...]
    """Literal texts, each with the name of the column that follows it; the name is None for the last text."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names, each once, in their order."""
        return tuple(dict.fromkeys(name for _, name in self.parts if name is not None))

    @property
    def head(self) -> str:
        """What no row can change at its beginning: counted once, not with every row."""
        return self.parts[0][0][: self._head_end]

    @property
    def tail(self) -> str:
        """What no row can change at its end."""
        return self.parts[-1][0][self._tail_start :]

    @property
    def seams(self) -> tuple[tuple[str, str | None], ...]:
        """The parts without head and tail: what is joined to every row before it is counted."""
        (first, name), *others = self.parts
        trimmed = [(first[self._head_end :], name), *others]
        last, _ = trimmed[-1]
        trimmed[-1] = (last[: self._tail_start], None)
        return tuple(trimmed)

    @property
    def _head_end(self) -> int:
        return max((cut.start() for cut in _CUT.finditer(self.parts[0][0])), default=0)

    @property
    def _tail_start(self) -> int:
        last = self.parts[-1][0]
        cut = _CUT.search(last)
        return cut.start() if cut else len(last)


def parse_template(text: str, place: str = "--template") -> Template:
    """Read a template: ``{column}``, with ``{{`` and ``}}`` for braces.

    Args:
        text: the template.
        place: what an error calls it.

    Raises:
        UsageError: a brace is not closed or opened, or no column is named.
    """
    parts: list[tuple[str, str | None]] = []
    literal: list[str] = []
    end = 0
    for match in _PIECE.finditer(text):
        literal.append(text[end : match.start()])
        end = match.end()
        if match[0] in {"{{", "}}"}:
            literal.append(match[0][0])
        elif match[1]:
            parts.append(("".join(literal), match[1].strip()))
            literal = []
        else:
            line = text.count("\n", 0, match.start()) + 1
            message = f"{place}: line {line}: '{match[0]:.40}' names no column"
            raise UsageError(message, hint="a column is written {name}, a brace {{ or }}")
    if not parts:
        message = f"{place}: no column is named"
        raise UsageError(message, hint="write the column where its text belongs: Summarize this: {text}")
    parts.append(("".join(literal) + text[end:], None))
    return Template(tuple(parts))
