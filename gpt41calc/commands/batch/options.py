"""What is asked of a file of requests, as plain values."""

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
    """What is asked of a file of requests."""

    paths: Sequence[str]
    """The files, one request a line, at least one; ``-`` for standard input."""

    models: Sequence[Model] = ()
    """Models to run all requests with. None to run each with the model that it names."""

    variants: Sequence[Model]
    """What the same requests could be run with."""

    comparators: Sequence[Model]
    """What they are compared with."""

    forecast: OutputForecast
    """How long answers are, and by how much prompts differ from the model of them."""

    from_body: bool = False
    """Whether a body's own cap is the length of its answer, even if it is longer than what is expected."""

    assumed_image: Size | None = None
    """The size of pictures that are not measured."""

    partial: bool = False
    """Whether what cannot be counted of a request is left out, instead of the request."""

    on: date
    """The day whose prices hold."""

    pricing: Pricing
    """Where models are found."""

    limits: RateLimits
    """What a batch takes."""

    split_folder: str | None = None
    """A folder to write files into that a batch takes. None if nothing is written."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""

    @property
    def output_rule(self) -> str:
        """Where output tokens come from."""
        each = self.forecast.sentence
        return f"the cap of each body, else {each}" if self.from_body else f"{each}, or the cap of a body if it is less"
