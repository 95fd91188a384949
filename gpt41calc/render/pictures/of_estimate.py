"""The pictures of an estimate: where the tokens are, what models cost, whether it fits, cost against quality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ...calculator.interval import is_approximate
from ...guidance.benchmarks import Benchmark, Benchmarks
from ..numbers import dollars, number, percent, plural
from .file_tree import file_tree
from .picture import Bar, Bars, Dot, Picture, Scatter, Treemap, usable

__all__ = ["cost_bars", "estimate_pictures", "files_treemap", "fit_bars", "quality_scatter"]

_LEAST_DOTS = 3
"""Least models with a score and a cost: fewer say nothing."""


def estimate_pictures(document: Mapping[str, Any], benchmarks: Benchmarks) -> Iterator[Picture]:
    """Yield the pictures of a document of ``estimate``.

    Args:
        document: the document, with ``files``.
        benchmarks: published scores of models.
    """
    treemap = files_treemap(document.get("files", ()))
    if treemap:
        yield treemap
    models = sorted(document["models"], key=lambda one: (one["role"] != "variant", one["status"] == "retired"))
    if bars := cost_bars(models):
        yield bars
    yield fit_bars(models)
    if scatter := quality_scatter(models, benchmarks):
        yield scatter


def files_treemap(files: Sequence[Mapping[str, Any]]) -> Treemap | None:
    """Return the files by tokens. None if there is only one, or none has tokens."""
    tree = file_tree(files) if len(files) > 1 else None
    if tree is None:
        return None
    whole, largest = tree.nodes[0], max(tree.nodes[1:], key=lambda node: (node.parent == 0) * node.tokens)
    name = largest.name or plural(largest.files, "small file")
    share = percent((Decimal(100 * largest.tokens) / whole.tokens).quantize(Decimal("0.1")))
    return Treemap(
        title="Tokens by folder and file",
        summary=f"{plural(whole.tokens, 'token')} in {plural(whole.files, 'file')}; the most in {name}: {share}",
        tree=tree,
        notes=tree.notes(),
    )


def cost_bars(models: Sequence[Mapping[str, Any]]) -> Bars | None:
    """Return the cost of a request with each model, in its parts. None if no model has a price."""
    priced = [model for model in models if model["cost"]]
    if not priced:
        return None
    parts = [(key, name) for key, name in _PARTS.items() if any(model["cost"].get(key) for model in priced)]
    living = [model for model in priced if model["status"] != "retired"] or priced
    cheapest = min(living, key=lambda model: model["cost"]["per_request"])
    dearest = max(living, key=lambda model: model["cost"]["per_request"])
    bars, notes = usable(
        [
            Bar(
                name=_name(model),
                parts=tuple(Decimal(model["cost"].get(key, 0)) for key, _ in parts) or (Decimal(),),
                text=_cost(model),
                is_dim=model["status"] == "retired",
            )
            for model in priced
        ]
    )
    return Bars(
        title="Cost of a request by model, in US dollars",
        summary=f"from {_cost(cheapest)} with {cheapest['name']} to {_cost(dearest)} with {dearest['name']}",
        unit="dollars",
        series=tuple(name for _, name in parts) or ("cost",),
        bars=bars,
        notes=notes,
    )


_PARTS = {"input": "input", "cached_input": "cached input", "output": "output", "fees": "fees"}
"""Parts of a cost in the document, and what they are called."""


def _name(model: Mapping[str, Any]) -> str:
    return f"{model['name']} (retired)" if model["status"] == "retired" else str(model["name"])


def _mark(model: Mapping[str, Any]) -> str:
    return "~" if is_approximate(model["exactness"]) else ""


def _cost(model: Mapping[str, Any]) -> str:
    return _mark(model) + dollars(Decimal(model["cost"]["per_request"]))


def fit_bars(models: Sequence[Mapping[str, Any]]) -> Bars:
    """Return how much of the window of each model a request takes."""
    living = [model for model in models if model["status"] != "retired"] or models
    too_long = [model["name"] for model in living if not model["context"]["fits"]]
    bars, notes = usable(
        [
            Bar(
                name=_name(model),
                parts=(Decimal(model["context"]["used_percent"]),),
                text=f"{_mark(model)}{percent(Decimal(model['context']['used_percent']))} "
                f"of {number(model['context']['window'])}",
                is_dim=model["status"] == "retired",
                is_over=not model["context"]["fits"],
            )
            for model in models
        ]
    )
    summary = f"too long for {', '.join(too_long)}" if too_long else "it fits every model"
    return Bars(
        title="Context window used by a request, in percent",
        summary=summary,
        unit="percent",
        series=("used",),
        bars=bars,
        notes=notes,
        limit=Decimal(100),
        limit_name="the whole window",
    )


def quality_scatter(models: Sequence[Mapping[str, Any]], benchmarks: Benchmarks) -> Scatter | None:
    """Return cost against quality. None if too few models have a published score and a cost."""
    priced = {model["id"]: model for model in models if model["cost"] and model["cost"]["per_request"]}
    found = _most_scored(benchmarks, priced)
    if found is None:
        return None
    scored = [(priced[name], score) for name, score in found.scores.items() if name in priced]
    living = [pair for pair in scored if pair[0]["status"] != "retired"] or scored
    best = max(living, key=lambda pair: pair[1])
    missing = [model["name"] for model in models if model["id"] not in found.scores]
    cited = "; ".join(benchmarks.sources[key] for key in found.source)
    return Scatter(
        title=f"Cost of a request against quality: {found.name}",
        summary=f"the best score, {best[1]}, is that of {best[0]['name']}, at {_cost(best[0])} a request",
        x_name="US dollars a request (each step is ten times as much)",
        y_name=f"{found.name}, percent",
        dots=tuple(
            Dot(
                name=model["name"],
                x=Decimal(model["cost"]["per_request"]),
                y=score,
                text=f"{_name(model)}: {score} %, {_cost(model)}",
                is_dim=model["status"] == "retired",
            )
            for model, score in scored
        ),
        notes=(
            f"{found.name}: {found.measures}; scores from {cited}, checked {found.checked}",
            *((found.note,) if found.note else ()),
            *((f"no published score here: {', '.join(missing)}",) if missing else ()),
        ),
    )


_USUAL = "gpqa"
"""The benchmark that is taken if as many models have a score in it as in any other."""


def _most_scored(benchmarks: Benchmarks, priced: Mapping[str, Any]) -> Benchmark | None:
    """Return the benchmark with the scores of most of the models."""
    usual = [each for each in benchmarks.benchmark if each.unit == "percent" and each.reading is None]
    scored = [(len(priced.keys() & each.scores.keys()), each.id == _USUAL, each) for each in usual]
    best = max(scored, key=lambda one: one[:2], default=(0, False, None))[2]
    return best if best and len(priced.keys() & best.scores.keys()) >= _LEAST_DOTS else None
