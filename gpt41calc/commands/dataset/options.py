"""What is asked of a dataset, as plain values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ...cli.parse import parse_count
from ...dataset.files import Format
from ...dataset.measure import Aim
from ...dataset.template import Template
from ...errors import UsageError
from ...pricing.rate_limits import RateLimits
from ...pricing.schema import Model
from ...pricing.table import Pricing
from .charge import Output

__all__ = ["DatasetOptions", "EngineName", "answers_of"]

EngineName = Literal["local", "spark", "ray"]
"""Where rows are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetOptions:
    """What is asked of a dataset."""

    urls: Sequence[str]
    """Paths, folders, globs and addresses, at least one."""

    rows: Format | None = None
    """How rows are stored; if it is None, what the names of files end in says so."""

    column: str | None = None
    """Whose text is counted; if it is None, the only column of text, or those of the template."""

    holds_requests: bool = False
    """Whether the column holds JSON of requests: lists of messages, or bodies. Lists in Parquet and in lines are seen
    without it.
    """

    template: Template | None = None
    """The prompt into which the text of every row is put. None if the text is the whole prompt."""

    output: Output
    """How long answers are."""

    output_column: str | None = None
    """Column with the number of tokens of every row's answer. None if ``output`` says how long answers are."""

    output_percentile: int | None = None
    """An answer is as long as so many percent of the rows are at most. If it is None, ``output`` says how long."""

    models: Sequence[Model]
    """The models to price, at least one; the first has the answer."""

    comparators: Sequence[Model] = ()
    """What they are compared with."""

    aim: Aim
    """How well the total is to be known."""

    wants_sample: bool = False
    """Whether an option about samples was given: if all of it is counted nevertheless, the report says why."""

    engine: EngineName = "local"
    """Where rows are counted."""

    master: str | None = None
    """Address of the cluster that counts. None for the default of the engine, such as this machine."""

    workers: int | None = None
    """How many processes of this machine; if it is None, as many as there are cores."""

    checkpoint: str | None = None
    """A folder for what was counted; if it is None, nothing is kept."""

    on: date
    """The day whose prices hold."""

    pricing: Pricing
    """Where models are found."""

    limits: RateLimits
    """What a batch takes."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def answers_of(typed: str) -> tuple[Output, int | None, str | None]:
    """Return how long answers are, and the percentile or the column that says so.

    Args:
        typed: a number of tokens, a percentile such as ``p50``, or a column in braces.

    Raises:
        UsageError: it is none of these.
    """
    if typed.startswith("{") and typed.endswith("}"):
        name = typed[1:-1].strip()
        if not name:
            raise UsageError("--output-tokens: '{}' names no column", hint="write the name between the braces")
        return Output(0, from_column=True, rule=f"the column {name}"), None, name
    if _PERCENTILE.fullmatch(typed):
        return Output(0, rule=f"{typed} of the rows' own lengths"), int(typed[1:]), None
    return Output(parse_count(typed, "--output-tokens"), rule="each"), None, None


_PERCENTILE = re.compile(r"p[1-9][0-9]?")
