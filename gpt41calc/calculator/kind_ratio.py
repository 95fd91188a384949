"""Token ratios by kind of text, for models whose tokenizer is known but not installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ..pricing.ratio import KindRatio, Ratio
from ..pricing.schema import Model

__all__ = ["is_of_kinds", "with_kind_ratio"]


def is_of_kinds(model: Model) -> bool:
    """Return whether a model's tokenizer is known but not installed, so that ratios by kind of text apply."""
    return model.ratio is not None and model.fallback_encoding is not None and model.fallback is None


def with_kind_ratio(
    models: Sequence[Model], shares: Mapping[str, Decimal], ratios: Sequence[KindRatio]
) -> Mapping[str, Model]:
    """Return the models whose tokenizer is not installed, by identifier, each with the ratio for this input.

    Args:
        models: all models of a report.
        shares: share of the input's tokens in each kind of text; if it is empty, no model is returned.
        ratios: the ratio of each kind of text.
    """
    changed = {}
    for model in filter(is_of_kinds, models) if shares else ():
        encoding = "claude-3" if model.fallback_encoding == "claude-3" else "claude-4.8"
        known = [(ratio, shares.get(ratio.kind, Decimal())) for ratio in ratios if ratio.encoding == encoding]
        low, value, high = (
            sum((getattr(ratio, bound) * share for ratio, share in known), Decimal()).quantize(Decimal("0.0001"))
            for bound in ("low", "value", "high")
        )
        changed[model.id] = replace(
            model, ratio=Ratio(of="o200k_base", low=low, value=value, high=high, source=("CTOK",))
        )
    return changed
