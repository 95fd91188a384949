"""Convert a request to one sequence of tokens, for the simulated prompt cache."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

from ...pricing.schema import Model
from ...requests.blocks import Block
from ...requests.pictures import Size
from ...tokenizer.protocol import Tokenizer
from .prompt_cache import FIRST_TOKENS, prefix_digests

__all__ = ["Prompt", "Prompter", "mark_of", "part_key"]

_FRAME = 0xFFFF_FFFF
"""Stands for every token around a text; larger than any token id."""

_NO_TEXT = 0x8000_0000
"""Added to the number of a picture, so that it differs from all token ids."""

_CACHED_BYTES = 16 << 20
_ENTRY_BYTES = 300
"""Memory of a cached text in bytes, beside its characters and tokens."""

_WORTH_CACHING_CHARACTERS = 64 << 10


class Prompt(NamedTuple):
    """A request as a model reads it. One that is too short for a prompt cache has neither prefixes nor parts."""

    prefixes: tuple[int, ...]
    """Digests of its prefixes, from ``prefix_digests``."""

    text: int
    """Number of its tokens that are text."""

    parts: tuple[tuple[int, int], ...]
    """Digest and tokens of each part that could be reordered."""


class Prompter:
    """Converts requests to prompts of one model; a repeated text is encoded only once."""

    def __init__(self, model: Model, tokenizer: Tokenizer) -> None:
        """Set up the counter.

        Args:
            model: the model.
            tokenizer: tokenizer of the model's encoding.
        """
        self._model = model
        self._tokenizer = tokenizer
        self._known: OrderedDict[str, array[int]] = OrderedDict()
        self._bytes = 0

    def write(self, blocks: Iterable[Block], assumed: Size | None = None) -> Prompt:
        """Return the prompt of a request.

        Args:
            blocks: the blocks of the request that the model reads, in order.
            assumed: the size of pictures that cannot be measured.
        """
        runs: list[tuple[array[int], int, Block]] = []
        length, text, parts = 0, 0, []
        for block in blocks:
            begin = length
            for one in block.texts:
                encoded = self.encode(one)
                text += len(encoded)
                length += len(encoded)
                runs.append((encoded, 0, block))
            if around := block.tokens + (block.picture.tokens(self._model, assumed) if block.picture else 0):
                length += around
                runs.append((_NOTHING, around, block))
            if not block.is_head:  # the header of a message moves with its parts
                parts.append((part_key(block.texts, block.picture.url if block.picture else ""), length - begin))
        if length < FIRST_TOKENS:
            return Prompt((), text, ())
        return Prompt(prefix_digests(_joined(runs)), text, tuple(parts))

    def count(self, text: str) -> int:
        """Return the tokens of a text."""
        return len(self.encode(text))

    def encode(self, text: str) -> array[int]:
        """Return the token ids of a text."""
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
    """Return one number per token: token ids of texts, and placeholders for frames and pictures."""
    tokens = array("I")
    for encoded, around, block in runs:
        tokens += encoded or array("I", [mark_of(block)]) * around
    return tokens


def mark_of(block: Block) -> int:
    """Return the placeholder for tokens of a block that are not text; each picture has its own."""
    picture = block.picture
    return crc32(picture.url.encode("utf-8", "surrogatepass")) | _NO_TEXT if picture else _FRAME


def part_key(texts: tuple[str, ...], url: str = "") -> int:
    """Return a key of a part with texts, or a picture; Python caches the hash of a text, so it costs nothing here."""
    return hash((texts, url))
