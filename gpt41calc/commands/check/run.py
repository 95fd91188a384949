"""Find, count and evaluate what budgets are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ...calculator.budget import Budget, Check, Level, Verdict
from ...calculator.kind_ratio import is_of_kinds, with_kind_ratio
from ...calculator.workload import Workload
from ...counting.runtime import Runtime, count_sources
from ...errors import ConfigError, Gpt41calcError, UsageError
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.scope import FolderListing, Scope, globbed_scope, named_scope
from ...sources.source import DEFAULT_RULES, Rules, Source
from ...tally import STDIN_NAME, Counted, Skipped, Tally
from .base import MERGE_BASE, AtBase, Base, at_base
from .evaluate import evaluate_budget

__all__ = ["BudgetFiles", "CheckOptions", "check_budgets"]

Seen = Mapping[str, Counted | Skipped]
"""What was counted or skipped, by the name it is shown by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFiles:
    """A budget, and the files that it is about."""

    budget: Budget
    """What is allowed."""

    paths: Sequence[str]
    """Files and folders, or globs in gitignore syntax if there is a folder that they are relative to."""

    exclude: Sequence[str] = ()
    """Globs of files that are left out."""

    folder: str | None = None
    """The folder of the project file, to which globs are relative. None if ``paths`` are not globs."""

    def scope(self, rules: Rules, listings: dict[str, FolderListing]) -> Scope:
        """Find the files.

        Args:
            rules: which files of folders are counted.
            listings: of the folders of project files that were listed before; one that is not there is added.

        Raises:
            UsageError: a path does not exist, or a glob is not a pattern.
        """
        if self.folder is None:
            return named_scope(list(self.paths), rules)
        listing = listings.setdefault(self.folder, FolderListing(self.folder, rules))
        return globbed_scope(listing, tuple(self.paths), tuple(self.exclude))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """Budgets, and what they are evaluated with."""

    budgets: Sequence[BudgetFiles]
    """The budgets, at least one."""

    rules: Rules = DEFAULT_RULES
    """Which files of folders are counted."""

    models: Sequence[Model]
    """The models for which every budget must hold, at least one."""

    workload: Workload
    """What is asked of each model, besides the files."""

    pricing: Pricing
    """Where prices are found."""

    on: date
    """The day whose prices and statuses hold."""

    base: Base = MERGE_BASE
    """What increases are compared with."""

    fail_on: Level = "error"
    """From which level on a broken budget fails the run."""

    strict: bool = False
    """Whether a glob that matches nothing is an error."""

    config: str | None = None
    """Path of the project file that gave options, if there is one."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A budget and its files."""

    budget: Budget
    scope: Scope


def check_budgets(options: CheckOptions, runtime: Runtime) -> Check:
    """Evaluate every budget with its files, and with what they were before if that is asked.

    Raises:
        Gpt41calcError: an option or a path is wrong, or a limit cannot be evaluated.
    """
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
    return Check(
        verdicts=tuple(_evaluated(planned, seen, lacking, before, options)),
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
    """Return the options with models that are estimated by the ratio of such text as the files of all budgets are."""
    if not any(map(is_of_kinds, options.models)):
        return options
    from ...counting.kind_shares import kind_weights

    found = {_name(one): one for each in planned for one in each.scope.found}
    weights = kind_weights(Tally.of(*seen.values()), list(found.values()), "o200k_base")
    own = with_kind_ratio(options.models, weights)
    return replace(options, models=[own.get(model.id, model) for model in options.models])


def _compared(
    planned: Sequence[_Planned], seen: Seen, encodings: Sequence[str], options: CheckOptions, runtime: Runtime
) -> AtBase | None:
    """Return what every budget held at the base; None if nothing is compared.

    A comparison on which no verdict hangs is left out where there is no repository, or not enough of it.
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
    """Return what is missing from a run that has nothing to check against any budget, which would keep them all.

    An empty list of files, an empty folder and an empty pipe look the same as
    a list, a folder or a pipe that something has failed to fill.
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
