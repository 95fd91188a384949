"""A project file to begin with: today's numbers plus some room."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from ..calculator.budget import Verdict
from ..errors import ConfigError, ExitCode, UsageError
from ..render.wording import dollars, plural
from . import settings
from .options import Bounds, CheckOutput, Gate, Inputs, Prices, Request
from .process import Process, write_file

__all__ = ["write_start"]

_FILE = "gpt41calc.toml"
_ROOM = Decimal("1.2")


def write_start(inputs: Inputs, request: Request, prices: Prices, output: CheckOutput, process: Process) -> ExitCode:
    """Write a project file with a budget for every path, or one for the current folder.

    Raises:
        ConfigError: there is a project file already.
        UsageError: a path is not below the current folder.
    """
    from .checking import check_budgets

    project = process.project
    there = _FILE if os.path.lexists(_FILE) else project.path if project and project.folder == "." else None
    if there is not None:
        message = f"{there} is there already"
        raise ConfigError(message, hint="change it, or move it away first")
    request = _of_today(request, prices, process)
    paths = settings.paths(inputs, process) if inputs.files_from else inputs.paths or ["."]
    bounds = Bounds(token_budget="0", max_cost="0")  # noqa: S106 - tokens of another kind
    verdicts: list[tuple[str, Verdict]] = []
    for path in dict.fromkeys(os.path.normpath(path) for path in paths):
        _glob(path)
        one = replace(inputs, paths=[path], files_from=None)
        check = check_budgets(one, request, prices, bounds, Gate(), output, process)
        verdicts.append((path, check.verdicts[0]))
    text = _HEAD.format(day=process.today, models=", ".join(f'"{model.id}"' for model in check.models))
    text = text.replace("OUTPUT_TOKENS", str(check.workload.output_tokens))
    write_file(_FILE, text + "".join(_budget(path, verdict) for path, verdict in verdicts))
    if not output.quiet:
        process.emit(f"{_FILE} written; 'gpt41calc check' holds it against the files\n", as_utf8=False)
    return ExitCode.OK


def _of_today(request: Request, prices: Prices, process: Process) -> Request:
    """Leave out models that nobody named and that are shut down: a budget for them is of no use."""
    if request.model:
        return request
    day = settings.as_of(prices.as_of, process)
    found = settings.models(request, settings.pricing(prices))
    alive = [model.id for model in found if not model.shutdown or model.shutdown > day]
    return replace(request, model=alive or None)


_HEAD = """\
# Budgets of tokens and dollars; 'gpt41calc check' fails when one is broken.
# Written on {day} with that day's numbers and a fifth of room.

model = [{models}]
output-tokens = OUTPUT_TOKENS
"""


def _budget(path: str, verdict: Verdict) -> str:
    cost = max((one.actual or Decimal() for one in verdict.limits if one.limit == "max-cost"), default=Decimal())
    inputs = verdict.inputs
    is_all = os.path.normpath(path) == "."
    counted = f"{plural(inputs.files, 'file')}, {plural(verdict.tokens.high, 'token')}"
    return f"""
# {counted}, {dollars(Decimal(cost))} a request with the dearest model
[[budget]]
name = {_quoted("everything" if is_all else path)}
paths = [{_quoted("**" if is_all else _glob(path))}]
token-budget = {_with_room(verdict.tokens.high)}
max-cost = {_dollars_with_room(Decimal(cost))}
max-context = "80%"
# exclude = ["drafts/**"]
# token-budget-per-file = "12k"
# max-increase = "5%"                 # against where the branch began; or 500 tokens, or "$0.01"
# fail-if-retires-within = "90d"
# level = "warn"                      # tell, and do not fail
"""


def _glob(path: str) -> str:
    """Return the glob of a file or folder below the current folder."""
    plain = os.path.normpath(path).replace(os.sep, "/")
    if os.path.isabs(plain) or plain.startswith("../") or plain in {"..", "-"}:
        message = f"{path}: not below the current folder, where {_FILE} is written"
        raise UsageError(message, hint="run in the folder above")
    escaped = "./" + "".join(f"\\{char}" if char in "*?[]!#\\ " else char for char in plain)
    return f"{escaped}/**" if os.path.isdir(path) else escaped


def _quoted(text: str) -> str:
    """Write a text in TOML."""
    escapes = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(escapes.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


def _with_room(tokens: int) -> int:
    """Return a fifth more, in two digits that can be remembered."""
    return max(1000, int(_two_digits(tokens * _ROOM)))


def _dollars_with_room(amount: Decimal) -> str:
    return f"{_two_digits(amount * _ROOM):f}" if amount else "0.01"


def _two_digits(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 1), ROUND_CEILING)
