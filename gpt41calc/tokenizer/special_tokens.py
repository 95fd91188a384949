"""The special tokens of each encoding, which stand for no text and are recognized only if that is requested."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .protocol import Tokenizer

__all__ = ["SPECIAL_TOKENS", "encode_blocks", "with_special_tokens"]

SPECIAL_TOKENS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "o200k_base": {"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
        "cl100k_base": {
            "<|endoftext|>": 100257,
            "<|fim_prefix|>": 100258,
            "<|fim_middle|>": 100259,
            "<|fim_suffix|>": 100260,
            "<|endofprompt|>": 100276,
        },
    }
)
"""Ids of the special tokens of every encoding, by their names; from ``tiktoken_ext/openai_public.py``."""


def with_special_tokens(tokenizer: Tokenizer, text: bytes, special_tokens: Mapping[str, int]) -> array[int]:
    """Return the token ids of a text in which the names of special tokens stand for these.

    The text before such a name and the text after it are encoded as texts of their own, as tiktoken does.
    """
    ids = array("I")
    at = 0
    for match in _pattern(special_tokens).finditer(text):
        ids += tokenizer.encode(text[at : match.start()])
        ids.append(special_tokens[match[0].decode()])
        at = match.end()
    return ids + tokenizer.encode(text[at:])


def encode_blocks(
    tokenizer: Tokenizer, blocks: Iterable[bytes], special_tokens: Mapping[str, int] | None = None
) -> Iterator[array[int]]:
    """Yield the token ids of a text that may be larger than memory.

    Args:
        tokenizer: the tokenizer.
        blocks: the text as UTF-8, in any division.
        special_tokens: the special tokens to recognize. None to read their names as text.

    Raises:
        Uncountable: more than ``chunks.MAX_PIECE_BYTES`` bytes without a place to cut.
    """
    from .chunks import pieces

    for piece in pieces(blocks):  # which never ends inside a name: a name has neither blank, digit nor newline
        yield with_special_tokens(tokenizer, piece, special_tokens) if special_tokens else tokenizer.encode(piece)


def _pattern(special_tokens: Mapping[str, int]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(name.encode()) for name in special_tokens))
