"""What a bill has besides tokens: uplifts of all prices, and fees a request."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import given
from hypothesis import strategies as st
from scratch import Scratch

from gpt41calc.calculator.cost import Cost, cost
from gpt41calc.calculator.workload import Workload
from gpt41calc.errors import UsageError
from gpt41calc.pricing.table import load_pricing

TODAY = date(2026, 11, 26)
TABLE = load_pricing()
WORK = Workload(requests=3, output_tokens=500, cached_tokens=100)


def costs(name: str, *, uplift: list[str] | None = None, fee: list[str] | None = None) -> Cost:
    """Return what a workload costs with a model and what is charged on top."""
    found = cost(2_000, WORK, TABLE.with_surcharges(uplift or [], fee or []).find(name), TODAY)
    assert isinstance(found, Cost)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-4.1", 0),
        ("gpt-4.1-mini", 0),
        ("gpt-5.2", 0),
        ("gpt-5.4", 10),
        ("gpt-6-luna", 10),
        ("claude-sonnet-4-5", 0),
        ("claude-opus-4-6", 10),
        ("claude-haiku-5-5", 10),
        ("gemini-2.5-pro", 0),
        ("ft:gpt-4.1-2025-04-14", 0),
    ],
)
def test_data_residency_raises_later_models_only(name: str, expected: int) -> None:
    """OpenAI's models from 2026-03-05 on and Anthropic's from Opus 4.6 on cost a tenth more; GPT-4.1 never does."""
    plain, raised = costs(name), costs(name, uplift=["data-residency"])

    assert TABLE.with_surcharges(["data-residency"]).find(name).uplift_percent == expected
    assert plain.total.value * (100 + expected) / 100 == raised.total.value


def test_fedramp_raises_openai() -> None:
    """FedRAMP costs a tenth more, GPT-4.1 included, and adds to data residency."""
    both = TABLE.with_surcharges(["fedramp", "data-residency"])

    assert (Decimal(10), Decimal(21)) == (both.find("gpt-4.1").uplift_percent, both.find("gpt-6-luna").uplift_percent)


@given(st.decimals(0, 500, places=2))
def test_a_percent_raises_every_part_alike(percent: Decimal) -> None:
    """Input, cached input and output of any model rise by what is asked, exactly."""
    plain, raised = costs("claude-opus-5"), costs("claude-opus-5", uplift=[f"{percent}%"])
    factor = 1 + percent / 100

    assert [plain.input * factor, plain.cached_input * factor, plain.output * factor, plain.total.value * factor] == [
        raised.input,
        raised.cached_input,
        raised.output,
        raised.total.value,
    ]


def test_fees_are_a_requests() -> None:
    """An amount and calls of a tool are added to each request, and not raised by an uplift."""
    plain, charged = costs("gpt-4.1"), costs("gpt-4.1", fee=["$0.5", "web-search=2", "file-search"])

    assert (Decimal("0.5") + 2 * Decimal("0.010") + Decimal("0.0025")) == charged.fees
    assert charged.fees * 3 == charged.total.value - plain.total.value
    assert charged.fees == costs("gpt-4.1", uplift=["50"], fee=["0.5225"]).fees


def test_a_fee_without_a_price_is_named() -> None:
    """A tool whose price with a model is not known is not in its cost, and the model says so."""
    model = TABLE.with_surcharges(fee=["web-search=2"]).find("gpt-4.1-mini")

    assert (Decimal(0), ("web-search",)) == (model.fee, model.unknown_fees)


@pytest.mark.parametrize("uplift", ["", "x", "-5", "1e3", "10 20", "1001", "NaN", "data residency"])
def test_uplifts_that_are_none(uplift: str) -> None:
    """What is neither a percentage nor a known name is refused with what is known."""
    with pytest.raises(UsageError, match="--uplift"):
        TABLE.with_surcharges([uplift])


@pytest.mark.parametrize("fee", ["", "x", "-1", "web-search=", "web-search=x", "search=1", "10001", "0x10"])
def test_fees_that_are_none(fee: str) -> None:
    """What is neither an amount nor a known name with a number of calls is refused."""
    with pytest.raises(UsageError, match="--fee"):
        TABLE.with_surcharges(fee=[fee])


def test_every_command_that_prices_takes_them(spawn: Spawn, tmp_path: Path) -> None:
    """A file, a batch and an answer: each has the uplift of its model and the fee of each request."""
    (tmp_path / "a.txt").write_text("hello " * 100)
    body = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 5}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    (tmp_path / "b.jsonl").write_text(json.dumps(line))
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    (tmp_path / "u.jsonl").write_text(json.dumps({"model": "gpt-5.4-mini", "created": 1_793_000_000, "usage": usage}))
    top = ("--uplift", "data-residency", "--fee", "1")
    estimate = json.loads(spawn("a.txt", "-m", "gpt-6-luna", "--versus", "none", "--json", *top).stdout)
    plain = json.loads(spawn("batch", "b.jsonl", "--json").stdout)
    batch = json.loads(spawn("batch", "b.jsonl", "--json", *top).stdout)
    billed = spawn("usage", "u.jsonl", "-q", *top).stdout
    way, before = (each["models"][0]["offers"][0]["ways"][0]["total"] for each in (batch, plain))

    bill = json.loads(spawn("usage", "u.jsonl", "--json", *top).stdout)

    assert [{"model": "gpt-5.4-mini", "fee_per_request": 1, "uplift_percent": 10}] == bill["surcharges"]
    assert (10, 1) == (estimate["models"][0]["uplift_percent"], estimate["models"][0]["cost"]["fees"])
    assert pytest.approx(1 + before * 1.1) == way
    assert Decimal("1.825") == Decimal(billed.strip().removeprefix("$"))


def test_every_report_says_what_is_in_its_prices(spawn: Spawn, tmp_path: Path) -> None:
    """Training, limits and advice name the uplift; their documents have it, and say which prices nobody checked."""
    (tmp_path / "a.txt").write_text("hello")
    example = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}]}
    (tmp_path / "t.jsonl").write_text((json.dumps(example) + "\n") * 10)
    (tmp_path / "own.toml").write_text(
        '[[model]]\nid = "house-1"\nencoding = "o200k_base"\nwindow = 100000\naudited = false\n'
        'imported = "a database 1.0 of 2026-11-01"\n[[model.price]]\nstandard = { input = 1, output = 2 }\n'
    )
    top = ("--uplift", "10")
    commands = (
        ("finetune", "t.jsonl", "-m", "gpt-4.1-mini"),
        ("preflight", "a.txt", "--usage-tier", "1", "-m", "gpt-4.1-mini"),
        ("recommend", "a.txt", "--task", "code"),
    )
    documents = [json.loads(spawn(*words, *top, "--json").stdout) for words in commands]
    models = [found.get("models") or found["recommended"] for found in documents]
    own = json.loads(
        spawn("preflight", "a.txt", "--usage-tier", "1", "-m", "house-1", "--pricing", "own.toml", "--json").stdout
    )

    assert [10, 10, 10] == [found[0]["uplift_percent"] for found in models]
    assert [True] * 3 == ["with 10 % uplift" in spawn(*words, *top, "-f", "markdown").stdout for words in commands]
    assert (False, "a database 1.0 of 2026-11-01") == (own["models"][0]["audited"], own["models"][0]["imported"])


def test_the_project_file_gives_them(spawn: Spawn, tmp_path: Path) -> None:
    """An uplift and a fee of the project hold in every run; a replacement is not shown without its uplift."""
    (tmp_path / "gpt41calc.toml").write_text('uplift = "data-residency"\nfee = [0.5]\n')
    (tmp_path / "a.txt").write_text("hello")
    found = json.loads(spawn("a.txt", "-m", "gpt-4.1", "--versus", "replacement", "--json").stdout)

    assert [(None, 0.5), (10, 0.5)] == [(one.get("uplift_percent"), one["cost"]["fees"]) for one in found["models"]]


@pytest.mark.parametrize(
    "words",
    [
        ("batch", "b.jsonl"),
        ("check", "a.txt", "--token-budget", "9k", "-m", "house"),
        ("count", "a.txt", "-m", "house"),
        ("dataset", "d.jsonl", "--column", "text", "-m", "house"),
        ("diff", "HEAD~1", "-m", "house"),
        ("estimate", "a.txt", "-m", "house"),
        ("finetune", "t.jsonl", "-m", "house"),
        ("log", "-m", "house"),
        ("models", "house"),
        ("preflight", "a.txt", "--usage-tier", "1", "-m", "house"),
        ("usage", "u.jsonl"),
    ],
    ids=lambda words: words[0],
)
def test_every_command_says_what_is_in_the_prices_of_a_model(
    words: tuple[str, ...], spawn: Spawn, scratch: Scratch
) -> None:
    """Charges, the model that a name was taken for, and that nobody checked its prices: in reports and in JSON."""
    scratch.write("a.txt", "hel")
    scratch.commit("One")
    _write_inputs(scratch.root)
    scratch.commit("Two")
    counts_only = words[0] in {"count", "log"}
    named = ("--pricing", "own.toml", "--alias", "house=house-1")
    top = named if counts_only else (*named, "--uplift", "10", "--fee", "0.5")
    report, document = (spawn(*words, *top, "-f", each, cwd=scratch.root).stdout for each in ("markdown", "json"))
    found = json.loads(document)
    places = {"log": [found], "count": [found.get("model")]}
    charged = (places.get(words[0]) or found.get("surcharges") or found["models"])[0]
    fee = charged.get("fee_per_request") or charged.get("cost", {}).get("fees")

    assert {"house": "house-1"} == found["model_names"]
    assert (False, "a database 1.0 of 2026-11-01") == (charged["audited"], charged["imported"])
    assert (None, None) if counts_only else (10, 0.5) == (charged.get("uplift_percent"), fee)
    assert [True, True] == [word in report for word in ("not audited", "house-1")]
    assert counts_only or ("10 %" in report and "a fee of $0.50 a request" in report)


def _write_inputs(folder: Path) -> None:
    body = {"model": "house", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 5}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    usage = {"prompt_tokens": 1_000, "completion_tokens": 0, "total_tokens": 1_000}
    example = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}]}
    texts = {
        "a.txt": "hello",
        "b.jsonl": json.dumps(line),
        "d.jsonl": json.dumps({"text": "hello"}),
        "t.jsonl": (json.dumps(example) + "\n") * 10,
        "u.jsonl": json.dumps({"model": "house", "created": 1_793_000_000, "usage": usage}),
        "own.toml": '[[model]]\nid = "house-1"\nencoding = "o200k_base"\nwindow = 100000\naudited = false\n'
        'imported = "a database 1.0 of 2026-11-01"\n[[model.price]]\nstandard = { input = 1, output = 2 }\n',
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
