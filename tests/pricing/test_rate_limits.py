"""The table of limits: sourced, complete, and a user's laid over it row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpt41calc.errors import LimitsError
from gpt41calc.pricing.limits_schema import USAGE_TIERS
from gpt41calc.pricing.rate_limits import load_limits
from gpt41calc.pricing.table import load_pricing

SHIPPED = load_limits()


def laid_over(folder: Path, text: str) -> Path:
    """Write a user's table."""
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_table_knows_only_models_that_have_prices() -> None:
    """Every model of the table is one of the pricing table, with limits for every tier."""
    known = {model.id for model in load_pricing().models}

    assert {model.id for model in SHIPPED.table.model} <= known
    assert {USAGE_TIERS} == {tuple(row.usage_tier for row in model.standard) for model in SHIPPED.table.model}
    assert {USAGE_TIERS, ()} == {tuple(row.usage_tier for row in model.long_context) for model in SHIPPED.table.model}


def test_limits_only_grow_with_the_tier() -> None:
    """No tier allows less than the one below it."""
    rows = [rows for model in SHIPPED.table.model for rows in (model.standard, model.long_context)]
    for keys in ("requests_per_minute", "tokens_per_minute", "batch_queue"):
        for row in rows:
            allowed = [getattr(one, keys) for one in row]

            assert sorted(allowed) == allowed


def test_users_row_changes_what_it_gives(tmp_path: Path) -> None:
    """A tier keeps what the user's row does not give, and other tiers and models stay as they are."""
    own = '[[model]]\nid = "gpt-4.1"\nstandard = [{ usage_tier = 1, tokens_per_minute = 60_000 }]\n'
    limits = load_limits(laid_over(tmp_path, own))
    found = limits.find("gpt-4.1")

    assert found is not None
    rows = [found.at(tier, 1) for tier in (1, 2)]
    assert [(500, 60_000), (5_000, 450_000)] == [
        (row.requests_per_minute, row.tokens_per_minute) for row in rows if row
    ]
    assert SHIPPED.find("gpt-4.1-mini") == limits.find("gpt-4.1-mini")
    assert str(tmp_path / "own.toml") == limits.overlay


def test_users_model(tmp_path: Path) -> None:
    """A model that the shipped table lacks needs an identifier and its rows; what is not given is not known."""
    own = '[[model]]\nid = "house-model"\nstandard = [{ usage_tier = 3, requests_per_minute = 10 }]\n'
    found = load_limits(laid_over(tmp_path, own)).find("house-model")

    assert found is not None
    assert (None, None) == (found.at(1, 1), found.note)
    row = found.at(3, 1)
    assert row is not None
    assert (10, None) == (row.requests_per_minute, row.tokens_per_minute)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (
            "model[gpt-4.1].standard[1].tokens_per_minute: expected a number greater than 0, found -5",
            '[[model]]\nid = "gpt-4.1"\nstandard = [{ usage_tier = 1, tokens_per_minute = -5 }]',
        ),
        ("request.string_characters: expected a number greater than 0, found -1", "[request]\nstring_characters = -1"),
        (
            "model[gpt-4.1].standard[6].usage_tier: expected a number less than or equal to 5, found 6",
            '[[model]]\nid = "gpt-4.1"\nstandard = [{ usage_tier = 6 }]',
        ),
        (
            "model[gpt-4.1].standard[1].token_per_minute: unknown key, did you mean 'tokens_per_minute'?",
            '[[model]]\nid = "gpt-4.1"\nstandard = [{ usage_tier = 1, token_per_minute = 5 }]',
        ),
        (
            "model[x]: expected every usage_tier once, found [1, 1]",
            '[[model]]\nid = "x"\nstandard = [{ usage_tier = 1 }, { usage_tier = 1 }]',
        ),
        (
            "model[x]: expected long_context_above beside long_context",
            '[[model]]\nid = "x"\nlong_context = [{ usage_tier = 1 }]',
        ),
        ("model x: listed twice", '[[model]]\nid = "x"\n[[model]]\nid = "x"'),
        ("model[10].id: missing", "[[model]]\nstandard = []"),
        ("model: expected a list, found 3", "model = 3"),
        ("source: expected a key of [sources], found hearsay", '[request]\nsource = ["hearsay"]'),
        (
            "request.string_characters: expected a whole number, found much",
            '[request]\nstring_characters = "much"',
        ),
        ("model[10]: expected a table, found 7", "model = [7]"),
        ("sources: expected a table, found x", 'sources = "x"'),
    ],
)
def test_bad_table(tmp_path: Path, expected: str, text: str) -> None:
    """What is wrong is told by model and key, with what was expected there."""
    with pytest.raises(LimitsError) as raised:
        load_limits(laid_over(tmp_path, text))

    assert f"{tmp_path / 'own.toml'}: {expected}" == str(raised.value)


@pytest.mark.parametrize("text", ["x = [", "x = " + "[" * 5000, "x = 1e9999999999999999999"])
def test_no_toml(tmp_path: Path, text: str) -> None:
    """A file that is no TOML, or a hostile one, is told as such."""
    with pytest.raises(LimitsError, match=r"own\.toml: "):
        load_limits(laid_over(tmp_path, text))


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(LimitsError, match=r"cannot read the table of limits .*: No such file or directory"):
        load_limits(tmp_path / "none.toml")
