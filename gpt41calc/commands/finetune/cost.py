"""The cost of fine-tuning, the truncated parts of examples, and the number of requests until it has paid for itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ...calculator.interval import Interval
from ...calculator.money import exactly, price_of
from ...calculator.summary import distribution
from ...pricing.schema import Model
from ...tally import Skipped
from .training import BreakEven, Cut, Example, Training, TrainingCost

__all__ = ["epochs_for", "training"]

_USUAL_EPOCHS = 3
_FEWEST_SEEN = 100
_MOST_SEEN = 25_000
_MOST_EPOCHS = 25


def epochs_for(examples: int) -> int:
    """Return the default number of epochs, by the rule of OpenAI's cookbook.

    It is three; for few examples more, up to 25, to reach about 100 trained examples; for many examples fewer, but at
    least one, to stay below 25,000.

    >>> [epochs_for(examples) for examples in (1, 5, 33, 34, 8333, 8334, 12_500, 12_501, 100_000)]
    [25, 20, 3, 3, 3, 2, 2, 1, 1]
    """
    if examples * _USUAL_EPOCHS < _FEWEST_SEEN:
        return min(_MOST_EPOCHS, _FEWEST_SEEN // max(examples, 1))
    if examples * _USUAL_EPOCHS > _MOST_SEEN:
        return max(1, _MOST_SEEN // examples)
    return _USUAL_EPOCHS


def training(
    path: str,
    examples: Mapping[str, Sequence[Example]],
    models: Sequence[Model],
    *,
    epochs: int | None,
    saves_tokens: int | None,
    on: date,
    checked: date,
    skipped: Sequence[Skipped] = (),
    overlay: str | None = None,
    config: str | None = None,
) -> Training:
    """Return the cost of training on examples with each of several models.

    Args:
        path: the file with the examples.
        examples: the counted examples, by identifier of the model.
        models: the models to train, at least one; the first one's tokens are shown.
        epochs: number of epochs. None for the rule of the cookbook.
        saves_tokens: tokens by which training makes prompts shorter. None if not given.
        on: the day whose prices and model statuses are used.
        checked: day on which the price table was last compared with its sources.
        skipped: lines that are not examples.
        overlay: path of the user's price table.
        config: path of the project file that gave options.
    """
    shown = examples[models[0].id]
    seen = epochs_for(len(shown)) if epochs is None else epochs
    with exactly():
        return Training(
            path=path,
            examples=len(shown),
            epochs=seen,
            is_auto=epochs is None,
            tokens=distribution(one.tokens for one in shown),
            answers=distribution(one.answer_tokens for one in shown),
            messages=distribution(one.messages for one in shown),
            preferences=sum(one.is_preference for one in shown),
            assumed_pictures=sum(one.assumed_pictures for one in shown),
            unlearned=tuple(one.place for one in shown if not one.is_learned),
            models=tuple(_with(model, examples[model.id], seen, saves_tokens, on) for model in models),
            skipped=tuple(skipped),
            as_of=on,
            pricing_checked=checked,
            overlay=overlay,
            config=config,
        )


def _with(model: Model, examples: Sequence[Example], epochs: int, saves_tokens: int | None, on: date) -> TrainingCost:
    tuning = model.fine_tuning
    longest = tuning.max_example if tuning else None
    cut = tuple(_cut(one, longest) for one in examples if longest is not None and one.tokens > longest)
    tokens = sum(one.tokens for one in examples) - sum(one.lost for one in cut)
    price = tuning.training if tuning else None
    trained = _trained(examples, longest).map(lambda count: count * epochs)
    cost = None if price is None else trained.map(lambda count: price_of(count, price))
    # A base that is shut down is not trained any more, however long the service itself goes on.
    closes = min(filter(None, (tuning.closes, model.shutdown)), default=None) if tuning else None
    return TrainingCost(
        model=model,
        status=model.status(on),
        base=tuning.base if tuning else None,
        max_example=longest,
        closes=closes,
        is_closed=closes is not None and on >= closes,
        tokens=tokens,
        cut=cut,
        trained_tokens=trained.value,
        trained_range=trained,
        cost=cost.value if cost else None,
        cost_range=cost,
        cost_reason=_why_not(model) if cost is None else None,
        break_even=None
        if cost is None or saves_tokens is None or not examples
        else _break_even(model, examples, cost.value, saves_tokens, on),
    )


def _trained(examples: Sequence[Example], longest: int | None) -> Interval[int]:
    """Return the tokens of all examples without what is cut off, with the bounds that they lie within."""
    sums = [0, 0, 0]
    for one in examples:
        below, above = one.margin
        for at, tokens in enumerate((max(0, one.tokens - below), one.tokens, one.tokens + above)):
            sums[at] += tokens if longest is None else min(tokens, longest)
    return Interval(*sums)


def _why_not(model: Model) -> str:
    if model.fine_tuning is None:
        return "no price for fine-tuning"
    return "no price by the token: it is trained by the hour"


def _cut(one: Example, longest: int) -> Cut:
    return Cut(one.place, one.tokens, one.tokens - longest, one.prompt_tokens >= longest)


def _break_even(
    model: Model, examples: Sequence[Example], training_cost: Decimal, saves_tokens: int, on: date
) -> BreakEven | None:
    """Compare a request to the fine-tuned model with one to its base, both of the mean length of the examples."""
    prompt = round(Decimal(sum(one.prompt_tokens for one in examples)) / len(examples))
    answer = round(Decimal(sum(one.last_answer_tokens for one in examples)) / len(examples))
    row = model.row(on=on, input_tokens=prompt + saves_tokens)
    if row is None or model.fine_tuning is None:
        return None
    base, tuned = row.standard, model.fine_tuning.standard
    dearer = prompt * (tuned.input - base.input) + answer * (tuned.output - base.output)
    saved = price_of(saves_tokens, base.input) - price_of(1, dearer)
    return BreakEven(
        saved_tokens=saves_tokens,
        prompt_tokens=prompt,
        answer_tokens=answer,
        base=price_of(prompt + saves_tokens, base.input) + price_of(answer, base.output),
        tuned=price_of(prompt, tuned.input) + price_of(answer, tuned.output),
        requests=math.ceil(training_cost / saved) if saved > 0 else None,
        # One more, so that something is saved.
        least_saved_tokens=max(0, math.floor(dearer / base.input) + 1) if base.input else None,
    )
