"""Encode a text of any length."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from ...tokenizer.engines import tokenizer
from ...tokenizer.special_tokens import SPECIAL_TOKENS, encode_blocks

__all__ = ["encode_text"]


def encode_text(blocks: Iterable[bytes], encoding: str, *, special_tokens: bool = False) -> Iterator[array[int]]:
    """Yield the token ids of a text, while it is read.

    Args:
        blocks: the text as UTF-8, in any division.
        encoding: name of the encoding.
        special_tokens: whether names such as ``<|endoftext|>`` stand for the special tokens; else they are text.

    Raises:
        VocabularyError: a vocabulary is missing or altered.
        Uncountable: more than 256 MiB without a place to cut.
    """
    return encode_blocks(tokenizer(encoding, short=False), blocks, SPECIAL_TOKENS[encoding] if special_tokens else None)
