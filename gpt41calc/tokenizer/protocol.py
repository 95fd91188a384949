"""The seam behind which texts are counted."""

from __future__ import annotations

from array import array
from typing import Protocol

__all__ = ["Counter", "Tokenizer"]


class Counter(Protocol):
    """Turns text into a number of tokens."""

    @property
    def identity(self) -> str:
        """Encoding name and digest; equal identities count alike."""

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens of any text whatsoever.

        Bytes are read as UTF-8, with U+FFFD for what is not; special tokens
        such as ``<|endoftext|>`` are ordinary text.
        """


class Tokenizer(Counter, Protocol):
    """Turns text into tokens, too."""

    def encode(self, text: str | bytes) -> array[int]:
        """Return the tokens themselves, by their ranks, of type ``I``; ``count`` is how many they are."""
