"""Models of other price databases as a table for --pricing: marked, and refused where they cannot be counted."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Spawn

from gpt41calc.errors import PricingError
from gpt41calc.pricing.table import load_pricing

LISTED = {
    "gpt-6-nova": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 4e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "input_cost_per_token_batches": 5e-07,
        "output_cost_per_token_batches": 2e-06,
        "max_input_tokens": 500_000,
        "max_output_tokens": 9_000,
        "deprecation_date": "2028-01-01",
    },
    "gpt-4.1": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 3e-06,
        "output_cost_per_token": 9e-06,
        "max_input_tokens": 1_047_576,
    },
    "deepseek/deep-1": {
        "litellm_provider": "deepseek",
        "mode": "chat",
        "input_cost_per_token": 1e-07,
        "output_cost_per_token": 2e-07,
        "max_input_tokens": 64_000,
    },
    "gpt-6-paint": {"litellm_provider": "openai", "mode": "image_generation"},
}


@pytest.fixture
def price_list(tmp_path: Path) -> Path:
    """A price list of litellm."""
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(LISTED))
    return path


def test_an_import_is_a_table(spawn: Spawn, tmp_path: Path, price_list: Path) -> None:
    """A model of litellm has its prices, steps, limits and day, and every report says that nobody checked it."""
    ended = spawn("pricing", "import", "--from", "litellm", price_list.name, "gpt-4.1", "-o", "own.toml")
    (tmp_path / "a.txt").write_text("hello")
    report = spawn("a.txt", "--pricing", "own.toml", "-m", "gpt-4.1", "--versus", "none", "--explain")
    document = json.loads(spawn("a.txt", "--pricing", "own.toml", "-m", "gpt-4.1", "--json").stdout)
    model = load_pricing(tmp_path / "own.toml").find("gpt-4.1")

    assert (0, 0) == (ended.status, report.status)
    assert (False, Decimal(3)) == (model.audited, model.price[0].standard.input)
    assert "gpt-4.1: not audited: prices imported from litellm prices.json" in report.stdout
    assert (False, True) == (document["models"][0]["audited"], "audited" not in document["models"][1])


def test_steps_tiers_and_dates_are_kept(spawn: Spawn, tmp_path: Path, price_list: Path) -> None:
    """What the database says of long prompts, batches and the end is in the table."""
    spawn("pricing", "import", "--from", "litellm", price_list.name, "gpt-6-nova", "-o", "own.toml")
    model = load_pricing(tmp_path / "own.toml").find("gpt-6-nova")
    prices = {(row.above_input_tokens, row.standard.input, row.batch and row.batch.input) for row in model.price}

    assert {(0, Decimal(1), Decimal("0.5")), (200_000, Decimal(2), Decimal("0.5"))} == prices
    assert ("2028-01-01", 500_000, 9_000, "o200k_base") == (
        str(model.shutdown),
        model.window,
        model.max_output,
        model.encoding,
    )


def test_an_unknown_tokenizer_has_to_be_given(spawn: Spawn, tmp_path: Path, price_list: Path) -> None:
    """A model that cannot be counted is written, and refused until the table says how to count it."""
    ended = spawn("pricing", "import", "--from", "litellm", price_list.name, "deep-1", "-o", "own.toml")
    path = tmp_path / "own.toml"

    assert (0, True) == (ended.status, "its tokenizer is not known" in ended.stderr)
    with pytest.raises(PricingError, match="its tokenizer is not known"):
        load_pricing(path)
    path.write_text(path.read_text().replace('# encoding = "o200k_base"', 'encoding = "cl100k_base"'))
    assert load_pricing(path).find("deepseek/deep-1").counted_in == "cl100k_base"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "litellm"], "name its price list"),
        (["--from", "litellm", "prices.json", "gpt-6-novo"], "it has gpt-6-nova"),
        (["--from", "litellm", "prices.json", "gpt-6-paint"], "no price of text"),
        (["--from", "litellm", "gone.json", "x"], "gone.json"),
        (["--from", "litellm", "prices.json", "gpt-4.1", "-o", "prices.json"], "the price list which is read"),
        (["--from", "genai-prices", "no-such-model"], "no model 'no-such-model'"),
    ],
)
def test_what_cannot_be_imported(spawn: Spawn, price_list: Path, arguments: list[str], said: str) -> None:
    """A name that is not listed, a model without a price, a list that is not there: each is said, with status 2."""
    if "genai-prices" in arguments:
        pytest.importorskip("genai_prices", reason="genai-prices is not installed")
    ended = spawn("pricing", "import", *arguments)

    assert (2, True, json.loads(price_list.read_text())) == (ended.status, said in ended.stderr, LISTED)


def test_without_names_the_missing_ones_come(spawn: Spawn, tmp_path: Path) -> None:
    """All models of genai-prices that the table lacks, of the three vendors, whose tokenizer is known."""
    pytest.importorskip("genai_prices", reason="genai-prices is not installed")
    ended = spawn("pricing", "import", "--from", "genai-prices", "-o", "own.toml")
    added = [load_pricing(tmp_path / "own.toml").find(name) for name in load_pricing(tmp_path / "own.toml").overlaid]
    shipped = {model.id for model in load_pricing().models}

    assert (0, "") == (ended.status, ended.stderr)
    assert "gpt-5.4-pro" in [model.id for model in added]
    assert [] == [model.id for model in added if model.audited or model.id in shipped]
