"""The pricing table: what is shipped, how a price is found in it, and how a user's table is laid over it."""

from __future__ import annotations

import json
import string
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.errors import PricingError, UnknownModel
from gpt41calc.pricing.price import Price, PriceRow
from gpt41calc.pricing.schema import Status
from gpt41calc.pricing.table import Pricing, load_pricing

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def shipped() -> Pricing:
    """Return the table that comes with the package."""
    return load_pricing()


def priced(pricing: Pricing, name: str, *, on: date = TODAY, input_tokens: int = 1) -> Price:
    """Return what an ordinary request costs."""
    row = pricing.find(name).row(on=on, input_tokens=input_tokens)
    assert row is not None, f"{name} has no price on {on}"
    return row.standard


def overlay(folder: Path, text: str | bytes) -> Path:
    """Write a user's table and return its path."""
    path = folder / "own.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# -- What is shipped


@pytest.mark.parametrize(
    ("name", "dollars_in", "dollars_out"),
    [
        ("gpt-4.1", "2.00", "8.00"),
        ("gpt-4.1-mini", "0.40", "1.60"),
        ("gpt-4.1-nano", "0.10", "0.40"),
        ("claude-3-7-sonnet", "3.00", "15.00"),
    ],
)
def test_headline_prices(shipped: Pricing, name: str, dollars_in: str, dollars_out: str) -> None:
    """The models that people ask about cost what their vendors say."""
    expected = (Decimal(dollars_in), Decimal(dollars_out))
    price = priced(shipped, name)
    actual = (price.input, price.output)

    assert expected == actual


def test_vendor_digits_are_kept(shipped: Pricing) -> None:
    """A price that the vendor prints as 2.00 is shown as 2.00."""
    expected = "2.00"
    actual = str(priced(shipped, "gpt-4.1").input)

    assert expected == actual


@pytest.mark.parametrize(
    ("name", "window", "max_input", "max_output"),
    [
        ("gpt-4.1", 1_047_576, None, 32_768),
        ("gpt-5", 400_000, 272_000, 128_000),
        ("gpt-6-luna", 1_050_000, 922_000, 128_000),
    ],
)
def test_limits(shipped: Pricing, name: str, window: int, max_input: int | None, max_output: int) -> None:
    """The window is the documented one, not a round million, and a shorter prompt limit is known."""
    expected = (window, max_input, max_output)
    model = shipped.find(name)
    actual = (model.window, model.max_input, model.max_output)

    assert expected == actual


def test_every_row_cites_a_source_and_a_day(shipped: Pricing) -> None:
    """No price is without the place and the day it was read, and no day lies in the future."""
    expected: list[tuple[str, date]] = []
    actual = [
        (model.id, row.since)
        for model in shipped.models
        for row in model.price
        if not row.source or not date(2025, 1, 1) <= row.checked <= datetime.now(tz=UTC).date()
    ]

    assert expected == actual


def test_every_source_is_cited(shipped: Pricing) -> None:
    """The list of sources holds nothing that no number was read from."""
    expected = set(shipped.table.sources)
    actual = {
        source
        for model in shipped.models
        for cited in (
            model.limits_source,
            model.ratio.source if model.ratio else (),
            model.fine_tuning.source if model.fine_tuning else (),
            model.chat.source,
            model.images.source if model.images else (),
            *(row.source for row in model.price),
        )
        for source in cited
    } | {source for row in shipped.table.token_rules for source in row.source}

    assert expected == actual


def test_prices_start_when_the_model_does(shipped: Pricing) -> None:
    """Every model can be priced from the first day on which it could be called."""
    expected: list[str] = []
    actual = [model.id for model in shipped.models if model.row(on=model.released, input_tokens=1) is None]

    assert expected == actual


def test_no_step_is_left_behind(shipped: Pricing) -> None:
    """When the price of short prompts changes, the price of long ones is stated again."""
    expected: list[tuple[str, date]] = []
    actual = [
        (model.id, low.since)
        for model in shipped.models
        for step in {row.above_input_tokens for row in model.price} - {0}
        for low in model.price
        if not low.above_input_tokens
        and low.since not in {row.since for row in model.price if row.above_input_tokens == step}
    ]

    assert expected == actual


def test_nothing_retired_is_recommended(shipped: Pricing) -> None:
    """A replacement can still be called on the day the table was checked."""
    expected: list[str] = []
    actual = [
        model.id
        for model in shipped.models
        if model.replacement and shipped.find(model.replacement).status(shipped.checked) == "retired"
    ]

    assert expected == actual


# -- Prices by date and by length


@pytest.mark.parametrize(
    ("name", "on", "dollars_in", "dollars_cached", "dollars_out"),
    [
        ("o3", date(2025, 6, 9), "10.00", "2.50", "40.00"),
        ("o3", date(2025, 6, 10), "2.00", "0.50", "8.00"),
        ("gpt-4o", date(2024, 8, 5), "5.00", None, "15.00"),
        ("gpt-4o", date(2024, 8, 6), "2.50", None, "10.00"),
        ("gpt-4o", date(2024, 10, 1), "2.50", "1.25", "10.00"),
        ("gpt-4o-2024-05-13", TODAY, "5.00", None, "15.00"),
        ("gpt-5.6-luna", date(2026, 7, 29), "1.00", "0.10", "6.00"),
        ("gpt-5.6-luna", date(2026, 7, 30), "0.20", "0.02", "1.20"),
    ],
)
def test_prices_by_date(
    shipped: Pricing, name: str, on: date, dollars_in: str, dollars_cached: str | None, dollars_out: str
) -> None:
    """An old request is priced as it was then, to the day."""
    expected = (Decimal(dollars_in), dollars_cached and Decimal(dollars_cached), Decimal(dollars_out))
    price = priced(shipped, name, on=on)
    actual = (price.input, price.cached_input, price.output)

    assert expected == actual


def test_no_price_before_the_first(shipped: Pricing) -> None:
    """A model has no price before it had one."""
    expected = None
    actual = shipped.find("gpt-4.1").row(on=date(2025, 4, 13), input_tokens=1)

    assert expected == actual


@pytest.mark.parametrize(
    ("name", "on", "input_tokens", "dollars_in", "dollars_out"),
    [
        ("gemini-2.5-pro", TODAY, 0, "1.25", "10.00"),
        ("gemini-2.5-pro", TODAY, 200_000, "1.25", "10.00"),
        ("gemini-2.5-pro", TODAY, 200_001, "2.50", "15.00"),
        ("gpt-6-luna", TODAY, 272_000, "0.10", "0.50"),
        ("gpt-6-luna", TODAY, 272_001, "0.20", "0.75"),
        ("gpt-4.1", TODAY, 1_000_000, "2.00", "8.00"),
        ("claude-sonnet-4-6", date(2026, 3, 12), 200_001, "6.00", "22.50"),
        ("claude-sonnet-4-6", date(2026, 3, 13), 200_001, "3.00", "15.00"),
    ],
)
def test_prices_by_length(
    shipped: Pricing, name: str, on: date, input_tokens: int, dollars_in: str, dollars_out: str
) -> None:
    """A prompt pays the higher price from the first token above the step, not at it."""
    expected = (Decimal(dollars_in), Decimal(dollars_out))
    price = priced(shipped, name, on=on, input_tokens=input_tokens)
    actual = (price.input, price.output)

    assert expected == actual


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        ("gpt-4.1-nano", date(2026, 10, 22), "deprecated"),
        ("gpt-4.1-nano", date(2026, 10, 23), "retired"),
        ("gpt-4.1", date(2025, 4, 13), "unreleased"),
        ("gpt-4.1", date(2025, 4, 14), "live"),
        ("gpt-4.1", date(2026, 10, 13), "live"),
        ("gpt-4.1", date(2026, 10, 14), "deprecated"),
        ("gpt-4.1", date(2027, 1, 13), "deprecated"),
        ("gpt-4.1", date(2027, 1, 14), "retired"),
        ("gpt-6-luna", TODAY, "live"),
    ],
)
def test_status(shipped: Pricing, name: str, on: date, expected: Status) -> None:
    """A model is live until its shutdown is announced, and gone from the day of the shutdown."""
    actual = shipped.find(name).status(on)

    assert expected == actual


# -- Names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-4.1-2025-04-14", "gpt-4.1"),
        ("gpt-4o-2024-11-20", "gpt-4o"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
        ("gpt-4-turbo-preview", "gpt-4-turbo"),
        ("gpt-5.6", "gpt-5.6-sol"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet"),
        ("claude-3-7-sonnet-20250219", "claude-3-7-sonnet"),
        ("anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet"),
        ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet"),
        ("eu.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet"),
        ("apac.anthropic.claude-3-7-sonnet-20250219-v1:0", "claude-3-7-sonnet"),
        ("claude-3-7-sonnet@20250219", "claude-3-7-sonnet"),
    ],
)
def test_names(shipped: Pricing, name: str, expected: str) -> None:
    """Aliases, snapshots and the names on other clouds mean the model they are billed as."""
    actual = shipped.find(name).id

    assert expected == actual


def test_dearer_regional_names_are_not_taken_for_the_model(shipped: Pricing) -> None:
    """A regional profile that costs a tenth more is refused with the reason, rather than priced too low."""
    with pytest.raises(UnknownModel) as caught:
        shipped.find("us.anthropic.claude-sonnet-4-5-20250929-v1:0")

    expected = (
        "'us.anthropic.claude-sonnet-4-5-20250929-v1:0' is not priced as claude-sonnet-4-5: "
        "Amazon Bedrock charges more in a region ('us') than claude-sonnet-4-5 costs elsewhere"
    )

    assert expected == str(caught.value)


def test_fine_tuned_models(shipped: Pricing) -> None:
    """A fine-tuned GPT-4.1 counts like GPT-4.1, has the smaller window, and costs more."""
    expected = ("o200k_base", 128_000, Decimal("3.00"), Decimal("12.00"))
    name = "ft:gpt-4.1-2025-04-14:acme::x"
    model = shipped.find(name)
    price = priced(shipped, name)
    actual = (model.counted_in, model.window, price.input, price.output)

    assert expected == actual


@pytest.mark.parametrize("name", ["ft:gpt-4:acme::x", "ft:", "ft:ft:x", "ft:nothing:acme::x"])
def test_models_that_cannot_be_fine_tuned(shipped: Pricing, name: str) -> None:
    """A fine-tuned copy of a model without fine-tuning prices is unknown, not an accident."""
    with pytest.raises(UnknownModel) as caught:
        shipped.find(name)

    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "expected"),
    [("gpt-4.1-mimi", "gpt-4.1-mini")],
)
def test_unknown_names_suggest_near_ones(shipped: Pricing, name: str, expected: str) -> None:
    """A slip of the keyboard is answered with the name that was meant."""
    with pytest.raises(UnknownModel) as caught:
        shipped.find(name)

    assert expected in caught.value.hint.partition("?")[0].removeprefix("did you mean ").split(" or ")


# -- A user's table

OWN_MODEL = """\
schema_version = 1
[sources]
deal = "our contract"
[[model]]
id = "house-1"
name = "House One"
encoding = "o200k_base"
window = 32_000
max_output = 4_000
released = 2026-01-01
caching = { minimum = 1024, step = 128 }
[[model.price]]
since = 2026-01-01
standard = { input = 1.00, cached_input = 0.10, output = 2 }
source = ["deal"]
checked = 2026-06-01
"""


def test_negotiated_price(tmp_path: Path) -> None:
    """A price of one's own takes the place of the shipped ones; the rest of the model stays."""
    path = overlay(tmp_path, '[[model]]\nid = "gpt-4.1"\n[[model.price]]\nstandard = { input = 1.50, output = 6 }\n')
    expected = (Decimal("1.50"), Decimal(6), 1_047_576, date(2027, 1, 14), ("overlay",), ("gpt-4.1",))
    pricing = load_pricing(path)
    model = pricing.find("gpt-4.1-2025-04-14")
    row = model.price[0]
    actual = (row.standard.input, row.standard.output, model.window, model.shutdown, row.source, pricing.overlaid)

    assert expected == actual


def test_new_model(tmp_path: Path) -> None:
    """A model of one's own is priced, counted and listed like the shipped ones."""
    pricing = load_pricing(overlay(tmp_path, OWN_MODEL))
    expected = ("House One", "other", "o200k_base", 32_000, Decimal("1.00"), "house-1")
    model = pricing.find("house-1")
    price = priced(pricing, "house-1")
    actual = (model.name, model.provider, model.counted_in, model.window, price.input, pricing.models[-1].id)

    assert expected == actual


def test_least_new_model(tmp_path: Path) -> None:
    """A new model needs no more than a name, a tokenizer, a window and a price."""
    text = (
        '[[model]]\nid = "x"\nencoding = "cl100k_base"\nwindow = 9\n'
        "[[model.price]]\nstandard = { input = 1, output = 1 }\n"
    )
    expected = ("x", Decimal(1))
    pricing = load_pricing(overlay(tmp_path, text))
    actual = (pricing.find("x").name, priced(pricing, "x").input)

    assert expected == actual


def test_tokenizer_of_ones_own(tmp_path: Path) -> None:
    """An exact encoding takes the place of a shipped ratio, instead of contradicting it."""
    expected = ("cl100k_base", None)
    path = overlay(tmp_path, '[[model]]\nid = "claude-3-7-sonnet"\nencoding = "cl100k_base"\n')
    model = load_pricing(path).find("claude-3-7-sonnet")
    actual = (model.counted_in, model.ratio)

    assert expected == actual


@pytest.mark.parametrize("text", [OWN_MODEL, OWN_MODEL.replace("house-1", "gpt-4.1")], ids=["new", "negotiated"])
def test_other_models_are_untouched(tmp_path: Path, shipped: Pricing, text: str) -> None:
    """A user's table changes the models that it names, and no price of any other."""

    def others(pricing: Pricing) -> dict[str, tuple[PriceRow, ...]]:
        return {model.id: model.price for model in pricing.models if model.id not in {"gpt-4.1", "house-1"}}

    expected = others(shipped)
    actual = others(load_pricing(overlay(tmp_path, text)))

    assert expected == actual


def test_the_shipped_table_is_untouched(tmp_path: Path, shipped: Pricing) -> None:
    """A user's table lives as long as the object that was loaded with it."""
    expected = shipped.table
    load_pricing(overlay(tmp_path, OWN_MODEL.replace("house-1", "gpt-4.1")))
    actual = load_pricing().table

    assert expected == actual


# -- Tables that cannot be used


def swap(old: str, new: str) -> str:
    """Spoil the good table in one place."""
    assert OWN_MODEL.count(old) == 1, f"{old!r} is not unique"
    return OWN_MODEL.replace(old, new)


NUMBER = "model house-1: price[0].standard.input: expected a finite number from 0 to 1000000, found "
WRONG = "model house-1: price[0].standard.input: expected a number, found "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            swap("{ input = 1.00", "{ imput = 1.00"),
            "model house-1: price[0].standard: unknown key 'imput', did you mean 'input'?",
            id="unknown-key",
        ),
        pytest.param(
            swap("max_output", "max_ouput"),
            "model house-1: unknown key 'max_ouput', did you mean 'max_output'?",
            id="unknown-model-key",
        ),
        pytest.param(
            swap("schema_version", "schema_versoin"),
            "unknown key 'schema_versoin', did you mean 'schema_version'?",
            id="unknown-top-key",
        ),
        pytest.param(swap("schema_version = 1", "schema_version = 2"), "schema_version: expected 1", id="version"),
        pytest.param(swap("1.00", "-1.00"), NUMBER + "-1", id="negative"),
        pytest.param(swap("1.00", "nan"), NUMBER + "NaN", id="nan"),
        pytest.param(swap("1.00", "inf"), NUMBER + "Infinity", id="inf"),
        pytest.param(swap("1.00", "1e999999999"), NUMBER + "1e+999999999", id="huge"),
        pytest.param(swap("1.00", "1" + "0" * 400), NUMBER + "1.00000000000e+400", id="huge-integer"),
        pytest.param(swap("1.00", "true"), WRONG + "true", id="bool"),
        pytest.param(swap("1.00", '"1.00"'), WRONG + 'the text "1.00"', id="text"),
        pytest.param(swap("1.00", "[1.00]"), WRONG + "a list", id="list"),
        pytest.param(swap("1.00", "{}"), WRONG + "a table", id="table"),
        pytest.param(swap("1.00", "2026-01-01"), WRONG + "a date", id="date"),
        pytest.param(swap("32_000", "32e3"), "model house-1: window: expected valid integer", id="float-window"),
        pytest.param(swap("32_000", "0"), "model house-1: window: expected greater than 0", id="no-window"),
        pytest.param(
            OWN_MODEL + "[[model.price]]\nsince = 2026-01-01\nstandard = { input = 1, output = 1 }\n",
            "model house-1: overlapping dates: two price rows since 2026-01-01 above 0 tokens",
            id="overlap",
        ),
        pytest.param(
            swap("[[model.price]]\n", "[[model.price]]\nabove_input_tokens = 9\n"),
            "model house-1: missing price: expected a price row without above_input_tokens",
            id="only-a-step",
        ),
        pytest.param(OWN_MODEL.partition("[[model.price]]")[0], "model house-1: price: missing price", id="no-price"),
        pytest.param(
            swap("{ input = 1.00, cached_input = 0.10, output = 2 }", "{ input = 1.00 }"),
            "model house-1: price[0].standard.output: missing price",
            id="no-output-price",
        ),
        pytest.param(swap('id = "house-1"\n', ""), "model[0]: id: expected the identifier of a model", id="no-id"),
        pytest.param(swap('"house-1"', "7"), "model[0]: id: expected the identifier of a model", id="number-as-id"),
        pytest.param(swap('"house-1"', '"a b"'), "model a b: id: string should match pattern", id="blank-in-id"),
        pytest.param(
            swap('"house-1"', '"' + "x" * 100_000 + '"'), f"model {'x' * 80}: id: string should have", id="endless-id"
        ),
        pytest.param(swap("[[model]]", "[models]"), "unknown key 'models', did you mean 'model'?", id="no-model"),
        pytest.param(swap("[[model]]", "[other]"), "unknown key 'other'", id="unknown-table"),
        pytest.param("model = 3", "model: expected at least one [[model]] table", id="model-is-a-number"),
        pytest.param("", "model: expected at least one [[model]] table", id="empty"),
        pytest.param(
            OWN_MODEL + OWN_MODEL[OWN_MODEL.index("[[model]]") :], "model house-1: listed twice", id="listed-twice"
        ),
        pytest.param(
            swap("[[model.price]]", 'aliases = ["gpt-4o"]\n[[model.price]]'),
            "model house-1: the name gpt-4o already belongs to gpt-4o",
            id="duplicate-alias",
        ),
        pytest.param(
            swap('["deal"]', '["hearsay"]'),
            "model house-1: source: expected a key of [sources], found hearsay",
            id="unknown-source",
        ),
        pytest.param(
            swap("[[model.price]]", 'replacement = "house-2"\n[[model.price]]'),
            "model house-1: replacement: expected the id of a model in the table, found house-2",
            id="unknown-replacement",
        ),
        pytest.param(
            swap("since = 2026-01-01", "since = 2026-01-01T00:00:00"),
            "model house-1: price[0].since: expected valid date",
            id="datetime",
        ),
        pytest.param(
            swap("since = 2026-01-01", 'since = "2026-01-01"'),
            "model house-1: price[0].since: expected valid date",
            id="date-as-text",
        ),
        pytest.param(
            swap("[[model.price]]", "shutdown = 2025-01-01\n[[model.price]]"),
            "model house-1: expected released <= deprecated <= shutdown",
            id="dates-out-of-order",
        ),
        pytest.param(
            swap('encoding = "o200k_base"\n', ""), "model house-1: expected either encoding or ratio", id="no-tokenizer"
        ),
        pytest.param(
            swap('"o200k_base"', '"o300k_base"'),
            "model house-1: encoding: expected 'o200k_base', 'cl100k_base', 'claude-3', 'claude-4.7' or 'claude-4.8'",
            id="unknown-encoding",
        ),
        pytest.param("[[model]\n", "line 1: expected ']]'", id="malformed"),
        pytest.param(b"\xef\xbb\xbf" + OWN_MODEL.encode(), "line 1: invalid statement", id="bom"),
        pytest.param(b'id = "\xff"', "can't decode byte 0xff", id="bad-utf-8"),
        pytest.param("x = " + "7" * 5000, "a number that is too long", id="5000-digits"),
        pytest.param("x = 1e9999999999999999999", "a number that is too long", id="too-great-an-exponent"),
        pytest.param("x = " + "[" * 2000 + "]" * 2000, "line 1: nested deeper than 100 levels", id="nested-2000-deep"),
        pytest.param("#" * 2_000_000, "expected at most 1048576 bytes of TOML", id="2-megabytes"),
    ],
)
def test_a_bad_table_is_explained(tmp_path: Path, text: str | bytes, expected: str) -> None:
    """A table that breaks a rule is refused with the file, the model, the key and what was expected there."""
    path = overlay(tmp_path, text)
    with pytest.raises(PricingError) as caught:
        load_pricing(path)
    actual = str(caught.value)

    assert actual.startswith(f"{path}: ")
    assert len(actual) < len(str(path)) + 300
    assert expected in actual


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b"], ids=["missing", "directory", "null-character"])
def test_a_table_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """A path that holds no readable file is named, and is no accident."""
    path = tmp_path / name
    expected = f"cannot read the pricing table {path}: "
    with pytest.raises(PricingError) as caught:
        load_pricing(path)
    actual = str(caught.value)[: len(expected)]

    assert expected == actual


def test_several_mistakes_are_counted(tmp_path: Path) -> None:
    """The first mistake is the message, and the hint holds the next ones."""
    path = overlay(tmp_path, OWN_MODEL.replace("1.00", "-1").replace("0.10", "nan"))
    expected = ("(and 1 more)", "model house-1: price[0].standard.cached_input: expected a finite number")
    with pytest.raises(PricingError) as caught:
        load_pricing(path)
    actual = (str(caught.value)[-12:], caught.value.hint[: len(expected[1])])

    assert expected == actual


LITERALS = st.recursive(
    st.integers().map(str)
    | st.integers(0, 400).map(lambda zeros: "1" + "0" * zeros)
    | st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: f"{number:e}")
    | st.sampled_from(["nan", "-inf", "true", "false", "-0.0", "1e999999999", "1e-999999999", "07:30:00", "0x10"])
    | st.dates().map(str)
    | st.datetimes().map(lambda moment: moment.isoformat())
    | st.text().map(lambda text: json.dumps(text, ensure_ascii=False))
    | st.sampled_from(['"o200k_base"', '"gpt-4o"', '"overlay"', '["deal"]', "[]", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.text(string.ascii_lowercase, min_size=1), inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=6,
)
"""What can stand to the right of an equals sign."""

MEANINGFUL = ("id", "name", "aliases", "ratio", "window", "price", "released", "shutdown", "fine_tuning", "standard")
KEYS = st.text(string.ascii_lowercase, min_size=1, max_size=12) | st.sampled_from((*MEANINGFUL, "since", "sources"))
"""What can stand to the left of it: mostly keys that mean something."""

LINES = OWN_MODEL.splitlines()


@given(place=st.integers(0, len(LINES) - 1), key=KEYS, value=LITERALS, what=st.sampled_from(["value", "key", "insert"]))
@settings(deadline=timedelta(seconds=5))
def test_no_mutation_escapes(
    tmp_path_factory: pytest.TempPathFactory, place: int, key: str, value: str, what: str
) -> None:
    """Whatever is written anywhere in a table, the answer is a table or an explanation."""
    old_key, equals, old_value = LINES[place].partition(" = ")
    new = {
        "value": f"{old_key} = {value}" if equals else f"{key} = {value}",
        "key": f"{key}{equals}{old_value}",
        "insert": f"{LINES[place]}\n{key} = {value}",
    }[what]
    text = "\n".join([*LINES[:place], new, *LINES[place + 1 :]])
    path = tmp_path_factory.getbasetemp() / "mutant.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        outcome: type = type(load_pricing(path))
    except PricingError as error:
        outcome = type(error)

    assert outcome in {Pricing, PricingError}


def test_a_new_family_of_models_is_a_row(tmp_path: Path) -> None:
    """A user's table may say how a model of its own is counted; a family that no row has is named."""
    model = (
        'id = "house-1"\nencoding = "o200k_base"\nfamily = "house"\nwindow = 1000\n'
        "[[model.price]]\nstandard = { input = 1, output = 2 }\n"
    )
    rules = '[[token_rules]]\napi = "chat"\nfamily = "house"\ntokens = { message = 5 }\n'
    (tmp_path / "own.toml").write_text(f"{rules}[[model]]\n{model}", encoding="utf-8")
    (tmp_path / "lost.toml").write_text(f"[[model]]\n{model}", encoding="utf-8")

    assert {"message": 5} == load_pricing(tmp_path / "own.toml").find("house-1").token_numbers("chat")
    with pytest.raises(PricingError, match="family: expected one of token_rules or anthropic, found house"):
        load_pricing(tmp_path / "lost.toml")


def test_the_shipped_table_is_a_valid_table_of_a_user() -> None:
    """A changed copy of the shipped table is validated, as CONTRIBUTING says, without complaints about its own rows."""
    pricing = load_pricing(Path(__file__).parents[2] / "data" / "pricing.toml")

    assert load_pricing().table.token_rules == pricing.table.token_rules


def test_names_at_other_sellers_are_none_of_the_table(shipped: Pricing) -> None:
    """Bedrock, Vertex AI and Azure have dates and caps of their own: their identifiers are no aliases."""
    foreign = [name for model in shipped.models for name in model.names if "@" in name or "anthropic." in name]
    taken = shipped.find("anthropic.claude-sonnet-4-5-20250929-v1:0")

    assert ([], "claude-sonnet-4-5", True) == (foreign, taken.id, taken.named_as is not None)
