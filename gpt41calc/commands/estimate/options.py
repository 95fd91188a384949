"""What to estimate, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ...calculator.forecast import OutputForecast
from ...calculator.workload import Workload
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.source import DEFAULT_RULES, Rules
from .extras import MigrationOptions

if TYPE_CHECKING:
    from ...calculator.breakdown import Grouping
    from ...calculator.order import Order
    from ...endpoints.ask import EndpointOptions
    from ...requests.detect import Kind
    from ...requests.pictures import Size

__all__ = ["EstimateOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateOptions:
    """What to estimate, with which models and prices."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input."""

    strings: Sequence[str] = ()
    """Texts that are inputs themselves."""

    rules: Rules = DEFAULT_RULES
    """Which files of folders are counted."""

    models: Sequence[Model]
    """The variants, at least one."""

    adds_models_of_requests: bool = False
    """Whether the models that bodies of requests name are variants, too, before the others."""

    versus: Sequence[Model] = ()
    """The comparators."""

    workload: Workload
    """How often the request is made, and what comes with its input."""

    forecast: OutputForecast
    """How long answers are, and by how much prompts differ from their model."""

    order: Order | None = None
    """In which order models are listed. None to keep the order in which they were named."""

    most_models: int | None = None
    """How many variants are listed, of those in order. None for all of them."""

    pricing: Pricing
    """Where models are found."""

    on: date
    """The day whose prices and statuses hold."""

    kind: Kind | None = None
    """What named files are declared to hold. None to decide by their content."""

    images: bool = False
    """Whether pictures in folders are counted, too."""

    partial: bool = False
    """Whether what cannot be counted of a request is left out, instead of the request."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured. None for the size that takes the most tokens."""

    adds_replacements: bool = False
    """Whether the models that replace variants which end are comparators, too, after the others."""

    input_tokens: int | None = None
    """Input tokens of a request, where nothing is read. None if ``paths`` are counted."""

    requests_per_month: int | None = None
    """How often the request is made in a month. None if that is not given."""

    breakdown: Grouping | None = None
    """How to divide the input into parts; None if it is not."""

    migration: MigrationOptions | None = None
    """What to say of the models that come after those that end; None if nothing."""

    full: bool = False
    """Whether all text is counted for Claude, however long it is; else a sample of more than a megabyte."""

    endpoints: EndpointOptions | None = None
    """How endpoints of vendors are asked for the tokens of requests. None if nobody is asked."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""
