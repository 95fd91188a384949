"""Benchmarks and guidance: what is shipped is whole and sourced, and what breaks a rule says where."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from gpt41calc.errors import GuidanceError
from gpt41calc.guidance import SHORTEST_PUBLISHED_TOKENS
from gpt41calc.guidance.advice import Guidance
from gpt41calc.guidance.benchmarks import Benchmarks
from gpt41calc.guidance.load import load_benchmarks, load_guidance
from gpt41calc.locations import shipped_file
from gpt41calc.pricing.fields import Record
from gpt41calc.pricing.table import load_pricing
from gpt41calc.pricing.toml import read_as

TASKS = (
    "code", "planning", "instructions", "structured", "vision",
    "autocomplete", "classification", "extraction", "chat", "long-documents",
)  # fmt: skip


def test_shortest_length_is_that_of_the_data() -> None:
    """The length below which no file is opened is the shortest at which reading was measured."""
    lengths = [each.reading.at for each in load_benchmarks().benchmark if each.reading and each.reading.at]

    assert min(lengths) == SHORTEST_PUBLISHED_TOKENS


def test_tasks_are_those_of_the_contract() -> None:
    """Every task has an order, evidence that was measured and a reason."""
    guidance, benchmarks = load_guidance(), load_benchmarks()
    measured = {each.id for each in benchmarks.benchmark}

    assert [each.id for each in guidance.task] == list(TASKS)
    assert set() == {name for each in guidance.task for name in each.evidence} - measured


def test_models_are_those_of_the_pricing_table() -> None:
    """Whatever is measured or recommended can be priced."""
    benchmarks, guidance = load_benchmarks(), load_guidance()
    named = {*benchmarks.columns, *guidance.variants, *(each.model for each in benchmarks.first_token)}
    named |= {rival.model for each in benchmarks.benchmark for rival in each.rival}
    named |= {name for feature in guidance.feature for name in feature.models}

    assert set() == named - {model.id for model in load_pricing().models}


@pytest.mark.parametrize(
    ("test", "model", "score"),
    [
        ("swe-bench", "gpt-4.1", "54.6"),
        ("swe-bench", "gpt-4o", "33.2"),
        ("multichallenge", "gpt-4.1-mini", "35.8"),
        ("mathvista", "gpt-4.1-mini", "73.1"),
        ("charxiv-r", "gpt-4.1-mini", "56.8"),
        ("mrcr-256k", "gpt-4.1-nano", "22.6"),
        ("mrcr-1m", "gpt-4.1", "46.3"),
        ("graphwalks-bfs-long", "gpt-4.1", "19.0"),
        ("swe-lancer-earned", "gpt-4.5-preview", "186"),
        ("tau-retail-41", "gpt-4.1-nano", "23.5"),
    ],
)
def test_scores_are_those_that_were_published(test: str, model: str, score: str) -> None:
    """A score has the digits of the announcement."""
    assert Decimal(score) == load_benchmarks().find(test).scores[model]


@pytest.mark.parametrize(
    ("file", "noun", "old", "new", "told"),
    [
        ("benchmarks.toml", Benchmarks, '"gpt-4.1" = 54.6', '"gpt-4.1" = -1', "expected a number from 0"),
        ("benchmarks.toml", Benchmarks, '"gpt-4.1" = 54.6', '"gpt-4.1" = true', "expected a number from 0"),
        ("benchmarks.toml", Benchmarks, '"gpt-4.1" = 54.6', '"gpt-4.2" = 54.6', "swe-bench: scores: expected keys"),
        ("benchmarks.toml", Benchmarks, 'source = ["BLOG-5DEV"]', 'source = ["NOWHERE"]', "found NOWHERE"),
        ("benchmarks.toml", Benchmarks, 'id = "gpqa"', 'id = "mmlu"', "mmlu: listed twice"),
        (
            "benchmarks.toml",
            Benchmarks,
            "at = 256_000",
            "at = 256_000, above = 1",
            "expected one of at, up_to and above",
        ),
        ("benchmarks.toml", Benchmarks, "checked = 2026-11-22", 'checked = "soon"', "checked"),
        ("guidance.toml", Guidance, 'needs = ["vision"]', 'needs = ["taste"]', "found taste"),
        ("guidance.toml", Guidance, "least_share = 0.5", "least_share = 1.5", "least_share"),
        ("guidance.toml", Guidance, 'source = ["OWN"]', 'source = ["NOWHERE"]', "found NOWHERE"),
        (
            "guidance.toml",
            Guidance,
            'order = ["gpt-4.1-mini", "gpt-4.1", "gpt-4.1-nano"]',
            'order = ["gpt-4.1"]',
            "order: expected every one of",
        ),
    ],
)
def test_broken_rule(tmp_path: Path, file: str, noun: type[Record], old: str, new: str, told: str) -> None:
    """A table that breaks a rule is refused, and the message says where."""
    text = shipped_file(file).read_text(encoding="utf-8")
    broken = tmp_path / file
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(GuidanceError) as caught:
        read_as(noun, broken, GuidanceError)

    assert (True, True) == (old in text, told in str(caught.value))


@pytest.mark.parametrize("load", [load_benchmarks, load_guidance])
def test_every_source_is_cited(load: Callable[[], Benchmarks | Guidance]) -> None:
    """No source is listed that nothing was read in."""
    text = str({**load().given(), "sources": ()})

    assert [] == [key for key in load().sources if f"'{key}'" not in text]
