"""The grammar of amounts, shares, increases and days."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gpt41calc.calculator.budget import Increase
from gpt41calc.cli.parse import parse_days, parse_increase, parse_money, parse_percent
from gpt41calc.errors import BadNumber

STRANGE = [
    "", " ", "-1", "+1", "nan", "NaN", "inf", "Infinity", "1e-3", "0x10", "１２", "1 2", "1,2,3,", "_1", "1__0", "one",
    "1\n", "\0", "9" * 31, "1.", "1.2.3", "true",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", "0"),
        ("5", "5"),
        ("0.05", "0.05"),
        (".5", "0.5"),
        ("$0.05", "0.05"),
        ("1,200.50", "1200.50"),
        ("1_200", "1200"),
        ("999999999.99", "999999999.99"),
        ("5$", "5"),
        ("US$5", "5"),
        ("5 USD", "5"),
        ("1.5k", "1500"),
        ("12k", "12000"),
        ("1e3", "1000"),
    ],
)
def test_money(text: str, amount: str) -> None:
    """Dollars have a point, perhaps separators of thousands, perhaps their sign or name."""
    assert Decimal(amount) == parse_money(text, "--max-cost")


@pytest.mark.parametrize("text", [*STRANGE, "1,20", "12,34.5", "$", "€5", "1000000000", "5%", "5 EUR"])
def test_no_money(text: str) -> None:
    """What is no amount of dollars is refused."""
    with pytest.raises(BadNumber, match=r"^--max-cost: expected dollars such as 0\.05 or 1,200, found '"):
        parse_money(text, "--max-cost")


@pytest.mark.parametrize(
    ("text", "share"), [("0%", "0"), ("60%", "60"), ("2.5 %", "2.5"), ("150%", "150"), ("5 percent", "5")]
)
def test_percent(text: str, share: str) -> None:
    """A percentage has its sign, with a blank before it or not."""
    assert Decimal(share) == parse_percent(text, "--max-context")


@pytest.mark.parametrize("text", [*STRANGE, "60", "0.6", "%", "-5%", "60%%", "1e2%", "６０%", "nan%", "60\n%"])
def test_no_percent(text: str) -> None:
    """What is no percentage is refused; a share without its sign could be either."""
    with pytest.raises(BadNumber, match=r"^--max-context: expected a percentage such as 60%, found '"):
        parse_percent(text, "--max-context")


@pytest.mark.parametrize(
    ("text", "increase"),
    [
        ("5%", Increase(Decimal(5), "percent")),
        ("0", Increase(Decimal(0), "tokens")),
        ("500", Increase(Decimal(500), "tokens")),
        ("12k", Increase(Decimal(12_000), "tokens")),
        ("$0.01", Increase(Decimal("0.01"), "USD")),
        ("1 USD", Increase(Decimal(1), "USD")),
        ("1e3", Increase(Decimal(1000), "tokens")),
    ],
)
def test_increase(text: str, increase: Increase) -> None:
    """An increase is in percent, tokens or dollars, and says in which."""
    assert increase == parse_increase(text, "--max-increase")


@pytest.mark.parametrize("text", [*STRANGE, "0.05", "$-1", "$", "-5%", "5 tokens"])
def test_no_increase(text: str) -> None:
    """What is none of the three is refused."""
    with pytest.raises(BadNumber, match=r"^--max-increase: expected "):
        parse_increase(text, "--max-increase")


@pytest.mark.parametrize(
    ("text", "days"), [("0", 0), ("90", 90), ("90d", 90), ("12w", 84), ("90 days", 90), ("1 week", 7)]
)
def test_days(text: str, days: int) -> None:
    """Days are counted in days or weeks."""
    assert days == parse_days(text, "--fail-if-retires-within")


@pytest.mark.parametrize("text", [*STRANGE, "3m", "1.5d", "d", "100000", "2 months"])
def test_no_days(text: str) -> None:
    """What is no number of days is refused."""
    with pytest.raises(BadNumber, match=r"^--fail-if-retires-within: expected a number of days such as 90d, found '"):
        parse_days(text, "--fail-if-retires-within")
