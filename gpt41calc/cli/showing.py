"""What ``models`` shows: all of them, some of them, their benchmarks, or those that end soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from ..errors import ExitCode, UsageError
from .numbers import parse_days
from .options import Aspect

if TYPE_CHECKING:
    from ..pricing.schema import Model
    from ..pricing.table import Pricing
    from ..render.sheet import Sheet

__all__ = ["shown_models"]


def shown_models(aspect: Aspect, models: Sequence[Model], table: Pricing, on: date) -> tuple[Sheet, ExitCode]:
    """Return what is asked of some models, or of all if none is named, and the status that goes with it.

    Raises:
        UsageError: options that do not go together.
    """
    from ..render.models import model_sheet, models_sheet

    if aspect.fail and aspect.retiring is None:
        message = "--fail only goes with --retiring"
        raise UsageError(message, hint="for example --retiring 120d --fail")
    if aspect.benchmarks and aspect.retiring is not None:
        message = "--benchmarks and --retiring are two questions"
        raise UsageError(message)
    if aspect.benchmarks:
        from ..guidance.shipped import load_benchmarks
        from ..render.benchmarks import benchmarks_sheet

        return benchmarks_sheet(load_benchmarks(), [model.id for model in models]), ExitCode.OK
    if aspect.retiring is not None:
        from ..render.retiring import retiring_sheet

        sheet = retiring_sheet(models or table.models, table, on, parse_days(aspect.retiring, "--retiring"))
        return sheet, ExitCode.OVER_BUDGET if aspect.fail and sheet.rows else ExitCode.OK
    return model_sheet(models, table, on) if models else models_sheet(table, on), ExitCode.OK
