"""Every way to count a text in this process, compared with tiktoken token by token."""

from __future__ import annotations

import random

from gpt41calc.tokenizer.chunks import count_stream
from gpt41calc.tokenizer.engines import GigatokenEngine, TiktokenEngine, tokenizer
from gpt41calc.tokenizer.lookup import Lookup
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

from .promises import Broken, reference_tokens

__all__ = ["check_engines"]

_LOOKUPS = {name: Lookup(vocabulary) for name, vocabulary in VOCABULARIES.items()}
_REFERENCES = {name: TiktokenEngine(vocabulary) for name, vocabulary in VOCABULARIES.items()}

_MOST_LOOKED_UP = 20_000
"""Characters: the lookup is for short texts, and its time grows with the square of a word."""


def check_engines(text: str, seed: int) -> int:
    """Count a text in memory, by lookup, and in pieces of any length; return how many bytes that were.

    Raises:
        Broken: a count or a token differs from tiktoken's.
    """
    # What an API would get: a lone half of a surrogate pair becomes U+FFFD.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    raw = whole.encode()
    chance = random.Random(seed)  # noqa: S311 - the same division again for the same seed
    for encoding in VOCABULARIES:
        expected = reference_tokens(whole, encoding)
        if expected is None:
            continue
        engine = tokenizer(encoding, short=False)
        counts = {
            "text": engine.count(text),
            "bytes": engine.count(raw),
            "stream": count_stream(engine, _divided(raw, chance)),
            "guarded tiktoken": _REFERENCES[encoding].count(text),
        }
        if len(raw) <= _MOST_LOOKED_UP:
            looked_up = _LOOKUPS[encoding].count(raw)
            counts |= {} if looked_up is None else {"lookup": looked_up}
        for way, count in counts.items():
            if count != len(expected):
                raise Broken(
                    f"counts differ: {way}, {encoding}", f"tiktoken {len(expected)}, {way} {count}: {whole[:300]!r}"
                )
        if isinstance(engine, GigatokenEngine) and list(engine.encode(raw)) != expected:
            raise Broken(f"tokens differ: {encoding}", f"{whole[:300]!r}")
    return len(raw)


def _divided(raw: bytes, chance: random.Random) -> list[bytes]:
    """Divide bytes into blocks as a pipe may give them; a character never lies across two."""
    blocks = []
    at = 0
    while at < len(raw):
        end = at + chance.choice((1, 2, 7, 100, 5_000, 100_000))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end += 1
        blocks.append(raw[at:end])
        at = end
    return blocks
