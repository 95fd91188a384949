"""Every document that the program prints is the one that its schema describes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import Spawn
from golden import CASES

from gpt41calc.commands.schema.run import load_schema, schema_names

EXAMPLE = Path(__file__).parents[3] / "docs" / "example"

_NAMES = {"benchmarks": "models-benchmarks", "explain": "recommend-explain", "retiring": "models-retiring"}
"""Schemas of golden documents whose file is not called as its schema."""

GOLDEN = sorted(path.name for path in CASES.glob("*.json") if not path.name.endswith(".gitlab.json"))


def described(name: str) -> Any:
    """Return what holds a document against a schema that allows only the keys that it names."""
    schema = _closed(load_schema(name).document)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def _closed(schema: Any) -> Any:
    """Return a schema in which an object has no other keys than those it names."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), Mapping) and schema.get("type") == "object":
        closed["additionalProperties"] = False
    return closed


def broken(name: str, document: Any) -> list[str]:
    """Return what a document has that its schema does not allow or name."""
    return [f"{one.json_path}: {one.message[:200]}" for one in described(name).iter_errors(document)]


def schema_of(case: str) -> str:
    """Return the name of the schema that a golden document keeps to."""
    stem = case.removesuffix(".json").split(".")[0]
    first = stem.split("-")[0]
    return stem if stem in schema_names() else _NAMES.get(first, first)


@pytest.mark.parametrize("name", schema_names())
def test_schemas_are_schemas(name: str) -> None:
    """Every schema is valid, names the version in its identifier and needs no other file."""
    document = load_schema(name).document
    jsonschema.Draft202012Validator.check_schema(document)
    references = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(document)))

    assert f"urn:gpt41calc:{name}:1" == document["$id"]
    assert set() == {one for one in references if one.removeprefix("#/$defs/") not in document.get("$defs", {})}


@pytest.mark.parametrize("case", GOLDEN)
def test_golden_documents(case: str) -> None:
    """Every golden document keeps to its schema, and has no key that the schema does not describe."""
    found = json.loads((CASES / case).read_text(encoding="utf-8"))
    documents = found if isinstance(found, list) else list(found.values()) if "schema_version" not in found else [found]

    assert [] == [each for one in documents for each in broken(schema_of(case), one)]


COMMANDS = {
    "estimate": "estimate prompts --json --by file --migrate",
    "count": "count prompts --json",
    "compare": "compare prompts/system.md prompts/review.md requests/weather.json --requests-per-month 1000 --json",
    "models": "models --json",
    "models-benchmarks": "models --benchmarks --json",
    "models-retiring": "models --retiring 120d --json --as-of 2026-11-22",
    "check": "check prompts --token-budget 5k --max-cost 1 --json",
    "batch": "batch requests/questions.jsonl --json",
    "usage": "usage run/answers.jsonl --input run/requests.jsonl --json",
    "dataset": "dataset rows/reviews.jsonl --column text --json",
    "finetune": "finetune training/support.jsonl --json --saves-tokens 800",
    "preflight": "preflight prompts --usage-tier 1 -m gpt-4.1 --json --plan --as-of 2026-11-22",
    "recommend": "recommend prompts --task code --json",
    "recommend-explain": "recommend --explain --json",
    "pricing-show": "pricing show --json",
    "pricing-validate": "pricing validate prices.toml --json",
    "pricing-compare": "pricing compare --json",
    "encode": "encode prompts/system.md --json",
    "split": "split -t 20 prompts/system.md --json",
    "tokens": "tokens prompts/system.md --json",
    "truncate": "truncate -t 20 prompts/system.md --json",
    "pack": "pack . -t 300 --priority git --json",
    "cache-info": "cache info --json",
    "schema": "schema --json",
    "error": "models no-such-model --json",
}
"""A command line for each document, run in the folder of the examples."""


@pytest.mark.parametrize("name", COMMANDS)
def test_printed_documents(name: str, spawn: Spawn) -> None:
    """What a command prints with --json keeps to its schema, and has no key that the schema does not describe."""
    ended = spawn(*COMMANDS[name].split(), cwd=EXAMPLE)

    assert [] == broken(name, json.loads(ended.stdout))


def test_written_files(spawn: Spawn, tmp_path: Path) -> None:
    """A baseline and a calibration keep to their schemas."""
    baseline, calibration = tmp_path / "base.json", tmp_path / "learned.json"
    spawn("check", "prompts", "--token-budget", "5k", "--write-baseline", str(baseline), cwd=EXAMPLE)
    inputs = ("run/answers.jsonl", "--input", "run/requests.jsonl")
    spawn("usage", *inputs, "--calibrate", str(calibration), cwd=EXAMPLE)

    assert [] == broken("baseline", json.loads(baseline.read_text(encoding="utf-8")))
    assert [] == broken("calibration", json.loads(calibration.read_text(encoding="utf-8")))


def test_a_wrong_document_is_refused() -> None:
    """A document of another kind, without a key or with an unknown one does not keep to a schema."""
    estimate = json.loads((CASES / "estimate.json").read_text(encoding="utf-8"))
    without = {key: value for key, value in estimate.items() if key != "models"}

    assert [] == broken("estimate", estimate)
    assert all((broken("count", estimate), broken("estimate", without), broken("estimate", {**estimate, "new": 1})))


def test_a_schema_is_printed_and_written(spawn: Spawn, tmp_path: Path) -> None:
    """A name prints its schema, -o writes it, no name lists all."""
    spawn("schema", "check", "-o", str(tmp_path / "check.json"))

    assert load_schema("check").document == json.loads(spawn("schema", "check").stdout)
    assert load_schema("check").document == json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert schema_names() == spawn("schema", "-q").stdout.split()


def test_an_unknown_name(spawn: Spawn) -> None:
    """An unknown name is asked wrongly, and the nearest known one is named."""
    ended = spawn("schema", "estimat")

    assert (2, "") == (ended.status, ended.stdout)
    assert "did you mean 'estimate'?" in ended.stderr
