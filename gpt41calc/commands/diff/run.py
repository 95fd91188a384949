"""Count the files of two sides and compare them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...calculator.change import FileChange
from ...calculator.kind_ratio import counts_by_kind, with_kind_ratio
from ...calculator.workload import Workload
from ...counting.counter import SourceCounter
from ...counting.git_blobs import GitCounter
from ...counting.runtime import Runtime
from ...errors import UsageError
from ...pricing.schema import Model
from ...sources.git.blobs import Blob
from ...sources.git.change import Change, OnDisk
from ...sources.git.changes import Staged, WorkTree, changes
from ...sources.git.pull_request import PullRequestBase
from ...sources.git.repository import Repository, below_top, repository
from ...sources.git.revisions import Commit, base_of, is_checked_out, resolve_revision
from ...sources.scope import Scope, past_scope, shown
from ...sources.source import DEFAULT_RULES, Rules, Source
from ...tally import Counted, Skipped, Tally
from ...tokenizer.engines import tokenizer
from .compare import Difference, compare
from .revision_paths import Side, called, known_paths, require_known

__all__ = ["DiffOptions", "difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """The sides to compare, and settings for pricing."""

    revisions: Sequence[str] = ()
    """The base, and the revision compared with it. Without the first: the merge base with the default branch; without
    the second: the work tree, or the index.
    """

    pull_request: PullRequestBase | None = None
    """The target of the pull request, given by a CI service. None for the default branch."""

    staged: bool = False
    """Whether the index is compared instead of the work tree."""

    paths: Sequence[str] = (".",)
    """Files and folders to compare; empty for all."""

    rules: Rules = DEFAULT_RULES
    """Rules for the files in them."""

    models: Sequence[Model]
    """The models to price with, at least one."""

    workload: Workload
    """Output tokens, number of requests and other settings beside the files."""

    on: date
    """The day whose prices apply."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def difference(options: DiffOptions, runtime: Runtime) -> Difference:
    """Return the tokens and costs that a change adds to the files that it affects.

    Raises:
        Gpt41calcError: an option or a path is wrong.
    """
    where = repository(".")
    base, head = _sides(where, options)
    scope = past_scope(options.paths, options.rules)
    below = below_top(where, options.paths)
    found = changes(where, base, head, *below)
    require_known(options.paths, where, known_paths(where, (base, head), below, found, options.paths))
    touched = list(_within(scope, where, found))
    counted = _Counting(where, options.models, options.rules, runtime).counted(touched)
    models = _by_kind_of_text(options.models, where, touched, counted)
    return Difference(
        base=called(base),
        head=called(head),
        base_source=base.source or None,
        is_base_compared_itself=not found and _is_same(where, base, head),
        changes=tuple(counted),
        models=compare(counted, models, options.workload, options.on),
        encoding=options.models[0].counted_in,
        workload=options.workload,
        as_of=options.on,
        requests_per_month=options.requests_per_month,
        config=options.config,
    )


def _by_kind_of_text(
    models: Sequence[Model], where: Repository, touched: Sequence[Change], counted: Sequence[FileChange]
) -> list[Model]:
    """Return the models, those whose tokenizer is not installed with the ratio of such text as changed."""
    if not any(map(counts_by_kind, models)):
        return list(models)
    from ...counting.kind_shares import blob_weights, kind_weights

    pairs: list[tuple[Blob, Counted | Skipped | None]] = []
    on_disk: list[Source] = []
    for change, one in zip(touched, counted, strict=True):
        if change.before is not None:
            pairs.append((change.before, one.before))
        if isinstance(change.after, Blob):
            pairs.append((change.after, one.after))
        elif isinstance(change.after, OnDisk):
            on_disk.append(Source(one.path, change.after.path, named=False, root=change.after.root))
    after = Tally.of(*(one.after for one in counted if one.after is not None))
    weights = dict(blob_weights(where, pairs, "o200k_base"))
    for kind, tokens in kind_weights(after, on_disk, "o200k_base").items():
        weights[kind] = weights.get(kind, Decimal()) + tokens
    own = with_kind_ratio(models, weights)
    return [own.get(model.id, model) for model in models]


def _sides(where: Repository, options: DiffOptions) -> tuple[Commit, Side]:
    revisions, staged = options.revisions, options.staged
    if len(revisions) > (1 if staged else _BOTH):
        what = "--staged takes one revision" if staged else "at most two revisions can be compared"
        raise UsageError(what, hint="paths are written after --: gpt41calc diff main -- prompts")
    try:
        commits_named = [resolve_revision(where, name) for name in revisions]
    except UsageError as error:
        path = next((name for name in revisions if os.path.lexists(name)), None)
        if path is not None and str(error).startswith("unknown"):
            error.hint = f"if the path is meant, write: gpt41calc diff -- {path}"
        raise
    if staged:
        return (commits_named or [resolve_revision(where, "HEAD")])[0], Staged()
    if not commits_named:
        return base_of(where, options.pull_request), WorkTree()
    return commits_named[0], commits_named[1] if len(commits_named) == _BOTH else WorkTree()


_BOTH = 2


def _is_same(where: Repository, base: Commit, head: Side) -> bool:
    """Return whether a commit is compared with itself: by its name, or as checked out."""
    if isinstance(head, Commit):
        return base.hash == head.hash
    return bool(base.source) and is_checked_out(where, base)  # "diff HEAD" asks for nothing else


def _within(scope: Scope, where: Repository, found: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes within the scope; a file moved into it counts as added, one moved out of it as removed."""
    top = os.path.join(os.path.realpath(where.root), "")
    for one in found:
        is_in, was_in = scope.takes(top + one.path), scope.takes(top + (one.old_path or one.path))
        if is_in and was_in:
            yield one
        elif is_in:
            yield Change("added", one.path, None, None, one.after)
        elif was_in and one.old_path is not None:
            yield Change("removed", one.old_path, None, one.before, None)


@dataclass(slots=True)
class _Counting:
    """Counts both sides of changes."""

    where: Repository
    models: Sequence[Model]
    rules: Rules
    runtime: Runtime

    def counted(self, touched: Sequence[Change]) -> list[FileChange]:
        """Return the changes with their files counted."""
        encodings: list[str] = [model.counted_in for model in self.models]
        tokenizers = {name: tokenizer(name) for name in encodings}
        cache = self.runtime.open_cache()
        counter = GitCounter(self.where, tokenizers, self.rules, cache, self.runtime.warn)
        source_counter = SourceCounter(tokenizers, self.rules)
        before = iter(
            counter.count([(self._shown(one.old_path or one.path), one.before) for one in touched if one.before])
        )
        after = iter(
            counter.count([(self._shown(one.path), one.after) for one in touched if isinstance(one.after, Blob)])
        )
        found = [
            FileChange(
                status=one.status,
                path=self._shown(one.path),
                old_path=self._shown(one.old_path) if one.old_path else None,
                before=self._before(next(before), one) if one.before else None,
                after=next(after) if isinstance(one.after, Blob) else self._on_disk(source_counter, one),
            )
            for one in touched
        ]
        if cache is not None:
            cache.close()
        return found

    def _before(self, counted: Counted | Skipped, change: Change) -> Counted | Skipped:
        """Return the file before the change; neither side is reported if the two cannot be compared."""
        if change.incomparable:
            return Skipped(self._shown(change.old_path or change.path), change.incomparable, expected=False)
        return counted

    def _on_disk(self, source_counter: SourceCounter, change: Change) -> Counted | Skipped | None:
        found, name = change.after, self._shown(change.path)
        if not isinstance(found, OnDisk):
            return None
        if found.reason:
            return Skipped(name, found.reason, expected=True)
        if change.incomparable:
            return Skipped(name, change.incomparable, expected=False)
        return source_counter.count(Source(name, found.path, named=False, root=found.root)).seen

    def _shown(self, path: str) -> str:
        return shown(os.path.join(os.path.realpath(self.where.root), path))
