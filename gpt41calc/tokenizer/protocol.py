"""The interface of all tokenizers."""

from __future__ import annotations

from array import array
from typing import Protocol

__all__ = ["Counter", "Tokenizer"]


class Counter(Protocol):
    """Counts the tokens of a text."""

    @property
    def identity(self) -> str:
        """Name and digest of the encoding; counters with equal identities give equal counts."""

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens of any text.

        Bytes are decoded as UTF-8, with U+FFFD for invalid ones; special tokens such as ``<|endoftext|>`` are ordinary
        text.
        """


class Tokenizer(Counter, Protocol):
    """Counts the tokens of a text, and encodes it."""

    def encode(self, text: str | bytes) -> array[int]:
        """Return the token ids, as numbers of type ``I``; there are as many as ``count`` returns."""
