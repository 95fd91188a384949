"""Write the current numbers into the budgets of a project file, without changing anything else in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...cli.options import CheckFormat, CheckOutput
from ...cli.output import verdict
from ...cli.process import Process, write_file
from ...errors import ConfigError, ExitCode
from ...render.json import to_json
from ...render.json_fields import header
from ...render.numbers import plural
from ...tally import Tally
from .init import dollars_with_margin, percent_with_margin, with_margin

if TYPE_CHECKING:
    from tomlkit.items import Item

    from ...calculator.budget import Verdict
    from .planned import CheckOptions

__all__ = ["update_budgets"]


def update_budgets(options: CheckOptions, output: CheckOutput, process: Process) -> ExitCode:
    """Set every size limit of every budget to the current number plus a margin.

    Limits on the increase and on the days until a shutdown are not changed: they are not sizes.

    Raises:
        ConfigError: there is no project file with budgets, or it cannot be read.
    """
    from .run import check_budgets

    project = process.project
    if project is None or not project.budgets:
        raise ConfigError("no budget to update", hint="'gpt41calc check --init' writes a gpt41calc.toml to begin with")
    check = check_budgets(options, process.runtime(output))
    if verdict(sum((each.inputs for each in check.verdicts), Tally()), process) is not ExitCode.OK:
        process.warn(f"{project.path} is not updated: its numbers would be too low")
        return ExitCode.INCOMPLETE
    changed = _rewrite(project.path, check.verdicts)
    if output.json or output.format is CheckFormat.JSON:
        document = {**header(), "written": project.path, "budgets": len(check.verdicts), "changed": changed}
        process.emit(to_json(document), as_utf8=True, syntax="json")
    elif not output.quiet:
        process.emit(f"{project.path}: {plural(len(changed), 'limit')} changed\n", as_utf8=False)
        process.emit("".join(f"  {line}\n" for line in changed), as_utf8=False)
    return ExitCode.OK


def _rewrite(path: str, verdicts: tuple[Verdict, ...]) -> list[str]:
    """Replace the numbers in a file, and return those that changed."""
    import tomlkit

    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise ConfigError(message) from error
    document: Any = tomlkit.parse(text)
    table = document["tool"]["gpt41calc"] if os.path.basename(path) == "pyproject.toml" else document
    changed = []
    for budget, held in zip(table["budget"], verdicts, strict=True):
        for limit, value in _renewed(held):
            before = budget[limit].as_string().strip()
            if before != value.as_string():
                changed.append(f"{held.budget.name}: {limit} {before} → {value.as_string()}")
                budget[limit] = value
    if changed:
        write_file(path, tomlkit.dumps(document))
    return changed


def _renewed(held: Verdict) -> Iterator[tuple[str, Item]]:
    """Yield the size limits of a budget with their new values."""
    import tomlkit

    limits = held.budget.limits
    most: dict[str, Decimal] = {}
    for one in held.limits:
        most[one.limit] = max(Decimal(one.actual or 0), most.get(one.limit, Decimal()))
    for limit, allowed in (
        ("token-budget", limits.token_budget),
        ("token-budget-per-file", limits.token_budget_per_file),
    ):
        if allowed is not None:
            yield limit, tomlkit.integer(with_margin(int(most.get(limit, 0))))
    for limit, amount in (
        ("max-cost", limits.max_cost),
        ("max-total-cost", limits.max_total_cost),
        ("max-monthly-cost", limits.max_monthly_cost),
    ):
        if amount is not None:
            yield limit, tomlkit.value(dollars_with_margin(most.get(limit, Decimal())))
    if limits.max_context is not None:
        yield "max-context", tomlkit.string(percent_with_margin(held))
