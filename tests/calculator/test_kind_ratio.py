"""Ratios by kind of text, for models whose tokenizer is not installed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gpt41calc.calculator.kind_ratio import is_of_kinds, with_kind_ratio
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
    return replace(found, encoding=None, ratio=ratio, fallback=None, fallback_encoding="claude-3")


def test_a_mixture_has_the_mean_of_its_kinds() -> None:
    """A quarter of another script and three quarters of code have a ratio, and a range, in between."""
    ratio = with_kind_ratio([estimated()], {"code": Decimal("0.75"), "other": Decimal("0.25")}, RATIOS)[
        estimated().id
    ].ratio

    assert ratio is not None
    assert (Decimal("1.05"), Decimal("1.3"), Decimal("1.65")) == (ratio.low, ratio.value, ratio.high)


def test_only_what_is_estimated_by_kinds_is_changed() -> None:
    """A model with a public tokenizer keeps it, and nothing is changed if no sample was drawn."""
    exact = load_pricing().find("gpt-4.1")

    assert (False, True) == (is_of_kinds(exact), is_of_kinds(estimated()))
    assert {} == with_kind_ratio([exact], {"code": Decimal(1)}, RATIOS)
    assert {} == with_kind_ratio([estimated()], {}, RATIOS)
