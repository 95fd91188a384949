"""The base of a comparison: the files of the budgets in a git revision, or in a baseline file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...calculator.budget import Budget
from ...counting.runtime import Runtime
from ...errors import NoBase, UsageError
from ...sources.scope import Scope, place, shown
from ...sources.source import Rules, Source
from ...tally import Counted, Skipped, Tally
from .baseline import read_baseline

if TYPE_CHECKING:
    from ...sources.git.blobs import Blob
    from ...sources.git.change import Change
    from ...sources.git.pull_request import PullRequestBase
    from ...sources.git.trees import Entry

__all__ = ["MERGE_BASE", "AtBase", "Base", "at_base"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The base with which increases are compared."""

    revision: str | None = None
    """A git revision. None for the merge base with the target branch, if a budget limits its increase."""

    pull_request: PullRequestBase | None = None
    """The target of the pull request, given by a CI service. None for the default branch."""

    baseline: str | None = None
    """Path of a baseline file written by an earlier check. None to use git."""

    is_written_anew: bool = False
    """Whether this run writes the baseline, so that there is nothing to compare with yet."""

    folder: str = "."
    """A folder inside the repository."""

    def is_needed(self, budgets: Iterable[Budget]) -> bool:
        """Return whether there is a comparison."""
        if self.baseline is not None and not self.is_written_anew:
            return True
        return self.revision is not None or any(each.limits.max_increase is not None for each in budgets)

    @property
    def is_worth_a_look(self) -> bool:
        """Return whether a comparison is useful in the report, although no limit needs it."""
        return self.pull_request is not None and self.baseline is None


MERGE_BASE = Base()
"""The merge base with the default branch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtBase:
    """The budgets at the base."""

    tallies: Sequence[Tally]
    """The counted files of each budget; if the base is not in this clone, the base itself is listed as not counted."""

    shown: str
    """Name of the base in reports."""

    source: str
    """Where the base was named: an option, a variable of a CI service, or the default branch."""

    is_checked_commit: bool = False
    """Whether the base is the checked commit itself, so that nothing can differ."""


def at_base(
    base: Base,
    scopes: Sequence[tuple[str, Scope]],
    seen: Mapping[str, Counted | Skipped],
    encodings: Sequence[str],
    rules: Rules,
    runtime: Runtime,
) -> AtBase:
    """Return the files of every budget at the base, counted.

    Args:
        base: the base.
        scopes: names of the budgets, and their files.
        seen: the counted and skipped files on disk, by name.
        encodings: the encodings of all counts.
        rules: the rules for reading files.
        runtime: the process environment.

    Raises:
        ConfigError: the baseline cannot be read, or has other budgets or encodings.
        UsageError: the revision is unknown, or a file is outside the repository.
    """
    if base.baseline is not None and not base.is_written_anew:
        tallies = read_baseline(base.baseline, [name for name, _ in scopes], encodings)
        return AtBase(tallies=tallies, shown=base.baseline, source="--baseline")
    try:
        return _at_revision(base, [scope for _, scope in scopes], seen, encodings, rules, runtime)
    except NoBase as error:
        if base.pull_request is None:
            raise
        runtime.warn(f"{error}: {error.hint}")
        lost = Tally.of(Skipped(base.pull_request.shown, f"not in this clone: {error.hint}", expected=False))
        return AtBase(tallies=[lost] * len(scopes), shown=base.pull_request.shown, source=base.pull_request.variable)


def _places(scopes: Sequence[Scope], top: str) -> dict[str, str]:
    """Return the names of all files by their absolute paths.

    Raises:
        UsageError: a file is outside the repository.
    """
    sources = {one.name: one for scope in scopes for one in scope.found if isinstance(one, Source)}
    places = {place(one): name for name, one in sources.items()}
    for path, name in places.items():
        if not path.startswith(top):
            message = f"{name}: outside the repository {top.rstrip('/')}, which has no base for it"
            raise UsageError(message, hint="run in its repository, or compare with --baseline FILE")
    return places


def _at_revision(
    base: Base,
    scopes: Sequence[Scope],
    seen: Mapping[str, Counted | Skipped],
    encodings: Sequence[str],
    rules: Rules,
    runtime: Runtime,
) -> AtBase:
    from ...counting.git_blobs import GitCounter
    from ...sources.git.changes import WorkTree, changes
    from ...sources.git.repository import repository
    from ...sources.git.revisions import base_of, is_checked_out, resolve_revision
    from ...sources.git.trees import tree
    from ...tokenizer.engines import tokenizer

    where = repository(base.folder)
    commit = base_of(where, base.pull_request) if base.revision is None else resolve_revision(where, base.revision)
    top = os.path.join(os.path.realpath(where.root), "")
    changed = {one.old_path or one.path: one for one in changes(where, commit, WorkTree())}
    counted = {path: seen[name] for path, name in _places(scopes, top).items()}
    cache = runtime.open_cache()
    counter = GitCounter(where, {name: tokenizer(name) for name in encodings}, rules, cache, runtime.warn)
    entries = [entry for entry in tree(where, commit) if any(scope.takes(top + entry.path) for scope in scopes)]
    unknown = [entry for entry in entries if entry.path in changed or top + entry.path not in counted]
    wanted = [(shown(top + entry.path), _blob(entry, changed.get(entry.path))) for entry in unknown]
    then = {
        entry.path: _comparable(outcome, changed.get(entry.path))
        for entry, outcome in zip(unknown, counter.count(wanted, runtime.progress), strict=True)
    }
    if cache is not None:
        cache.close()
    at = {entry.path: then.get(entry.path) or counted[top + entry.path] for entry in entries}
    tallies = [Tally.of(*(one for path, one in at.items() if scope.takes(top + path))) for scope in scopes]
    return AtBase(
        tallies=tallies,
        shown=commit.shown,
        source=commit.source or "--against",
        is_checked_commit=is_checked_out(where, commit) and not _is_touched(changed.values(), scopes, top),
    )


def _is_touched(found: Iterable[Change], scopes: Sequence[Scope], top: str) -> bool:
    """Return whether a file of a budget differs from the base."""
    paths = {path for one in found for path in (one.path, one.old_path) if path}
    return any(scope.takes(top + path) for path in paths for scope in scopes)


def _blob(entry: Entry, change: Change | None) -> Blob:
    """Return the git object of a file at the base, with the line ends of the file it is compared with."""
    return entry.blob if change is None or change.before is None else change.before


def _comparable(then: Counted | Skipped, change: Change | None) -> Counted | Skipped:
    """Return the counted file at the base, or why it cannot be compared with the current one."""
    reason = change.incomparable if change is not None else ""
    return Skipped(then.path, reason, expected=False) if reason else then
