"""Show tokens in a terminal or as plain text, and in a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...render.escape import for_terminal
from ...render.json_fields import header
from .run import Token

__all__ = ["tokens_document", "tokens_picture"]

_BYTES = 0xDC00
"""A byte that is no text is decoded to the code point at this distance (PEP 383)."""

_COLOURS = ("46", "43", "42", "45")
"""Backgrounds of consecutive tokens, as SGR parameters; the text on them is black."""


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
    count = "1 token" if len(tokens) == 1 else f"{len(tokens):,} tokens"
    return "\n".join([f"{count} ({encoding})", *lines]) + "\n"


def _joined(line: Sequence[str], *, ids: bool, colour: bool) -> str:
    if ids:
        return "  ".join(line)
    return "".join(line) if colour else f"|{'|'.join(line)}|"


def _text(token: Token) -> str:
    """Return the text of a token, with the bytes of a part of a character as escapes."""
    return "".join(map(_shown, token.bytes.decode(errors="surrogateescape")))


def _shown(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - _BYTES:02x}"
    text = for_terminal(char)
    return text if text.isprintable() else f"\\u{ord(char):04x}"  # a blank that looks like another one


def tokens_document(tokens: Sequence[Token], encoding: str, *, special_tokens: bool) -> dict[str, Any]:
    """Return the document: every token with its id, bytes and place."""
    return {
        **header(),
        "encoding": encoding,
        "special": special_tokens,
        "tokens": len(tokens),
        "items": [
            {
                "id": token.id,
                "text": token.text,
                "bytes": token.bytes.hex(),
                "start": token.start,
                "end": token.end,
            }
            for token in tokens
        ],
    }
