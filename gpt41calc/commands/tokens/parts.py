"""What is seen of a token: its text, and escapes for what cannot be seen or is a part of a character."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from ...render.escape import for_terminal
from .run import Token

__all__ = ["Part", "parts_of"]

_BYTES = 0xDC00
"""A byte that is no text is decoded to the code point at this distance (PEP 383)."""


class Part(NamedTuple):
    """A part of what is seen."""

    text: str
    """Printable text."""

    is_escape: bool
    """Whether it stands for something else: a control character, a byte, or a mark of a reconstructed tokenizer."""


def parts_of(token: Token) -> Sequence[Part]:
    r"""Return what is seen of a token.

    >>> parts_of(Token(1, b"a\n\xf0\x9f", 0))
    [Part(text='a', is_escape=False), Part(text='\\n\\xf0\\x9f', is_escape=True)]
    """
    if token.piece is not None and not token.bytes:
        return [Part(for_terminal(token.piece), is_escape=True)]
    text = token.bytes.decode(errors="surrogateescape")
    if text.isprintable():  # as most are
        return [Part(text, is_escape=False)]
    return [
        Part("".join(run), is_escape=False) if is_printable else Part("".join(map(_escape, run)), is_escape=True)
        for is_printable, run in groupby(text, str.isprintable)
    ]


def _escape(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - _BYTES:02x}"
    text = for_terminal(char)
    return text if text.isprintable() else f"\\u{ord(char):04x}"  # a blank that looks like another one
