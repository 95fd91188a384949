"""A request as one run of tokens, as a prompt cache would see it."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from ...pricing.schema import Model
from ...requests.blocks import Block, Measured
from ...tokenizer.protocol import Tokenizer
from .prompt_cache import FIRST_TOKENS, prefix_digests

__all__ = ["Prompt", "Prompter"]

_FRAME = 0xFFFF_FFFF
"""Stands for every token that is around a text; no vocabulary is as large."""

_NO_TEXT = 0x8000_0000
"""On top of what stands for a picture, so that it is no token of a text."""

_CACHED_BYTES = 16 << 20
_ENTRY_BYTES = 300
"""What caching a text takes beside its characters and tokens."""

_WORTH_CACHING_CHARACTERS = 64 << 10


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model reads of a request."""

    prefixes: tuple[int, ...]
    """What tells its beginnings from others, as ``prefix_digests`` says."""

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
        self._bytes = 0

    def write(self, measured: Measured) -> Prompt:
        """Return a request as a model reads it."""
        runs: list[tuple[array[int], int, Block]] = []
        length, text, parts = 0, 0, []
        for block in measured.blocks(self._model):
            begin = length
            for one in block.texts:
                encoded = self._encode(one)
                text += len(encoded)
                length += len(encoded)
                runs.append((encoded, 0, block))
            if around := block.tokens + (block.picture.tokens(self._model, measured.assumed) if block.picture else 0):
                length += around
                runs.append((_NOTHING, around, block))
            if not block.is_head:  # the head of a message goes where its parts go
                parts.append((_key(block), length - begin))
        # Of a prompt that no cache would serve, nobody asks how it begins.
        prefixes = prefix_digests(_joined(runs)) if length >= FIRST_TOKENS else ()
        return Prompt(prefixes, text, tuple(parts))

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return len(self._encode(text))

    def _encode(self, text: str) -> array[int]:
        known = self._known.get(text)
        if known is not None:
            self._known.move_to_end(text)
            return known
        encoded = self._tokenizer.encode(text)
        if len(text) <= _WORTH_CACHING_CHARACTERS:
            self._known[text] = encoded
            self._bytes += len(text) + _ENTRY_BYTES
            while self._bytes > _CACHED_BYTES:
                self._bytes -= len(self._known.popitem(last=False)[0]) + _ENTRY_BYTES
        return encoded


_NOTHING = array("I")


def _joined(runs: Iterable[tuple[array[int], int, Block]]) -> array[int]:
    """Return one number a token: those of texts by their ranks, those around them and of pictures by a mark."""
    tokens = array("I")
    for encoded, around, block in runs:
        tokens += encoded or array("I", [_mark(block)]) * around
    return tokens


def _mark(block: Block) -> int:
    """Return what stands for the tokens of a block that are no text: two pictures are two marks."""
    picture = block.picture
    return crc32(picture.url.encode("utf-8", "surrogatepass")) | _NO_TEXT if picture else _FRAME


def _key(block: Block) -> int:
    """Return what tells a part from others; Python keeps the hash of a text, so it costs nothing here."""
    return hash((block.texts, block.picture.url if block.picture else ""))
