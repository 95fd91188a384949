"""Text that is hard to count: mixed scripts, long words, runs of blanks, broken encodings."""

from __future__ import annotations

import random
import sysconfig
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

__all__ = ["bulk", "contents", "texts"]

_FRAGMENTS = (
    *(
        "'s",
        "'LL",
        "’ve",
        "don't",
        "ſ",
        "İi̇",
        "ǅ",
        "Ⅷ",
        "½",
        "١٢٣",
        "１２３",
        "0" * 7,
        "<|endoftext|>",
        "<|fim_prefix|>",
    ),
    *("\r\n", "\n\n", "\r", "\u2028", "\x85", "\x1c", "\v", "\xa0", "\u3000", "\u200b", "\ufeff", "\u00ad"),
    *("/", "//", "\n/", "/\n", "$", "^", "_", "__init__", "https://example.org/?a=b&c=%20", "x=1;", "{}", "[]()"),
    *(
        "e\u0301",
        "\u0301",
        "\u0300" * 9,
        "🏳️‍🌈",
        "👨‍👩‍👧",
        "🇩🇪",
        "ᄀ",
        "가",
        "漢字かな",
        "ไทย",
        "नमस्ते",
        "العربية",
        "\u0378",
        "\u0c5c",
    ),
    *("\u1ad0", "\u1aff", "\U0001e5d0", "\U000323b0", "\U0010ffff", "\ue000", "\ufffd", "\x7f", "\x1b[2J"),
)

_RANGES = (
    *((0x20, 0x7F), (0x80, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x530, 0x8FF), (0x900, 0xDFF), (0xE00, 0x1FFF)),
    *((0x2000, 0x2BFF), (0x2C00, 0x2FFF), (0x3000, 0x30FF), (0x3400, 0x9FFF), (0xA000, 0xD7FF), (0xE000, 0xFFFF)),
    *((0x10000, 0x1FFFF), (0x20000, 0x323AF), (0xE0000, 0xE01EF), (0x1, 0x10FFFF)),
)
"""Ranges of code points that random text is drawn from, each by itself."""


@cache
def _corpus() -> tuple[str, ...]:
    """Return texts as people write them: the standard library of this Python, and what is beside this file."""
    library = Path(sysconfig.get_path("stdlib"))
    own = Path(__file__).parent.parent.parent
    paths = [*sorted(library.glob("*.py")), *sorted(own.glob("*.md")), *sorted(own.glob("data/*.toml"))]
    return tuple(path.read_text(encoding="utf-8", errors="replace") for path in paths)


def bulk(seed: int, size: int) -> str:
    """Return about so many characters that a seed decides: far faster than to have hypothesis draw each."""
    chance = random.Random(seed)  # noqa: S311 - the same text again for the same seed, nothing is secret
    parts: list[str] = []
    left = size
    while left > 0:
        part = _part(chance, min(left, chance.choice((1, 3, 20, 200, 5_000, 60_000))))
        parts.append(part)
        left -= max(len(part), 1)
    return "".join(parts)


def _part(chance: random.Random, size: int) -> str:
    kind = chance.randrange(8)
    if kind <= 1:
        source = chance.choice(_corpus())
        start = chance.randrange(max(len(source), 1))
        return source[start : start + size]
    if kind == 2:
        low, high = chance.choice(_RANGES)
        points = (chance.randint(low, high) for _ in range(min(size, 5_000)))
        return "".join(chr(point) for point in points if not 0xD800 <= point <= 0xDFFF)
    if kind == 3:
        return chance.choice(_FRAGMENTS) * min(size, 2_000)
    if kind == 4:
        return chance.choice(" \t\n\r\xa0\u3000 ") * size
    if kind == 5:
        letters = chance.choice(("ab", "aA", "0123456789", "+/=abcXYZ019", "_-", "ab \n", ".!", "漢", "é"))
        return "".join(chance.choices(letters, k=min(size, 20_000)))
    return "".join(chance.choices((*_FRAGMENTS, " ", " ", "\n", "word", "Word", "WORD", "1"), k=min(size, 500)))


def texts(max_bulk: int) -> st.SearchStrategy[str]:
    """Return text of every kind, with and without lone surrogates, of up to about so many characters."""
    seeds = st.integers(0, 1 << 32)
    sizes = st.sampled_from([1, 30, 300, 5_000, 5_000, 60_000, max_bulk])
    small = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(_FRAGMENTS)), max_size=12).map("".join)
    # Half of a pair, between the halves of others: what json.loads makes of "\ud800".
    halves = st.text(st.characters(categories=["Cs", "Lu", "Zs"]), max_size=8)
    return st.one_of(
        st.builds(bulk, seeds, sizes),
        small,
        st.builds("".join, st.lists(st.one_of(small, halves, st.builds(bulk, seeds, st.integers(0, 200))), max_size=5)),
    )


def _encoded(text: str, codec: str, mark: bytes, damage: list[tuple[int, bytes]], cut: int) -> bytes:
    raw = mark + text.encode(codec, "surrogatepass")
    for at, put in damage:
        where = at % (len(raw) + 1)
        raw = raw[:where] + put + raw[where:]
    return raw[: len(raw) - cut]


def contents(max_bulk: int) -> st.SearchStrategy[bytes]:
    """Return what may be in a file: text in an encoding with its mark, a wrong one or none, damaged or cut off."""
    encodings = (
        *((codec, mark) for codec, mark in (("utf-8", b""), ("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"))),
        *(("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-32-le", b"\xff\xfe\0\0")),
        *(("utf-32-be", b"\0\0\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b"\xff\xfe"), ("utf-8", b"\xff\xfe")),
    )
    puts = st.sampled_from(
        [b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\x80", b"\0", b"\xef\xbb\xbf", b"\n"]
    )
    damage = st.lists(st.tuples(st.integers(0, 1 << 24), puts), max_size=3)
    return st.one_of(
        st.builds(
            lambda text, encoding, done, cut: _encoded(text, encoding[0], encoding[1], done, cut),
            texts(max_bulk),
            st.sampled_from(encodings),
            st.one_of(st.just([]), damage),
            st.integers(0, 3),
        ),
        st.binary(max_size=60),
    )
