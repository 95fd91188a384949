"""Detect the kind of a text. Tokenizers differ by kind: one made for English needs twice as many tokens for Hindi.

The kind is detected by characters and common words; ``python -m benchmarks.claude_ratios`` measures the ratios of each
kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal

__all__ = [
    "BLOCK_CHARACTERS",
    "FEW",
    "LETTERS",
    "MANY",
    "SIGNS",
    "BlockKinds",
    "TextKind",
    "block_step",
    "by_kind",
    "is_english",
    "kind_of_ascii",
    "kind_of_text",
    "kinds_of_blocks",
    "kinds_of_texts",
]

TextKind = Literal["code", "english", "latin", "cjk", "other"]
"""Code and markup; English; other languages in Latin letters; Chinese, Japanese and Korean; all other scripts."""

BlockKinds = tuple[tuple[TextKind, Decimal | int], ...]
"""The kinds of the blocks of a text, and the bytes that the blocks of each kind stand for."""

FEW, _SOME, MANY = 0.03, 0.2, 0.12
"""Thresholds: share of words that are English, of letters that are not Latin, of characters that are signs of code."""

SIGNS = b"{}()[]<>=;:_/*\"'#$%&|\\+@~^`"
"""Characters that are signs of code."""

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""Letters of ASCII."""

_ENGLISH = frozenset(["the", "of", "and", "to", "is", "in", "that", "for", "with", "or", "this", "be", "are", "not"])
_ENGLISH_BYTES = frozenset(word.encode() for word in _ENGLISH)
_FIRST_WORDS, _FIRST_BYTES = 32, 256
"""Beginning of a block, in which enough words are English in most blocks of English."""
_BEGIN_BYTES = 64
"""Bytes in which nearly every text has a letter."""
_NO_LETTERS = bytes(set(range(256)).difference(LETTERS))
_IN_WORDS = bytes(byte if byte in LETTERS + b"0123456789_" else ord(" ") for byte in range(256)).lower()
"""Table for ``bytes.translate``: words in lower case, and a blank for what is in no word."""

# Texts, which re compiles once they are used: 3 ms that counting for public tokenizers does not need.
_ASCII = "[\0-\x7f]+"
_CJK = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"
_LATIN = "[\u00c0-\u024f\u1e00-\u1eff]"
_LETTER = r"[^\W\d_]"
_WORD = r"\w+"


def kind_of_text(text: str) -> TextKind:
    """Return the kind of most of a text.

    >>> kind_of_text("It is the first of two reports, and the longer one."), kind_of_text("for (i = 0; i < n; i++) {")
    ('english', 'code')
    >>> kind_of_text("これは日本語です"), kind_of_text("Это по-русски"), kind_of_text("Das steht hier auf Deutsch")
    ('cjk', 'other', 'latin')
    """
    if text.isascii():
        return kind_of_ascii(text.encode())
    ascii_text = text.encode("ascii", "ignore")
    letters = len(ascii_text.translate(None, _NO_LETTERS))
    rest = re.sub(_ASCII, "", text)
    others = len(re.findall(_LETTER, rest))
    letters += others
    if len(re.findall(_CJK, rest)) > _SOME * letters:
        return "cjk"
    if others - len(re.findall(_LATIN, rest)) > _SOME * letters or not letters:
        return "other"
    written = len(text) - text.count(" ") - text.count("\n") or 1
    if len(ascii_text) - len(ascii_text.translate(None, SIGNS)) > MANY * written:
        return "code"
    words = re.findall(_WORD, text.lower())
    return "english" if sum(map(_ENGLISH.__contains__, words)) > FEW * len(words) else "latin"


def kind_of_ascii(text: bytes) -> TextKind:
    """Return the same of ASCII, of which a block of 1,024 bytes takes 3 us if it is code, and 11 if it is English.

    Bytes are counted by translating them, 8 times as fast as by patterns (of 11 MB of requests for Claude, 5 of 7 s
    were spent in them). Most is certain from a part: shares are compared with their bounds first.
    """
    begin = text[:_BEGIN_BYTES]
    if begin.lower() == begin.upper() and text.lower() == text.upper():
        return "other"
    rest = text.translate(None, SIGNS)
    signs = len(text) - len(rest)
    if signs > MANY * len(text) or signs > MANY * (signs + len(rest.translate(None, b" \n"))):
        return "code"
    words = text.translate(_IN_WORDS).split()
    most = FEW * len(words)
    if sum(map(_ENGLISH_BYTES.__contains__, words[:_FIRST_WORDS])) > most:
        return "english"
    return "english" if sum(map(_ENGLISH_BYTES.__contains__, words)) > most else "latin"


def is_english(block: bytes, most: float) -> bool:
    """Return whether more than a number of the words of a block of ASCII are English ones."""
    begin = block[:_FIRST_BYTES].translate(_IN_WORDS).split()[:-1]  # the last one may be cut
    if sum(map(_ENGLISH_BYTES.__contains__, begin)) > most:
        return True
    return sum(map(_ENGLISH_BYTES.__contains__, block.translate(_IN_WORDS).split())) > most


def kinds_of_texts(texts: Iterable[str]) -> Mapping[str, Decimal]:
    """Return how many bytes of some texts are of each kind, by blocks at equal distances in each of them.

    >>> kinds_of_texts(["It is the first of two reports, and the longer one.", "これは日本語です"])
    {'english': Decimal('51'), 'cjk': Decimal('24')}
    """
    known = list(texts)
    step = block_step(known)
    found = by_kind([kinds_of_blocks(text, step) for text in known])
    return {kind: Decimal(size) for kind, size in found.items()}


def block_step(texts: Iterable[str]) -> int:
    """Return the characters from the beginning of a block to that of the next one in some texts."""
    return max(BLOCK_CHARACTERS, sum(map(len, texts)) // _BLOCKS)


def by_kind(parts: Iterable[BlockKinds]) -> Mapping[str, Decimal | int]:
    """Return the sums of some texts by kind."""
    found: dict[str, Decimal | int] = {}
    for part in parts:
        for kind, size in part:
            found[kind] = found[kind] + size if kind in found else size
    return found


@lru_cache(maxsize=64)  # requests of a batch begin with the same instructions
def kinds_of_blocks(text: str, step: int) -> BlockKinds:
    """Return the kinds of the blocks of a text, whose beginnings are ``step`` characters apart."""
    found: dict[TextKind, Decimal | int] = {}
    raw = text.encode() if text.isascii() else None
    for start in range(0, len(text), step):
        stands_for = min(step, len(text) - start)
        size: Decimal | int = stands_for
        if raw is not None:
            kind = kind_of_ascii(raw[start : start + BLOCK_CHARACTERS])
        else:
            block = text[start : start + BLOCK_CHARACTERS]
            if not block.isascii():
                size = Decimal(len(block.encode("utf-8", "surrogatepass")) * stands_for) / len(block)
            kind = kind_of_text(block)
        found[kind] = found[kind] + size if kind in found else size
    return tuple(found.items())


_BLOCKS = 24

BLOCK_CHARACTERS = 1 << 10
"""Characters of a block."""
