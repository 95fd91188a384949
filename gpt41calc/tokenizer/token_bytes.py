"""The bytes of every token, and the text of a sequence of token ids."""

from __future__ import annotations

import codecs
from binascii import a2b_base64
from collections.abc import Iterable, Iterator
from functools import cache

from ..errors import UnknownToken
from .special_tokens import SPECIAL_TOKENS
from .vocabulary import VOCABULARIES, Vocabulary

__all__ = ["Decoded", "TokenBytes", "token_bytes"]


class TokenBytes:
    """The bytes of the tokens of one encoding, by their ids; those of a special token are its name."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Read the rank file, whose line N is the token N: this takes a twentieth of the time of loading a tokenizer.

        Raises:
            VocabularyError: the file is missing or altered.
        """
        self._name = vocabulary.name
        self._lines = vocabulary.verified_path().read_bytes().splitlines()
        self._special_tokens = {number: name.encode() for name, number in SPECIAL_TOKENS[vocabulary.name].items()}
        self._known: dict[int, bytes] = {}

    @property
    def most(self) -> int:
        """The largest id."""
        return max(self._special_tokens)

    def __getitem__(self, token: int) -> bytes:
        """Return the bytes of a token.

        Raises:
            UnknownToken: there is no token with this id.
        """
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = self._read(token)
        return known

    def _read(self, token: int) -> bytes:
        if 0 <= token < len(self._lines):
            return a2b_base64(self._lines[token].split()[0])
        if token in self._special_tokens:
            return self._special_tokens[token]
        message = f"{token} is no token of {self._name}"
        raise UnknownToken(
            message, hint=f"its tokens are 0 to {len(self._lines) - 1} and {_listed(self._special_tokens)}"
        )


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


@cache
def token_bytes(encoding: str) -> TokenBytes:
    """Return the bytes of the tokens of an encoding.

    Raises:
        VocabularyError: its vocabulary file is missing or altered.

    >>> token_bytes("o200k_base")[24912]
    b'hello'
    """
    return TokenBytes(VOCABULARIES[encoding])


class Decoded:
    """One pass over token ids that yields their text as UTF-8."""

    def __init__(self, encoding: str, blocks: Iterable[Iterable[int]]) -> None:
        """Take the ids, in any division."""
        self._tokens = token_bytes(encoding)
        self._blocks = blocks
        self.lossy = False
        """Whether some of the tokens were parts of characters that no neighbour completes; they became U+FFFD."""

    def raw(self) -> Iterator[bytes]:
        """Yield the bytes as they are, which may be no UTF-8.

        Raises:
            UnknownToken: there is no token with some id.
        """
        for block in self._blocks:
            yield b"".join(map(self._tokens.__getitem__, block))

    def __iter__(self) -> Iterator[bytes]:
        """Yield valid UTF-8, with U+FFFD for what is none.

        Raises:
            UnknownToken: there is no token with some id.
        """
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        for block in self.raw():
            yield self._decode(decoder, block, final=False)
        yield self._decode(decoder, b"", final=True)

    def _decode(self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool) -> bytes:
        before = decoder.getstate()
        try:
            return decoder.decode(block, final).encode()
        except UnicodeDecodeError:
            self.lossy = True
            decoder.errors = "replace"
            decoder.setstate(before)
            return decoder.decode(block, final).encode()
