"""Write an initial project file, with the current numbers plus a margin as limits."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from ...calculator.budget import Budget, Limits, Verdict
from ...cli import resolve
from ...cli.options import CheckFormat, CheckOutput, Inputs, Prices, Request
from ...cli.output import verdict
from ...cli.process import Process, write_file
from ...errors import ConfigError, ExitCode, UsageError
from ...render.escape import raw_base64
from ...render.json import to_json
from ...render.json_fields import header
from ...render.numbers import dollars, plural
from ...sources.scope import FolderListing, Scope, globbed_scope
from ...sources.source import Source
from ...tally import Tally

__all__ = ["dollars_with_margin", "percent_with_margin", "with_margin", "write_start"]

_FILE = "gpt41calc.toml"
_MARGIN = Decimal("1.2")


def write_start(inputs: Inputs, request: Request, prices: Prices, output: CheckOutput, process: Process) -> ExitCode:
    """Write a project file with a budget for every path, or one for the current folder.

    Raises:
        ConfigError: there is a project file already.
        UsageError: a path is not below the current folder.
    """
    from .planned import BudgetFiles, CheckOptions
    from .run import check_budgets

    project = process.project
    there = _FILE if os.path.lexists(_FILE) else project.path if project and project.folder == "." else None
    if there is not None:
        message = f"{there} is there already"
        raise ConfigError(
            message, hint="'gpt41calc check --update' writes today's numbers into it; or change it, or move it away"
        )
    request = _of_today(request, prices, process)
    paths = resolve.paths(inputs, process) if inputs.files_from else inputs.paths or ["."]
    limits = Limits(token_budget=0, max_cost=Decimal(), max_context=Decimal())
    table = resolve.pricing(prices)
    options = CheckOptions(
        budgets=(),
        rules=resolve.rules(inputs),
        models=resolve.models(request, table),
        workload=resolve.workload(request),
        pricing=table,
        on=resolve.as_of(prices.as_of, process),
    )
    runtime = process.runtime(output, uses_cache=not inputs.no_cache)
    verdicts: list[tuple[str, Verdict]] = []
    listing = FolderListing(".", options.rules)
    for path in dict.fromkeys(os.path.normpath(path) for path in paths):
        glob = _glob(path)
        one = BudgetFiles(budget=Budget(name=path, limits=limits), paths=[path])
        check = check_budgets(replace(options, budgets=[one]), runtime)
        _require_same_files(check.verdicts[0].inputs, globbed_scope(listing, [glob], ()))
        verdicts.append((path, check.verdicts[0]))
    whole = sum((each.inputs for _, each in verdicts), Tally())
    if verdict(whole, process) is not ExitCode.OK:
        process.warn(f"{_FILE} is not written: its numbers would be too low")
        return ExitCode.INCOMPLETE
    text = _HEAD.format(day=options.on, models=", ".join(f'"{model.id}"' for model in check.models))
    text = text.replace("OUTPUT_TOKENS", str(check.workload.output_tokens)) + _chosen(inputs, request)
    write_file(_FILE, text + "".join(_budget(path, verdict) for path, verdict in verdicts))
    if output.json or output.format is CheckFormat.JSON:
        process.emit(to_json({**header(), "written": _FILE, "budgets": len(verdicts)}), as_utf8=True, syntax="json")
    elif not output.quiet:
        process.emit(f"{_FILE} written; 'gpt41calc check' compares the files with it\n", as_utf8=False)
    return ExitCode.OK


def _require_same_files(inputs: Tally, found: Scope) -> None:
    """Raise an error for a path whose files the project file would not find again: its budget would check other files.

    Raises:
        UsageError: there are such files.
    """
    again = {os.path.normpath(one.name) for one in found.found if isinstance(one, Source)}
    lost = next((one.path for one in inputs.counted if os.path.normpath(one.path) not in again), None)
    if lost is not None:
        message = f"{lost}: a project file would not find it: it is ignored, hidden, or behind a link"
        raise UsageError(message, hint="add --no-gitignore, --hidden or --follow, or leave it out")


def _of_today(request: Request, prices: Prices, process: Process) -> Request:
    """Return the models without shut-down ones that the user did not name, since a budget for them is useless."""
    if request.model:
        return request
    day = resolve.as_of(prices.as_of, process)
    found = resolve.models(request, resolve.pricing(prices))
    alive = [model.id for model in found if not model.shutdown or model.shutdown > day]
    return request.replaced(model=alive or None)


_HEAD = """\
# Budgets of tokens and dollars; 'gpt41calc check' fails when one is broken.
# Numbers and prices of {day}; limits are a fifth higher, and rounded up.

model = [{models}]
output-tokens = OUTPUT_TOKENS
"""


def _budget(path: str, held: Verdict) -> str:
    cost = max((one.actual or Decimal() for one in held.limits if one.limit == "max-cost"), default=Decimal())
    inputs = held.inputs
    is_all = os.path.normpath(path) == "."
    counted = f"{plural(inputs.files, 'file')}, {plural(held.tokens.high, 'token')}"
    return f"""
# {counted}, {dollars(Decimal(cost))} a request with the dearest model
[[budget]]
name = {_quoted("everything" if is_all else path)}
paths = [{_quoted(_glob(path))}]
{_OWN_EXCLUDE if is_all else _SAMPLE_EXCLUDE}token-budget = {with_margin(held.tokens.high)}
max-cost = {dollars_with_margin(Decimal(cost))}
max-context = "{percent_with_margin(held)}"
# token-budget-per-file = "12k"
# max-increase = "5%"                 # against where the branch began; or 500 tokens, or "$0.01"
# fail-if-retires-within = "90d"
# level = "warn"                      # tell, and do not fail
"""


_OWN_EXCLUDE = f'exclude = ["./{_FILE}"]\n'
_SAMPLE_EXCLUDE = '# exclude = ["drafts/**"]\n'


def _glob(path: str) -> str:
    """Return the glob for a file or folder below the current folder."""
    plain = os.path.normpath(path).replace(os.sep, "/")
    if plain == ".":
        return "**"
    if os.path.isabs(plain) or plain.startswith("../") or plain in {"..", "-"}:
        message = f"{path}: not below the current folder, where {_FILE} is written"
        raise UsageError(message, hint="run in the folder above")
    if raw_base64(plain) is not None:
        message = f"{path}: a name that is not Unicode, which a project file cannot hold"
        raise UsageError(message, hint="rename it, or name the folder that it is in")
    escaped = "./" + "".join(f"\\{char}" if char in "*?[]!#\\ " else char for char in plain)
    return f"{escaped}/**" if os.path.isdir(path) else escaped


def _quoted(text: str) -> str:
    """Return a text as a TOML string."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


def with_margin(tokens: int) -> int:
    """Return the number plus a fifth, rounded to two digits."""
    return max(1000, int(_two_digits(tokens * _MARGIN)))


def percent_with_margin(held: Verdict) -> str:
    """Return the used percentage of the window plus a fifth, and at least 80 %."""
    share = max((Decimal(one.actual or 0) for one in held.limits if one.limit == "max-context"), default=Decimal())
    return f"{max(_USUAL_PERCENT, _two_digits(share * _MARGIN) if share else _USUAL_PERCENT):f}%"


_USUAL_PERCENT = Decimal(80)


def _chosen(inputs: Inputs, request: Request) -> str:
    """Return the options that affect finding and pricing files, so that later checks use the same."""
    lines = [f"{name} = [{', '.join(map(_quoted, globs))}]" for name in _GLOBS if (globs := getattr(inputs, name))]
    lines += [f"{name.replace('_', '-')} = true" for name in _FLAGS if getattr(inputs, name)]
    lines += [f"max-file-size = {_quoted(inputs.max_file_size)}"] if inputs.max_file_size else []
    lines += [f"cached-tokens = {_quoted(request.cached_tokens)}"] if request.cached_tokens != "0" else []
    lines += [f"tier = {_quoted(request.tier.value)}"] if request.tier.value != "standard" else []
    return "".join(f"{line}\n" for line in lines)


_GLOBS = ("include", "exclude")
_FLAGS = ("hidden", "no_gitignore", "follow", "text")


def dollars_with_margin(amount: Decimal) -> str:
    """Return the amount plus a fifth, rounded to two digits."""
    return f"{_two_digits(amount * _MARGIN):f}" if amount else "0.01"


def _two_digits(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 1), ROUND_CEILING)
