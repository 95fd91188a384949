"""The ``check`` command, which fails if a budget is broken."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from ...cli import resolve
from ...cli.command import Command
from ...cli.dataset_options import read_template, share_of
from ...cli.group import OptionGroup
from ...cli.option_groups import takes_groups
from ...cli.options import Calibrated, CheckFormat, CheckOutput, Configuration, Inputs, Prices, Request
from ...cli.output import chosen_format, require_file_name
from ...cli.process import Process
from ...errors import ConfigError, ExitCode, UsageError
from ...tally import STDIN_NAME
from .options import Bounds, DatasetRows, Gate, limits_of

if TYPE_CHECKING:
    from ...calculator.budget import Budget
    from ...cli.project_file import PlannedRows, Project
    from ...dataset.measure import Aim
    from .base import Base
    from .planned import BudgetFiles, CheckOptions, Rows

__all__ = ["Typed", "register"]


class Typed(OptionGroup):
    """All options of the command."""

    inputs: Inputs
    bounds: Bounds
    rows: DatasetRows
    gate: Gate
    request: Request
    calibrated: Calibrated
    prices: Prices
    configuration: Configuration
    output: CheckOutput


def register(app: typer.Typer) -> None:
    """Register the command."""

    @app.command(cls=Command)
    @takes_groups
    def check(context: typer.Context, typed: Typed) -> ExitCode:
        """Compare with budgets, and fail if one is broken; made for CI."""
        from .deliver import deliver_check, wanted_reports
        from .init import write_start
        from .run import check_budgets

        process: Process = context.obj
        require_file_name(typed.output)
        wanted_reports(typed.gate, typed.output)
        chosen_format(CheckFormat, typed.output, process)
        if typed.gate.init and typed.gate.update:
            raise UsageError("--init begins a project file, --update renews one", hint="give one of them")
        if typed.gate.update:
            from .update import update_budgets

            return update_budgets(_to_update(typed, process), typed.output, process)
        if typed.gate.init:
            return write_start(typed.inputs, typed.request, typed.prices, typed.output, process)
        options = _resolved(typed, process)
        result = check_budgets(options, process.runtime(typed.output, uses_cache=not typed.inputs.no_cache))
        return deliver_check(result, typed.gate, typed.output, process)


def _resolved(typed: Typed, process: Process) -> CheckOptions:
    from .planned import CheckOptions

    table = resolve.pricing(typed.prices)
    on = resolve.as_of(typed.prices.as_of, process)
    models = resolve.models(typed.request, table)
    return CheckOptions(
        models=models,
        workload=resolve.workload(typed.request, calibrated=typed.calibrated, usual="p90", models=models),
        budgets=_budgets(typed.inputs, typed.bounds, typed.rows, process),
        rules=resolve.rules(typed.inputs),
        pricing=table,
        on=on,
        base=_base(typed.gate, typed.inputs, process),
        fail_on=typed.gate.fail_on.value,
        strict=typed.gate.strict,
        config=process.project.path if process.project else None,
    )


def _to_update(typed: Typed, process: Process) -> CheckOptions:
    """Return the options for new limits: the budgets of the project file, without a comparison.

    Raises:
        UsageError: files or limits are also given as options.
    """
    from .base import Base

    if typed.inputs.paths or typed.inputs.files_from or limits_of(typed.bounds) is not None:
        message = "--update renews the budgets of the project file, and takes no paths and no limits"
        raise UsageError(message, hint="leave them out; 'gpt41calc check --init PATHS' begins a project file")
    return replace(_resolved(typed, process), base=Base(is_written_anew=True))


def _budgets(inputs: Inputs, bounds: Bounds, rows: DatasetRows, process: Process) -> Sequence[BudgetFiles]:
    """Return the single budget that the options describe, or else those of the project file.

    Raises:
        UsageError: there are paths without a limit.
        ConfigError: the project file has no budget.
    """
    from ...calculator.budget import Budget
    from .planned import BudgetFiles

    limits = limits_of(bounds)
    if limits is not None and (of_rows := _rows(rows)) is not None:
        urls = inputs.paths or []
        if not urls or inputs.files_from:
            raise UsageError("no dataset to check", hint="name its files, folders or addresses")
        return [BudgetFiles(budget=Budget(name=", ".join(urls), limits=limits), paths=urls, rows=of_rows)]
    if limits is not None:
        paths = resolve.paths(inputs, process)
        name = ", ".join(STDIN_NAME if path == "-" else path for path in paths)
        return [BudgetFiles(budget=Budget(name=name, limits=limits), paths=paths)]
    if inputs.paths or inputs.files_from:
        message = "paths without a limit to compare them with"
        raise UsageError(message, hint="add one, such as --token-budget 200k; without paths, a project file is checked")
    project = process.project
    if project is None or not project.budgets:
        where = f"no [[budget]] in {project.path}" if project else "no project file"
        message = f"no budget: no limit among the options, and {where}"
        raise ConfigError(message, hint="'gpt41calc check --init' writes a gpt41calc.toml to begin with")
    monthly = resolve.requests_per_month(bounds.requests_per_month)
    return [
        BudgetFiles(
            budget=_with_requests(each.budget, monthly, project.path),
            paths=each.paths,
            exclude=each.exclude,
            rows=_planned_rows(each.rows, project) if each.rows else None,
            folder=project.folder,
        )
        for each in project.budgets
    ]


def _rows(typed: DatasetRows) -> Rows | None:
    """Return which rows are checked; None if whole files are.

    Raises:
        UsageError: an option needs another one, or does not go with it.
    """
    from .planned import Rows

    if typed.column is None and typed.template is None:
        if typed.messages or typed.exact or typed.precision is not None:
            raise UsageError("--messages, --precision and --exact are for the rows of a dataset", hint="name --column")
        return None
    if typed.template is not None and (typed.column is not None or typed.messages):
        raise UsageError("--column and --messages do not go with --template, which names its columns itself")
    if typed.exact and typed.precision is not None:
        raise UsageError("--exact and --precision do not go together")
    return Rows(
        column=typed.column,
        holds_requests=typed.messages,
        template=None if typed.template is None else read_template(typed.template),
        aim=_aim("exact" if typed.exact else typed.precision, "--precision"),
    )


def _aim(precision: str | None, where: str) -> Aim:
    from ...dataset.measure import Aim

    if precision == "exact":
        return Aim(mode="exact")
    return Aim(mode="precision", half_width=share_of(precision or "2%", where))


def _planned_rows(planned: PlannedRows, project: Project) -> Rows:
    """Return the rows of a budget of the project file."""
    from .planned import Rows

    template = None if planned.template is None else os.path.join(project.folder, planned.template)
    return Rows(
        column=planned.column,
        holds_requests=planned.messages,
        template=None if template is None else read_template(template, f"{project.path}: template"),
        aim=_aim(planned.precision, f"{project.path}: precision"),
    )


def _with_requests(budget: Budget, requests_per_month: int | None, path: str) -> Budget:
    """Return a budget with the number of requests per month, if it is given; its own number takes precedence.

    Raises:
        ConfigError: the number is required and not given.
    """
    limits = budget.limits
    if limits.requests_per_month is not None:
        return budget
    if requests_per_month is None and limits.max_monthly_cost is not None:
        message = f"{path}: budget '{budget.name:.60}': max-monthly-cost needs requests-per-month"
        raise ConfigError(message, hint="say how often the request is made: requests-per-month = 10_000")
    return replace(budget, limits=replace(limits, requests_per_month=requests_per_month))


def _base(gate: Gate, inputs: Inputs, process: Process) -> Base:
    """Return the base of the comparison.

    Raises:
        UsageError: both a revision and a baseline are given.
        ConfigError: the project file names a baseline outside its folder.
    """
    from ...sources.git.pull_request import pull_request_base
    from .base import Base

    against, baseline = _one_base(gate, process)
    project = process.project
    return Base(
        revision=against,
        pull_request=None if against is not None else pull_request_base(process.environ),
        baseline=None if baseline is None else _local(baseline, process),
        is_written_anew=_becomes_the_base(gate, process),
        folder=project.folder if project and inputs.paths is None else ".",
    )


def _becomes_the_base(gate: Gate, process: Process) -> bool:
    """Return whether the counts become the new base, without an old one to compare with."""
    if gate.write_baseline is None or gate.against is not None:
        return False
    if gate.baseline is None:
        return True
    old = os.path.realpath(_local(gate.baseline, process))
    return old == os.path.realpath(gate.write_baseline) or not os.path.exists(old)


def _one_base(gate: Gate, process: Process) -> tuple[str | None, str | None]:
    """Return the revision or the baseline to compare with; options take precedence over the project file.

    Raises:
        UsageError: both are given.
    """
    against, baseline = gate.against, gate.baseline
    if against is None or baseline is None:
        return against, baseline
    configured = process.project.options if process.project else {}
    weak = [configured.get("against") == against, configured.get("baseline") == baseline]
    if weak[0] == weak[1]:
        raise UsageError("--against and --baseline are two bases", hint="give one of them")
    return (None, baseline) if weak[0] else (against, None)


def _local(path: str, process: Process) -> str:
    """Return the path of a baseline; in a project file it is relative to that file."""
    project = process.project
    if project is None or project.options.get("baseline") != path:
        return path
    inside = os.path.normpath(os.path.join(project.folder, path))
    top = os.path.join(os.path.realpath(project.folder), "")
    if not os.path.realpath(inside).startswith(top):
        message = f"{project.path}: baseline: '{path:.80}' leads out of the folder of the file"
        raise ConfigError(message, hint="put the baseline beside the project file")
    return inside
