"""Estimate for a given number of tokens, without reading any input."""

from __future__ import annotations

from dataclasses import replace

from ...calculator.estimate import Estimate, estimate_tally
from ...pricing.schema import Model
from ...tally import Tally
from .compared import comparators
from .options import EstimateOptions

__all__ = ["given_tokens"]


def given_tokens(options: EstimateOptions, tokens: int) -> Estimate:
    """Return the estimate for a given number of input tokens per request, with every model.

    The number is taken as billed by each model, so no ratio is applied.

    Raises:
        WorkloadError: more cached tokens are given than input tokens.
    """
    models, versus = (
        [_as_given(model) for model in some] for some in (options.models, comparators(options.models, options))
    )
    result = estimate_tally(
        Tally.given({model.counted_in: tokens for model in (*models, *versus)}),
        models,
        versus,
        options.workload,
        on=options.on,
        checked=options.pricing.checked,
        overlay=options.pricing.overlay,
        config=options.config,
    )
    return replace(result, is_given=True)


def _as_given(model: Model) -> Model:
    """Return a model without its ratio, so that its tokens are not estimated."""
    return model if model.ratio is None else replace(model, ratio=None, encoding=model.ratio.of)
