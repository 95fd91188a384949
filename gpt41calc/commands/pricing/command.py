"""The ``pricing`` commands: show, validate, compare, diff and import price tables."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from ...cli import resolve
from ...cli.command import Command, Group
from ...cli.group import OptionGroup
from ...cli.option_groups import HELP, takes_groups
from ...cli.options import Aliases, AsOf, Output, Prices, PricingFile
from ...cli.output import deliver_sheet
from ...cli.process import Process
from ...errors import ExitCode, UsageError

__all__ = ["register"]


class Against(OptionGroup):
    """Options about what to compare the table with."""

    litellm: Annotated[
        str | None,
        Option(
            "--litellm",
            metavar="FILE",
            help="A price list of litellm: model_prices_and_context_window.json, or the wheel of a release.",
        ),
    ] = None
    fail: Annotated[
        bool,
        Option(
            "--fail",
            help="Status 1 if a difference is not explained. A model that is not in the table is one only if it "
            "follows a variant of GPT-4.1 or one that they are compared with.",
        ),
    ] = False


class ImportedFrom(StrEnum):
    """A price database from which models can be imported."""

    GENAI = "genai-prices"
    LITELLM = "litellm"


def register(app: typer.Typer) -> None:
    """Register the commands."""
    pricing_app = typer.Typer(
        cls=Group, rich_markup_mode=None, help="Show, validate and compare price tables.", context_settings=HELP
    )
    app.add_typer(pricing_app, name="pricing")
    _register_reading(pricing_app)
    _register_comparing(pricing_app)
    _register_importing(pricing_app)


def _register_reading(pricing_app: typer.Typer) -> None:
    @pricing_app.command("show", cls=Command)
    @takes_groups
    def pricing_show(
        context: typer.Context,
        output: Output,
        pricing: PricingFile = None,
        alias: Aliases = None,
        ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Show only these models.")] = None,
    ) -> ExitCode:
        """Every price: by model, tier, date and prompt length, with its source."""
        from ...pricing.selection import select
        from ..models.report import prices_sheet

        process: Process = context.obj
        table = resolve.pricing(Prices(pricing=pricing, alias=alias))
        found = select(ids, table) if ids else table.models
        deliver_sheet(prices_sheet(found, table, process.today), output, process)
        return ExitCode.OK

    @pricing_app.command("validate", cls=Command)
    @takes_groups
    def pricing_validate(
        context: typer.Context,
        output: Output,
        file: Annotated[str, typer.Argument(metavar="FILE", help="A price table in TOML.")],
    ) -> ExitCode:
        """Check a price table that is meant for --pricing."""
        from ...pricing.table import load_pricing
        from ..models.report import validation_sheet

        deliver_sheet(validation_sheet(load_pricing(file)), output, context.obj)
        return ExitCode.OK


def _register_comparing(pricing_app: typer.Typer) -> None:
    @pricing_app.command("compare", cls=Command)
    @takes_groups
    def compare(
        context: typer.Context, against: Against, output: Output, as_of: AsOf = None, pricing: PricingFile = None
    ) -> ExitCode:
        """Compare the table with genai-prices, if it is installed, and with a price list of litellm."""
        from ...pricing.table import load_pricing
        from .known_differences import load_known
        from .report import comparison_sheet
        from .run import compare_tables

        known = load_known()
        table, on = load_pricing(pricing), resolve.as_of(as_of, context.obj)
        path = None if against.litellm is None else Path(against.litellm)
        compared = compare_tables(table, on, litellm=path, known=known)
        deliver_sheet(comparison_sheet(compared, known), output, context.obj)
        return ExitCode.OVER_BUDGET if against.fail and compared.failing else ExitCode.OK

    @pricing_app.command("diff", cls=Command)
    @takes_groups
    def diff(
        context: typer.Context,
        output: Output,
        old: Annotated[str, Argument(metavar="OLD", help="A price table in TOML.")],
        new: Annotated[str, Argument(metavar="NEW", help="Another one.")],
    ) -> ExitCode:
        """What changed from one price table to another, fact by fact."""
        from ...pricing.table import read_whole_table
        from .report import changes_of_table_sheet
        from .table_diff import changes

        found = changes(read_whole_table(old), read_whole_table(new))
        deliver_sheet(changes_of_table_sheet(found, old, new), output, context.obj)
        return ExitCode.OK


def _register_importing(pricing_app: typer.Typer) -> None:
    @pricing_app.command("import", cls=Command)
    @takes_groups
    def import_models(
        context: typer.Context,
        database: Annotated[ImportedFrom, Option("--from", help="The price database.")],
        names: Annotated[
            list[str] | None,
            Argument(
                metavar="[FILE] [MODEL]...",
                help="For litellm its price list (JSON or wheel); then models as the database writes them. "
                "Default: those of OpenAI, Anthropic and Google that the table does not have.",
                show_default=False,
            ),
        ] = None,
        output: Annotated[
            str | None, Option("-o", "--output", metavar="FILE", help="Write the table to FILE instead.")
        ] = None,
    ) -> ExitCode:
        """Write models of another price database as a table for --pricing; nothing is fetched."""
        from ...cli.output import deliver
        from .run import import_from

        process: Process = context.obj
        text, uncounted = import_from(database.value, names or [], process.today)
        if output is not None and any(os.path.realpath(output) == os.path.realpath(name) for name in names or []):
            message = f"-o {output}: that is the price list which is read"
            raise UsageError(message)
        deliver(text, Output(output=output), process)
        for name in uncounted:
            process.warn(f"{name}: its tokenizer is not known: give encoding or ratio in the table before it is used")
        return ExitCode.OK
