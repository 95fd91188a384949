"""Ratios by kind of text, for models whose tokenizer is not installed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gpt41calc.calculator.kind_ratio import counts_by_kind, with_kind_ratio, with_mean_ratio
from gpt41calc.pricing.ratio import KindRatio, Ratio
from gpt41calc.pricing.schema import Model
from gpt41calc.pricing.table import load_pricing

RATIOS = [
    KindRatio(encoding="claude-3", kind="code", low=Decimal("1.0"), value=Decimal("1.2"), high=Decimal("1.4")),
    KindRatio(encoding="claude-3", kind="other", low=Decimal("1.2"), value=Decimal("1.6"), high=Decimal("2.4")),
]


def estimated() -> Model:
    """Return a model of Claude as it is where its tokenizer is not installed."""
    found = load_pricing().find("claude-sonnet-4-6")
    ratio = Ratio(of="o200k_base", low=Decimal("1.02"), value=Decimal("1.2"), high=Decimal("1.5"), source=("CTOK",))
    return replace(
        found, encoding=None, ratio=ratio, fallback=None, fallback_encoding="claude-3", kind_ratios=tuple(RATIOS)
    )


def bounds(model: Model) -> tuple[Decimal, Decimal, Decimal]:
    """Return low, value and high of the ratio of a model."""
    assert model.ratio is not None
    return model.ratio.low, model.ratio.value, model.ratio.high


def test_a_mixture_has_the_mean_of_its_kinds() -> None:
    """A quarter of another script and three quarters of code have a ratio, and a range, in between."""
    found = with_mean_ratio(estimated(), {"code": Decimal(75), "other": Decimal(25)})

    assert (Decimal("1.05"), Decimal("1.3"), Decimal("1.65")) == bounds(found)


def test_the_range_of_every_part_is_that_of_all_kinds_in_it() -> None:
    """A range that is to hold for parts of a text is as wide as its kinds are; kinds that it has not are left out."""
    found = with_mean_ratio(estimated(), {"code": Decimal(3), "other": Decimal(1)}, of_every_part=True)
    of_code = with_mean_ratio(estimated(), {"code": Decimal(1)}, of_every_part=True)

    assert (Decimal("1.0"), Decimal("1.3"), Decimal("2.4")) == bounds(found)
    assert (Decimal("1.0"), Decimal("1.2"), Decimal("1.4")) == bounds(of_code)


def test_a_text_of_unknown_kind_may_be_of_any() -> None:
    """Where no text could be looked at, the range is that of all kinds."""
    assert (Decimal("1.0"), Decimal("1.2"), Decimal("2.4")) == bounds(with_mean_ratio(estimated(), {}))


def test_only_what_is_estimated_by_kinds_is_changed() -> None:
    """A model with a public tokenizer keeps it, and one whose ratio is found is not changed again."""
    exact = load_pricing().find("gpt-4.1")
    found = with_mean_ratio(estimated(), {"code": Decimal(1)})

    assert (False, True, False) == (counts_by_kind(exact), counts_by_kind(estimated()), counts_by_kind(found))
    assert {} == with_kind_ratio([exact], {"code": Decimal(1)})
    assert found == with_mean_ratio(found, {"other": Decimal(1)})
