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

__all__ = ["TextKind", "kind_of_text", "kinds_of_texts"]

TextKind = Literal["code", "english", "latin", "cjk", "other"]
"""Code and markup; English; other languages in Latin letters; Chinese, Japanese and Korean; all other scripts."""

_FEW, _SOME, _MANY = 0.03, 0.2, 0.12
"""Thresholds: share of words that are English, of letters that are not Latin, of characters that are signs of code."""

_ENGLISH = frozenset(["the", "of", "and", "to", "is", "in", "that", "for", "with", "or", "this", "be", "are", "not"])
_SIGNS = b"{}()[]<>=;:_/*\"'#$%&|\\+@~^`"
_ENGLISH_BYTES = frozenset(word.encode() for word in _ENGLISH)
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_NO_LETTERS = bytes(set(range(256)).difference(_LETTERS))
_IN_WORDS = bytes(byte if byte in _LETTERS + b"0123456789_" else ord(" ") for byte in range(256)).lower()
"""Table for ``bytes.translate``: words in lower case, and a blank for what is in no word."""

# Texts, which re compiles once they are used: 3 ms that counting for public tokenizers does not need.
_ASCII = "[\0-\x7f]+"
_CJK = "[\u3040-\u9fff\uac00-\ud7a3](?<![\u3100-\u33ff\u4dc0-\u4dff])"  # four ranges in one set: 4 ms to compile
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
    # Bytes are counted by translating them, 8 times as fast as by patterns (of 11 MB of requests for Claude, 5 of 7 s
    # were spent in them); patterns see what is not ASCII alone. A block of 1,024 bytes of ASCII takes 9 us.
    ascii_text = text.encode("ascii", "ignore")
    if len(ascii_text) < len(text):
        letters = len(ascii_text.translate(None, _NO_LETTERS))
        rest = re.sub(_ASCII, "", text)
        others = len(re.findall(_LETTER, rest))
        letters += others
        if len(re.findall(_CJK, rest)) > _SOME * letters:
            return "cjk"
        if others - len(re.findall(_LATIN, rest)) > _SOME * letters:
            return "other"
        has_letters = letters > 0
    else:
        has_letters = ascii_text.lower() != ascii_text.upper()
    if not has_letters:
        return "other"
    written = len(text) - text.count(" ") - text.count("\n") or 1
    if len(ascii_text) - len(ascii_text.translate(None, _SIGNS)) > _MANY * written:
        return "code"
    if len(ascii_text) < len(text):
        words = re.findall(_WORD, text.lower())
        return "english" if sum(map(_ENGLISH.__contains__, words)) > _FEW * len(words) else "latin"
    ascii_words = ascii_text.translate(_IN_WORDS).split()
    return "english" if sum(map(_ENGLISH_BYTES.__contains__, ascii_words)) > _FEW * len(ascii_words) else "latin"


def kinds_of_texts(texts: Iterable[str]) -> Mapping[str, Decimal]:
    """Return how many bytes of some texts are of each kind, by blocks at equal distances in each of them.

    >>> kinds_of_texts(["It is the first of two reports, and the longer one.", "これは日本語です"])
    {'english': Decimal('51'), 'cjk': Decimal('24')}
    """
    known = list(texts)
    step = max(_BLOCK_CHARACTERS, sum(map(len, known)) // _BLOCKS)
    found: dict[str, Decimal] = {}
    for text in known:
        for kind, size in _kinds_of_blocks(text, step):
            found[kind] = found.get(kind, Decimal()) + size
    return found


@lru_cache(maxsize=64)  # requests of a batch begin with the same instructions
def _kinds_of_blocks(text: str, step: int) -> tuple[tuple[TextKind, Decimal], ...]:
    """Return the kinds of the blocks of a text, and the bytes that the blocks of each kind stand for."""
    found: dict[TextKind, Decimal] = {}
    for start in range(0, len(text), step):
        block = text[start : start + _BLOCK_CHARACTERS]
        stands_for = min(step, len(text) - start)
        size = Decimal(stands_for)
        if not block.isascii():
            size = Decimal(len(block.encode("utf-8", "surrogatepass")) * stands_for) / len(block)
        kind = kind_of_text(block)
        found[kind] = found[kind] + size if kind in found else size
    return tuple(found.items())


_BLOCKS = 24
_BLOCK_CHARACTERS = 1 << 10
