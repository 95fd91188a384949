"""Estimate the shares of the kinds of text in the inputs, from a sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ..sources.source import DEFAULT_RULES
from ..tally import Skipped
from ..tokenizer.text_kind import kind_of_text, kinds_of_texts

if TYPE_CHECKING:
    from ..sources.git.blobs import Blob
    from ..sources.git.repository import Repository
    from ..sources.source import Source
    from ..tally import Counted, Tally

__all__ = ["blob_weights", "kind_weights"]


def kind_weights(inputs: Tally, found: Sequence[Source | Skipped], encoding: str) -> Mapping[str, Decimal]:
    """Return how many tokens of some inputs are of each kind of text, as far as a sample says; empty without one.

    Args:
        inputs: what was counted.
        found: the files that it was read from; of everything else, excerpts were kept.
        encoding: the encoding that it was counted in.
    """
    from .sample import draw

    weights: dict[str, Decimal] = {}
    files = [one for one in found if not isinstance(one, Skipped)]
    blocks = draw(inputs, files, encoding, _BLOCKS)
    drawn = Decimal(sum(block.density for block in blocks))
    paths = {one.name for one in files if one.path is not None}
    tokens = sum(one.tokens[encoding] for one in inputs.counted if one.path in paths and not one.excerpts)
    kinds = {
        text: kind_of_text(text) for text in {block.text for block in blocks}
    }  # of a short text, each is drawn often
    for block in blocks if drawn else ():
        _add(weights, kinds[block.text], tokens * Decimal(block.density) / drawn)
    for one in (each for each in inputs.counted if each.excerpts):
        shares = kinds_of_texts(excerpt.decode("utf-8", "ignore") for excerpt in one.excerpts)
        whole = sum(shares.values())
        for kind, share in shares.items():
            _add(weights, kind, Decimal(one.tokens.get(encoding, 0)) * share / whole)
    return weights


def blob_weights(
    repository: Repository, seen: Iterable[tuple[Blob, Counted | Skipped | None]], encoding: str
) -> Mapping[str, Decimal]:
    """Return the same of contents that git keeps: a block is read of some of them, drawn by their tokens.

    Args:
        repository: whose contents.
        seen: contents, and what was counted of them.
        encoding: the encoding that they were counted in.
    """
    from ..sources.git.blobs import BlobReading, contents

    rows = [(blob, one) for blob, one in seen if one is not None and not isinstance(one, Skipped)]
    step = sum(one.tokens[encoding] for _, one in rows) / _BLOCKS
    drawn: list[tuple[Blob, int, float]] = []
    done = 0.0
    for blob, one in rows if step else ():
        tokens = one.tokens[encoding]
        while len(drawn) < _BLOCKS and (place := (len(drawn) + 0.5) * step - done) < tokens:
            drawn.append((blob, one.bytes, place / tokens))
        done += tokens
    weights: dict[str, Decimal] = {}
    answers = contents(repository, [blob for blob, _, _ in drawn])
    for (_, size, place), content in zip(drawn, answers, strict=True):
        block = _block(BlobReading(content, DEFAULT_RULES), int(size * place))
        if block.strip():
            _add(weights, kind_of_text(block), Decimal(step))
    return weights


def _block(text: Iterable[bytes], offset: int) -> str:
    """Return the block of a text that an offset lies in; nothing if it cannot be read."""
    from ..sources.read import NotText

    begin = offset // _BLOCK_BYTES * _BLOCK_BYTES
    try:
        for block in text:
            if begin < len(block):
                return block[begin : begin + _BLOCK_BYTES].decode("utf-8", "ignore")
            begin -= len(block)
    except NotText:
        pass
    return ""


def _add(weights: dict[str, Decimal], kind: str, tokens: Decimal) -> None:
    weights[kind] = weights.get(kind, Decimal()) + tokens


_BLOCKS = 24
"""Enough to see of what kinds a text is: reading them takes 2 ms."""

_BLOCK_BYTES = 1 << 10
