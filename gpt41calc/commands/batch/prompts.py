"""A request as one run of tokens, as a prompt cache would see it."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from zlib import crc32

from ...pricing.schema import Model
from ...requests.blocks import Block, Measured
from ...tokenizer.protocol import Tokenizer

__all__ = ["Prompt", "Prompter"]

_FRAME = 0xFFFF_FFFF
"""Stands for every token that is around a text; no vocabulary is as large."""

_NO_TEXT = 0x8000_0000
"""On top of what stands for a picture, so that it is no token of a text."""

_CACHED_CHARACTERS = 8 << 20
_WORTH_CACHING_CHARACTERS = 64 << 10


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model reads of a request."""

    tokens: array[int]
    """One number a token: those of texts by their ranks, those around them and of pictures by what stands for them."""

    text: int
    """How many of them are text."""

    parts: tuple[tuple[int, int], ...]
    """The parts that could stand in another order: by what tells them apart, with their tokens."""


class Prompter:
    """Writes prompts for one model; a text that comes again is not encoded again."""

    def __init__(self, model: Model, tokenizer: Tokenizer) -> None:
        """Set up the counter.

        Args:
            model: who reads the prompts.
            tokenizer: of the encoding that the model is counted in.
        """
        self._model = model
        self._tokenizer = tokenizer
        self._known: OrderedDict[str, array[int]] = OrderedDict()
        self._characters = 0

    def write(self, measured: Measured) -> Prompt:
        """Return a request as a model reads it."""
        tokens, text, parts = array("I"), 0, []
        for block in measured.blocks(self._model):
            begin = len(tokens)
            for one in block.texts:
                encoded = self._encode(one)
                text += len(encoded)
                tokens += encoded
            if around := block.tokens + (block.picture.tokens(self._model, measured.assumed) if block.picture else 0):
                tokens += array("I", [_mark(block)]) * around
            if not block.is_head:  # the head of a message goes where its parts go
                parts.append((_key(block), len(tokens) - begin))
        return Prompt(tokens, text, tuple(parts))

    def _encode(self, text: str) -> array[int]:
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        encoded = self._tokenizer.encode(text)
        if len(text) <= _WORTH_CACHING_CHARACTERS:
            self._known[text] = encoded
            self._characters += len(text)
            while self._characters > _CACHED_CHARACTERS:
                self._characters -= len(self._known.popitem(last=False)[0])
        return encoded


def _mark(block: Block) -> int:
    """Return what stands for the tokens of a block that are no text: two pictures are two marks."""
    picture = block.picture
    return crc32(picture.url.encode("utf-8", "surrogatepass")) | _NO_TEXT if picture else _FRAME


def _key(block: Block) -> int:
    """Return what tells a part from others; Python keeps the hash of a text, so it costs nothing here."""
    return hash((block.texts, block.picture.url if block.picture else ""))
