"""What a change adds, and how it came about: the same files in two revisions, or in many."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...cli import resolve
from ...cli.inputs import open_cache
from ...cli.options import Inputs, Prices, Request
from ...cli.process import Process
from ...counting.counter import Surveyor
from ...counting.git_blobs import Kept
from ...errors import UsageError
from ...pricing.schema import Model
from ...sources.git.blobs import Blob
from ...sources.git.change import Change, OnDisk
from ...sources.git.changes import Staged, WorkTree, changes
from ...sources.git.repository import Repository, repository
from ...sources.git.revisions import Commit, base_of, resolve_revision
from ...sources.scope import Scope, past_scope, shown
from ...sources.source import Rules, Source
from ...tally import Counted, Skipped
from ...tokenizer.engines import tokenizer
from .compare import Difference, FileChange, compare
from .revision_paths import Side, _below, _called, _known, _require_known

__all__ = ["difference_of"]


def difference_of(
    revisions: Sequence[str],
    inputs: Inputs,
    request: Request,
    prices: Prices,
    requests_per_month: str | None,
    process: Process,
    *,
    staged: bool,
) -> Difference:
    """Return what a change adds to the files that it touches.

    Args:
        revisions: the base, and what is compared with it; without the first, where this branch left the default
            branch; without the second, the work tree, or what is staged.
        inputs: which files, below the current folder if there are none.
        request: what is asked of which models, besides the files.
        prices: which prices hold.
        requests_per_month: how often the request is made.
        process: the process.
        staged: compare what is staged.

    Raises:
        Gpt41calcError: something is asked wrongly.
    """
    table, day = resolve.pricing(prices), resolve.as_of(prices.as_of, process)
    models, workload = resolve.models(request, table), resolve.workload(request)
    monthly = resolve.requests_per_month(requests_per_month)
    where = repository(".")
    base, head = _sides(where, revisions, staged=staged)
    rules = resolve.rules(inputs)
    paths = inputs.paths or ["."]
    scope = past_scope(paths, rules)
    below = _below(where, paths)
    found = changes(where, base, head, *below)
    _require_known(paths, where, _known(where, (base, head), below, found, paths))
    touched = list(_within(scope, where, found))
    counted = _Counting(where, models, rules, inputs, process).counted(touched)
    return Difference(
        base=_called(base),
        head=_called(head),
        changes=tuple(counted),
        models=compare(counted, models, workload, day),
        encoding=models[0].counted_in,
        workload=workload,
        as_of=day,
        requests_per_month=monthly,
        config=process.project.path if process.project else None,
    )


def _sides(where: Repository, revisions: Sequence[str], *, staged: bool) -> tuple[Commit, Side]:
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
        return base_of(where), WorkTree()
    return commits_named[0], commits_named[1] if len(commits_named) == _BOTH else WorkTree()


_BOTH = 2


def _within(scope: Scope, where: Repository, found: Iterable[Change]) -> Iterator[Change]:
    """Yield what changed in the scope; a file that was moved into it is added, and one moved out of it removed."""
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
    inputs: Inputs
    process: Process

    def counted(self, touched: Sequence[Change]) -> list[FileChange]:
        """Return the changes with what their files come to."""
        encodings: list[str] = [model.counted_in for model in self.models]
        tokenizers = {name: tokenizer(name) for name in encodings}
        cache = None if self.inputs.no_cache else open_cache(self.process)
        kept = Kept(self.where, tokenizers, self.rules, cache, self.process.warn)
        surveyor = Surveyor(tokenizers, self.rules)
        before = iter(
            kept.count([(self._shown(one.old_path or one.path), one.before) for one in touched if one.before])
        )
        after = iter(kept.count([(self._shown(one.path), one.after) for one in touched if isinstance(one.after, Blob)]))
        found = [
            FileChange(
                status=one.status,
                path=self._shown(one.path),
                old_path=self._shown(one.old_path) if one.old_path else None,
                before=next(before) if one.before else None,
                after=next(after) if isinstance(one.after, Blob) else self._on_disk(surveyor, one),
            )
            for one in touched
        ]
        if cache is not None:
            cache.close()
        return found

    def _on_disk(self, surveyor: Surveyor, change: Change) -> Counted | Skipped | None:
        found, name = change.after, self._shown(change.path)
        if not isinstance(found, OnDisk):
            return None
        if found.reason:
            return Skipped(name, found.reason, expected=True)
        return surveyor.count(Source(name, found.path, named=False)).seen

    def _shown(self, path: str) -> str:
        return shown(os.path.join(os.path.realpath(self.where.root), path))
