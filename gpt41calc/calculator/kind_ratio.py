"""Token ratios by kind of text, for models whose tokenizer is known but not installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ..pricing.schema import Model

__all__ = ["counts_by_kind", "with_kind_ratio", "with_mean_ratio"]


def counts_by_kind(model: Model) -> bool:
    """Say whether a model's tokenizer is known but not installed, so that kinds of text have ratios of their own."""
    return bool(model.kind_ratios)


def with_kind_ratio(models: Sequence[Model], weights: Mapping[str, Decimal]) -> Mapping[str, Model]:
    """Return the models whose tokenizer is not installed, with the ratio of such text as the input is, by identifier.

    Args:
        models: all models of a report.
        weights: how many tokens of the input are of each kind of text.
    """
    return {model.id: with_mean_ratio(model, weights) for model in models if counts_by_kind(model)}


def with_mean_ratio(model: Model, weights: Mapping[str, Decimal], *, of_every_part: bool = False) -> Model:
    """Return a model as it counts a text of such kinds: with the mean of their ratios.

    Of a text whose kinds are not known, the range is that of all kinds.

    Args:
        model: one that counts by kinds; any other is returned as it is.
        weights: how much of the text is of each kind, in any unit.
        of_every_part: whether the range is to hold for parts of the text, too, which may be of one of the kinds alone.
    """
    if not model.kind_ratios or model.ratio is None:
        return model
    known = [(ratio, weights.get(ratio.kind, Decimal())) for ratio in model.kind_ratios]
    whole = sum((weight for _, weight in known), Decimal())
    if not whole:
        low = min(model.ratio.low, *(ratio.low for ratio, _ in known))
        high = max(model.ratio.high, *(ratio.high for ratio, _ in known))
        return replace(model, ratio=replace(model.ratio, low=low, high=high), kind_ratios=())
    low, value, high = (
        (sum((getattr(ratio, bound) * weight for ratio, weight in known), Decimal()) / whole).quantize(_DIGITS)
        for bound in ("low", "value", "high")
    )
    if of_every_part:
        low = min(ratio.low for ratio, weight in known if weight)
        high = max(ratio.high for ratio, weight in known if weight)
    ratio = replace(model.ratio, low=low, value=value, high=high, source=("CTOK",))
    return replace(model, ratio=ratio, kind_ratios=())


_DIGITS = Decimal("0.0001")
