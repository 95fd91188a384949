"""Token ratios by kind of text, for models whose tokenizer is known but not installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..pricing.ratio import KindRatio, Ratio
from ..pricing.schema import Model

__all__ = ["counts_by_kind", "mean_numbers", "mean_ratio", "with_kind_ratio", "with_mean_ratio"]


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


def with_mean_ratio(model: Model, weights: Mapping[str, Decimal | int], *, of_every_part: bool = False) -> Model:
    """Return a model as it counts a text of such kinds: with the mean of their ratios.

    Of a text whose kinds are not known, the range is that of all kinds.

    Args:
        model: one that counts by kinds; any other is returned as it is.
        weights: how much of the text is of each kind, in any unit.
        of_every_part: whether the range is to hold for parts of the text, too, which may be of one of the kinds alone.
    """
    if not model.kind_ratios or model.ratio is None:
        return model
    ratio = mean_ratio(model.ratio, model.kind_ratios, weights, of_every_part=of_every_part)
    return model.altered(ratio=ratio, kind_ratios=())


def mean_ratio(
    ratio: Ratio, kinds: Sequence[KindRatio], weights: Mapping[str, Decimal | int], *, of_every_part: bool = False
) -> Ratio:
    """Return the mean of the ratios of some kinds; the arguments are those of ``with_mean_ratio``.

    Args:
        ratio: the ratio of the model, which holds for a text whose kinds are not known.
        kinds: the ratio of each kind.
        weights: how much of the text is of each kind.
        of_every_part: whether the range is to hold for parts of the text, too.
    """
    # The results need no validation: they lie between numbers that were validated.
    known = _known(kinds, weights)
    if not known:
        low = min(ratio.low, *(each.low for each in kinds))
        high = max(ratio.high, *(each.high for each in kinds))
        return ratio.altered(low=low, high=high)
    low, value, high = _means(known)
    if of_every_part:
        low, high = min(each.low for each, _ in known), max(each.high for each, _ in known)
    return ratio.altered(low=low, value=value, high=high, source=("CTOK",))


def mean_numbers(
    ratio: Ratio, kinds: Sequence[KindRatio], weights: Mapping[str, Decimal | int]
) -> tuple[Decimal, Decimal, Decimal]:
    """Return the three numbers of ``mean_ratio``, in half the time: a batch has a mean for each request."""
    if known := _known(kinds, weights):
        return _means(known)
    mean = mean_ratio(ratio, kinds, weights)
    return mean.low, mean.value, mean.high


def _known(kinds: Sequence[KindRatio], weights: Mapping[str, Decimal | int]) -> list[tuple[KindRatio, Decimal | int]]:
    # Most texts are of one or two kinds; a kind that the text has nothing of would add zero.
    return [(each, weight) for each in kinds if (weight := weights.get(each.kind))]


def _means(known: Sequence[tuple[KindRatio, Decimal | int]]) -> tuple[Decimal, Decimal, Decimal]:
    """Return the lower bounds, the values and the upper bounds of some ratios, in the mean by weight."""
    whole: Decimal | int = 0
    low = value = high = Decimal()
    for each, weight in known:
        whole += weight
        low, value, high = low + each.low * weight, value + each.value * weight, high + each.high * weight
    return (low / whole).quantize(_DIGITS), (value / whole).quantize(_DIGITS), (high / whole).quantize(_DIGITS)


_DIGITS = Decimal("0.0001")
