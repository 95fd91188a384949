"""Divide a text into its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...tokenizer.engines import tokenizer
from ...tokenizer.special_tokens import SPECIAL_TOKENS, encode_blocks
from ...tokenizer.token_bytes import token_bytes

__all__ = ["Token", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text."""

    id: int
    """Its number in the encoding."""

    bytes: bytes
    """The bytes that it stands for; alone they may be no UTF-8. For a special token, its name."""

    start: int
    """Bytes of the text before it."""

    @property
    def end(self) -> int:
        """Bytes of the text up to its end."""
        return self.start + len(self.bytes)

    @property
    def text(self) -> str | None:
        """Its text. None if it has only a part of a character."""
        try:
            return self.bytes.decode()
        except UnicodeDecodeError:
            return None


def tokens_of(blocks: Iterable[bytes], encoding: str, *, special_tokens: bool = False) -> Iterator[Token]:
    """Yield the tokens of a text, while it is read.

    Args:
        blocks: the text as UTF-8, in any division.
        encoding: name of the encoding.
        special_tokens: whether names such as ``<|endoftext|>`` stand for the special tokens; else they are text.

    Raises:
        VocabularyError: a vocabulary is missing or altered.
        Uncountable: more than 256 MiB without a place to cut.
    """
    known = token_bytes(encoding)
    start = 0
    for ids in encode_blocks(tokenizer(encoding), blocks, SPECIAL_TOKENS[encoding] if special_tokens else None):
        for number in ids:
            token = Token(number, known[number], start)
            yield token
            start = token.end
