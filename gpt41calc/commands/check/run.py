"""Find and count the files of budgets, and evaluate the budgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...calculator.budget import Budget, Check, Verdict
from ...calculator.kind_ratio import counts_by_kind, with_kind_ratio
from ...counting.runtime import Runtime, count_sources
from ...errors import ConfigError, Gpt41calcError, UsageError
from ...requests.counted_as_text import mention_request
from ...sources.scope import FolderListing, Scope
from ...sources.source import Rules, Source
from ...tally import STDIN_NAME, Counted, Skipped, Tally
from .base import AtBase, at_base
from .evaluate import evaluate_budget
from .planned import CheckOptions, require_rows
from .rows import rows_verdict

__all__ = ["check_budgets"]

Seen = Mapping[str, Counted | Skipped]
"""Counted and skipped files, by the name shown."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A budget and its files."""

    budget: Budget
    scope: Scope


def check_budgets(options: CheckOptions, runtime: Runtime) -> Check:
    """Return the results of all budgets, compared with the base if there is one.

    Raises:
        Gpt41calcError: an option or a path is wrong, or a limit cannot be evaluated.
    """
    require_rows(options.budgets)
    of_rows = {
        number: rows_verdict(each, each.rows, options, runtime)
        for number, each in enumerate(options.budgets)
        if each.rows is not None
    }
    if of_rows:
        options = replace(options, budgets=[each for each in options.budgets if each.rows is None])
        found = _of_files(options, runtime) if options.budgets else _checked([], options, None)
        verdicts = list(found.verdicts)
        for number, verdict in of_rows.items():
            verdicts.insert(number, verdict)
        return replace(found, verdicts=tuple(verdicts))
    return _of_files(options, runtime)


def _of_files(options: CheckOptions, runtime: Runtime) -> Check:
    """Return the results of budgets for files."""
    listings: dict[str, FolderListing] = {}  # many budgets are about one folder
    planned = [_Planned(each.budget, each.scope(options.rules, listings)) for each in options.budgets]
    if options.strict:
        _require_matches(planned, options.config)
    if options.base.is_written_anew:
        planned = [replace(each, budget=_without_increase(each.budget)) for each in planned]
    encodings = list(dict.fromkeys(model.counted_in for model in options.models))
    seen = _counted(planned, encodings, options.rules, runtime)
    options = _by_kind_of_text(options, planned, seen)
    compared = _compared(planned, seen, encodings, options, runtime)
    before = compared.tallies if compared else None
    lacking = _lacking(planned, seen, before)
    if lacking and options.strict:
        message = f"{lacking[0].path}: {lacking[0].reason}"
        raise UsageError(message, hint="name files or folders to check")
    return _checked(_evaluated(planned, seen, lacking, before, options), options, compared)


def _checked(verdicts: Iterable[Verdict], options: CheckOptions, compared: AtBase | None) -> Check:
    return Check(
        verdicts=tuple(verdicts),
        models=tuple(options.models),
        workload=options.workload,
        as_of=options.on,
        pricing_checked=options.pricing.checked,
        fail_on=options.fail_on,
        config=options.config,
        against=compared.shown if compared else None,
        against_source=compared.source if compared else None,
        is_base_checked_commit=compared is not None and compared.is_checked_commit,
        overlay=options.pricing.overlay,
    )


def _by_kind_of_text(options: CheckOptions, planned: Sequence[_Planned], seen: Seen) -> CheckOptions:
    """Return the options with ratios for the kinds of text in the files of all budgets."""
    if not any(map(counts_by_kind, options.models)):
        return options
    from ...counting.kind_shares import kind_weights

    found = {_name(one): one for each in planned for one in each.scope.found}
    weights = kind_weights(Tally.of(*seen.values()), list(found.values()), "o200k_base")
    own = with_kind_ratio(options.models, weights)
    return replace(options, models=[own.get(model.id, model) for model in options.models])


def _compared(
    planned: Sequence[_Planned], seen: Seen, encodings: Sequence[str], options: CheckOptions, runtime: Runtime
) -> AtBase | None:
    """Return the budgets at the base; None if there is no comparison.

    A comparison that no limit needs is skipped if there is no repository, or too little of its history.
    """
    is_needed = options.base.is_needed(each.budget for each in planned)
    if not is_needed and not options.base.is_worth_a_look:
        return None
    scopes = [(each.budget.name, each.scope) for each in planned]
    silent = runtime if is_needed else replace(runtime, warn=lambda _message: None)
    try:
        found = at_base(options.base, scopes, seen, encodings, options.rules, silent)
    except Gpt41calcError:
        if is_needed:
            raise
        return None
    is_there = is_needed or all(one.complete for one in found.tallies)
    return found if is_there else None


def _lacking(planned: Sequence[_Planned], seen: Seen, before: Sequence[Tally] | None) -> tuple[Skipped, ...]:
    """Return what is missing in a run without any file, which would otherwise pass every budget.

    An empty list, folder or pipe cannot be told from one that another program failed to fill.
    """
    is_held = any(
        (one.path != STDIN_NAME or one.bytes > 0) if isinstance(one, Counted) else not one.expected
        for one in seen.values()
    )
    if is_held or any(one.files for one in before or ()):
        return ()
    name = STDIN_NAME if STDIN_NAME in seen else planned[0].budget.name or "."
    return (Skipped(name, "no text to check against a budget", expected=False),)


def _require_matches(planned: Sequence[_Planned], config: str | None) -> None:
    for each in planned:
        for glob in each.scope.unmatched:
            message = f"{config}: budget '{each.budget.name}': no file matches '{glob}'"
            raise ConfigError(message, hint="correct the glob, or check without --strict")


def _without_increase(budget: Budget) -> Budget:
    return replace(budget, limits=replace(budget.limits, max_increase=None))


def _counted(planned: Sequence[_Planned], encodings: Sequence[str], rules: Rules, runtime: Runtime) -> Seen:
    """Count the files of all budgets, each once."""
    found = {_name(one): one for each in planned for one in each.scope.found}
    mention_request(list(found.values()), runtime.hint)
    tally = count_sources(list(found.values()), encodings, rules, runtime)
    return {one.path: one for one in tally.counted} | {one.path: one for one in tally.skipped}


def _name(one: Source | Skipped) -> str:
    return one.name if isinstance(one, Source) else one.path


def _evaluated(
    planned: Sequence[_Planned],
    seen: Seen,
    lacking: Sequence[Skipped],
    before: Sequence[Tally] | None,
    options: CheckOptions,
) -> Iterable[Verdict]:
    for number, each in enumerate(planned):
        yield evaluate_budget(
            each.budget,
            Tally.of(*(seen[_name(one)] for one in each.scope.found), *lacking),
            options.models,
            options.workload,
            on=options.on,
            before=before[number] if before is not None else None,
            unmatched=each.scope.unmatched,
        )
