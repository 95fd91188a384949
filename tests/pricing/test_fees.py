"""Fees that are charged beside tokens: by tool, region and model."""

from __future__ import annotations

from decimal import Decimal
from pathlib import PurePosixPath as Path

import pytest

from gpt41calc.pricing.fees import load_fees
from gpt41calc.pricing.table import load_pricing


@pytest.mark.parametrize(
    ("tool", "model", "dollars"),
    [
        ("web_search_requests", "claude-3-7-sonnet", "0.01"),
        ("web_search", "gpt-4.1", "0.01"),
        ("web_search", "gpt-4.1-mini", None),
        ("web_search_preview", "gpt-4.1-mini", "0.025"),
        ("web_search_preview", "o3", "0.01"),
        ("web_search", "claude-sonnet-4-6", None),
        ("code_interpreter", "gpt-4.1", None),
    ],
)
def test_calls(tool: str, model: str, dollars: str | None) -> None:
    """A call has the price of its tool with its model; what is not in the table has none."""
    assert (None if dollars is None else Decimal(dollars)) == load_fees().per_call(tool, model)


def test_patterns_name_models_of_the_table() -> None:
    """Every pattern of a fee means at least one model that has prices."""
    fees, ids = load_fees(), {model.id for model in load_pricing().models}
    called = {pattern for each in fees.call for pattern in (*each.models, *each.except_models)}
    patterns = called | {pattern for each in fees.region for pattern in each.models}
    found = {pattern for pattern in patterns if any(Path(name).match(pattern) for name in ids)}

    assert patterns == found
