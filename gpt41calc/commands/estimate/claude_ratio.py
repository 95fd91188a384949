"""For a tokenizer too slow for the whole input: estimate its count from a sample of this input.

Claude's tokenizer is reconstructed in Python and counts 5 MB per second. For more than a megabyte, it counts a random
sample, and the whole input is counted with the public tokenizer of the other models.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ...pricing.ratio import Ratio
from ...tally import Skipped

if TYPE_CHECKING:
    from array import array

    from ...counting.cache import CountCache
    from ...counting.runtime import Runtime
    from ...pricing.schema import Model
    from ...sources.source import Source
    from ...tally import Tally
    from ...tokenizer.protocol import Tokenizer

__all__ = ["MOST_BYTES", "FirstBytes", "by_ratio", "is_long", "with_own_ratio"]

MOST_BYTES = 1 << 20
"""Bytes that are counted in full: in 0.2 s if the words are ASCII."""


class FirstBytes:
    """Counts with another tokenizer up to a number of bytes, and returns 0 from then on.

    Worker processes count pieces of a long text only after more than that (``piece_workers.COUNTED_ALONE_BYTES``).
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Take the tokenizer."""
        self._tokenizer = tokenizer
        self._left = MOST_BYTES

    @property
    def identity(self) -> str:
        """An identity of its own, since the counts of the other tokenizer are complete."""
        return f"{self._tokenizer.identity}:first-{MOST_BYTES}"

    @property
    def is_spent(self) -> bool:
        """Return whether some text was not counted."""
        return self._left < 0

    def count(self, text: str | bytes) -> int:
        """Return the number of tokens; 0 after the limit."""
        self._left -= len(text)
        return 0 if self.is_spent else self._tokenizer.count(text)

    def encode(self, text: str | bytes) -> array[int]:
        """Return the token ids."""
        return self._tokenizer.encode(text)


def is_long(found: Iterable[Source | Skipped]) -> bool:
    """Return whether there is more text than is counted in full; standard input counts as short."""
    size = 0
    for one in found:
        if not isinstance(one, Skipped) and one.path is not None:
            with suppress(OSError):
                size += os.stat(one.path).st_size
    return size > MOST_BYTES


def by_ratio(models: Sequence[Model]) -> list[Model]:
    """Return models counted by ratio instead of their reconstructed tokenizers."""
    return [replace(model, encoding=None, ratio=model.fallback) if model.fallback else model for model in models]


def with_own_ratio(
    models: Sequence[Model], inputs: Tally, found: Sequence[Source | Skipped], runtime: Runtime
) -> Mapping[str, Model]:
    """Return the models that are counted by the ratio of this input, by identifier.

    Args:
        models: all models of a report, as returned by ``by_ratio``.
        inputs: the counted inputs.
        found: the sources they were read from.
        runtime: the process environment, with the cache of earlier ratios.
    """
    cache = runtime.open_cache()
    known: dict[str, tuple[Decimal, Decimal, Decimal] | None] = {}
    changed = {}
    for model in models:
        encoding = model.fallback_encoding
        if model.fallback is None or model.ratio is None or encoding is None:
            continue
        if encoding not in known:
            known[encoding] = _ratio(encoding, model.ratio.of, inputs, found, cache)
        if (bounds := known[encoding]) is not None:
            low, value, high = bounds
            own = Ratio(of=model.ratio.of, low=low, value=value, high=high, source=("CTOK",), is_sampled=True)
            changed[model.id] = replace(model, ratio=own)
    if cache is not None:
        cache.close()
    return changed


def _ratio(
    encoding: str, public: str, inputs: Tally, found: Sequence[Source | Skipped], cache: CountCache | None
) -> tuple[Decimal, Decimal, Decimal] | None:
    from ...counting.fingerprint import CachedCounts, short_identity
    from ...tokenizer.claude_vocabulary import identity_of

    digest = _digest(inputs, public)
    names = [short_identity(f"{identity_of(encoding)}:sampled:{bound}") for bound in ("low", "value", "high")]
    seen = cache.find_content(digest) if cache else None
    if seen and all(name in seen.tokens for name in names):
        low, value, high = (Decimal(seen.tokens[name]).scaleb(-_DIGITS) for name in names)
        return low, value, high
    from ...counting.sample import draw, ratio_of
    from ...tokenizer.engines import tokenizer

    sources = [one for one in found if not isinstance(one, Skipped)]
    bounds = ratio_of(draw(inputs, sources, public), tokenizer(encoding).count)
    if bounds is not None and cache is not None:
        digits = {name: int(bound.scaleb(_DIGITS)) for name, bound in zip(names, bounds, strict=True)}
        cache.store(None, CachedCounts(digest, _MARGIN, lossy=False, tokens=digits))
    return bounds


_DIGITS = 4
_MARGIN = 1 << 20
"""Byte length stored with a ratio, so that the cache accepts it as a count."""


def _digest(inputs: Tally, public: str) -> bytes:
    """Return a digest of inputs: of the names, lengths and token counts of their files."""
    rows = (f"{one.path}\0{one.bytes}\0{one.tokens.get(public)}" for one in inputs.counted)
    return hashlib.sha256("\0".join(rows).encode("utf-8", "surrogatepass")).digest()
