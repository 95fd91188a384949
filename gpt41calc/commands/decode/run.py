"""Decode token ids: read them from words or from bytes, and return their text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator

from ...errors import UsageError
from ...tokenizer.token_bytes import Decoded

__all__ = ["Decoded", "decode_ids", "read_ids"]

_MAX_DIGITS = 9
_BETWEEN = re.compile(rb"[\s,\[\]]+")


def read_ids(blocks: Iterable[bytes]) -> Iterator[array[int]]:
    r"""Yield the ids in a text: numbers between blanks, newlines or commas, or a JSON array of them.

    Raises:
        UsageError: something else is among them.

    >>> [list(ids) for ids in read_ids([b"[15339, 19", b"17]\n"])]
    [[15339], [1917]]
    """
    rest, number = b"", 0
    for block in blocks:
        *words, rest = _BETWEEN.split(rest + block)
        words = [word for word in words if word]
        if words:
            yield array("I", _numbers(words, number))
        number += len(words)
        if len(rest) > _MAX_DIGITS:
            _numbers([rest], number)
    if rest:
        yield array("I", _numbers([rest], number))


def _numbers(words: list[bytes], before: int) -> list[int]:
    for at, word in enumerate(words, before + 1):
        if not word.isdigit() or len(word) > _MAX_DIGITS:
            shown = word[:40].decode(errors="backslashreplace")
            message = f"'{shown}' is no token id (word {at:,})"
            hint = "ids are whole numbers between blanks or commas, as 'gpt41calc encode' writes them"
            raise UsageError(message, hint="take the ids of a JSON document with jq .ids" if shown[0] in '{"' else hint)
    return list(map(int, words))


def decode_ids(blocks: Iterable[array[int]], encoding: str) -> Decoded:
    """Return one pass over the text of token ids.

    Args:
        blocks: the ids, in any division.
        encoding: name of their encoding.

    Raises:
        VocabularyError: its vocabulary is missing or altered.
    """
    return Decoded(encoding, blocks)
