"""Names of models on the command line, in project files, in bodies of requests and in logs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Spawn
from scratch import Scratch

from gpt41calc.api import count_tokens, estimate

PROMPT = "Say hello."


@pytest.fixture(autouse=True)
def prompt(tmp_path: Path) -> None:
    """Put a prompt where the program runs."""
    (tmp_path / "prompt.txt").write_text(PROMPT, encoding="utf-8")


def document(spawn: Spawn, *arguments: str, status: int = 0) -> dict[str, Any]:
    """Return the document of a run."""
    ended = spawn(*arguments, "--json")
    assert status == ended.status, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def variants(found: dict[str, Any]) -> list[str]:
    """Return the models that were asked about."""
    return [one["id"] for one in found["models"] if one["role"] == "variant"]


def comparators(found: dict[str, Any]) -> list[str]:
    """Return the models they are compared with."""
    return [one["id"] for one in found["models"] if one["role"] == "comparator"]


@pytest.mark.parametrize(
    "command",
    [
        ("estimate", "prompt.txt"),
        ("count", "prompt.txt"),
        ("check", "--token-budget", "1k", "prompt.txt"),
        ("preflight", "--usage-tier", "1", "prompt.txt"),
        ("finetune", "train.jsonl"),
        ("batch", "batch.jsonl"),
        ("diff", "HEAD"),
        ("log", "."),
    ],
    ids=lambda command: command[0],
)
@pytest.mark.usefixtures("quiet_git")
def test_every_command_says_what_a_name_was_taken_for(spawn: Spawn, tmp_path: Path, command: tuple[str, ...]) -> None:
    """The document has the names; the report for people has a sentence."""
    body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    (tmp_path / "batch.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    example = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}]}
    (tmp_path / "train.jsonl").write_text(json.dumps(example) + "\n", encoding="utf-8")
    if command[0] in {"diff", "log"}:
        Scratch(tmp_path).init().commit()
        (tmp_path / "prompt.txt").write_text("Say goodbye.", encoding="utf-8")
    found = document(spawn, command[0], "-m", "openai/GPT-4.1 mini", *command[1:])
    ended = spawn(command[0], "-m", "openai/GPT-4.1 mini", "--format", "plain", *command[1:])
    told = "'openai/GPT-4.1 mini' was taken for gpt-4.1-mini"

    assert {"openai/GPT-4.1 mini": "gpt-4.1-mini"} == found["model_names"]
    assert command[0] == "count" or told in ended.stdout


def test_models_and_prices_are_shown_by_any_name(spawn: Spawn) -> None:
    """What the table says of a model is found by every spelling of it."""
    assert {"GPT-4.1": "gpt-4.1"} == document(spawn, "models", "GPT-4.1")["model_names"]
    assert {"4.1-nano": "gpt-4.1-nano"} == document(spawn, "pricing", "show", "4.1-nano")["model_names"]


def test_a_body_names_its_model_in_any_way(spawn: Spawn, tmp_path: Path) -> None:
    """A body written for a gateway is priced as the model that it means."""
    body = {"model": "openai/gpt-4.1-mini", "messages": [{"role": "user", "content": "Hi"}]}
    (tmp_path / "request.json").write_text(json.dumps(body), encoding="utf-8")
    found = document(spawn, "estimate", "request.json")

    assert "gpt-4.1-mini" == variants(found)[0]
    assert {"openai/gpt-4.1-mini": "gpt-4.1-mini"} == found["model_names"]


def test_usage_prices_answers_of_gateways(spawn: Spawn, tmp_path: Path) -> None:
    """Answers whose model has its vendor in front, or a date behind, cost what the model costs."""
    names = ("openai/gpt-4.1", "gpt-3.5-turbo-0125", "azure/gpt-4.1", "anthropic/claude-3.7-sonnet")
    answers = [
        {"id": name, "model": name, "created": 1763892000, "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
        for name in names
    ]
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in answers), encoding="utf-8")
    found = document(spawn, "usage", "log.jsonl")
    expected = {"gpt-4.1": 0.0056, "gpt-3.5-turbo": 0.00065, "claude-3-7-sonnet": 0.0045}

    assert expected == {one["model"]: one["cost"]["total"] for one in found["models"]}
    assert {"openai/gpt-4.1", "azure/gpt-4.1", "anthropic/claude-3.7-sonnet"} == set(found["model_names"])


def test_usage_says_why_a_region_is_not_priced(spawn: Spawn, tmp_path: Path) -> None:
    """An answer of a dearer region is not priced too low: it is named, and the sum is a lower bound."""
    answer = {"id": "1", "model": "azure/eu/gpt-4.1", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
    (tmp_path / "log.jsonl").write_text(json.dumps(answer), encoding="utf-8")
    ended = spawn("usage", "log.jsonl")

    assert 3 == ended.status
    assert "Azure charges more in a region ('eu') than gpt-4.1 costs elsewhere" in ended.stderr


def test_the_library_takes_the_same_names() -> None:
    """Functions of the library find models as the command line does."""
    found = estimate("Say hello.", models=["openai/GPT-4.1 mini"], versus=[], as_of=date(2026, 11, 22)).models[0].model

    assert ("gpt-4.1-mini", "openai/GPT-4.1 mini") == (found.id, found.named_as)
    assert 3 == count_tokens("Say hello.", "4.1")


# -- Several models


def test_a_list_a_pattern_and_a_provider(spawn: Spawn) -> None:
    """Each of them stands for its models, each once."""
    asked = ("-m", "gpt-4.1-nano,GPT-4.1", "-m", "gpt-4.1*", "--versus", "none")
    google = document(spawn, "estimate", "-m", "google", "--versus", "none", "prompt.txt")

    assert ["gpt-4.1-nano", "gpt-4.1", "gpt-4.1-mini"] == variants(document(spawn, "estimate", *asked, "prompt.txt"))
    assert {name.partition("-")[0] for name in variants(google)} == {"gemini"}


def test_versus_nothing_and_the_replacement(spawn: Spawn) -> None:
    """Nothing to compare with, or what comes after."""
    nothing = document(spawn, "estimate", "--versus", "none", "prompt.txt")
    after = document(spawn, "estimate", "-m", "gpt-4.1", "--versus", "replacement", "--as-of", TODAY, "prompt.txt")
    cleared = document(spawn, "estimate", "--versus", "gpt-4", "--versus", "none", "--versus", "4o,o3", "prompt.txt")

    assert ([], []) == (comparators(nothing), nothing["savings"])
    assert ["gpt-6-luna"] == comparators(after)
    assert ["gpt-4o", "o3"] == comparators(cleared)


def test_no_replacement_is_an_error(spawn: Spawn) -> None:
    """A comparison with nothing is not left out in silence."""
    ended = spawn("estimate", "-m", "gpt-6-luna", "--versus", "replacement", "prompt.txt")

    assert 2 == ended.status
    assert "--versus replacement: the table names none for gpt-6-luna" in ended.stderr


# -- Names of one's own


def test_alias_on_the_command_line_in_the_environment_and_in_the_project_file(spawn: Spawn, tmp_path: Path) -> None:
    """A deployment is priced as its model, wherever its name is said."""
    typed = document(spawn, "estimate", "--alias", "ours=gpt-4.1", "-m", "ours", "prompt.txt")
    named = spawn("count", "-m", "gw/gpt-4", "-q", "prompt.txt", env={"GPT41CALC_ALIAS": "gw/*=*"})
    (tmp_path / "gpt41calc.toml").write_text('model = ["ours"]\n[alias]\nours = "gpt-4.1-nano"\n', encoding="utf-8")
    kept = document(spawn, "estimate", "prompt.txt")
    over = document(spawn, "estimate", "--alias", "ours=gpt-4o", "prompt.txt")

    assert (["gpt-4.1"], {"ours": "gpt-4.1"}) == (variants(typed), typed["model_names"])
    assert "3\n" == named.stdout
    assert (["gpt-4.1-nano"], ["gpt-4o"]) == (variants(kept), variants(over))


def test_alias_of_a_gateway_in_logs(spawn: Spawn, tmp_path: Path) -> None:
    """Answers of a gateway are priced once its names are said."""
    answer = {"id": "1", "model": "gw/prod-4.1", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
    (tmp_path / "log.jsonl").write_text(json.dumps(answer), encoding="utf-8")
    unknown = spawn("usage", "log.jsonl")
    found = document(spawn, "usage", "--alias", "gw/prod-*=gpt-*", "log.jsonl")

    assert 3 == unknown.status
    assert "--alias 'NAME=gpt-4.1' or [alias] in the project file" in unknown.stderr
    assert {"gw/prod-4.1": "gpt-4.1"} == found["model_names"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('alias = "x"', "gpt41calc.toml: alias: expected a table, found the text 'x'"),
        ("[alias]\nx = 1", "gpt41calc.toml: alias: 'x': expected the name of a model, found the number 1"),
        ('[alias]\nx = ""', "gpt41calc.toml: alias: 'x' = '': expected two names"),
        ('[alias]\n"gpt-4.1" = "gpt-4o"', "'gpt-4.1' is a name of the price table, which always wins"),
        ('[alias]\nx = "gpt-9"', "unknown model 'gpt-9'"),
    ],
)
def test_aliases_of_a_project_file_that_are_none(spawn: Spawn, tmp_path: Path, text: str, message: str) -> None:
    """An alias that cannot hold is an error of the file, and never ignored."""
    (tmp_path / "gpt41calc.toml").write_text(text, encoding="utf-8")
    ended = spawn("estimate", "-m", "gpt-4.1", "prompt.txt")

    assert 2 == ended.status
    assert message in ended.stderr


def test_the_hint_of_an_unknown_name(spawn: Spawn) -> None:
    """Whoever has a deployment learns how to name it."""
    ended = spawn("estimate", "-m", "our-deployment", "prompt.txt")

    assert 2 == ended.status
    assert "--alias 'our-deployment=gpt-4.1' or [alias] in the project file" in ended.stderr


# -- Orders


def test_models_in_order(spawn: Spawn) -> None:
    """Cheapest first, largest window first, by name, or what fits best; ``--top`` keeps the first of them."""
    asked = ("-m", "gpt-4.1*,gpt-4,gpt-4o", "--versus", "none", "prompt.txt")
    by_cost = document(spawn, "estimate", "--sort", "cost", *asked)
    costs = [one["cost"]["total"] for one in by_cost["models"]]
    by_window = [one["context"]["window"] for one in document(spawn, "estimate", "--sort", "window", *asked)["models"]]
    by_fit = [one["context"]["used_percent"] for one in document(spawn, "estimate", "--sort", "fit", *asked)["models"]]

    assert (sorted(costs), "gpt-4.1-nano") == (costs, by_cost["models"][0]["id"])
    assert sorted(by_window, reverse=True) == by_window
    assert sorted(by_fit) == by_fit
    assert ["gpt-4", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o"] == variants(
        document(spawn, "estimate", "--sort", "name", *asked)
    )
    assert ["gpt-4.1-nano", "gpt-4.1-mini"] == variants(
        document(spawn, "estimate", "--sort", "cost", "--top", "2", *asked)
    )


def test_the_order_holds_in_every_format(spawn: Spawn) -> None:
    """Also where people read it, and in the number that is left with ``--quiet``."""
    asked = ("estimate", "-m", "gpt-4,gpt-4.1-nano", "--versus", "none", "--sort", "cost", "prompt.txt")
    table, csv, quiet = (spawn(*asked, *form).stdout for form in (("-f", "plain"), ("-f", "csv"), ("-q",)))

    assert table.index("GPT-4.1 nano") < table.index("GPT-4*")
    assert csv.index("gpt-4.1-nano,") < csv.index("gpt-4,")
    assert "0.0004003\n" == quiet


def test_top_is_of_parts_where_the_input_is_divided(spawn: Spawn) -> None:
    """With ``--by``, ``--top`` means what it means without ``--sort``."""
    found = document(spawn, "estimate", "--sort", "cost", "--by", "file", "--top", "1", "-m", "gpt-4,4o", "prompt.txt")

    assert ["gpt-4o", "gpt-4"] == variants(found)
    assert 1 == len(found["files"])


def test_the_table_in_order(spawn: Spawn) -> None:
    """The price table is listed by any of the orders that need no input."""
    windows = [one["window"] for one in document(spawn, "models", "--sort", "window")["models"]]
    cheapest = document(spawn, "models", "openai", "--sort", "cost", "--top", "3")["models"]
    ended = spawn("models", "--sort", "fit")

    assert sorted(windows, reverse=True) == windows
    assert (3, {"openai"}) == (len(cheapest), {one["provider"] for one in cheapest})
    assert (2, True) == (ended.status, "there is no input here that could fit" in ended.stderr)
