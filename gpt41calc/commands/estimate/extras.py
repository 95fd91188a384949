"""What an estimate says besides fit and cost: how well the input is read, and what comes after the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ...cli.options import Migrating
from ...cli.parse import parse_count
from ...errors import UsageError
from ...guidance import SHORTEST_PUBLISHED_TOKENS

if TYPE_CHECKING:
    from ...calculator.estimate import Estimate
    from ...pricing.schema import Model
    from ...pricing.table import Pricing

__all__ = ["replacements", "with_what_comes_after"]

_READING_TEST = "MRCR"
"""The test of reading that was published at the most lengths."""


def replacements(migrating: Migrating, models: Sequence[Model], table: Pricing, on: date) -> list[Model]:
    """Return the models to move to, if they are asked for.

    Raises:
        UsageError: there are reasoning tokens, and nobody to use them.
    """
    if not migrating.migrate:
        if migrating.reasoning_tokens is not None:
            message = "--reasoning-tokens only goes with --migrate"
            raise UsageError(message)
        return []
    from ...calculator.migration import successor

    return [found for model in models if (found := successor(model, table.find, on))]


def with_what_comes_after(result: Estimate, migrating: Migrating, table: Pricing) -> Estimate:
    """Return an estimate with how well so long an input is read, and the models to move to if they are asked for."""
    if result.input_tokens >= SHORTEST_PUBLISHED_TOKENS:
        from ...calculator.long_context import readings
        from ...guidance.load import load_benchmarks

        result = replace(result, readings=readings(result.models, load_benchmarks(), _READING_TEST))
    if not migrating.migrate:
        return result
    from ...calculator.migration import DEFAULT_REASONING_TOKENS, migrate

    given, a_month = migrating.reasoning_tokens, migrating.requests_per_month
    return migrate(
        result,
        table.find,
        reasoning_tokens=DEFAULT_REASONING_TOKENS if given is None else parse_count(given, "--reasoning-tokens"),
        requests_per_month=None if a_month is None else parse_count(a_month, "--requests-per-month"),
    )
