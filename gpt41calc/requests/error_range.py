"""The range of billed minus counted tokens of a request, from recorded calls of its kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from ..calculator.images import image_tokens
from ..pricing.anthropic_rules import AnthropicRules
from ..pricing.schema import Model
from ..pricing.token_rules import BodyKind, ErrorRange
from .blocks import Measured
from .functions import is_nested
from .request import Call, Request

__all__ = ["ErrorBounds", "body_kinds", "error_bounds", "error_range"]


class ErrorBounds(NamedTuple):
    """How many tokens lower and higher the billed count of a request may be, by its counted tokens."""

    fewer: int
    """Tokens by which it may be lower, whatever is counted."""

    more: int
    """Tokens by which it may be higher, whatever is counted."""

    rules: tuple[ErrorRange, ...] = ()
    """Ranges of the kinds that apply to the request, the widest of which is added."""

    def of(self, counted: int) -> tuple[int, int]:
        """Return how many tokens lower and higher the billed count may be for a number of counted tokens."""
        below = above = 0
        for one in self.rules:
            below = max(below, one.below + math.ceil(counted * one.below_percent / 100))
            above = max(above, one.above + math.ceil(counted * one.above_percent / 100))
        return below + self.fewer, above + self.more


def error_range(measured: Measured, model: Model, counted: int) -> tuple[int, int]:
    """Return how many tokens lower and higher the billed count may be, for 95 of 100 calls.

    Args:
        measured: the request.
        model: the model.
        counted: its counted tokens.

    Returns:
        The widest range of all kinds that apply to the request; (0, 0) if there is none.
    """
    return error_bounds(measured, model).of(counted)


def error_bounds(measured: Measured, model: Model) -> ErrorBounds:
    """Return the bounds for a request and a model; they are the same for requests that differ only in their texts."""
    if model.anthropic is not None and measured.request.messages_body is not None:
        return ErrorBounds(*_anthropic_range(measured, model, model.anthropic))
    fewer, more = _unmeasured(measured, model)
    rules = model.rules_for(measured.request.endpoint)
    if rules is None or not measured.request.messages:
        return ErrorBounds(fewer, more)
    kinds = set(body_kinds(measured.request, has_pictures=bool(measured.pictures)))
    return ErrorBounds(fewer, more, tuple(one for one in rules.error if one.kind in kinds))


def _anthropic_range(measured: Measured, model: Model, rules: AnthropicRules) -> tuple[int, int]:
    """Return the same for a Messages body: the range of the family's rules, and one token per picture."""
    below, above = (rules.tools_below, rules.tools_above) if measured.request.tools else (0, 0)
    pictures = len(measured.pictures)
    # A picture of unknown size is counted as the largest, and may be the smallest.
    unknown = sum(one.tokens(model, measured.assumed) for one in measured.pictures if one.is_assumed(model))
    return rules.text_margin + below + pictures + unknown, rules.text_margin + above + pictures


def _unmeasured(measured: Measured, model: Model) -> tuple[int, int]:
    """Return how many tokens less and more the pictures may take whose size or rule is not known.

    A picture of unknown size is counted as the largest, so it can only take less. A picture of a model without a known
    rule is counted as 0, and may take as much as with any model of its generation.
    """
    if not measured.pictures:
        return 0, 0
    if model.images is None:
        return 0, len(measured.pictures) * model.token_numbers(measured.request.endpoint).get("picture_most", 0)
    smallest = image_tokens(model.images, 1, 1)
    unknown = [one for one in measured.pictures if one.is_assumed(model) and measured.assumed is None]
    return sum(one.tokens(model) - smallest for one in unknown), 0


def body_kinds(request: Request, *, has_pictures: bool) -> Iterator[BodyKind]:
    """Yield the features of a request that make its count less certain; only ``text`` if there are none."""
    calls = [sum(isinstance(part, Call) for part in message.parts) for message in request.messages]
    kinds: dict[BodyKind, bool] = {
        "names": any(message.name for message in request.messages if message.answers is None),
        "functions": bool(request.tools),
        "nested": is_nested(request.tools),
        "history": any(calls) or any(message.answers is not None for message in request.messages),
        "parallel": any(number > 1 or (number and after) for number, after in zip(calls, [*calls[1:], 0], strict=True)),
        "schema": request.schema is not None,
        "pictures": has_pictures,
    }
    yield from (kind for kind, holds in kinds.items() if holds)
    if not any(kinds.values()):
        yield "text"
