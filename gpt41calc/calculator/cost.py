"""The cost of a workload: tokens times prices, in exact decimals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..errors import WorkloadError
from ..pricing.price import Price
from ..pricing.schema import Model
from .context import input_tokens, widened
from .interval import Interval
from .money import price_of
from .workload import Workload

__all__ = ["Cost", "cost"]


class Cost(NamedTuple):
    """The cost of a workload with one model, in US dollars, unrounded."""

    input: Decimal
    """Cost of the input tokens of one request that are not read from the cache."""

    cached_input: Decimal
    """Cost of the input tokens of one request that are read from the prompt cache."""

    output: Decimal
    """Cost of the output tokens of one request."""

    per_request: Decimal
    """Cost of one request: input, cached input, output and fees together."""

    total: Interval[Decimal]
    """Cost of all requests."""

    fees: Decimal = Decimal(0)
    """Fees of one request that do not depend on its tokens."""


def cost(
    counted: int,
    workload: Workload,
    model: Model,
    on: date,
    *,
    added: int = 0,
    margin: tuple[int, int] = (0, 0),
) -> Cost | str:
    """Return the cost of a workload, or a phrase that says why it has no price.

    Args:
        counted: tokens of the text of one request, in the encoding that the model is counted in.
        workload: output tokens, requests and tier.
        model: the model whose prices apply.
        on: the day whose prices apply.
        added: tokens that the model's rules add to the text of one request.
        margin: tokens by which the input may be lower, and higher, than that.

    Raises:
        WorkloadError: more tokens are given as cached than the input has.
    """
    workload = workload.cached_of(counted + added)
    if workload.cached_tokens > counted + added:
        message = f"{workload.cached_tokens:,} cached tokens are more than the {counted + added:,} tokens of the input"
        raise WorkloadError(
            message, hint="--cached-tokens counts the part of each request's input that the cache serves"
        )
    # Each bound is scaled separately: a difference of two rounded numbers could fall where the tokens rise.
    text = min(workload.cached_tokens, counted)
    more = workload.cached_tokens - text
    fresh = widened(input_tokens(counted - text, model).map(lambda tokens: tokens + added - more), margin)
    cached = input_tokens(text, model).map(lambda tokens: tokens + more)
    low, value, high = (
        _one_request(uncached, served, workload, model, on)
        for uncached, served in ((fresh.low, cached.low), (fresh.value, cached.value), (fresh.high, cached.high))
    )
    if low is None or value is None or high is None:
        return _why_not(workload, model, on)
    return Cost(
        input=value[0],
        cached_input=value[1],
        output=value[2],
        fees=model.fee,
        per_request=sum(value, model.fee),
        total=Interval(*(sum(parts, model.fee) * workload.requests for parts in (low, value, high))),
    )


def _one_request(
    fresh: int, cached: int, workload: Workload, model: Model, on: date
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Return the cost of uncached input, cached input and output of one request, in US dollars."""
    row = model.row(on=on, input_tokens=fresh + cached)
    price = row.of(workload.tier) if row else None
    if price is None:
        return None
    return (
        price_of(fresh, price.input),
        price_of(cached, _cached_price(price)),
        price_of(workload.output_tokens, price.output),
    )


def _cached_price(price: Price) -> Decimal:
    """Return the price of a cached token; without a published discount, that of an uncached token."""
    return price.input if price.cached_input is None else price.cached_input


def _why_not(workload: Workload, model: Model, on: date) -> str:
    if on < min(row.since for row in model.price):
        return f"no price on {on}: the first one holds since {min(row.since for row in model.price)}"
    return f"no price for the {workload.tier} tier"
