"""Where a text may be cut: between tokens, words, lines or sentences, and never inside a character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regex import Pattern

    from .protocol import Tokenizer
    from .token_bytes import TokenBytes

__all__ = [
    "CONTEXT_CHARACTERS",
    "At",
    "beside_headings",
    "first_character",
    "token_ends",
    "whole_characters",
    "written_ends",
    "written_starts",
]

CONTEXT_CHARACTERS = 256
"""Characters before and after a place that decide whether a word or a sentence ends there."""


class At(StrEnum):
    """What is kept whole when a text is cut."""

    TOKEN = "token"  # noqa: S105 - a token of text
    WORD = "word"
    LINE = "line"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    """The text under a Markdown heading, with it."""


def written_ends(text: str, at: At) -> list[int]:
    """Return the places in a text at which a word, a line or a sentence ends and another follows, in ascending order.

    >>> written_ends("It is. Yes, and e.g. this! Go", At.SENTENCE)
    [6, 26]
    >>> written_ends("to be", At.WORD)
    [2]
    """
    return [found.start() for found in _ends(at).finditer(text)]


def written_starts(text: str, at: At) -> list[int]:
    """Return the places in a text at which a word, a line or a sentence begins after another, in ascending order.

    >>> written_starts("to be, or", At.WORD)
    [3, 7]
    """
    return [found.start() for found in _starts(at).finditer(text)]


def token_ends(text: str, tokenizer: Tokenizer, token_bytes: TokenBytes) -> Sequence[int]:
    """Return the places in a text at which a token and a code point end, in ascending order."""
    ends = accumulate(len(token_bytes[token]) for token in tokenizer.encode(text))
    if text.isascii():
        return list(ends)
    raw = text.encode()
    begins = [byte & 0xC0 != 0x80 for byte in raw] + [True]  # noqa: PLR2004 - other bytes go on with a character
    characters = list(accumulate(begins, initial=0))
    return [characters[end] for end in ends if begins[end]]


def whole_characters(text: str, places: Sequence[int]) -> list[int]:
    r"""Return those places in a text that lie between two characters, as readers see them.

    A letter with its accents is one, and so are a flag, a family of emoji, and a carriage return with its newline.

    >>> whole_characters("e\u0301e", [1, 2, 3])
    [2, 3]
    """
    if text.isascii() and "\r" not in text:
        return list(places)
    whole = {0, *(found.end() for found in _characters().finditer(text))}
    return [place for place in places if place in whole]


def beside_headings(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield where a Markdown heading begins, and where the text under it does.

    >>> list(beside_headings("# A\n\nb"))
    [(0, 5)]
    """
    return ((found.start(), found.end()) for found in _headings().finditer(text))


@cache
def _headings() -> Pattern[str]:
    import regex

    return regex.compile(rf"(?m:{_HEADING})(?:#[^\n]*+|[^\n]*+\n[^\n]*+)\s*+")


def first_character(text: str) -> int:
    r"""Return where the first character, as readers see it, ends.

    >>> first_character("e\u0301e")
    2
    """
    found = _characters().match(text)
    return found.end() if found else 0


@cache
def _characters() -> Pattern[str]:
    import regex

    return regex.compile(r"\X")


_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
"""Scripts that put no blanks between words: text in them is cut between any two characters."""

_CLOSING = r"[\p{Pe}\p{Pf}\"']{0,8}"

_EASTERN_STOP = rf"[。！？｡।॥؟۔]{_CLOSING}"

_PARAGRAPH = r"(?<=\n[^\S\n]{0,99}\n)(?=[^\S\n]{0,99}\S)"

_HEADING = r"^(?=#{1,6}[ \t]|[ ]{0,3}[^\s#>|-][^\n]{0,999}\n[ ]{0,3}(?:=+|-{2,})[ \t]*\r?$)"
"""Where a Markdown heading begins: ``# Title``, or a line with a line of ``=`` or ``-`` under it."""

# As in Unicode's rules (UAX #29): a small letter after the blank says that the full stop was of an abbreviation.
_ENDS = {
    At.WORD: rf"(?<=\S)(?=\s)|(?<={_UNSPACED})(?=\S)|(?<=\S)(?={_UNSPACED})",
    At.LINE: r"(?<=\n)|(?<=\r)(?!\n)",
    At.SENTENCE: rf"(?<=[.!?…]{_CLOSING})(?=\s)(?!\s{{1,64}}\p{{Ll}})|(?<={_EASTERN_STOP})(?![\p{{Pe}}\p{{Pf}}\"'])"
    r"|(?<=\S)(?=[^\S\n]{0,99}\n[^\S\n]{0,99}\n)",
    At.PARAGRAPH: _PARAGRAPH,
    At.HEADING: f"(?m:{_HEADING})",
}
_STARTS = {
    At.WORD: rf"(?<=\s)(?=\S)|(?<={_UNSPACED})(?=\S)|(?<=\S)(?={_UNSPACED})",
    At.LINE: r"(?<=\n)|(?<=\r)(?!\n)",
    At.SENTENCE: rf"(?<=[.!?…]{_CLOSING}\s{{1,64}})(?=[^\s\p{{Ll}}])"
    rf"|(?<={_EASTERN_STOP}\s{{0,64}})(?=[^\s\p{{Pe}}\p{{Pf}}\"'])"
    r"|(?<=\n[^\S\n]{0,99}\n[^\S\n]{0,99})(?=\S)",
    At.PARAGRAPH: _PARAGRAPH,
    At.HEADING: f"(?m:{_HEADING})",
}


@cache
def _ends(at: At) -> Pattern[str]:
    import regex

    return regex.compile(_ENDS[at])


@cache
def _starts(at: At) -> Pattern[str]:
    import regex

    return regex.compile(_STARTS[at])
