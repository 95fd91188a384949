"""Price tables compared with each other: what differs, from when to when, and why."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from variants import PRICING, TODAY

from gpt41calc.commands.pricing.compare import MODEL, Disagreement, disagreements
from gpt41calc.commands.pricing.databases import Database, Listing, Period
from gpt41calc.commands.pricing.genai import read_genai
from gpt41calc.commands.pricing.known_differences import NotInTable, load_known
from gpt41calc.commands.pricing.litellm import read_litellm
from gpt41calc.commands.pricing.run import Compared, compare_tables
from gpt41calc.commands.pricing.table_diff import changes
from gpt41calc.errors import PricingError
from gpt41calc.locations import shipped_file
from gpt41calc.pricing.schema import Model
from gpt41calc.pricing.table import read_whole_table

MODELS = [*PRICING.models, *(PRICING.find(f"ft:{model.id}") for model in PRICING.models if model.fine_tuning)]


def against(model: str, listing: Listing, *, has_history: bool = True) -> list[Disagreement]:
    """Return what a database that lists one model says otherwise."""
    database = Database(name="other", version="1", has_history=has_history, listings={model: listing})
    return disagreements([PRICING.find(model)], database, TODAY)


def entry(**changed: object) -> dict[str, object]:
    """Return how litellm lists GPT-4.1."""
    return {
        "input_cost_per_token": 2e-06,
        "output_cost_per_token": 8e-06,
        "cache_read_input_token_cost": 5e-07,
        "input_cost_per_token_batches": 1e-06,
        "output_cost_per_token_batches": 4e-06,
        "input_cost_per_token_priority": 3.5e-06,
        "max_input_tokens": 1_047_576,
        "max_output_tokens": 32_768,
        "litellm_provider": "openai",
        **changed,
    }


def listed(tmp_path: Path, **entries: object) -> Path:
    """Write a price list as litellm has it."""
    path = tmp_path / "prices.json"
    path.write_text(json.dumps({"sample_spec": {}, **{key.replace("__", "-"): one for key, one in entries.items()}}))
    return path


def test_same_prices_are_no_difference() -> None:
    """A database that says the same, or nothing, differs in nothing."""
    same = Period(None, {("standard", "input"): {0: Decimal(2)}, ("batch", "output"): {0: Decimal("4.000")}})

    assert [] == against("gpt-4.1", Listing(periods=(same,), window=1_047_576))
    assert [] == against("gpt-4.1", Listing(periods=()))


def test_history_is_compared_day_by_day() -> None:
    """A price that was another until a day differs until that day, and from our first day on."""
    late = Listing(
        periods=(
            Period(None, {("standard", "input"): {0: Decimal(10)}}),
            Period(date(2025, 6, 10), {("standard", "input"): {0: Decimal(2)}}),
        )
    )
    later = Listing(
        periods=(
            Period(None, {("standard", "input"): {0: Decimal(10)}}),
            Period(date(2025, 7, 1), {("standard", "input"): {0: Decimal(2)}}),
        )
    )
    found = against("o3", later)

    assert [] == against("o3", late)
    assert [(date(2025, 6, 10), date(2025, 7, 1), Decimal("2.00"), Decimal(10))] == [
        (one.since, one.until, one.ours, one.theirs) for one in found
    ]


def test_difference_that_lasts_is_told_once() -> None:
    """A difference that no change of either side ends has one row, and no end."""
    cheap = Listing(periods=(Period(None, {("standard", "output"): {0: Decimal(1)}}),))
    found = against("gpt-4o-mini", cheap)

    assert [(date(2024, 7, 18), None)] == [(one.since, one.until) for one in found]


def test_steps_are_compared_above_them() -> None:
    """A step that only one side has is a difference above it, and only there."""
    flat = Listing(periods=(Period(None, {("standard", "input"): {0: Decimal("0.10")}}),))
    found = against("gpt-6-luna", flat)

    assert [(272_000, Decimal("0.20"), Decimal("0.10"))] == [(one.above, one.ours, one.theirs) for one in found]


def test_without_a_history_only_today_counts() -> None:
    """A database that knows no past is not compared with ours."""
    now = Listing(periods=(Period(None, {("standard", "input"): {0: Decimal(2)}}),))

    assert [] == against("o3", now, has_history=False)
    assert [date(2025, 4, 16)] == [one.since for one in against("o3", now)]


def test_either_limit_is_a_window() -> None:
    """Databases call the longest prompt a window; it is none of a difference."""
    assert [] == against("gpt-6-luna", Listing(periods=(), window=922_000))
    assert ["window"] == [one.what for one in against("gpt-6-luna", Listing(periods=(), window=900_000))]


def test_dates_differ() -> None:
    """Another shutdown date is a difference."""
    found = against("gpt-4.1", Listing(periods=(), shutdown=date(2027, 4, 14), max_output=1))

    assert [("longest output", 32_768, 1), ("shutdown", date(2027, 1, 14), date(2027, 4, 14))] == [
        (one.what, one.ours, one.theirs) for one in found
    ]


# -- litellm


def test_litellm_list(tmp_path: Path) -> None:
    """Prices a token are read exactly, with their tier and step; what is no price of text is passed over."""
    path = listed(tmp_path, **{
        "gpt-4.1": entry(
            input_cost_per_token_above_272k_tokens_priority=7e-06,
            output_cost_per_token_decisions=1,
            cache_creation_input_token_cost_above_1hr=6e-06,
            supports_vision=True,
            input_cost_per_image=3,
        )
    })  # fmt: skip
    database = read_litellm(path, MODELS)
    charges = database.listings["gpt-4.1"].periods[0].charges

    assert ["gpt-4.1"] == list(database.listings)
    assert {
        ("standard", "input"): {0: Decimal(2)},
        ("standard", "output"): {0: Decimal(8)},
        ("standard", "cached_input"): {0: Decimal("0.5")},
        ("standard", "cache_write_1h"): {0: Decimal(6)},
        ("batch", "input"): {0: Decimal(1)},
        ("batch", "output"): {0: Decimal(4)},
        ("priority", "input"): {0: Decimal("3.5"), 272_000: Decimal(7)},
    } == charges


def test_litellm_differences(tmp_path: Path) -> None:
    """A wrong price and a wrong date are found; the day stands without a history."""
    path = listed(tmp_path, **{"gpt-4.1": entry(output_cost_per_token=9e-06, deprecation_date="2027-04-14")})
    found = disagreements(MODELS, read_litellm(path, MODELS), TODAY)

    assert [("shutdown", None), ("standard output", None)] == [(one.what, one.since) for one in found]


def test_litellm_of_google_is_the_gemini_api(tmp_path: Path) -> None:
    """Of two rows for one model of Google, the one of its own API counts."""
    path = listed(tmp_path, **{
        "gemini-2.5-pro": {"max_output_tokens": 1}, "gemini/gemini-2.5-pro": {"max_output_tokens": 2},
    })  # fmt: skip

    assert read_litellm(path, MODELS).listings["gemini-2.5-pro"].max_output == 2


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"b": NaN}', "[" * 100_000, '{"gpt-4.1": null}', "\xff"])
def test_not_a_list(tmp_path: Path, text: str) -> None:
    """What is no price list is refused, with its name."""
    path = tmp_path / "prices.json"
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(PricingError, match=r"prices\.json"):
        read_litellm(path, MODELS)


def test_odd_values_are_passed_over(tmp_path: Path) -> None:
    """A value that is no number, no count or no day is no statement."""
    odd = entry() | {
        "input_cost_per_token": "2",
        "output_cost_per_token": True,
        "max_input_tokens": "many",
        "max_output_tokens": None,
        "deprecation_date": "soon",
    }
    listing = read_litellm(listed(tmp_path, **{"gpt-4.1": odd}), MODELS).listings["gpt-4.1"]

    assert (None, None, None) == (listing.window, listing.max_output, listing.shutdown)
    assert {("standard", "input"), ("standard", "output")}.isdisjoint(listing.periods[0].charges)


# -- genai-prices


def test_genai_differences_are_all_explained() -> None:
    """Every difference from genai-prices has its reason, and every reason of ours is needed."""
    pytest.importorskip("genai_prices", reason="genai-prices is not installed")
    database, known = read_genai(MODELS), load_known()
    assert database is not None
    found = disagreements(MODELS, database, TODAY)
    reasons = [known.explanation(one) for one in found]

    assert [] == [one for one, reason in zip(found, reasons, strict=True) if reason is None and one.what != MODEL]
    assert [] == [each.why for each in known.known if "genai-prices" in each.databases and each not in reasons]


def test_genai_periods() -> None:
    """Its prices have their first days, their tiers and their steps."""
    pytest.importorskip("genai_prices", reason="genai-prices is not installed")
    database = read_genai(MODELS)
    assert database is not None
    o3, luna = database.listings["o3"], database.listings["gpt-6-luna"].period(TODAY)

    assert [None, date(2025, 6, 10)] == [period.since for period in o3.periods[:2]]
    assert luna is not None
    assert {0: Decimal("0.05"), 272_000: Decimal("0.1")} == luna.charges["batch", "input"]


# -- What is known


def test_explanations_name_models_of_the_table() -> None:
    """An explanation is about models that there are."""
    assert set() == {name for each in load_known().known for name in each.theirs} - {model.id for model in MODELS}


@pytest.mark.parametrize(
    ("what", "theirs", "expected"), [("window", 1_000_000, True), ("window", 999_999, False), ("shutdown", 1, False)]
)
def test_explanation_is_of_one_value(what: str, theirs: int, *, expected: bool) -> None:
    """Another value than the one that is explained is not."""
    found = Disagreement(database="genai-prices", model="gpt-4.1", what=what, ours=None, theirs=theirs)

    assert expected == (load_known().explanation(found) is not None)


# -- A doctored price list


def _per_token(model: Model) -> Iterator[tuple[str, float]]:
    """Yield what a token costs, for every length of prompt."""
    for above in {row.above_input_tokens for row in model.price}:
        row = model.row(on=TODAY, input_tokens=above + 1)
        step = f"_above_{above // 1000}k_tokens" if above else ""
        if row is not None:
            yield f"input_cost_per_token{step}", float(row.standard.input.scaleb(-6))
            yield f"output_cost_per_token{step}", float(row.standard.output.scaleb(-6))


def as_litellm() -> dict[str, dict[str, Any]]:
    """Write our table as litellm would, with everything that it is known to say otherwise."""
    listed = {}
    for model in PRICING.models:
        row = model.row(on=TODAY, input_tokens=1)
        if model.provider == "other" or row is None:
            continue
        listed[f"gemini/{model.id}" if model.provider == "google" else model.id] = {
            **dict(_per_token(model)),
            "litellm_provider": {"google": "gemini"}.get(model.provider, model.provider),
            "mode": "chat",
            "max_input_tokens": model.window,
            "max_output_tokens": model.max_output,
            "deprecation_date": model.shutdown and model.shutdown.isoformat(),
            "successor_model": model.replacement,
        }
    listed["gpt-5.4"]["input_cost_per_token_priority"] = 5e-06
    listed["gpt-5"]["successor_model"] = "gpt-5.6-sol"
    listed["gpt-audio-2"] = {"litellm_provider": "openai", "mode": "chat"}
    return listed


def held(tmp_path: Path, listed: dict[str, dict[str, Any]]) -> Compared:
    """Compare our table with such a list alone."""
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(listed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "genai_prices.data", None)
        return compare_tables(PRICING, TODAY, litellm=path, known=load_known())


def test_what_litellm_is_known_to_say_is_explained(tmp_path: Path) -> None:
    """A price without a step, another replacement, a model that is left out: each has its reason."""
    compared = held(tmp_path, as_litellm())

    assert {("gpt-5.4", "priority input"), ("gpt-5", "replacement"), ("gpt-audio-2", "model")} == {
        (one.model, one.what) for one, _ in compared.found
    }
    assert [] == compared.unexplained


def _dearer(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-4.1"]["output_cost_per_token"] = 8e-05


def _dearer_where_it_is_explained(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-5.4"]["input_cost_per_token_priority"] = 5e-05


def _snapshot_dearer(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-4.1-mini-2025-04-14"] = listed["gpt-4.1-mini"] | {"input_cost_per_token": 4e-06}


def _other_day(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-4.1"]["deprecation_date"] = "2027-02-14"


def _other_replacement(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-4.1-mini"]["successor_model"] = "gpt-6-sol"


def _other_replacement_where_it_is_explained(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-5"]["successor_model"] = "gpt-5.6-luna"


def _new_replacement(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-4.1"]["successor_model"] = "gpt-9-nova"
    listed["gpt-9-nova"] = listed["gpt-6-luna"]


def _new_of_the_line(listed: dict[str, dict[str, Any]]) -> None:
    listed["gpt-6.5-luna"] = listed["gpt-6-luna"]


@pytest.mark.parametrize(
    ("doctor", "expected"),
    [
        (_dearer, {("gpt-4.1", "standard output")}),
        (_dearer_where_it_is_explained, {("gpt-5.4", "priority input")}),
        (_snapshot_dearer, {("gpt-4.1-mini", "standard input")}),
        (_other_day, {("gpt-4.1", "shutdown")}),
        (_other_replacement, {("gpt-4.1-mini", "replacement")}),
        (_other_replacement_where_it_is_explained, {("gpt-5", "replacement")}),
        (_new_replacement, {("gpt-4.1", "replacement"), ("gpt-9-nova", "model")}),
        (_new_of_the_line, {("gpt-6.5-luna", "model")}),
    ],
)
def test_a_doctored_list_is_not_explained(
    tmp_path: Path, doctor: Callable[[dict[str, dict[str, Any]]], None], expected: set[tuple[str, str]]
) -> None:
    """A price times ten, a day, a replacement, a model: none of them is excused by a reason for something else."""
    listed = as_litellm()
    doctor(listed)

    assert expected == {(one.model, one.what) for one in held(tmp_path, listed).failing}


def test_a_model_that_nobody_on_gpt_41_moves_to_is_listed_only(tmp_path: Path) -> None:
    """A new model without a reason to be left out is shown, and fails nothing if it follows none that is compared."""
    compared = held(tmp_path, as_litellm() | {"gemini-5-xenon": {"litellm_provider": "gemini", "mode": "chat"}})

    assert (["gemini-5-xenon"], []) == ([one.model for one in compared.unexplained], compared.failing)


def test_the_wheel_of_a_release_is_a_list(tmp_path: Path) -> None:
    """The JSON is read out of litellm's wheel, and the version out of its name; another archive is refused."""
    path = tmp_path / "litellm-9.9.9-cp310-abi3-any.whl"
    with ZipFile(path, "w") as wheel:
        wheel.writestr("litellm/model_prices_and_context_window_backup.json", json.dumps(as_litellm()))
    other = tmp_path / "other.whl"
    other.write_bytes(b"PK")

    assert ("9.9.9", 32_768) == (
        (database := read_litellm(path, MODELS)).version,
        database.listings["gpt-4.1"].max_output,
    )
    with pytest.raises(PricingError, match=r"other\.whl"):
        read_litellm(other, MODELS)


def test_every_model_that_is_left_out_is_one() -> None:
    """No reason for leaving a model out fits one of the table."""
    left_out = load_known().not_in_table
    seen = [Disagreement(database="x", model=one.id, what=MODEL, ours=None, theirs="listed") for one in PRICING.models]

    assert [] == [(one.model, why.why) for one in seen for why in left_out if why.explains(one)]
    assert isinstance(left_out[0], NotInTable)


# -- From one table to another


def test_changes_of_a_table(tmp_path: Path) -> None:
    """A price, a date, a model that is gone: each is one change, and nothing else is."""
    shipped = shipped_file("pricing.toml")
    text = shipped.read_text(encoding="utf-8")
    altered = text.replace("standard = { input = 2.00, cached_input = 0.50", "standard = { input = 3.00", 1)
    altered = altered.replace("shutdown = 2025-07-14", "shutdown = 2025-07-15", 1)
    path = tmp_path / "new.toml"
    path.write_text(altered, encoding="utf-8")
    found = changes(read_whole_table(shipped), read_whole_table(path))

    assert {
        ("gpt-4.1", "standard input", date(2025, 4, 14), Decimal("2.00"), Decimal("3.00")),
        ("gpt-4.1", "standard cached input", date(2025, 4, 14), Decimal("0.50"), None),
        ("gpt-4.5-preview", "shutdown", None, date(2025, 7, 14), date(2025, 7, 15)),
    } == {(one.model, one.fact.what, one.fact.since, one.old, one.new) for one in found}
    assert [] == changes(read_whole_table(shipped), read_whole_table(shipped))


def test_every_fact_of_a_model_is_compared() -> None:
    """Whatever is changed in a model, something is told."""
    model = PRICING.find("gemini-2.5-pro")
    changed: list[Model] = [
        replace(model, encoding="o200k_base", ratio=None),
        replace(model, max_output=None),
        replace(model, caching=None),
        replace(model, note=None),
        replace(model, deprecated=None, shutdown=None),
        replace(model, aliases=("other",)),
    ]
    others = tuple(one for one in PRICING.models if one.id != model.id)

    assert [] == [one for one in changed if not changes(PRICING.table, replace(PRICING.table, model=(*others, one)))]


def test_a_users_table_is_laid_over_first(tmp_path: Path) -> None:
    """A table that does not stand alone is read as --pricing reads it; what is neither is refused."""
    path = tmp_path / "own.toml"
    path.write_text('[[model]]\nid = "gpt-4.1"\nwindow = 5\n')
    found = changes(PRICING.table, read_whole_table(path))
    path.write_text("x = 1\n")

    assert [("gpt-4.1", "window", 1_047_576, 5)] == [(one.model, one.fact.what, one.old, one.new) for one in found]
    with pytest.raises(PricingError, match="x"):
        read_whole_table(path)
