"""What kinds of text is it? Told by a sample of what was counted."""

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
    """Return which share of the tokens of some inputs each kind of text has, as far as a sample says; none without one.

    Args:
        inputs: what was counted.
        found: where it was read from.
        encoding: the encoding that it was counted in.
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
"""Enough to see of what kinds a text is: reading them takes 2 ms."""
