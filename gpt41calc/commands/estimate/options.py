"""Options of ``estimate``, as plain values."""

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
    """Inputs, models and settings of an estimate."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input."""

    strings: Sequence[str] = ()
    """Texts to count, given as options."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    models: Sequence[Model]
    """The variants, at least one."""

    adds_models_of_requests: bool = False
    """Whether the models named in request bodies are also variants, before the others."""

    versus: Sequence[Model] = ()
    """The comparators."""

    workload: Workload
    """Number of requests, output tokens, cached tokens and tier."""

    forecast: OutputForecast
    """Expected length of answers, and expected difference between billed and counted prompts."""

    order: Order | None = None
    """Sort order of the models. None to keep the order in which they were named."""

    most_models: int | None = None
    """Most variants listed, after sorting. None for all of them."""

    pricing: Pricing
    """The price table."""

    on: date
    """The day whose prices and model statuses are used."""

    kind: Kind | None = None
    """Declared kind of named files. None to detect it."""

    images: bool = False
    """Whether pictures in folders are also counted."""

    partial: bool = False
    """Whether parts of a request that cannot be counted are left out, instead of the whole request."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured. None for the size that takes the most tokens."""

    adds_replacements: bool = False
    """Whether the replacements of deprecated variants are also comparators, after the others."""

    input_tokens: int | None = None
    """Given number of input tokens per request. None if ``paths`` are counted."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    breakdown: Grouping | None = None
    """How to break the input down; None for no breakdown."""

    has_readings: bool = True
    """Whether published results at this length of input are part of the estimate; short reports do not show them."""

    migration: MigrationOptions | None = None
    """Settings for the migration from deprecated models; None if it was not requested."""

    full: bool = False
    """Whether all text is counted for Claude, whatever its length; else more than a megabyte is estimated from a
    sample.
    """

    endpoints: EndpointOptions | None = None
    """Settings for vendors' endpoints. None if none is used."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""
