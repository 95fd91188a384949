"""The tokens of a text as lines of pieces, each in the style of its token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, chop_cells

from ...render.escape import for_terminal
from ...tokenizer.engines import tokenizer
from ...tokenizer.lookup import Lookup
from ...tokenizer.token_bytes import token_bytes
from ...tokenizer.vocabulary import VOCABULARIES
from .text import Line

__all__ = ["lines_of", "pieces_of"]

_TAB = "→   "
_STYLES = ("black on cyan", "black on yellow", "black on green", "black on magenta")
_STYLES_WITHOUT_COLOUR = ("", "reverse")


def pieces_of(raw: bytes, encoding: str) -> list[str]:
    r"""Return a text token by token, as it can be shown; a newline stays one.

    What is only a part of a character is written as its bytes.

    >>> pieces_of("a 🜁\n".encode(), "o200k_base")
    ['a', ' \\xf0\\x9f', '\\x9c', '\\x81', '\n']
    """
    # Loading a tokenizer would stop the screen for a quarter of a second.
    parts = Lookup(VOCABULARIES[encoding]).split(raw)
    if parts is None:
        known = token_bytes(encoding)
        parts = [known[token] for token in tokenizer(encoding).encode(raw)]
    return list(map(_shown, parts))


def _shown(token: bytes) -> str:
    text = token.decode(errors="surrogateescape")
    return "".join(map(_character, text))


def _character(char: str) -> str:
    if char == "\n":
        return char
    if char == "\t":
        return _TAB
    if "\udc80" <= char <= "\udcff":  # a byte that is no character alone
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char if char == "\\" else for_terminal(char)


def lines_of(pieces: Iterable[str], width: int, *, colour: bool) -> list[Line]:
    r"""Return pieces as lines that are no wider than the screen; each token has another style than its neighbours.

    A newline is shown as ``↵`` at the end of its line, for which there is room beside the width.

    >>> lines_of(["a", "b\n", "cde"], 2, colour=False)
    [[('a', ''), ('b', 'reverse'), ('↵', 'reverse')], [('cd', '')], [('e', '')]]
    """
    styles = _STYLES if colour else _STYLES_WITHOUT_COLOUR
    lines: list[Line] = [[]]
    left = width
    for number, piece in enumerate(pieces):
        style = styles[number % len(styles)]
        for part in _parts(piece):
            if part == "\n":
                lines[-1].append(("↵", style))
                lines.append([])
                left = width
                continue
            for some in _wrapped(part, width):
                columns = cell_len(some)
                if columns > left:
                    lines.append([])
                    left = width
                lines[-1].append((some, style))
                left -= columns
    return lines if lines[-1] else lines[:-1]


def _parts(piece: str) -> Sequence[str]:
    """Return a piece divided at its newlines, which are parts of their own."""
    if "\n" not in piece:
        return (piece,)
    return [part for line in piece.split("\n") for part in (line, "\n")][:-1]


def _wrapped(part: str, width: int) -> Iterator[str]:
    """Yield a part, cut if it is longer than a line."""
    if cell_len(part) > width:
        yield from chop_cells(part, width)
    elif part:
        yield part
