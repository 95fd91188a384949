"""The library: every command's answer as a typed function, with names and arguments that stay."""

from __future__ import annotations

import inspect
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from scratch import Scratch

from gpt41calc import api
from gpt41calc.calculator.budget import Limits
from gpt41calc.calculator.workload import Workload
from gpt41calc.counting.runtime import Runtime

SIGNATURES = {
    "batch": "path, forecast, *, models, variants, versus, pricing, as_of, runtime",
    "cache_info": "runtime",
    "check": "paths, limits, workload, *, models, against, rules, pricing, as_of, runtime",
    "clear_cache": "",
    "compare": "paths, workload, *, models, requests_per_month, rules, pricing, as_of, runtime",
    "compare_pricing": "*, litellm, pricing, as_of",
    "count": "paths, *, model, rules, pricing, runtime",
    "count_tokens": "text, model, *, pricing",
    "dataset": "urls, *, column, template, messages, output_tokens, models, versus, precision, "
    "max_read_bytes, seed, workers, pricing, "
    "as_of, runtime",
    "decode": "ids, model, *, pricing",
    "diff": "revisions, workload, *, paths, staged, models, rules, pricing, as_of, runtime",
    "encode": "text, model, *, special_tokens, pricing",
    "estimate": "text, workload, *, models, versus, pricing, as_of",
    "estimate_paths": "paths, workload, *, models, versus, rules, pricing, as_of, runtime",
    "finetune": "path, *, models, epochs, saves_tokens, pricing, as_of, runtime",
    "load_pricing": "overlay",
    "log": "paths, *, since, token_budget, model, rules, pricing, runtime",
    "models": "names, *, retiring_days, pricing, as_of",
    "pack": "paths, tokens, *, priority, model, rules, pricing, runtime",
    "preflight": "paths, usage_tier, workload, *, models, requests_per_minute, rules, pricing, as_of, until, runtime",
    "recommend": "paths, task, workload, *, needs, max_cost, latency, rules, pricing, as_of, runtime",
    "schema": "name",
    "schema_names": "",
    "split": "text, tokens, model, *, overlap, at, pricing",
    "tokens": "text, model, *, special_tokens, pricing",
    "truncate": "text, tokens, model, *, keep, marker, at, pricing",
    "usage": "paths, *, requests, invoices, forecast, by, timezone, unnamed_model, tier, pricing, as_of, runtime",
}


def arguments(name: str) -> str:
    """Return the names of a function's arguments, with the star before those that need their name."""
    found: list[str] = []
    for each in inspect.signature(getattr(api, name)).parameters.values():
        if each.kind is inspect.Parameter.KEYWORD_ONLY and "*" not in found:
            found.append("*")
        found.append(each.name)
    return ", ".join(found)


def test_names_and_signatures() -> None:
    """The names of functions and arguments are those that other programs use."""
    assert SIGNATURES == {name: arguments(name) for name in api.__all__}


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_everything_is_typed_and_documented(name: str) -> None:
    """Every function has a docstring and says the types of its arguments and of its result."""
    function = getattr(api, name)
    annotations = inspect.get_annotations(function)

    assert (True, set()) == (
        bool(function.__doc__),
        {*inspect.signature(function).parameters, "return"} - {*annotations},
    )


@pytest.fixture
def prompts(tmp_path: Path) -> list[str]:
    """Return a folder with two prompts."""
    (tmp_path / "a.md").write_text("Say hello.")
    (tmp_path / "b.md").write_text("Say goodbye, and say it well.")
    return [str(tmp_path)]


def test_what_is_counted_is_priced_alike(prompts: list[str]) -> None:
    """Counts, estimate, budget and preflight of the same files have the same tokens."""
    counted = api.count(prompts).tokens
    estimated = api.estimate_paths(prompts).models[0].tokens.value
    checked = api.check(prompts, Limits(token_budget=counted)).verdicts[0].tokens.value
    sent = api.preflight(prompts, 1, models=["gpt-4.1"]).models[0].tokens

    assert [counted] * 3 == [estimated, checked, sent]


def test_a_budget_is_kept_up_to_its_last_token(prompts: list[str]) -> None:
    """A budget of as many tokens as there are is kept, and one less is broken."""
    tokens = api.count(prompts).tokens
    outcomes = [api.check(prompts, Limits(token_budget=tokens - less)).is_failed for less in (0, 1)]

    assert [False, True] == outcomes


def test_files_of_lines(tmp_path: Path) -> None:
    """A file of requests and one of examples are priced."""
    requests, examples = tmp_path / "requests.jsonl", tmp_path / "examples.jsonl"
    messages = [{"role": "user", "content": "Say hello."}]
    body = {"model": "gpt-4.1", "messages": messages}
    line = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body}
    requests.write_text(json.dumps(line) + "\n")
    examples.write_text(json.dumps({"messages": [*messages, {"role": "assistant", "content": "Hello."}]}) + "\n")
    plan = api.batch(str(requests))
    training = api.finetune(str(examples), epochs=2)

    assert (1, 1, 2) == (plan.models[0].requests, training.examples, training.epochs)


def test_history(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository is compared with itself, and followed."""
    scratch.write("prompt.md", "Say hello.")
    scratch.commit("first")
    scratch.write("prompt.md", "Say hello, and say it well.")
    monkeypatch.chdir(scratch.root)
    change = api.diff(["HEAD"]).models[0]
    rows = api.log(["prompt.md"]).rows

    assert (True, ["first"]) == (change.after.value > change.before.value, [row.subject for row in rows])


def test_advice(prompts: list[str]) -> None:
    """A recommendation costs no more than is allowed."""
    found = api.recommend(prompts, "extraction", Workload(output_tokens=100), max_cost=Decimal("0.01"))
    costs = [one.estimate.cost.per_request for one in found.ranked if one.estimate.cost]

    assert costs == [cost for cost in costs if cost <= Decimal("0.01")]


def test_price_tables_are_compared() -> None:
    """The shipped table differs from genai-prices in nothing that is not explained."""
    assert [] == api.compare_pricing().unexplained


def test_usage_is_priced(tmp_path: Path) -> None:
    """An answer costs what its usage and the table say, on the day that it bears."""
    answer = {"id": "a", "model": "gpt-4.1", "created": 1_760_000_000}
    counts = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    (tmp_path / "answers.jsonl").write_text(json.dumps({**answer, "object": "chat.completion", "usage": counts}) + "\n")
    found = api.usage([str(tmp_path / "answers.jsonl")], by=["model"])

    assert (1, Decimal("0.0028"), ["gpt-4.1"]) == (
        found.total.requests,
        found.total.charge.total,
        [row.model for row in found.rows],
    )


def test_models_that_end_soon_are_models_of_the_table() -> None:
    """Models that are shut down within some days are served today, and the next one is first."""
    ends = [model.shutdown for model in api.models(retiring_days=400, as_of=date(2026, 11, 22))]

    assert (sorted(filter(None, ends)), True) == (ends, date(2027, 1, 14) in ends)


def test_the_cache_is_where_a_run_puts_it(prompts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run with a cache has counted is in it, until it is cleared."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = api.cache_info().files
    api.count(prompts, runtime=Runtime(uses_cache=True))
    api.clear_cache()

    assert (0, 0) == (before, api.cache_info().files)


def test_every_schema_is_found_by_its_name() -> None:
    """Every name that is listed has a schema that bears it."""
    names = api.schema_names()

    assert (True, names) == ("estimate" in names, [api.schema(name).name for name in names])
