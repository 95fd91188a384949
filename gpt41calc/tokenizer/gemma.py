"""Gemini's token counts: by Gemma's vocabulary if there is one, else estimated from o200k_base.

Gemini 2 and 3 count text as Gemma does (``docs/accuracy-google.md``). Its
vocabulary is not in this package. It is taken from, in this order:

1. a SentencePiece model that the user has (``--gemma-model FILE`` or
   ``GPT41CALC_GEMMA_MODEL``), counted by sentencepiece;
2. the package splintr-rs, which ships Gemma 4's under Apache-2.0;
3. neither: texts are cut where Gemma cuts them, and every piece is counted by
   o200k_base, which is right for most words of English.

The first two are in the extra ``gemini``. Nothing is ever fetched.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import VocabularyError
from .protocol import Counter
from .utf8 import as_utf8

if TYPE_CHECKING:
    from regex import Pattern

__all__ = ["MODEL_VARIABLE", "Gemma", "GemmaTokens", "PieceGemma", "SentencePieceGemma", "SplintrGemma", "gemma"]
__all__ += ["use_model"]

MODEL_VARIABLE = "GPT41CALC_GEMMA_MODEL"
"""Environment variable with the path of a SentencePiece model."""


@dataclass(frozen=True, slots=True)
class GemmaTokens:
    """Tokens of a text: the expected number, and bounds that hold for 95 of 100 texts."""

    low: float
    """Lower bound."""

    value: float
    """Expected number; not rounded, so that many can be added."""

    high: float
    """Upper bound."""

    def __add__(self, other: GemmaTokens) -> GemmaTokens:
        """Return the sum for two separate texts."""
        return GemmaTokens(self.low + other.low, self.value + other.value, self.high + other.high)


class Gemma(Protocol):
    """Counts text like Gemma, exactly or approximately."""

    is_exact: bool
    """Whether the counts use Gemma's vocabulary."""

    def tokens(self, text: str) -> GemmaTokens:
        """Return the tokens of a text."""


def gemma(o200k: Counter) -> Gemma:
    """Return the most exact available counter for Gemma's tokens.

    Args:
        o200k: counts with o200k_base, used if no vocabulary is found.

    Raises:
        VocabularyError: the file that the environment names is missing or no
            SentencePiece model, or sentencepiece is not installed.
    """
    if named := _chosen.get() or os.environ.get(MODEL_VARIABLE):
        return _of_file(named)
    return _shipped() or PieceGemma(o200k)


def use_model(path: str) -> None:
    """Use a SentencePiece model from a file from now on, instead of the one named in the environment.

    Raises:
        VocabularyError: the file is not a SentencePiece model, or cannot be read.
    """
    _of_file(path)
    _chosen.set(path)


_chosen: ContextVar[str | None] = ContextVar("gemma_model", default=None)
"""The file given as an option. None if there is none."""


@cache
def _of_file(path: str) -> Gemma:
    return SentencePieceGemma(path)


@cache
def _shipped() -> Gemma | None:
    return SplintrGemma() if importlib.util.find_spec("splintr") else None


class SentencePieceGemma(Gemma):
    """Counts with a SentencePiece model from a file."""

    is_exact = True

    def __init__(self, path: str) -> None:
        """Load the model.

        Raises:
            VocabularyError: the file cannot be read, or sentencepiece is not installed.
        """
        try:
            import sentencepiece
        except ImportError as error:
            message = "counting with a Gemma model needs sentencepiece"
            raise VocabularyError(message, hint="pip install 'gpt41calc[gemini]'") from error
        try:
            with open(path, "rb") as file:
                raw = file.read(_MOST_MODEL_BYTES)
            model: Any = sentencepiece.SentencePieceProcessor()
            model.LoadFromSerializedProto(raw)
        except OSError as error:
            message = f"cannot read the Gemma model {path}: {error.strerror or error}"
            raise VocabularyError(message) from error
        except RuntimeError as error:
            message = f"{path} is not a SentencePiece model"
            raise VocabularyError(message, hint="Gemma's is called tokenizer.model") from error
        self._encode: Callable[[str], list[int]] = model.EncodeAsIds

    def tokens(self, text: str) -> GemmaTokens:
        """Return the tokens of a text."""
        number = len(self._encode(as_utf8(text).decode()))
        return GemmaTokens(number, number, number)


_MOST_MODEL_BYTES = 256 << 20


class SplintrGemma(Gemma):
    """Counts with the vocabulary of Gemma 4 in the package splintr-rs."""

    is_exact = True

    def tokens(self, text: str) -> GemmaTokens:
        """Return the tokens of a text."""
        number = len(self._encode(as_utf8(text).decode()))
        return GemmaTokens(number, number, number)

    @cached_property
    def _encode(self) -> Callable[[str], list[int]]:
        from splintr import Tokenizer

        encode: Callable[[str], list[int]] = Tokenizer.from_pretrained("gemma4").encode_ordinary
        return encode


class PieceGemma(Gemma):
    """Estimates Gemma's tokens: text is split like Gemma splits it, and the pieces are counted with o200k_base.

    A token of Gemma never contains two digits, letters beside punctuation, or a blank before a digit. A word that
    o200k_base splits in two is often one token in Gemma's larger vocabulary: hence the shares below. They were fitted
    on one half of 570 excerpts (60 to 3,000 characters) of Django 5.2.8: code, markup, JSON, English, and translations
    into 90 languages. For 97 of 100 excerpts of the other half, the bounds hold.
    """

    is_exact = False

    def __init__(self, o200k: Counter) -> None:
        """Take a counter for o200k_base."""
        self._count = lru_cache(1 << 16)(o200k.count)

    def tokens(self, text: str) -> GemmaTokens:
        """Return the tokens of a text."""
        pieces = latin = other = signs = 0
        for piece in _pieces().findall(as_utf8(text).decode()):
            number = self._count(piece)
            pieces += number
            if number == 1:
                continue
            if not _LETTER.search(piece):
                signs += number - 1
            elif piece.isascii():
                latin += number - 1
            else:
                other += number - 1
        value = pieces - 0.2 * latin
        # A single word may take one token more or less than the shares predict.
        slack = 0.03 * pieces + (1 if pieces > 2 else 0.5)  # noqa: PLR2004 - of two pieces, no more is known than half a token
        return GemmaTokens(
            max(0.0, pieces - 0.9 * latin - 0.8 * other - 0.5 * signs - slack) if pieces else 0.0,
            value,
            pieces + 0.2 * latin + 0.5 * other + slack if pieces else 0.0,
        )


_LETTER = re.compile(r"\w")


@cache
def _pieces() -> Pattern[str]:
    import regex

    return regex.compile(r" ?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+|\n+| +(?= )| |\t+|.", regex.DOTALL)
