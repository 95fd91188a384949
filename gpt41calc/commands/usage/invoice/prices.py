"""Price tokens that an invoice or a report has only as sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ....errors import UnknownModel
from ....pricing.fees import Fees
from ....pricing.price import Tier
from ....pricing.schema import Model
from ..answer import Answer, Usage
from ..charges import Priced, priced

__all__ = ["PriceFinder"]


@dataclass(frozen=True, slots=True)
class PriceFinder:
    """Look-up of prices by names of models."""

    find: Callable[[str], Model]
    """Returns the model with an identifier."""

    fees: Callable[[], Fees]
    """Returns the table of fees."""

    def name_of(self, model: str) -> str:
        """Return the identifier of a model in the table, or the name unchanged if it is not in the table."""
        try:
            return self.find(model).id
        except UnknownModel:
            return model

    def cost(self, model: str, tier: Tier, day: date, usage: Usage, requests: int) -> Decimal | None:
        """Return the cost of the tokens of several requests; None if the table has no price.

        The length step of the prices is that of the mean request.
        """
        answer = Answer(place="", model=model, tier=tier, day=day, usage=usage, requests=max(1, requests))
        try:
            one = priced(answer, self.find(model), day, self.fees)
        except UnknownModel:
            return None
        return one.charge.total if isinstance(one, Priced) else None
