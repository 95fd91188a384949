"""Tokenizers of other vendors: they take 100 times as long as the fast one, and count some rows of every part."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from ..errors import VocabularyError
from ..tokenizer.claude_vocabulary import FAMILIES
from ..tokenizer.engines import tokenizer
from ..tokenizer.gemma import MODEL_VARIABLE, Gemma, SplintrGemma, gemma
from ..tokenizer.vocabulary import DEFAULT_ENCODING

if TYPE_CHECKING:
    from ..pricing.schema import Model
    from ..tokenizer.protocol import Counter

__all__ = ["GEMMA", "counter_of", "is_slow", "own_tokenizer", "read_in"]

GEMMA = "gemma"
"""What counts in Gemma's vocabulary are called by; it is no encoding of the price table, as not everybody has it."""


def is_slow(encoding: str) -> bool:
    """Say whether only some rows are counted in an encoding."""
    return encoding == GEMMA or encoding in FAMILIES


def own_tokenizer(model: Model) -> str | None:
    """Return the tokenizer that counts some rows for a model, instead of a ratio. None if it is not installed."""
    if model.counted_in in FAMILIES:
        return model.counted_in
    return GEMMA if model.google is not None and _gemma().is_exact else None


def read_in(model: Model) -> tuple[str, ...]:
    """Return in what rows of text are counted for a model: every row in the first, some in its own tokenizer."""
    own = own_tokenizer(model)
    if own is None:
        return (model.counted_in,)
    ratio = model.ratio or model.fallback
    return (ratio.of if ratio else DEFAULT_ENCODING, own)


def counter_of(encoding: str) -> Counter:
    """Return what counts in an encoding.

    Raises:
        VocabularyError: it is not installed here, as it is where the work was planned.
    """
    return GemmaCounter() if encoding == GEMMA else tokenizer(encoding)


class GemmaCounter:
    """Counts with Gemma's vocabulary."""

    def __init__(self) -> None:
        """Find it.

        Raises:
            VocabularyError: there is none.
        """
        self._gemma = _gemma()
        if not self._gemma.is_exact:
            raise VocabularyError(
                "there is no vocabulary of Gemma on this worker", hint="pip install 'gpt41calc[gemini]' on all workers"
            )

    @property
    def identity(self) -> str:
        """Where the vocabulary comes from."""
        if isinstance(self._gemma, SplintrGemma):
            return f"{GEMMA}:splintr-{version('splintr-rs')}"
        return f"{GEMMA}:{os.path.basename(os.environ.get(MODEL_VARIABLE, ''))}"

    def count(self, text: str | bytes) -> int:
        """Return the number of tokens of any text."""
        return int(self._gemma.tokens(text if isinstance(text, str) else text.decode(errors="replace")).value)


@cache
def _gemma() -> Gemma:
    return gemma(tokenizer("o200k_base", short=False))
