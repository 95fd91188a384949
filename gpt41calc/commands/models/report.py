"""The pricing table as rows: all models, one model, or every price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ...pricing.price import TIERS, Price, PriceRow
from ...pricing.schema import Model, Status
from ...pricing.table import Pricing
from ...render.answer import Answer
from ...render.json_fields import header
from ...render.model_fields import models_document
from ...render.model_names import model_name_notes, names_taken
from ...render.numbers import number, plural
from ...render.sentences import status_sentence
from ...render.sheet import Cell, Look, Sheet
from ...render.surcharges import surcharge_notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...render.pictures.picture import Picture

__all__ = ["model_sheet", "models_sheet", "prices_sheet", "validation_sheet"]

_STATUSES: tuple[Status, ...] = ("live", "deprecated", "retired", "unreleased")
"""The statuses, in the order in which they are counted."""


def models_sheet(table: Pricing, on: date, chosen: Sequence[Model] | None = None, *, is_sorted: bool = False) -> Sheet:
    """Return a row per model: status, limits, and prices of short prompts on a day.

    Args:
        table: the price table.
        on: the day.
        chosen: the models; None for the whole table.
        is_sorted: whether they are already sorted; if not, retired models are moved to the end of their vendor.
    """
    models = list(table.models if chosen is None else chosen)
    vendors = list(dict.fromkeys(model.provider for model in models))
    if not is_sorted:
        models.sort(key=lambda model: (vendors.index(model.provider), model.status(on) == "retired"))
    first = [
        number for number, model in enumerate(models) if model.provider != models[number - 1].provider and not is_sorted
    ]
    return Sheet(
        title=f"US dollars per million tokens, standard tier, on {on}",
        columns=(
            "Model",
            "Status",
            "Window",
            "Max output",
            "Input $",
            "Cached $",
            "Output $",
            "Shutdown",
            "Replacement",
        ),
        rows=tuple(_summary(model, on) for model in models),
        document=models_document(models if chosen else table.models, on, table.checked, table.overlay),
        notes=(*model_name_notes(names_taken(models)), *_notes(table)),
        quiet=tuple(model.id for model in (models if chosen else table.models)),
        answer=_answer(models, on),
        look=Look(
            expendable=("Cached $", "Max output", "Replacement", "Window", "Status", "Shutdown", "Output $"),
            fixed=("Model", "Status", "Replacement"),
            styles=tuple("dim" if model.status(on) == "retired" else "" for model in models),
            rules=tuple(first),
        ),
        pictures=_pictures,
    )


def _pictures(document: Mapping[str, Any]) -> Iterable[Picture]:
    from .pictures import models_pictures

    return models_pictures(document)


def _answer(models: Sequence[Model], on: date) -> Answer:
    """Return a sentence with the number of models, the number of available ones, and the next shutdown."""
    counts = Counter(model.status(on) for model in models)
    of = ", ".join(f"{number(counts[status])} {status}" for status in _STATUSES if counts[status])
    ending = [(model.shutdown, model.id) for model in models if model.shutdown and model.status(on) == "deprecated"]
    return Answer(f"{plural(len(models), 'model')}: {of}{_next_to_end(sorted(ending))}")


def _next_to_end(ending: Sequence[tuple[date, str]]) -> str:
    """Return a sentence with the models that are shut down next."""
    if not ending:
        return ""
    day = ending[0][0]
    names = [name for shutdown, name in ending if shutdown == day]
    return f"; next to shut down: {', '.join(names)} on {day}"


def _summary(model: Model, on: date) -> tuple[Cell, ...]:
    row = model.row(on=on, input_tokens=0)
    price = row.standard if row else None
    return (
        model.id,
        model.status(on),
        model.window,
        model.max_output,
        price.input if price else None,
        price.cached_input if price else None,
        price.output if price else None,
        model.shutdown,
        model.replacement,
    )


def model_sheet(models: Sequence[Model], table: Pricing, on: date) -> Sheet:
    """Return all facts about some models, a row per fact."""
    facts = [(model, fact) for model in models for fact in _facts(model, on)]
    cited = {key for model in models for key in _sources(model)}
    return Sheet(
        title="",
        columns=("Model", "Fact", "Value"),
        rows=tuple((model.id, name, value) for model, (name, value) in facts),
        document=models_document(models, on, table.checked, table.overlay),
        quiet=tuple(model.id for model in models),
        notes=(
            *model_name_notes(names_taken(models)),
            "prices are US dollars per million tokens; more: --explain",
            *_notes(table),
        ),
        answer=Answer("; ".join(_in_short(model, on) for model in models)),
        explained=tuple(f"{key}: {text}" for key, text in table.table.sources.items() if key in cited),
        pictures=_pictures,
    )


def _in_short(model: Model, on: date) -> str:
    """Return a short phrase with the prices, limits and status of a model."""
    row = model.row(on=on, input_tokens=0)
    price = row.standard if row else None
    costs = f"${price.input:f} in, ${price.output:f} out a million tokens" if price else f"no standard price on {on}"
    return f"{model.name}: {costs}, window {number(model.window)}, {status_sentence(model, model.status(on))}"


def _facts(model: Model, on: date) -> Iterator[tuple[str, Cell]]:
    yield "name", f"{model.name}, by {model.provider}"
    yield "status", status_sentence(model, model.status(on))
    for fact in surcharge_notes([model]):
        yield "prices", fact.removeprefix(f"{model.id}: ")
    yield "also called", ", ".join(model.names[1:]) or None
    yield "tokens", _tokenizer(model)
    yield "window", model.window
    yield "longest output", model.max_output
    if model.max_input:
        yield "longest prompt", model.max_input
    if model.caching:
        yield "prompt cache", f"from {number(model.caching.minimum)} tokens in steps of {number(model.caching.step)}"
    yield "knowledge cutoff", model.knowledge_cutoff
    yield "released", model.released
    yield "deprecated", model.deprecated
    yield "shutdown", model.shutdown
    yield "replacement", model.replacement
    for row in model.price:
        for tier in TIERS:
            if price := row.of(tier):
                yield f"{tier} price", f"{_prices(price)} {_since(row)}"
        if row.note:
            yield "note on the price", row.note
    yield from _fine_tuning(model)
    if model.note:
        yield "note", model.note


def _tokenizer(model: Model) -> str:
    ratio = model.ratio
    if ratio is None:
        return f"{model.encoding}, exact"
    return f"estimated: ~{ratio.value} ({ratio.low} to {ratio.high}) for one of {ratio.of}; {', '.join(ratio.source)}"


def _prices(price: Price) -> str:
    named = {
        "input": price.input,
        "cached": price.cached_input,
        "cache write": price.cache_write,
        "1 h cache write": price.cache_write_1h,
        "output": price.output,
    }
    return ", ".join(f"{name} {amount:f}" for name, amount in named.items() if amount is not None)


def _since(row: PriceRow) -> str:
    above = f"above {number(row.above_input_tokens)} input tokens, " if row.above_input_tokens else ""
    return f"({above}since {row.since}; {', '.join(row.source)}, checked {row.checked})"


def _fine_tuning(model: Model) -> Iterator[tuple[str, Cell]]:
    tuning = model.fine_tuning
    if tuning is None:
        return
    cited = f"({', '.join(tuning.source)}, checked {tuning.checked})"
    if tuning.training is not None:
        yield "training price", f"{tuning.training:f} per million tokens {cited}"
    if tuning.training_per_hour is not None:
        yield "training price", f"{tuning.training_per_hour:f} per hour {cited}"
    yield "fine-tuned model", f"ft:{tuning.base}, {_prices(tuning.standard)}"
    if tuning.batch:
        yield "fine-tuned, batch", _prices(tuning.batch)
    if tuning.window:
        yield "fine-tuned window", tuning.window
    if tuning.max_example:
        yield "longest example", tuning.max_example
    if tuning.closes:
        yield "fine-tuning closes", tuning.closes
    if tuning.note:
        yield "note on fine-tuning", tuning.note


def prices_sheet(models: Iterable[Model], table: Pricing, on: date) -> Sheet:
    """Return a row per price: model, tier, date, prompt length, amounts, source."""
    found = list(models)
    rows = tuple(row for model in found for row in (*_price_rows(model), *_tuned_rows(model)))
    columns = ("Model", "Tier", "Since", "Above", "Input", "Cached", "Cache write", "1 h write", "Output")
    return Sheet(
        title="",
        columns=(*columns, "Source", "Checked"),
        rows=rows,
        document=models_document(found, on, table.checked, table.overlay),
        quiet=tuple(model.id for model in found),
        notes=(
            *model_name_notes(names_taken(found)),
            "Above: the whole request has this price once its prompt is longer",
            *_notes(table),
        ),
        answer=Answer(
            f"{plural(len(rows), 'price')} of {plural(len(found), 'model')}, in US dollars per million tokens"
        ),
        look=Look(
            expendable=("Checked", "Source", "1 h write", "Cache write", "Since", "Above", "Cached"),
            fixed=("Model", "Tier"),
        ),
    )


def _price_rows(model: Model) -> Iterator[tuple[Cell, ...]]:
    for row in model.price:
        for tier in TIERS:
            if price := row.of(tier):
                cited = (" ".join(row.source), row.checked)
                yield (model.id, tier, row.since, row.above_input_tokens, *_amounts(price), *cited)


def _tuned_rows(model: Model) -> Iterator[tuple[Cell, ...]]:
    """Yield the price of training, in the input column, and the prices of the fine-tuned model."""
    tuning = model.fine_tuning
    if tuning is None:
        return
    name, cited = f"ft:{tuning.base}", (" ".join(tuning.source), tuning.checked)
    if tuning.training is not None:
        yield (name, "training", None, None, tuning.training, None, None, None, None, *cited)
    if tuning.training_per_hour is not None:
        yield (name, "training, an hour", None, None, tuning.training_per_hour, None, None, None, None, *cited)
    for tier, price in (("standard", tuning.standard), ("batch", tuning.batch)):
        if price:
            yield (name, tier, None, 0, *_amounts(price), *cited)


def _amounts(price: Price) -> tuple[Cell, ...]:
    return (price.input, price.cached_input, price.cache_write, price.cache_write_1h, price.output)


def validation_sheet(table: Pricing) -> Sheet:
    """Return a summary of a user's valid price table."""
    changed = [model for model in table.models if model.id in table.overlaid]
    return Sheet(
        title="",
        columns=("Model", "Name", "Prices"),
        rows=tuple((model.id, model.name, len(model.price)) for model in changed),
        document={**header(), "valid": True, "models": [model.id for model in changed]},
        answer=Answer(f"valid: {table.overlay}, with {plural(len(changed), 'model')}", "kept"),
        look=Look(fixed=("Model",)),
    )


def _sources(model: Model) -> set[str]:
    cited = {*model.limits_source, *(key for row in model.price for key in row.source)}
    return (
        cited
        | set(model.ratio.source if model.ratio else ())
        | set(model.fine_tuning.source if model.fine_tuning else ())
    )


def _notes(table: Pricing) -> tuple[str, ...]:
    checked = f"table checked on {table.checked}"
    return (checked, f"{table.overlay} is laid over it") if table.overlay else (checked,)
