"""The report of ``finetune``: the cost of training with every model, and the lengths of the examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ...calculator.summary import Distribution
from ...pricing.schema import Model
from ...render.answer import Answer
from ...render.cells import Money
from ...render.escape import as_unicode
from ...render.json import plain_decimal
from ...render.json_fields import header, name_or_none, path_keys, skip_keys
from ...render.model_names import model_name_keys, model_name_notes, names_taken
from ...render.numbers import dollars, number, plural
from ...render.sentences import status_sentence
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...render.skipped import lost_lines
from ...render.surcharges import charge_keys, surcharge_summary
from .training import BreakEven, Cut, Training, TrainingCost

__all__ = ["examples_sheet", "training_document", "training_sheet"]

_MOST_LISTED = 5


def training_sheet(training: Training, *, exact: bool = False) -> Sheet:
    """Return a row per model with its training tokens and cost, rounded for people or exact for programs."""
    shows_break_even = any(one.break_even for one in training.models)
    notes, explained = short_notes(_notes(training))
    return Sheet(
        title="",
        answer=_answer(training),
        columns=("Model", "Snapshot", "Tokens", "Cut off", "Trained tokens", "Training $")
        + (("Paid for after requests",) if shows_break_even else ()),
        rows=tuple(_row(one, shows_break_even=shows_break_even, exact=exact) for one in training.models),
        document=training_document(training),
        notes=notes,
        explained=explained,
        look=Look(
            expendable=("Tokens", "Cut off", "Snapshot"),
            fixed=("Model", "Snapshot"),
            styles=tuple("dim" if one.is_closed or one.status == "retired" else "" for one in training.models),
        ),
        quiet=tuple(plain_decimal(one.cost) for one in training.models[:1] if one.cost is not None),
    )


def examples_sheet(training: Training) -> Sheet:
    """Return the lengths of the examples, a row per kind of length."""
    kinds = (
        ("tokens of an example", training.tokens),
        ("tokens of its answers", training.answers),
        ("messages of an example", training.messages),
    )
    return Sheet(
        title="how long the examples are",
        columns=("Of", "Sum", "Mean", "Shortest", "Median", "P90", "P95", "P99", "Longest"),
        rows=tuple((name, *_distribution_cells(found)) for name, found in kinds if found),
        look=Look(expendable=("P99", "P90", "Mean")),
    )


def _answer(training: Training) -> Answer:
    """Return a sentence with the cost of training the first trainable model, and the cheapest if it differs."""
    rule = " (auto)" if training.is_auto else ""
    of = f"{plural(training.examples, 'example')}, {plural(training.epochs, 'epoch')}{rule}"
    least = "at least " if training.skipped else ""
    priced = [one for one in training.models if one.cost is not None]
    first = next((one for one in priced if not one.is_closed), priced[0] if priced else None)
    if first is None or first.cost is None:
        return Answer(f"no price: training on {of}", "not known" if training.skipped else None)
    text = f"{least}{dollars(first.cost)} to train {first.model.name} on {of}: {_trained_tokens(first)}"
    others = [(one.cost, one) for one in priced if not one.is_closed and one.cost is not None]
    cheapest, other = min(others, key=lambda each: each[0], default=(first.cost, first))
    if other is not first:
        text += f"; {other.model.name} {dollars(cheapest)}"
    if first.is_closed:
        text += f", but fine-tuning has been closed since {first.closes}"
    return Answer(text, "not known" if training.skipped else None)


def _trained_tokens(one: TrainingCost) -> str:
    """Say how many tokens are trained on, and what they lie between if they are not exact."""
    seen = one.trained_range
    tokens = f"{number(seen.value)} tokens"
    if seen.is_exact:
        return tokens
    prices = f", {dollars(one.cost_range.low)} to {dollars(one.cost_range.high)}" if one.cost_range else ""
    return f"{tokens} ({number(seen.low)} to {number(seen.high)}{prices})"


def _row(one: TrainingCost, *, shows_break_even: bool, exact: bool) -> tuple[Cell, ...]:
    lost = sum(cut.lost for cut in one.cut)
    cost = one.cost if exact or one.cost is None else Money(one.cost)
    pays = ((one.break_even.requests if one.break_even else None),) if shows_break_even else ()
    return (one.model.id, one.base, one.tokens, lost, one.trained_tokens if one.base else None, cost, *pays)


def _distribution_cells(found: Distribution) -> tuple[Cell, ...]:
    mean = found.mean.quantize(Decimal("0.1"))
    return (found.total, mean, found.least, found.p50, found.p90, found.p95, found.p99, found.most)


def _notes(training: Training) -> Iterator[str]:
    """Yield notes on lost lines, shutdown dates, and the basis of the numbers."""
    lost = list(lost_lines(training.skipped))
    yield from lost[:1]
    if training.config:
        yield f"options from {training.config}"
    yield from model_name_notes(names_taken(one.model for one in training.models))
    yield from _charge_notes([one.model for one in training.models])
    yield from _cut_notes(training)
    yield from _example_notes(training)
    for one in training.models:
        if one.cost_reason:
            yield f"{one.model.name}: {one.cost_reason}"
    yield from _endings(training)
    for one in training.models:
        if one.break_even:
            yield f"{one.model.name}: {break_even_sentence(one.break_even)}"
    if training.is_auto and training.examples:
        seen = number(training.examples * training.epochs)
        yield f"epochs by the rule of OpenAI's cookbook: {seen} examples are seen; --epochs N sets another number"
    yield f"prices of {training.as_of} (table checked {training.pricing_checked})"
    yield "tokens: exact text and the overhead of messages, names and tools, as OpenAI's cookbook counts them"
    if training.overlay:
        yield f"prices from {training.overlay} are laid over the shipped table"
    yield from lost[1:]


def _charge_notes(models: Sequence[Model]) -> Iterator[str]:
    """Yield charges on top of list prices, which are in the costs of requests and not in that of training."""
    yield from surcharge_summary(models)
    if any(model.uplift_percent or model.fee for model in models):
        yield "the price of training has no uplift and no fee: they are charged for requests to the trained model"


def _example_notes(training: Training) -> Iterator[str]:
    """Yield a sentence for each unusual group of examples."""
    if training.preferences:
        yield f"{plural(training.preferences, 'example')} of preference data: the prompt once, and both answers"
    if 0 < training.preferences < training.examples:
        others = plural(training.examples - training.preferences, "example")
        yield f"{others} in the chat format beside preference data: a training job takes one format"
    if training.assumed_pictures:
        yield f"{plural(training.assumed_pictures, 'picture')} of assumed size (--assume-image WxH)"
    if training.unlearned:
        named = ", ".join(training.unlearned[:_MOST_LISTED])
        more = ", …" if len(training.unlearned) > _MOST_LISTED else ""
        yield f"{plural(len(training.unlearned), 'example')} in which every answer has weight 0: {named}{more}"


def _endings(training: Training) -> Iterator[str]:
    """Yield sentences about the end of fine-tuning and about shut-down models, each once."""
    closes = sorted({one.closes for one in training.models if one.closes})
    for day in closes:
        is_closed = training.as_of >= day
        names = ", ".join(one.model.name for one in training.models if one.closes == day)
        verb = "has been closed since" if is_closed else "closes on"
        yield f"fine-tuning {verb} {day}: no new training job from then on ({names})"
    for one in training.models:
        if one.status == "retired":
            yield f"{one.model.name}: {status_sentence(one.model, one.status)}"


def _cut_notes(training: Training) -> Iterator[str]:
    """Yield a note on examples that are too long, once per limit."""
    listed: set[int | None] = set()
    for one in training.models:
        if not one.cut or one.max_example in listed:
            continue
        listed.add(one.max_example)
        lost = sum(cut.lost for cut in one.cut)
        yield (
            f"{plural(len(one.cut), 'example')} over {number(one.max_example or 0)} tokens: "
            f"the last {plural(lost, 'token')} of {'it' if len(one.cut) == 1 else 'them'} are cut off and not learned"
        )
        for cut in one.cut[:_MOST_LISTED]:
            yield f"  {cut_sentence(cut)}"
        if len(one.cut) > _MOST_LISTED:
            yield f"  and {plural(len(one.cut) - _MOST_LISTED, 'more example')}; --json lists every one"


def cut_sentence(cut: Cut) -> str:
    """Return a sentence with the truncated part of an example.

    >>> cut_sentence(Cut("a.jsonl:7", 70_000, 4_464, loses_answer=True))
    'a.jsonl:7: 70,000 tokens, 4,464 too many; nothing is left of its last answer'
    """
    answer = "; nothing is left of its last answer" if cut.loses_answer else ""
    return f"{cut.place}: {number(cut.tokens)} tokens, {number(cut.lost)} too many{answer}"


def break_even_sentence(even: BreakEven) -> str:
    """Return a sentence that says when training has paid for itself, and for which request."""
    of = (
        f"a request of {number(even.prompt_tokens + even.saved_tokens)} tokens to the base costs {dollars(even.base)}, "
        f"one of {number(even.prompt_tokens)} to the fine-tuned model {dollars(even.tuned)} "
        f"(answers of {plural(even.answer_tokens, 'token')})"
    )
    if even.requests is not None:
        return f"{of}: training is paid for after {plural(even.requests, 'request')}"
    least = even.least_saved_tokens
    needed = f"; {plural(least, 'token')} would have to be saved to begin with" if least is not None else ""
    return f"{of}: training is never paid for{needed}"


def training_document(training: Training) -> dict[str, Any]:
    """Return the document of ``finetune``."""
    return {
        **header(),
        **model_name_keys(names_taken(one.model for one in training.models)),
        "as_of": training.as_of.isoformat(),
        "pricing": {"checked": training.pricing_checked.isoformat(), "overlay": name_or_none(training.overlay)},
        **({"config": name_or_none(training.config)} if training.config else {}),
        **path_keys(training.path),
        "complete": not training.skipped,
        "exactness": "modelled",
        "examples": {
            "count": training.examples,
            "tokens": _distribution_keys(training.tokens),
            "answer_tokens": _distribution_keys(training.answers),
            "messages": _distribution_keys(training.messages),
            "preferences": training.preferences,
            "assumed_pictures": training.assumed_pictures,
            "unlearned": [as_unicode(place) for place in training.unlearned],
        },
        "epochs": training.epochs,
        "epochs_auto": training.is_auto,
        "models": [_model(one) for one in training.models],
        "skipped": [skip_keys(one) for one in training.skipped],
    }


def _distribution_keys(found: Distribution | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "sum": found.total,
        "mean": found.mean.quantize(Decimal("0.01")),
        "min": found.least,
        "p50": found.p50,
        "p90": found.p90,
        "p95": found.p95,
        "p99": found.p99,
        "max": found.most,
    }


def _range(one: TrainingCost) -> dict[str, Any]:
    """Return what the trained tokens and their cost lie between."""
    keys: dict[str, Any] = {"low": one.trained_range.low, "high": one.trained_range.high}
    return keys | ({"cost_low": one.cost_range.low, "cost_high": one.cost_range.high} if one.cost_range else {})


def _model(one: TrainingCost) -> dict[str, Any]:
    return {
        "id": one.model.id,
        "status": None if one.status == "unreleased" else one.status,
        "base": one.base,
        "closes": one.closes.isoformat() if one.closes else None,
        "closed": one.is_closed,
        "max_example_tokens": one.max_example,
        "tokens": one.tokens,
        "cut": [
            {"place": as_unicode(cut.place), "tokens": cut.tokens, "lost": cut.lost, "loses_answer": cut.loses_answer}
            for cut in one.cut
        ],
        **charge_keys(one.model),
        "trained_tokens": one.trained_tokens,
        **({} if one.trained_range.is_exact else _range(one)),
        "cost": one.cost,
        **({"cost_reason": one.cost_reason} if one.cost_reason else {}),
        **({"break_even": _break_even(one.break_even)} if one.break_even else {}),
    }


def _break_even(even: BreakEven) -> dict[str, Any]:
    return {
        "saved_tokens": even.saved_tokens,
        "prompt_tokens": even.prompt_tokens,
        "answer_tokens": even.answer_tokens,
        "base_per_request": even.base,
        "tuned_per_request": even.tuned,
        "requests": even.requests,
        "least_saved_tokens": even.least_saved_tokens,
    }
