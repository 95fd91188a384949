"""The compiled tables say what their TOML says; ``python hatch_build.py`` compiles them anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gpt41calc.errors import PricingError
from gpt41calc.guidance.advice import Guidance
from gpt41calc.guidance.benchmarks import Benchmarks
from gpt41calc.locations import shipped_file
from gpt41calc.pricing import compiled as compiling
from gpt41calc.pricing import table as pricing
from gpt41calc.pricing.compiled import compiled, load_compiled
from gpt41calc.pricing.fees import Fees
from gpt41calc.pricing.fields import Record
from gpt41calc.pricing.limits_schema import LimitsTable
from gpt41calc.pricing.rate_limits import load_limits
from gpt41calc.pricing.sellers import Sellers
from gpt41calc.pricing.table import load_pricing
from gpt41calc.pricing.table_schema import PricingTable
from gpt41calc.pricing.toml import read_as

TABLES = {
    "benchmarks": Benchmarks,
    "fees": Fees,
    "guidance": Guidance,
    "limits": LimitsTable,
    "pricing": PricingTable,
    "sellers": Sellers,
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the tables as they are shipped, compiled here, from which tables are read."""
    (tmp_path / "compiled").mkdir()
    for name, noun in TABLES.items():
        toml = Path(shutil.copy(shipped_file(f"{name}.toml"), tmp_path))
        written = compiled(read_as(noun, toml, PricingError), toml.read_bytes())
        (tmp_path / "compiled" / f"{name}.json").write_text(written, encoding="utf-8")
    for module in (compiling, pricing):
        monkeypatch.setattr(module, "shipped_file", lambda name: tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(("name", "noun"), TABLES.items())
def test_what_was_compiled_is_what_the_table_says(package: Path, name: str, noun: type[Record]) -> None:
    """A table as it was compiled is equal to its TOML, read and checked, to the last digit of a price."""
    checked = read_as(noun, package / f"{name}.toml", PricingError)

    assert repr(checked) == repr(load_compiled(noun, name))


def test_a_table_that_was_changed_is_read_and_checked(package: Path) -> None:
    """A price that was written into the TOML holds, and a wrong one is refused, whatever was compiled."""
    toml = package / "pricing.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("input = 2.00", "input = 2.01", 1), encoding="utf-8")
    row = load_pricing().models[0].price[0]
    toml.write_text(text.replace("input = 2.00", "input = -2.00", 1), encoding="utf-8")
    with pytest.raises(PricingError) as caught:
        load_pricing()

    assert ("2.01", True) == (str(row.standard.input), "expected a finite number" in str(caught.value))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        '{"sha256": 1}',
        "null",
        "[" * 100_000,
        '{"sha256": "SHA", "table": 1}',
        '{"sha256": "SHA", "table": {}}',
    ],
)
def test_a_damaged_one_costs_time_only(package: Path, written: str) -> None:
    """Whatever is wrong with a compiled table, the TOML is read instead."""
    whole = load_pricing()
    file = package / "compiled" / "pricing.json"
    sha256 = file.read_text(encoding="utf-8").split('"')[3]
    file.write_text(written.replace("SHA", sha256), encoding="utf-8")

    assert (None, whole) == (load_compiled(PricingTable, "pricing"), load_pricing())


def test_without_it_the_toml_is_read(package: Path) -> None:
    """A package without compiled tables says the same."""
    whole = load_pricing()
    shutil.rmtree(package / "compiled")

    assert (None, whole) == (load_compiled(PricingTable, "pricing"), load_pricing())


def test_limits_are_taken_up(package: Path) -> None:
    """Limits are read as they were compiled."""
    assert package.is_dir()
    assert load_limits().table == load_compiled(LimitsTable, "limits")
