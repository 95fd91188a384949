"""Options of ``check``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from ...cli import resolve
from ...cli.group import OptionGroup
from ...cli.options import RequestsPerMonth
from ...cli.parse import parse_count, parse_days, parse_increase, parse_money, parse_percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...calculator.budget import Limits

__all__ = ["Bounds", "DatasetRows", "Gate", "Level", "limits_of"]


class Level(StrEnum):
    """The lowest level at which a broken budget fails the run."""

    ERROR = "error"
    WARN = "warn"


class Bounds(OptionGroup):
    """The limits of a budget given by options instead of a project file."""

    token_budget: Annotated[str | None, Option("--token-budget", metavar="N", help="Most tokens of all files.")] = None
    token_budget_per_file: Annotated[
        str | None, Option("--token-budget-per-file", metavar="N", help="Most tokens of every file.")
    ] = None
    max_cost: Annotated[
        str | None, Option("--max-cost", metavar="USD", help="Most dollars of a request, output included.")
    ] = None
    max_total_cost: Annotated[
        str | None, Option("--max-total-cost", metavar="USD", help="Most dollars of all rows of a dataset.")
    ] = None
    max_monthly_cost: Annotated[
        str | None, Option("--max-monthly-cost", metavar="USD", help="Most dollars of a month's requests.")
    ] = None
    requests_per_month: RequestsPerMonth = None
    max_context: Annotated[
        str | None,
        Option("--max-context", metavar="PERCENT", help="Largest share of the window, output included: 80%."),
    ] = None
    max_increase: Annotated[
        str | None,
        Option("--max-increase", metavar="X", help="Most that may come on top of the base: 5%, 500 (tokens), $0.01."),
    ] = None
    fail_if_retires_within: Annotated[
        str | None,
        Option("--fail-if-retires-within", metavar="DAYS", help="Days in which no model may be shut down: 90d."),
    ] = None


class DatasetRows(OptionGroup):
    """The rows of a dataset, if the budget is for those and not for files."""

    column: Annotated[
        str | None,
        Option("--column", metavar="NAME", help="Paths are datasets: check what this column costs, a request a row."),
    ] = None
    template: Annotated[
        str | None,
        Option("--template", metavar="FILE", help="Put every row into the text of FILE, where {name} is a column."),
    ] = None
    messages: Annotated[bool, Option("--messages", help="The column holds requests as JSON.")] = False
    precision: Annotated[
        str | None,
        Option("--precision", metavar="PERCENT", help="Sample over 1 GB until ± PERCENT is known. Default: 2%."),
    ] = None
    exact: Annotated[bool, Option("--exact", help="Count every row.")] = False


class Gate(OptionGroup):
    """The base of the comparison, and the consequences of the result."""

    against: Annotated[
        str | None,
        Option(
            "--against",
            metavar="REV",
            help="The base of --max-increase. Default: where this branch left what it is to be merged into.",
        ),
    ] = None
    baseline: Annotated[
        str | None, Option("--baseline", metavar="FILE", help="Compare with a file of --write-baseline instead.")
    ] = None
    write_baseline: Annotated[
        str | None, Option("--write-baseline", metavar="FILE", help="Write what is counted, to compare with later.")
    ] = None
    fail_on: Annotated[Level, Option("--fail-on", help="From which level on a broken budget fails the run.")] = (
        Level.ERROR
    )
    strict: Annotated[bool, Option("--strict", help="A glob that matches nothing is an error.")] = False
    report: Annotated[
        list[str] | None,
        Option("--report", metavar="FORMAT:FILE", help="Write another report, such as junit:report.xml. Repeatable."),
    ] = None
    init: Annotated[
        bool, Option("--init", help="Write a gpt41calc.toml to begin with: today's numbers plus some room.")
    ] = False
    update: Annotated[
        bool,
        Option("--update", help="Write today's numbers plus some room into the project file; its comments stay."),
    ] = False


def limits_of(typed: Bounds) -> Limits | None:
    """Return the limits given as options, or None if there are none."""
    from ...calculator.budget import Limits

    def read(text: str | None, option: str, parse: Callable[[str, str], Any]) -> Any:
        return None if text is None else parse(text, option)

    found = Limits(
        token_budget=read(typed.token_budget, "--token-budget", parse_count),
        token_budget_per_file=read(typed.token_budget_per_file, "--token-budget-per-file", parse_count),
        max_cost=read(typed.max_cost, "--max-cost", parse_money),
        max_total_cost=read(typed.max_total_cost, "--max-total-cost", parse_money),
        max_monthly_cost=read(typed.max_monthly_cost, "--max-monthly-cost", parse_money),
        requests_per_month=resolve.requests_per_month(typed.requests_per_month),
        max_context=read(typed.max_context, "--max-context", parse_percent),
        max_increase=read(typed.max_increase, "--max-increase", parse_increase),
        fail_if_retires_within=read(typed.fail_if_retires_within, "--fail-if-retires-within", parse_days),
    )
    return None if found == Limits(requests_per_month=found.requests_per_month) else found
