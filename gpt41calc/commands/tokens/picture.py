"""Show tokens in a terminal or as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from ...render.escape import for_terminal
from .parts import parts_of
from .run import Token, is_one_tiling

__all__ = ["answer_of", "tokens_picture"]

_COLOURS = ("46", "43", "42", "45")
"""Backgrounds of consecutive tokens, as SGR parameters; the text on them is black."""


def answer_of(tokens: Sequence[Token], encoding: str) -> str:
    """Return how many tokens there are, of which encoding.

    >>> answer_of([], "o200k_base")
    '0 tokens (o200k_base)'
    """
    count = "1 token" if len(tokens) == 1 else f"{len(tokens):,} tokens"
    return f"{count} ({encoding}{', one possible tiling' if is_one_tiling(encoding) else ''})"


def tokens_picture(tokens: Sequence[Token], encoding: str, *, per_line: int | None, ids: bool, colour: bool) -> str:
    r"""Return the text with its tokens beside each other, and how many they are.

    Args:
        tokens: the tokens.
        encoding: name of their encoding.
        per_line: tokens of a line. None for lines as in the text; with ``ids``, one.
        ids: whether the id is before each token.
        colour: whether tokens are separated by colours; else by bars.

    >>> tokens = [Token(24912, b"hello", 0), Token(198, b"\n", 5)]
    >>> print(tokens_picture(tokens, "o200k_base", per_line=None, ids=False, colour=False), end="")
    2 tokens (o200k_base)
    |hello|\n|
    """
    lines: list[str] = []
    line: list[str] = []
    per_line = 1 if ids and per_line is None else per_line
    for number, token in enumerate(tokens):
        text = _text(token)
        if colour:
            text = f"\x1b[30;{_COLOURS[number % len(_COLOURS)]}m{text}\x1b[0m"
        elif ids:
            text = f"|{text}|"
        line.append(f"{token.id} {text}" if ids else text)
        if len(line) == per_line if per_line else token.bytes.endswith(b"\n"):
            lines.append(_joined(line, ids=ids, colour=colour))
            line = []
    if line:
        lines.append(_joined(line, ids=ids, colour=colour))
    return "\n".join([answer_of(tokens, encoding), *lines]) + "\n"


def _joined(line: Sequence[str], *, ids: bool, colour: bool) -> str:
    if ids:
        return "  ".join(line)
    return "".join(line) if colour else f"|{'|'.join(line)}|"


def _text(token: Token) -> str:
    """Return the text of a token in one colour, where a backslash of its own is doubled."""
    return "".join(text if is_escape else for_terminal(text) for text, is_escape in parts_of(token))
