"""Characters that the tokenizers classify differently, because they use different versions of Unicode.

tiktoken 0.14 splits text by Unicode 16, gigatoken 0.10 by Unicode 17, and the regex package of late 2026 by Unicode 18.
Beside a letter, mark or digit that is new in 17 or 18 they may split differently ("X/c" is "X/" and "c" if X is not a
letter), so such text is changed or divided before it is given to the newer two. tests/tokenizer/test_unicode.py
compares every code point.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["UNSETTLED_RANGES", "as_unassigned", "is_unsettled", "may_be_unsettled"]

_NEW_IN_17 = (
    (0x088F, 0x088F),
    (0x0C5C, 0x0C5C),
    (0x0CDC, 0x0CDC),
    (0x1ACF, 0x1ADD),
    (0x1AE0, 0x1AEB),
    (0xA7CE, 0xA7CF),
    (0xA7D2, 0xA7D2),
    (0xA7D4, 0xA7D4),
    (0xA7F1, 0xA7F1),
    (0x10940, 0x10959),
    (0x10EC5, 0x10EC7),
    (0x10EFA, 0x10EFB),
    (0x11B60, 0x11B67),
    (0x11DB0, 0x11DDB),
    (0x11DE0, 0x11DE9),
    (0x16EA0, 0x16EB8),
    (0x16EBB, 0x16ED3),
    (0x16FF2, 0x16FF6),
    (0x187F8, 0x187FF),
    (0x18D09, 0x18D1E),
    (0x18D80, 0x18DF2),
    (0x1E6C0, 0x1E6DE),
    (0x1E6E0, 0x1E6F5),
    (0x1E6FE, 0x1E6FF),
    (0x2B73A, 0x2B73F),
    (0x2CEA2, 0x2CEAD),
    (0x323B0, 0x33479),
)

_NEW_IN_18 = (
    (0x0558, 0x0558),
    (0x058B, 0x058C),
    (0x05C8, 0x05C9),
    (0x0B53, 0x0B54),
    (0x1ADE, 0x1ADF),
    (0x1AEC, 0x1AF0),
    (0x208F, 0x208F),
    (0x209D, 0x209F),
    (0xA7DD, 0xA7DD),
    (0xA7E2, 0xA7E2),
    (0xAB6C, 0xAB6D),
    (0x107BB, 0x107BF),
    (0x10ECB, 0x10ECF),
    (0x10ED9, 0x10EEE),
    (0x10EF0, 0x10EF9),
    (0x11B0A, 0x11B0A),
    (0x11DF0, 0x11DF1),
    (0x1246F, 0x1246F),
    (0x12475, 0x1247F),
    (0x12550, 0x12686),
    (0x18CD6, 0x18CDA),
    (0x18D1F, 0x18D20),
    (0x18E00, 0x19191),
    (0x191A0, 0x191D2),
    (0x1B123, 0x1B128),
    (0x1B168, 0x1B168),
    (0x1D127, 0x1D128),
    (0x1D250, 0x1D252),
    (0x1D25B, 0x1D25C),
    (0x1D25F, 0x1D25F),
    (0x1D280, 0x1D281),
    (0x1D6A6, 0x1D6A6),
    (0x1DF1F, 0x1DF24),
    (0x1DF2B, 0x1DF81),
    (0x1DF90, 0x1DF96),
    (0x1DFCD, 0x1DFFF),
    (0x2B81E, 0x2B81E),
    (0x3D000, 0x3FC3F),
)

UNSETTLED_RANGES = _NEW_IN_17 + _NEW_IN_18
"""First and last of consecutive characters that the tokenizers may classify differently."""


def as_unassigned(text: str) -> str:
    r"""Return text with every such character replaced by a private-use character, which is no letter, mark or digit.

    A pattern with newer tables then splits it like tiktoken. Text without such characters is returned as the same
    object.

    >>> as_unassigned("a\u0c5cb") == "a\ue000b"
    True
    """
    return _unsettled().sub("\ue000", text) if is_unsettled(text.encode()) else text


@cache
def _unsettled() -> re.Pattern[str]:
    return re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSETTLED_RANGES) + "]")


def is_unsettled(text: bytes) -> bool:
    r"""Return whether UTF-8 text contains a character that the tokenizers may classify differently.

    Nearly all text is cleared by searches for a few bytes, at GB/s; a search for the characters themselves runs at 35
    MB/s.

    >>> is_unsettled("plain, or Привет".encode()), is_unsettled("\u0c5c".encode())
    (False, True)
    """
    return may_be_unsettled(text) and _unsettled().search(text.decode()) is not None


def may_be_unsettled(text: bytes) -> bool:
    """Return whether UTF-8 text has the first bytes of such a character; it may be one of its neighbours."""
    return not text.isascii() and any(lead in text and _holds_start(text, lead) for lead in _starts())


def _holds_start(text: bytes, lead: bytes) -> bool:
    """Return whether text with the first byte of some of the characters also contains more of their bytes."""
    if text.count(lead, 0, _SAMPLED_BYTES) * _RARE < _SAMPLED_BYTES:
        return _start_pattern(lead).search(text) is not None
    return any(two in text and any(start in text for start in starts) for two, starts in _starts()[lead].items())


_SAMPLED_BYTES = 4 << 10
"""Bytes at the beginning of a text, used to estimate how frequent a byte is. A wrong estimate only costs time."""

_RARE = 64
"""A pattern is tried at every first byte. If one byte in 64 or fewer is such a byte, as "’" is in English, this takes
0.3 s per GB, against 0.9 s for a two-byte search. In Hindi, where every third byte is one, it would take 10 s.
"""


@cache
def _start_pattern(lead: bytes) -> re.Pattern[bytes]:
    starts = sorted({start[len(lead) :] for starts in _starts()[lead].values() for start in starts})
    return re.compile(re.escape(lead) + b"(?:" + b"|".join(map(re.escape, starts)) + b")")


@cache
def _starts() -> dict[bytes, dict[bytes, list[bytes]]]:
    """Return the beginnings of the characters: by their first byte, then by their first two.

    Short ranges are searched by all their bytes, so that "€" is not taken for its neighbour U+208F; whole new scripts
    are searched by two bytes.
    """
    starts: dict[bytes, dict[bytes, list[bytes]]] = {}
    for first, last in UNSETTLED_RANGES:
        is_few = last - first < _FEW
        for point in (*range(first, last, 1 if is_few else _SHARE_TWO_BYTES), last):
            whole = chr(point).encode()
            starts.setdefault(whole[:1], {}).setdefault(whole[:2], []).append(whole if is_few else whole[:2])
    return starts


_FEW = 4

_SHARE_TWO_BYTES = 64
"""Fewest consecutive characters that begin with the same two bytes and are searched by these."""
