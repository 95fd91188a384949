"""Benchmarks as a table: a row per test, and a column per measured model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...guidance.benchmarks import Benchmark, Benchmarks, ReadAt
from ...render.answer import Answer
from ...render.json_fields import header
from ...render.long_context import length
from ...render.numbers import plural
from ...render.sheet import Cell, Look, Sheet

__all__ = ["benchmarks_sheet"]


def benchmarks_sheet(benchmarks: Benchmarks, models: Sequence[str]) -> Sheet:
    """Return a row per test, with the scores of the selected models, or of all if none is named."""
    columns = [name for name in benchmarks.columns if name in models or not models]
    shown = [each for each in benchmarks.benchmark if each.scores.keys() & set(columns)]
    return Sheet(
        title="",
        columns=("Test", *columns, "Source"),
        rows=tuple(_row(each, columns) for each in shown),
        document=_document(benchmarks, shown),
        notes=("as their makers published them; more: --explain",),
        answer=Answer(
            f"{plural(len(shown), 'benchmark')} of {plural(len(columns), 'model')}, in percent unless said otherwise"
        ),
        explained=tuple(_notes(benchmarks, shown, columns)),
        look=Look(expendable=("Source", *columns[:0:-1])),
        quiet=tuple(each.id for each in shown),
    )


def _row(benchmark: Benchmark, columns: Sequence[str]) -> tuple[Cell, ...]:
    unit = "" if benchmark.unit == "percent" else ", $1000"
    scores = (benchmark.scores.get(name) for name in columns)
    return (benchmark.name + unit, *scores, " ".join(benchmark.source))


def _notes(benchmarks: Benchmarks, shown: Sequence[Benchmark], columns: Sequence[str]) -> Iterator[str]:
    for name in columns:
        if benchmarks.columns[name] != name:
            yield f"{name}: {benchmarks.columns[name]}"
    for each in shown:
        for rival in each.rival:
            yield f"{each.name}: {rival.name} {rival.score} ({', '.join(rival.source)})"
        if each.note:
            yield f"{each.name}: {each.note}"
    for time in benchmarks.first_token:
        if time.model in columns:
            time_text = f"{time.bound} {time.seconds} s at {length(time.at)} tokens ({', '.join(time.source)})"
            yield f"first token of {benchmarks.columns[time.model]}: {time_text}"
    for key, text in benchmarks.sources.items():
        yield f"{key}: {text}"
    yield f"benchmarks checked on {benchmarks.checked}"


def _document(benchmarks: Benchmarks, shown: Sequence[Benchmark]) -> dict[str, Any]:
    return {
        **header(),
        "checked": benchmarks.checked.isoformat(),
        "measured": dict(benchmarks.columns),
        "benchmarks": [_benchmark(each) for each in shown],
        "first_token": [
            {
                "model": each.model,
                "tokens": each.at,
                "seconds": each.seconds,
                "bound": each.bound,
                "source": list(each.source),
            }
            for each in benchmarks.first_token
        ],
        "sources": dict(benchmarks.sources),
    }


def _benchmark(each: Benchmark) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "measures": each.measures,
        "unit": each.unit,
        **({"reading": _reading(each.reading)} if each.reading else {}),
        "scores": dict(each.scores),
        **(
            {"rivals": [{"model": one.model, "score": one.score, "source": list(one.source)} for one in each.rival]}
            if each.rival
            else {}
        ),
        "source": list(each.source),
        "checked": each.checked.isoformat(),
        **({"note": each.note} if each.note else {}),
    }


def _reading(reading: ReadAt) -> dict[str, Any]:
    return reading.given()
