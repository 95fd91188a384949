"""The ``models`` command: all models, some of them, their benchmarks, or those shut down soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ...cli import resolve
from ...cli.command import Command
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Output, Prices, Sort
from ...cli.output import deliver_sheet
from ...cli.parse import parse_count, parse_days
from ...cli.process import Process
from ...errors import ExitCode, UsageError

if TYPE_CHECKING:
    from ...pricing.schema import Model
    from ...pricing.table import Pricing
    from ...render.sheet import Sheet

__all__ = ["register"]


class Aspect(OptionGroup):
    """Options that select what to show."""

    benchmarks: Annotated[bool, Option("--benchmarks", help="Show how well they did in published tests.")] = False
    retiring: Annotated[
        str | None, Option("--retiring", metavar="DAYS", help="Show those that are shut down within DAYS: 120d, 12w.")
    ] = None
    sort: Sort = None
    top: Annotated[str | None, Option("--top", metavar="N", help="Show only the first N models.")] = None
    fail: Annotated[bool, Option("--fail", help="With --retiring: status 1 if there are any.")] = False


class Typed(OptionGroup):
    """All options of the command besides the models."""

    aspect: Aspect
    prices: Prices
    output: Output


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def models(
        context: typer.Context,
        typed: Typed,
        ids: Annotated[
            list[str] | None, typer.Argument(metavar="[ID]...", help="Show all that is known of these.")
        ] = None,
    ) -> ExitCode:
        """The models: prices, windows, limits, dates, benchmarks."""
        from ...pricing.selection import select

        process: Process = context.obj
        table, day = resolve.pricing(typed.prices), resolve.as_of(typed.prices.as_of, process)
        found = select(ids, table) if ids else []
        # A word for several models gives a list; the name of one model gives all its facts.
        is_list = len(found) > sum(len(word.split(",")) for word in ids or ())
        if typed.aspect.sort or typed.aspect.top is not None:
            is_list, found = True, _in_order(typed.aspect, found or table.models, day)
        sheet, status = _shown(typed.aspect, found, table, day, is_list=is_list)
        deliver_sheet(sheet, typed.output, process)
        return status


def _in_order(aspect: Aspect, models: Sequence[Model], on: date) -> list[Model]:
    """Return the models shown, in the requested order.

    Raises:
        UsageError: the order needs an input.
    """
    from ...calculator.order import models_in_order

    if aspect.sort and aspect.sort.value == "fit":
        message = "--sort fit: there is no input here that could fit"
        raise UsageError(
            message, hint="cost, name and window are orders of models; 'gpt41calc --sort fit FILE' has an input"
        )
    top = None if aspect.top is None else parse_count(aspect.top, "--top", least=1)
    return (models_in_order(models, aspect.sort.value, on) if aspect.sort else list(models))[:top]


def _shown(
    aspect: Aspect, models: Sequence[Model], table: Pricing, on: date, *, is_list: bool
) -> tuple[Sheet, ExitCode]:
    """Return the table for some models, or for all if none is named, and the exit status.

    Raises:
        UsageError: the options exclude each other.
    """
    from .report import model_sheet, models_sheet

    if aspect.fail and aspect.retiring is None:
        message = "--fail only goes with --retiring"
        raise UsageError(message, hint="for example --retiring 120d --fail")
    if aspect.benchmarks and aspect.retiring is not None:
        message = "--benchmarks and --retiring are two questions"
        raise UsageError(message)
    if aspect.benchmarks:
        from ...guidance.load import load_benchmarks
        from .benchmarks import benchmarks_sheet

        return benchmarks_sheet(load_benchmarks(), [model.id for model in models]), ExitCode.OK
    if aspect.retiring is not None:
        from .retiring import retiring_sheet

        sheet = retiring_sheet(models or table.models, table, on, parse_days(aspect.retiring, "--retiring"))
        return sheet, ExitCode.OVER_BUDGET if aspect.fail and sheet.rows else ExitCode.OK
    if is_list:
        return models_sheet(table, on, models, is_sorted=aspect.sort is not None), ExitCode.OK
    return model_sheet(models, table, on) if models else models_sheet(table, on), ExitCode.OK
