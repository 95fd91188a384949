"""Options of ``batch``, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ...calculator.forecast import OutputForecast
from ...pricing.rate_limits import RateLimits
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...requests.pictures import Size

__all__ = ["BatchOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """Options for pricing files of requests."""

    paths: Sequence[str]
    """The files, one request per line, at least one; ``-`` for standard input."""

    models: Sequence[Model] = ()
    """Models to run all requests with. Empty to run each request with the model that it names."""

    variants: Sequence[Model]
    """Other models that the requests could be run with."""

    comparators: Sequence[Model]
    """Models to compare with."""

    forecast: OutputForecast
    """Expected length of answers, and expected difference between billed and counted prompts."""

    from_body: bool = False
    """Whether the output limit in a body is used as the length of its answer, even if it exceeds the expected length.
    """

    assumed_image: Size | None = None
    """Size assumed for pictures that cannot be measured. None for the size that takes the most tokens."""

    partial: bool = False
    """Whether parts of a request that cannot be counted are left out, instead of the whole request."""

    on: date
    """The day whose prices apply."""

    pricing: Pricing
    """The price table."""

    limits: RateLimits
    """The limits of batch files and queues."""

    split_folder: str | None = None
    """Folder into which the requests are written as valid batch files. None if nothing is written."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    @property
    def output_rule(self) -> str:
        """The source of output token numbers, as a phrase."""
        each = self.forecast.sentence
        return f"the cap of each body, else {each}" if self.from_body else f"{each}, or the cap of a body if it is less"
