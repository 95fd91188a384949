"""Estimate the shares of the kinds of text in the inputs, from a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ..tally import Skipped

if TYPE_CHECKING:
    from ..sources.source import Source
    from ..tally import Tally

__all__ = ["kind_shares"]


def kind_shares(inputs: Tally, found: Sequence[Source | Skipped], encoding: str) -> Mapping[str, Decimal]:
    """Return the share of tokens in each kind of text, estimated from a sample; empty if there is no sample.

    Args:
        inputs: the counted inputs.
        found: the sources they were read from.
        encoding: the encoding of the counts.
    """
    if not inputs.counted or inputs.is_modelled or not all(encoding in one.tokens for one in inputs.counted):
        return {}
    from ..tokenizer.text_kind import kind_of_text
    from .sample import draw

    blocks = draw(inputs, [one for one in found if not isinstance(one, Skipped)], encoding, _BLOCKS)
    weights: dict[str, Decimal] = {}
    for block in blocks:
        kind = kind_of_text(block.text)
        weights[kind] = weights.get(kind, Decimal()) + Decimal(block.density)
    whole = sum(weights.values())
    return {kind: weight / whole for kind, weight in weights.items()} if whole else {}


_BLOCKS = 24
"""Number of sampled blocks, enough to tell the kinds: reading them takes 2 ms."""
