"""Divide a text into its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...errors import UsageError
from ...tokenizer.claude_vocabulary import FAMILIES
from ...tokenizer.engines import tokenizer
from ...tokenizer.special_tokens import SPECIAL_TOKENS, encode_blocks
from ...tokenizer.token_bytes import token_bytes

__all__ = ["Token", "is_one_tiling", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text."""

    id: int | None
    """Its number in the encoding. None if that is not published."""

    bytes: bytes
    """The bytes that it stands for; alone they may be no UTF-8. For a special token, its name; for a mark, nothing."""

    start: int
    """Bytes of the text before it."""

    piece: str | None = None
    """What ``ctok`` calls it, with its marks. None if its id is published."""

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


def is_one_tiling(encoding: str) -> bool:
    """Return whether tokens are one possible tiling: of Claude's, only the number can be reconstructed."""
    return encoding in FAMILIES


def tokens_of(blocks: Iterable[bytes], encoding: str, *, special_tokens: bool = False) -> Iterator[Token]:
    """Yield the tokens of a text, while it is read; those of Claude, after it was read.

    Args:
        blocks: the text as UTF-8, in any division.
        encoding: name of the encoding.
        special_tokens: whether names such as ``<|endoftext|>`` stand for the special tokens; else they are text.

    Raises:
        UsageError: special tokens of Claude are wanted.
        VocabularyError: a vocabulary is missing or altered.
        Uncountable: more than 256 MiB without a place to cut.
    """
    if is_one_tiling(encoding):
        yield from _claude_pieces(blocks, encoding, special_tokens=special_tokens)
        return
    known = token_bytes(encoding)
    start = 0
    for ids in encode_blocks(tokenizer(encoding), blocks, SPECIAL_TOKENS[encoding] if special_tokens else None):
        for number in ids:
            token = Token(number, known[number], start)
            yield token
            start = token.end


def _claude_pieces(blocks: Iterable[bytes], encoding: str, *, special_tokens: bool) -> Iterator[Token]:
    if special_tokens:
        message = "the special tokens of Claude are not published"
        raise UsageError(message, hint="without --special, their names are text")
    from ...tokenizer.claude_tiling import claude_tiling

    text = b"".join(blocks)
    for name, start, end in claude_tiling(text, encoding):
        yield Token(None, text[start:end], start, name)
