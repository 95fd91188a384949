"""Training examples, and what training on them costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...calculator.interval import Interval
from ...calculator.summary import Distribution
from ...pricing.schema import Model, Status
from ...tally import Skipped

__all__ = ["BreakEven", "Cut", "Example", "Training", "TrainingCost"]


@dataclass(frozen=True, slots=True)
class Example:
    """One conversation to learn from."""

    place: str
    """Where it is: file and line."""

    tokens: int
    """Tokens of the whole conversation."""

    prompt_tokens: int
    """Tokens of it before the last answer; of preference data, before both answers."""

    answer_tokens: int
    """Tokens of all messages of the assistant; of preference data, of both answers."""

    last_answer_tokens: int
    """Tokens of the last message of the assistant; of preference data, of the preferred answer."""

    messages: int
    """How many messages it has."""

    is_learned: bool = True
    """Whether some message of the assistant has a weight other than 0."""

    is_preference: bool = False
    """Whether it is a prompt with two answers, of which one is preferred."""

    assumed_pictures: int = 0
    """Pictures that are counted by a size that was not measured."""

    margin: tuple[int, int] = (0, 0)
    """By how many tokens it may be lower and higher than ``tokens``: what is around functions, calls and pictures."""


@dataclass(frozen=True, slots=True)
class Cut:
    """An example that is longer than training takes: its end is left out."""

    place: str
    """Where it is: file and line."""

    tokens: int
    """How many tokens it has."""

    lost: int
    """How many of them are left out."""

    loses_answer: bool
    """Whether nothing is left of the last answer, which is what there was to learn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """When a fine-tuned model with a short prompt has become cheaper than its base with a longer one."""

    saved_tokens: int
    """Tokens of the prompt that the fine-tuned model does not need."""

    prompt_tokens: int
    """Tokens of a prompt with the fine-tuned model: the mean of the examples."""

    answer_tokens: int
    """Tokens of an answer: the mean of the examples."""

    base: Decimal
    """US dollars of a request to the base model, with the longer prompt."""

    tuned: Decimal
    """US dollars of a request to the fine-tuned model."""

    requests: int | None
    """After how many requests training is paid for. None if it never is, since a request costs as much or more."""

    least_saved_tokens: int | None
    """Tokens that must be saved for a request to become cheaper at all. None if no number is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCost:
    """What training one model costs."""

    model: Model
    """Which model."""

    status: Status
    """Where it stands on the day of the report."""

    base: str | None
    """The snapshot that is trained. None if it cannot be fine-tuned."""

    max_example: int | None
    """Most tokens of an example. None if no limit is known."""

    closes: date | None
    """First day on which no new training job is accepted, if there is one."""

    is_closed: bool
    """Whether that day has come."""

    tokens: int
    """Tokens of all examples, without what is cut off."""

    cut: tuple[Cut, ...]
    """Examples that are too long."""

    trained_tokens: int
    """Tokens that are charged: those of all examples, once for each epoch."""

    trained_range: Interval[int]
    """The same with the bounds that they lie within."""

    cost: Decimal | None
    """US dollars of the training. None if there is no price for it."""

    cost_range: Interval[Decimal] | None
    """The same with its bounds."""

    cost_reason: str | None
    """Why there is no price."""

    break_even: BreakEven | None = None
    """When it has paid for itself, if that was asked and there is a price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A file of examples, and what it costs to train on it."""

    path: str
    """The file."""

    examples: int
    """How many can be used."""

    epochs: int
    """How often each is seen."""

    is_auto: bool
    """Whether the number of epochs follows from the number of examples."""

    tokens: Distribution | None
    """Tokens of an example. None if there is no example."""

    answers: Distribution | None
    """Tokens of the assistant's messages in an example."""

    messages: Distribution | None
    """Messages of an example."""

    preferences: int
    """How many examples are preference data: a prompt, and two answers."""

    assumed_pictures: int
    """Pictures that are counted by a size that was not measured, with the first model."""

    unlearned: tuple[str, ...]
    """Where the examples are of which nothing is learned: every answer has weight 0."""

    models: tuple[TrainingCost, ...]
    """One for each model, in the order asked."""

    skipped: tuple[Skipped, ...]
    """Lines that are no examples: without them, all sums are lower bounds."""

    as_of: date
    """The day whose prices and statuses hold."""

    pricing_checked: date
    """Day on which the price table was last read against its sources."""

    overlay: str | None = None
    """Path of the user's price table, if one was laid over the shipped one."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""
