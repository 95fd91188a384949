"""The pieces with which ``ctok`` covers a text, and where each of them is in the text.

``ctok`` reconstructs how many tokens Claude counts, not which: as few pieces often cover a text in several ways, and
this is one of them. Its pieces are those of a stream in which words are in lower case between marks. Here each piece
gets back the part of the text that it came from, so that the parts, one after the other, are the text:

- the blank between two words belongs to the second;
- a piece that is only a mark, such as that of a capital, has no text;
- text that takes no piece (control characters, newlines at the end) belongs to the piece before it, else to the first.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import accumulate, pairwise
from typing import NamedTuple

import regex

from .utf8 import as_utf8

__all__ = ["TiledPiece", "claude_tiling"]


class TiledPiece(NamedTuple):
    """A piece of a tiling, which Claude counts as one token."""

    name: str
    """The piece in the notation of ``ctok``: ``⟨bow⟩`` and ``⟨eow⟩`` begin and end a word, ``⟨shift⟩`` makes a capital
    of its first letter, ``⟨caps⟩`` of all, and ``⟨0xNN⟩`` is a byte."""

    start: int
    """Bytes of the text before it."""

    end: int
    """Bytes of the text up to its end; for a mark, the same as ``start``."""


def claude_tiling(text: str | bytes, encoding: str) -> Sequence[TiledPiece]:
    """Return one tiling of a text with as few pieces as possible: as many as ``ClaudeEngine`` counts.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for invalid ones. 1 MB takes 5 s.
        encoding: ``claude-3``, ``claude-4.7`` or ``claude-4.8``.

    Raises:
        ImportError: ``ctok`` is not installed.
    """
    written = as_utf8(text).decode()
    names = [name for name in import_module("ctok").tokenize(written, _VERSIONS[encoding]) if name != _FRAME]
    if not names:
        return []
    spelled = [_spelled(name) for name in names]
    places = _places(b"".join(spelled).decode(), _Normalized(written, folds_quotes=encoding == "claude-3"))
    starts = [0, *map(places.__getitem__, accumulate(map(len, spelled[:-1])))]
    return [TiledPiece(name, *place) for name, place in zip(names, pairwise([*starts, places[-1]]), strict=True)]


_VERSIONS = {"claude-3": "3.0", "claude-4.7": "4.7", "claude-4.8": "4.8"}
"""Versions of Claude by which ``ctok`` knows the encodings."""

_FRAME = "⟨pad⟩"
"""A token around the text, in a message that has only this text."""


def _spelled(name: str) -> bytes:
    """Return the characters and bytes of a piece without its marks, as UTF-8 if they are whole characters."""
    if "⟨" not in name:
        return name.encode()
    return b"".join(bytes.fromhex(byte) if byte else char.encode() for byte, char in _ATOM.findall(_MARK.sub("", name)))


_MARK = re.compile("⟨(?:bow|eow|shift|caps)⟩")
_ATOM = re.compile("⟨0x([0-9A-F]{2})⟩|(.)", re.DOTALL)  # the brackets themselves are written as bytes


_LINE = re.compile("[^\n]*\n|[^\n]+")
"""A line: no character is joined with another across a newline."""


class _Normalized:
    """A text as ``ctok`` normalizes it, and the bytes of the text that each character stands for."""

    def __init__(self, text: str, *, folds_quotes: bool) -> None:
        """Normalize a text.

        Args:
            text: the text.
            folds_quotes: whether curly quotes become straight ones.
        """
        normalize = import_module("ctok.normalize").nfc  # ctok itself uses this name for a function
        chars: list[str] = []
        self.starts, self.ends = array("Q"), array("Q")
        at = 0
        for line in _LINE.findall(text):
            for source, normalized in _clusters(line, lambda part: normalize(part, fold_quotes=folds_quotes)):
                end = at + len(source.encode())
                for char in normalized:
                    chars.append(char)
                    self.starts.append(at)
                    self.ends.append(end)
                    at = end  # a further character of the same ones stands for nothing more
                at = end
        self.starts.append(at)
        self.chars = "".join(chars)


def _clusters(line: str, normalize: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield the characters of a line, each with what it becomes, as far as they can be told apart."""
    whole = normalize(line)
    if whole == line:
        yield from zip(line, line, strict=True)
        return
    parts = [(part, normalize(part)) for part in regex.findall(r"\X", line)]
    if whole != "".join(normalized for _, normalized in parts):  # as of two Thai characters that become one
        parts = [(line, whole)]
    for part, normalized in parts:
        if part == normalized:
            yield from zip(part, part, strict=True)
        else:
            yield part, normalized


def _places(stream: str, text: _Normalized) -> array[int]:
    """Return how many bytes of the text are before each byte of a stream without its marks, and before its end.

    The stream has the characters of the text in lower case, without the blank between two words, and without newlines
    at the end that the message has anyway. A blank before an apostrophe that begins it is not in the text.
    """
    chars, starts, ends = text.chars, text.starts, text.ends
    places = array("Q")
    at = 0
    for char in stream:
        begun = at
        if char != " " and chars[at : at + 1] == " ":
            at += 1
        raw = char.encode()
        if at == len(chars) or (char == " " and chars[at] != " "):
            places.extend([starts[begun]] * len(raw))
            continue
        places.append(starts[begun])
        is_same = char == chars[at] and ends[at] - starts[at] == len(raw)
        places.extend(starts[at] + past if is_same else ends[at] for past in range(1, len(raw)))
        at += 1
    places.append(starts[-1])
    return places
