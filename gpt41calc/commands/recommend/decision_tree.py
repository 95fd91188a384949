"""The rules for choosing a variant, as a text tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...guidance.advice import Guidance, Task
from ...guidance.benchmarks import Benchmark, Benchmarks
from ...render.json_fields import header, plain
from ...render.long_context import length
from ...render.numbers import percent
from ...render.sheet import Sheet

__all__ = ["decision_tree", "tree_sheet"]


def decision_tree(guidance: Guidance, benchmarks: Benchmarks, names: Mapping[str, str], task: Task | None) -> str:
    """Return the tree, for all tasks or for one.

    Args:
        guidance: the rules.
        benchmarks: the benchmark scores behind them.
        names: the names of the variants by identifier.
        task: the task. None for all tasks.
    """
    lines = ["what is to be done? (--task)"]
    for each in guidance.task if task is None else (task,):
        lines += _indented(_task(each, guidance, benchmarks, names))
    lines.append("then for each variant, in that order:")
    lines += _indented(_questions(guidance, benchmarks, names))
    lines.append("sources:")
    lines += _indented(f"{key}: {text}" for key, text in guidance.sources.items())
    return "".join(f"{line}\n" for line in lines)


def tree_sheet(guidance: Guidance, benchmarks: Benchmarks, names: Mapping[str, str], task: Task | None) -> Sheet:
    """Return the same as rows, one per line of the tree, and as a document."""
    tasks = guidance.task if task is None else (task,)
    tree = decision_tree(guidance, benchmarks, names, task)
    return Sheet(
        title="How a variant is chosen",
        columns=("Task", "Order", "Evidence", "Why", "Source"),
        rows=tuple(
            (each.id, " ".join(each.order), " ".join(each.evidence), each.why, " ".join(each.source)) for each in tasks
        ),
        document={**header(), "checked": guidance.checked.isoformat(), **_document(guidance, tasks)},
        notes=tuple(tree.splitlines()),
        quiet=tuple(each.id for each in tasks),
    )


def _document(guidance: Guidance, tasks: tuple[Task, ...]) -> dict[str, Any]:
    return {
        "variants": list(guidance.variants),
        "tasks": [plain(each.given()) for each in tasks],
        "features": [plain(each.given()) for each in guidance.feature],
        "reading": {"test": guidance.reading.test, "least_share": guidance.reading.least_share},
        "interactive": {"seconds": guidance.interactive.seconds},
        "sources": dict(guidance.sources),
    }


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _task(task: Task, guidance: Guidance, benchmarks: Benchmarks, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{task.id}: {', else '.join(names[name] for name in task.order)}"
    yield f"  because {task.why} ({', '.join(task.source)})"
    for name in task.evidence:
        benchmark = benchmarks.find(name)
        yield f"  {benchmark.name}: {_scores(benchmark, guidance, names)}"


def _scores(benchmark: Benchmark, guidance: Guidance, names: Mapping[str, str]) -> str:
    return ", ".join(
        f"{names[name]} {benchmark.scores[name]}" for name in guidance.variants if name in benchmark.scores
    )


def _questions(guidance: Guidance, benchmarks: Benchmarks, names: Mapping[str, str]) -> Iterator[str]:
    yield "is it shut down on the day? (--as-of) then it is left out, unless --allow-retired"
    yield "does it lack what is needed? (--needs) then it is left out"
    for feature in guidance.feature:
        note = f"; {feature.note}" if feature.note else ""
        yield f"  {feature.id}: {', '.join(names[name] for name in feature.models)}{note}"
    yield "is fine-tuning needed, and closed on the day? then it is left out"
    yield "does a request cost more than --max-cost? then it is left out"
    yield (
        f"is somebody waiting (--latency interactive), and is the first token known to take more than "
        f"{guidance.interactive.seconds} s at this length? then it is left out"
    )
    for each in benchmarks.first_token:
        yield f"  {names[each.model]} at {length(each.at)} tokens: {each.bound} {each.seconds} s"
    share = percent(100 * guidance.reading.least_share)
    yield f"is the input so long that it finds less than {share} of what the best one left does? then it comes last"
    for benchmark in benchmarks.benchmark:
        if benchmark.reading and benchmark.reading.test == guidance.reading.test:
            yield f"  {benchmark.name}: {_scores(benchmark, guidance, names)}"
    yield "is the input longer than the window? then it stays, with the number of requests that it takes"
