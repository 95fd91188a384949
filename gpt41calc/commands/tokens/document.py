"""Tokens as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...render.json_fields import header
from .run import Token, is_one_tiling

__all__ = ["tokens_document"]


def tokens_document(tokens: Sequence[Token], encoding: str, *, special_tokens: bool) -> dict[str, Any]:
    """Return the document: every token with its id, bytes and place.

    Args:
        tokens: the tokens.
        encoding: name of their encoding.
        special_tokens: whether names of special tokens were read as these.
    """
    return {
        **header(),
        "encoding": encoding,
        "exactness": "reconstructed" if is_one_tiling(encoding) else "exact",
        "tiling": "one possible" if is_one_tiling(encoding) else "exact",
        "special": special_tokens,
        "tokens": len(tokens),
        "items": list(map(_item, tokens)),
    }


def _item(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        **({} if token.piece is None else {"piece": token.piece}),
        "text": token.text,
        "bytes": token.bytes.hex(),
        "start": token.start,
        "end": token.end,
    }
