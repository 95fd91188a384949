"""The chosen patterns as options that can be pasted into a shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

from ...render.escape import name_bytes, without_hidden

__all__ = ["exclude_options"]


def exclude_options(patterns: Iterable[str]) -> str:
    r"""Return the options for some patterns, quoted for a shell; empty if there are none.

    A pattern with characters that a terminal would obey, or that are not Unicode, is written as ``$'…'``, which bash,
    zsh and ksh read.

    >>> print(exclude_options(["/docs/", "*.po", "it's", "a\x1b[2J"]))
    --exclude /docs/ --exclude '*.po' --exclude 'it'"'"'s' --exclude $'a\033[2J'
    """
    return " ".join(f"--exclude {_quoted(pattern)}" for pattern in patterns)


def _quoted(word: str) -> str:
    if without_hidden(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(map(_character, word)) + "'"


def _character(char: str) -> str:
    if re.match(r"[\\']", char):
        return "\\" + char
    if without_hidden(char) == char:
        return char
    # Octal numbers end after three digits, while \x41f would read on.
    return "".join(f"\\{byte:03o}" for byte in name_bytes(char))
