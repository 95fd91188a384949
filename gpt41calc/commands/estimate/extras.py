"""Additional parts of an estimate: breakdown, long-context results and migration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ...guidance import SHORTEST_PUBLISHED_TOKENS

if TYPE_CHECKING:
    from ...calculator.breakdown import Grouping
    from ...calculator.estimate import Estimate
    from ...pricing.table import Pricing

__all__ = ["MigrationOptions", "with_breakdown", "with_migration", "with_readings"]

_LONG_CONTEXT_TEST = "MRCR"
"""The long-context test with published results at the most input lengths."""


class MigrationOptions(NamedTuple):
    """Settings for the migration from deprecated models."""

    reasoning_tokens: int
    """Reasoning tokens of a replacement per request, in addition to the output."""


def with_breakdown(result: Estimate, grouping: Grouping | None) -> Estimate:
    """Return an estimate with the requested breakdown."""
    if grouping is None:
        return result
    from ...calculator.breakdown import as_text, break_down

    inputs = as_text(result.inputs, result.encoding, result.models[0].model.id)
    return replace(result, breakdown=break_down(inputs, result.encoding, grouping))


def with_readings(result: Estimate) -> Estimate:
    """Return an estimate with published long-context results at this input length."""
    if result.input_tokens < SHORTEST_PUBLISHED_TOKENS:
        return result
    from ...calculator.long_context import readings
    from ...guidance.load import load_benchmarks

    return replace(result, readings=readings(result.models, load_benchmarks(), _LONG_CONTEXT_TEST))


def with_migration(result: Estimate, options: MigrationOptions, table: Pricing) -> Estimate:
    """Return an estimate with the costs or savings of moving to replacements."""
    from ...calculator.migration import migrate

    found = migrate(
        result.inputs,
        [one for one in result.models if one.role == "variant"],
        result.workload,
        result.as_of,
        table.find,
        reasoning_tokens=options.reasoning_tokens,
        requests_per_month=result.requests_per_month,
    )
    return replace(result, migration=found)
