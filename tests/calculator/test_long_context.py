"""How well a length is read: what was measured around it, and nothing in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variants import sized_estimate

from gpt41calc.calculator.long_context import first_token, reading, readings
from gpt41calc.calculator.workload import Workload
from gpt41calc.guidance.load import load_benchmarks
from gpt41calc.render.long_context import first_token_sentence, reading_notes, score_cell, score_sentence

BENCHMARKS = load_benchmarks()


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (1_000, "57.2 at 128k, the shortest published"),
        (127_999, "57.2 at 128k, the shortest published"),
        (128_000, "57.2"),
        (128_001, "between 56.2 and 57.2"),
        (256_000, "56.2"),
        (612_000, "between 46.3 and 56.2"),
        (1_000_000, "46.3"),
        (1_000_001, "46.3 at 1M, the longest published"),
    ],
)
def test_neighbours(tokens: int, expected: str) -> None:
    """Between two measured lengths both scores are told, at one of them its own, beyond them the last."""
    found = reading("gpt-4.1", tokens, BENCHMARKS, "MRCR")

    assert found is not None
    assert expected == score_sentence(found)


@given(st.integers(1, 2_000_000), st.sampled_from(["gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o"]))
def test_never_interpolated(tokens: int, model: str) -> None:
    """Whatever the length, only published scores are told."""
    found = reading(model, tokens, BENCHMARKS, "MRCR")
    published = {
        each.scores[model]
        for each in BENCHMARKS.benchmark
        if each.reading and each.reading.test == "MRCR" and model in each.scores
    }

    assert found is not None
    assert {point.score for point in (found.below, found.above) if point} <= published
    assert score_cell(found) != "–"


def test_unmeasured_model() -> None:
    """Of a model that was not measured, nothing is told."""
    assert reading("claude-3-7-sonnet", 200_000, BENCHMARKS, "MRCR") is None


@pytest.mark.parametrize(
    ("model", "tokens", "expected"),
    [
        ("gpt-4.1", 1_000, "about 15 s at 128k"),
        ("gpt-4.1", 128_000, "about 15 s at 128k"),
        ("gpt-4.1", 612_000, "between about 15 s at 128k and about 60 s at 1M"),
        ("gpt-4.1", 1_040_000, "about 60 s at 1M"),
        ("gpt-4.1-nano", 128_000, "less than 5 s at 128k"),
        ("gpt-4.1-nano", 128_001, "not published"),
        ("gpt-4.1-mini", 128_000, "not published"),
    ],
)
def test_first_token(model: str, tokens: int, expected: str) -> None:
    """Times are those of the neighbours; a time that is only a bound says nothing of longer inputs."""
    assert expected == first_token_sentence(first_token(model, tokens, BENCHMARKS))


def test_line_for_the_length() -> None:
    """One line tells all variants, and one the time to the first token."""
    estimate = sized_estimate(612_000, "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano")
    names = {one.model.id: one.model.name for one in estimate.models}
    told = reading_notes(readings(estimate.models, BENCHMARKS, "MRCR"), names)

    scores = (
        "between 46.3 and 56.2 with GPT-4.1, between 33.3 and 45.5 with GPT-4.1 mini, "
        "between 12.0 and 22.6 with GPT-4.1 nano"
    )

    assert [
        f"at 612k tokens: MRCR {scores}; expect misses",
        "at 612k tokens, first token: between about 15 s at 128k and about 60 s at 1M with GPT-4.1",
    ] == told


@pytest.mark.parametrize(
    ("tokens", "expected"), [(127_999, []), (128_000, [128_000]), (1_500_000, [750_000]), (1_046_577, [523_289])]
)
def test_length_of_a_request(tokens: int, expected: list[int]) -> None:
    """Short inputs get no line; one that does not fit is checked by the requests it is divided into."""
    found = readings(sized_estimate(tokens, "gpt-4.1").models, BENCHMARKS, "MRCR")

    assert expected == [each.tokens for each in found]


def test_output_that_never_fits() -> None:
    """If the output alone does not fit, the whole input is what is checked."""
    estimate = sized_estimate(300_000, "gpt-4.1", workload=Workload(output_tokens=40_000))

    assert [300_000] == [each.tokens for each in readings(estimate.models, BENCHMARKS, "MRCR")]
