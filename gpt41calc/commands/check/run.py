"""Find, count and judge what budgets are about."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from ...calculator.budget import Budget, Check, Verdict
from ...calculator.workload import Workload
from ...cli import resolve
from ...cli.inputs import count_found, open_cache
from ...cli.options import Bounds, Calibrated, CheckOutput, Gate, Inputs, Prices, Request
from ...cli.process import Process
from ...errors import ConfigError, UsageError
from ...pricing.schema import Model
from ...sources.git.lfs import LONGEST_POINTER_BYTES, is_lfs_pointer
from ...sources.scope import Scope, globbed_scope, named_scope, place, shown
from ...sources.source import Source
from ...tally import STDIN_NAME, Counted, Skipped, Tally
from .baseline import read_baseline
from .evaluate import judge

__all__ = ["Planned", "check_budgets", "planned_budgets"]

Seen = Mapping[str, Counted | Skipped]
"""What was seen, by the name it is shown by."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A budget and its files."""

    budget: Budget
    """What is allowed."""

    scope: Scope
    """Its files."""


def planned_budgets(inputs: Inputs, bounds: Bounds, gate: Gate, process: Process) -> list[Planned]:
    """Return the one budget that the options describe, or else those of the project file.

    Raises:
        UsageError: there are paths without a limit, or a path does not exist.
        ConfigError: there is no budget, or with ``--strict`` a glob matches nothing.
    """
    rules = resolve.rules(inputs)
    limits = resolve.limits(bounds)
    if limits is not None:
        paths = resolve.paths(inputs, process)
        name = ", ".join(STDIN_NAME if path == "-" else path for path in paths)
        return [Planned(Budget(name=name, limits=limits), named_scope(paths, rules))]
    if inputs.paths or inputs.files_from:
        message = "paths without a limit to hold them against"
        raise UsageError(message, hint="add one, such as --token-budget 200k; without paths, a project file is checked")
    project = process.project
    if project is None or not project.budgets:
        where = f"no [[budget]] in {project.path}" if project else "no project file"
        message = f"no budget: no limit among the options, and {where}"
        raise ConfigError(message, hint="'gpt41calc check --init' writes a gpt41calc.toml to begin with")
    monthly = resolve.requests_per_month(bounds.requests_per_month)
    planned = [
        Planned(
            _with_requests(each.budget, monthly, project.path),
            globbed_scope(project.folder, each.paths, each.exclude, rules),
        )
        for each in project.budgets
    ]
    for each in planned if gate.strict else ():
        for glob in each.scope.unmatched:
            message = f"{project.path}: budget '{each.budget.name}': no file matches '{glob}'"
            raise ConfigError(message, hint="correct the glob, or check without --strict")
    return planned


def _with_requests(budget: Budget, requests_per_month: int | None, path: str) -> Budget:
    """Return a budget that knows how many requests a month has, if it has to; what it says itself holds."""
    limits = budget.limits
    if limits.requests_per_month is not None or limits.max_monthly_cost is None:
        return budget
    if requests_per_month is None:
        message = f"{path}: budget '{budget.name:.60}': max-monthly-cost needs requests-per-month"
        raise ConfigError(message, hint="say how often the request is made: requests-per-month = 10_000")
    return replace(budget, limits=replace(limits, requests_per_month=requests_per_month))


def check_budgets(
    inputs: Inputs,
    request: Request,
    prices: Prices,
    bounds: Bounds,
    gate: Gate,
    output: CheckOutput,
    process: Process,
    calibrated: Calibrated | None = None,
) -> Check:
    """Hold every budget against its files, and against what they were before if that is asked.

    Raises:
        Gpt41calcError: something is asked wrongly, or a limit cannot be judged.
    """
    table, day = resolve.pricing(prices), resolve.as_of(prices.as_of, process)
    models = resolve.models(request, table)
    workload = resolve.workload(request, calibrated=calibrated, usual="p90", models=models)
    planned = planned_budgets(inputs, bounds, gate, process)
    encodings = list(dict.fromkeys(model.counted_in for model in models))
    if _becomes_the_base(gate, process):
        planned = [replace(each, budget=_without_increase(each.budget)) for each in planned]
    seen = _seen(planned, encodings, inputs, output, process)
    before, against = _before(planned, seen, encodings, inputs, gate, process)
    return Check(
        verdicts=tuple(_judged(planned, seen, before, models, workload, day)),
        models=tuple(models),
        workload=workload,
        as_of=day,
        pricing_checked=table.checked,
        fail_on=gate.fail_on.value,
        config=process.project.path if process.project else None,
        against=against,
        overlay=table.overlay,
    )


def _seen(
    planned: Sequence[Planned], encodings: Sequence[str], inputs: Inputs, output: CheckOutput, process: Process
) -> Seen:
    """Count the files of all budgets, each once."""
    found = {_name(one): one for each in planned for one in each.scope.found}
    rules = resolve.rules(inputs)
    tally = count_found(list(found.values()), encodings, rules, output, process, remembers=not inputs.no_cache)
    _mention_pointers(tally, found, process)
    return {one.path: one for one in tally.counted} | {one.path: one for one in tally.skipped}


def _mention_pointers(tally: Tally, found: Mapping[str, Source | Skipped], process: Process) -> None:
    """Say which files are but pointers of Git LFS: their budget is kept by what they point to not being there."""
    for one in tally.counted:
        source = found.get(one.path)
        if _SHORTEST_POINTER_BYTES <= one.bytes <= LONGEST_POINTER_BYTES and isinstance(source, Source) and source.path:
            with suppress(OSError), open(source.path, "rb") as file:
                if is_lfs_pointer(file.read(LONGEST_POINTER_BYTES)):
                    process.warn(f"{one.path}: a Git LFS pointer, counted as its own text and not as what it points to")


_SHORTEST_POINTER_BYTES = 100


def _name(one: Source | Skipped) -> str:
    return one.name if isinstance(one, Source) else one.path


def _judged(
    planned: Sequence[Planned],
    seen: Seen,
    before: Sequence[Tally] | None,
    models: Sequence[Model],
    workload: Workload,
    day: date,
) -> Iterable[Verdict]:
    for number, each in enumerate(planned):
        yield judge(
            each.budget,
            Tally.of(*(seen[_name(one)] for one in each.scope.found)),
            models,
            workload,
            on=day,
            before=before[number] if before is not None else None,
            unmatched=each.scope.unmatched,
        )


def _before(
    planned: Sequence[Planned],
    seen: Seen,
    encodings: Sequence[str],
    inputs: Inputs,
    gate: Gate,
    process: Process,
) -> tuple[list[Tally] | None, str | None]:
    """Return what every budget held at the base, and what the base is called; none if nothing is compared."""
    against, baseline = _one_base(gate, process)
    if baseline is not None and not _becomes_the_base(gate, process):
        path = _local(baseline, process)
        return read_baseline(path, [each.budget.name for each in planned], encodings), path
    if against is None and all(each.budget.limits.max_increase is None for each in planned):
        return None, None
    return _at_revision(planned, seen, encodings, inputs, against, process)


def _becomes_the_base(gate: Gate, process: Process) -> bool:
    """Say whether what is counted is the new base, with no old one to compare with."""
    if gate.write_baseline is None or gate.against is not None:
        return False
    if gate.baseline is None:
        return True
    old = os.path.realpath(_local(gate.baseline, process))
    return old == os.path.realpath(gate.write_baseline) or not os.path.exists(old)


def _without_increase(budget: Budget) -> Budget:
    return replace(budget, limits=replace(budget.limits, max_increase=None))


def _one_base(gate: Gate, process: Process) -> tuple[str | None, str | None]:
    """Return the revision or the baseline to compare with; what is typed wins over the project file.

    Raises:
        UsageError: both are asked for.
    """
    against, baseline = gate.against, gate.baseline
    if against is None or baseline is None:
        return against, baseline
    kept = process.project.options if process.project else {}
    weak = [kept.get("against") == against, kept.get("baseline") == baseline]
    if weak[0] == weak[1]:
        raise UsageError("--against and --baseline are two bases", hint="give one of them")
    return (None, baseline) if weak[0] else (against, None)


def _local(path: str, process: Process) -> str:
    """Return where a baseline is: one that the project file names is beside that file."""
    project = process.project
    if project is None or project.options.get("baseline") != path:
        return path
    inside = os.path.normpath(os.path.join(project.folder, path))
    top = os.path.join(os.path.realpath(project.folder), "")
    if not os.path.realpath(inside).startswith(top):
        message = f"{project.path}: baseline: '{path:.80}' leads out of the folder of the file"
        raise ConfigError(message, hint="put the baseline beside the project file")
    return inside


def _places(planned: Sequence[Planned], top: str) -> dict[str, str]:
    """Return the names of all files by their absolute paths.

    Raises:
        UsageError: one is outside the repository, which knows nothing of it.
    """
    sources = {one.name: one for each in planned for one in each.scope.found if isinstance(one, Source)}
    places = {place(one): name for name, one in sources.items()}
    for path, name in places.items():
        if not path.startswith(top):
            message = f"{name}: outside the repository {top.rstrip('/')}, which has no base for it"
            raise UsageError(message, hint="run in its repository, or compare with --baseline FILE")
    return places


def _at_revision(
    planned: Sequence[Planned],
    seen: Seen,
    encodings: Sequence[str],
    inputs: Inputs,
    against: str | None,
    process: Process,
) -> tuple[list[Tally], str]:
    from ...counting.git_blobs import Kept
    from ...sources.git.changes import WorkTree, changes
    from ...sources.git.repository import repository
    from ...sources.git.revisions import base_of, resolve_revision
    from ...sources.git.trees import tree
    from ...tokenizer.engines import tokenizer

    where = repository(process.project.folder if process.project and inputs.paths is None else ".")
    base = base_of(where) if against is None else resolve_revision(where, against)
    rules = resolve.rules(inputs)
    top = os.path.join(os.path.realpath(where.root), "")
    changed = {one.old_path or one.path for one in changes(where, base, WorkTree())}
    counted = {path: seen[name] for path, name in _places(planned, top).items()}
    cache = None if inputs.no_cache else open_cache(process)
    kept = Kept(where, {name: tokenizer(name) for name in encodings}, rules, cache, process.warn)
    entries = [entry for entry in tree(where, base) if any(each.scope.takes(top + entry.path) for each in planned)]
    unknown = [entry for entry in entries if entry.path in changed or top + entry.path not in counted]
    fresh = zip(unknown, kept.count((shown(top + entry.path), entry.blob) for entry in unknown), strict=True)
    then = {entry.path: outcome for entry, outcome in fresh}
    if cache is not None:
        cache.close()
    at = {entry.path: then.get(entry.path) or counted[top + entry.path] for entry in entries}
    tallies = [Tally.of(*(one for path, one in at.items() if each.scope.takes(top + path))) for each in planned]
    return tallies, f"{base.name} ({base.hash[:10]})"
