"""Embeddings: a text goes in, numbers come out, and no tokens are billed for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gpt41calc.calculator.estimate import estimate_tally
from gpt41calc.calculator.workload import Workload
from gpt41calc.pricing.table import load_pricing
from gpt41calc.tally import Counted, Tally


@pytest.mark.parametrize(
    ("name", "tier", "expected"),
    [
        ("text-embedding-3-small", "standard", "0.00002"),
        ("text-embedding-3-small", "batch", "0.00001"),
        ("text-embedding-3-large", "standard", "0.00013"),
        ("text-embedding-3-large", "batch", "0.000065"),
        ("text-embedding-ada-002", "standard", "0.00010"),
    ],
)
def test_no_output_is_billed_or_needs_room(name: str, tier: str, expected: str) -> None:
    """A thousand tokens cost their input alone, whatever output is asked for, and only they need room."""
    model = load_pricing().find(name)
    counted = Tally.of(Counted("a", 4_000, {"cl100k_base": 1_000}))
    workload = Workload(output_tokens=1_000_000, tier=tier)  # type: ignore[arg-type]
    one = estimate_tally(counted, [model], [], workload, on=date(2026, 11, 26), checked=date(2026, 11, 26)).models[0]

    assert one.cost is not None
    assert (Decimal(expected), 1_000, True) == (one.cost.total.value, one.context.used.value, one.context.fits)


@pytest.mark.parametrize(("tokens", "fits"), [(8_191, True), (8_192, False)])
def test_the_cap_is_that_of_the_api(tokens: int, *, fits: bool) -> None:
    """An embedding takes 8,191 tokens, and not one more."""
    counted = Tally.of(Counted("a", 4, {"cl100k_base": tokens}))
    model = load_pricing().find("text-embedding-3-small")
    day = date(2026, 11, 26)

    assert fits == estimate_tally(counted, [model], [], Workload(), on=day, checked=day).models[0].context.fits
