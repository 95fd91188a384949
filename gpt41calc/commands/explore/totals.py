"""Fit and cost of what is counted, before and after something is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ...calculator.context import input_tokens
from ...calculator.model_estimate import ModelEstimate, estimate_model
from ...calculator.money import exactly
from ...calculator.workload import Workload
from ...errors import WorkloadError
from ...pricing.schema import Model
from ...tally import Tally
from .view import Sums, View

__all__ = ["Setting", "Totals", "estimate_of", "totals_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the tokens are priced as."""

    model: Model
    """The model."""

    workload: Workload
    """Output tokens, cached tokens and tier of a request; it is one request."""

    on: date
    """The day whose prices and statuses are used."""

    def tokens_of(self, counted: int) -> int:
        """Return the tokens of the model, given those in the encoding that it is counted in."""
        return input_tokens(counted, self.model).value


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is counted, as a request to one model."""

    setting: Setting
    """The model and the workload."""

    counted: Sums
    """The files that are not left out."""

    whole: Sums
    """All files."""

    now: ModelEstimate
    """Fit and cost of the files that are not left out."""

    before: ModelEstimate
    """Fit and cost of all files."""

    patterns: int
    """How many patterns leave something out."""

    @property
    def change(self) -> Decimal | None:
        """Difference that the patterns make to a request, in US dollars. None if a cost is not known."""
        if self.now.cost is None or self.before.cost is None:
            return None
        with exactly():
            return self.now.cost.per_request - self.before.cost.per_request

    def cost_of(self, counted: int) -> Decimal | None:
        """Return a part's share of the cost of the input, in US dollars. None if that is not known.

        Args:
            counted: tokens of the part, in the encoding that the model is counted in.
        """
        # What is left out is priced like the rest: with the cache, and with the price of a long input.
        whole, cost = (self.counted, self.now.cost) if self.counted.tokens else (self.whole, self.before.cost)
        if cost is None or not whole.tokens:
            return None
        return counted * (cost.input + cost.cached_input) / whole.tokens


def totals_of(view: View, setting: Setting) -> Totals:
    """Return fit and cost of what is counted in a view."""
    return Totals(
        setting=setting,
        counted=view.counted,
        whole=view.whole,
        now=estimate_of(view.counted.tokens, setting),
        before=estimate_of(view.whole.tokens, setting),
        patterns=len(view.excluded),
    )


def estimate_of(tokens: int, setting: Setting) -> ModelEstimate:
    """Return fit and cost of so many tokens; the cost is not known if more of them are cached than there are."""
    model, workload = setting.model, setting.workload
    tally = Tally.given({model.counted_in: tokens})
    with exactly():
        try:
            return estimate_model(tally, model.counted_in, model, "variant", workload, setting.on)
        except WorkloadError as error:
            without = replace(workload, cached_tokens=0)
            found = estimate_model(tally, model.counted_in, model, "variant", without, setting.on)
            return found._replace(cost=None, cost_reason=str(error))
