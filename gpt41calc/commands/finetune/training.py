"""Training examples, and the cost of training on them."""

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
    """One training example."""

    place: str
    """Its location: file and line."""

    tokens: int
    """Tokens of the whole conversation."""

    prompt_tokens: int
    """Tokens before the last answer; in preference data, before both answers."""

    answer_tokens: int
    """Tokens of all messages of the assistant; in preference data, of both answers."""

    last_answer_tokens: int
    """Tokens of the last message of the assistant; in preference data, of the preferred answer."""

    messages: int
    """Number of messages."""

    is_learned: bool = True
    """Whether at least one message of the assistant has a weight other than 0."""

    is_preference: bool = False
    """Whether it is a prompt with a preferred and another answer."""

    assumed_pictures: int = 0
    """Number of pictures counted with an assumed size."""

    margin: tuple[int, int] = (0, 0)
    """By how many tokens it may be lower and higher than ``tokens``: what is around functions, calls and pictures."""


@dataclass(frozen=True, slots=True)
class Cut:
    """An example that is too long for training, so that its end is truncated."""

    place: str
    """Its location: file and line."""

    tokens: int
    """Number of its tokens."""

    lost: int
    """Number of truncated tokens."""

    loses_answer: bool
    """Whether nothing is left of the last answer, so that nothing is learned from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """The number of requests after which a fine-tuned model with a shorter prompt is cheaper than its base."""

    saved_tokens: int
    """Tokens by which the prompt is shorter with the fine-tuned model."""

    prompt_tokens: int
    """Tokens of a prompt for the fine-tuned model: the mean of the examples."""

    answer_tokens: int
    """Tokens of an answer: the mean of the examples."""

    base: Decimal
    """Cost of a request to the base model with the longer prompt, in US dollars."""

    tuned: Decimal
    """Cost of a request to the fine-tuned model, in US dollars."""

    requests: int | None
    """Number of requests after which training has paid for itself. None if it never does, because a request costs as
    much or more.
    """

    least_saved_tokens: int | None
    """Tokens that have to be saved so that a request becomes cheaper. None if no number is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCost:
    """The cost of training one model."""

    model: Model
    """The model."""

    status: Status
    """Status of the model on the day of the report."""

    base: str | None
    """The snapshot that is trained. None if the model cannot be fine-tuned."""

    max_example: int | None
    """Longest training example, in tokens. None if no limit is known."""

    closes: date | None
    """First day on which no new training job is accepted. None if none is announced."""

    is_closed: bool
    """Whether that day has come."""

    tokens: int
    """Tokens of all examples, without truncated ones."""

    cut: tuple[Cut, ...]
    """Truncated examples."""

    trained_tokens: int
    """Billed training tokens: the tokens of all examples times the number of epochs."""

    trained_range: Interval[int]
    """The same with the bounds that they lie within."""

    cost: Decimal | None
    """Cost of the training in US dollars. None if there is no price for it."""

    cost_range: Interval[Decimal] | None
    """Cost of the training with its bounds, in US dollars. None if there is no price for it."""

    cost_reason: str | None
    """Why there is no price, as a phrase. None if there is one."""

    break_even: BreakEven | None = None
    """The break-even point. None if it was not requested or there is no price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """A file of examples, and the cost of training on it."""

    path: str
    """Path of the file."""

    examples: int
    """Number of usable examples."""

    epochs: int
    """Number of epochs."""

    is_auto: bool
    """Whether the number of epochs was derived from the number of examples."""

    tokens: Distribution | None
    """Distribution of tokens per example. None if there is no example."""

    answers: Distribution | None
    """Distribution of the tokens of the assistant's messages per example. None if there is no example."""

    messages: Distribution | None
    """Distribution of messages per example. None if there is no example."""

    preferences: int
    """Number of examples that are preference data."""

    assumed_pictures: int
    """Number of pictures counted for the first model with an assumed size."""

    unlearned: tuple[str, ...]
    """Locations of examples from which nothing is learned, because every answer has weight 0."""

    models: tuple[TrainingCost, ...]
    """One result per model, in the order given by the user."""

    skipped: tuple[Skipped, ...]
    """Lines that are not examples, with reasons: without them, all sums are lower bounds."""

    as_of: date
    """The day whose prices and model statuses are used."""

    pricing_checked: date
    """Day on which the price table was last compared with its sources."""

    overlay: str | None = None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""
