"""What a change adds, and how it came about: the same files in two revisions, or in many."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, field

from ..calculator.difference import Difference, FileChange, compare
from ..calculator.history import CommitRow, History
from ..errors import NoSuchPath, UsageError
from ..kept import Kept
from ..pricing.schema import Model
from ..sources.blobs import Blob
from ..sources.change import Change, OnDisk
from ..sources.changes import Staged, WorkTree, changes
from ..sources.history import Step, commits
from ..sources.nouns import Rules, Source
from ..sources.repository import Repository, repository
from ..sources.revisions import Commit, base_of, resolve
from ..sources.scope import Scope, past_scope, shown
from ..sources.trees import tree
from ..surveyor import Surveyor
from ..tally import Counted, Skipped
from ..tokenizer.engines import tokenizer
from . import settings
from .counting import open_cache
from .numbers import parse_count
from .options import Inputs, Prices, Request
from .process import Process

__all__ = ["difference_of", "history_of"]

Side = Commit | Staged | WorkTree


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
    table, day = settings.pricing(prices), settings.as_of(prices.as_of, process)
    models, workload = settings.models(request, table), settings.workload(request)
    monthly = settings.requests_per_month(requests_per_month)
    where = repository(".")
    base, head = _sides(where, revisions, staged=staged)
    rules = settings.rules(inputs)
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
        commits_named = [resolve(where, name) for name in revisions]
    except UsageError as error:
        path = next((name for name in revisions if os.path.lexists(name)), None)
        if path is not None and str(error).startswith("unknown"):
            error.hint = f"if the path is meant, write: gpt41calc diff -- {path}"
        raise
    if staged:
        return (commits_named or [resolve(where, "HEAD")])[0], Staged()
    if not commits_named:
        return base_of(where), WorkTree()
    return commits_named[0], commits_named[1] if len(commits_named) == _BOTH else WorkTree()


_BOTH = 2


def _called(side: Side) -> str:
    if isinstance(side, Commit):
        return side.hash[:10] if side.name == side.hash else f"{side.name} ({side.hash[:10]})"
    return "staged" if isinstance(side, Staged) else "work tree"


def _below(where: Repository, paths: Iterable[str]) -> list[str]:
    """Return paths as seen from the top of the repository.

    Raises:
        UsageError: one is outside.
    """
    top = os.path.realpath(where.root)
    below = []
    for path in paths:
        folder, name = os.path.split(path.rstrip("/") or path)
        real = (
            os.path.realpath(path) if name in {"", ".", ".."} else os.path.join(os.path.realpath(folder or "."), name)
        )
        seen = os.path.relpath(real, top).replace(os.sep, "/")
        if seen == ".." or seen.startswith("../"):
            message = f"{path}: outside the repository {where.root}"
            raise UsageError(message)
        below.append("" if seen == "." else seen)
    return below


def _known(
    where: Repository, sides: Iterable[Side], below: Sequence[str], found: Iterable[Change], paths: Iterable[str]
) -> set[str]:
    """Return the paths from the top that are on one of the sides; git is asked only if one is not on disk."""
    if all(map(os.path.lexists, paths)):
        return set()
    trees = (tree(where, side, *below) for side in sides if isinstance(side, Commit))
    changed = {path for one in found for path in (one.path, one.old_path) if path is not None}
    return {entry.path for entries in trees for entry in entries} | changed


def _require_known(paths: Sequence[str], where: Repository, known: AbstractSet[str]) -> None:
    """Refuse a path that is nowhere: it is misspelt, and what is about nothing would look as if nothing changed.

    Raises:
        NoSuchPath: there is one.
    """
    for path in paths:
        if not os.path.lexists(path):
            (below,) = _below(where, [path])
            if below not in known and not any(each.startswith(f"{below}/") for each in known):
                message = f"{path or _NO_NAME}: no such file or directory, neither here nor in the revisions"
                raise NoSuchPath(message, hint="paths are relative to the current folder")


_NO_NAME = "''"


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
                before=self._before(next(before), one) if one.before else None,
                after=next(after) if isinstance(one.after, Blob) else self._on_disk(surveyor, one),
            )
            for one in touched
        ]
        if cache is not None:
            cache.close()
        return found

    def _before(self, counted: Counted | Skipped, change: Change) -> Counted | Skipped:
        """Return what a file was; nothing is told of one side where the two cannot be compared."""
        if change.incomparable:
            return Skipped(self._shown(change.old_path or change.path), change.incomparable, expected=False)
        return counted

    def _on_disk(self, surveyor: Surveyor, change: Change) -> Counted | Skipped | None:
        found, name = change.after, self._shown(change.path)
        if not isinstance(found, OnDisk):
            return None
        if found.reason:
            return Skipped(name, found.reason, expected=True)
        if change.incomparable:
            return Skipped(name, change.incomparable, expected=False)
        return surveyor.count(Source(name, found.path, named=False, root=found.root)).seen

    def _shown(self, path: str) -> str:
        return shown(os.path.join(os.path.realpath(self.where.root), path))


def history_of(
    paths: Sequence[str],
    since: str | None,
    token_budget: str | None,
    inputs: Inputs,
    model: Model | None,
    encoding: str,
    process: Process,
) -> History:
    """Return what some paths came to with every commit that changed them, by first parents, oldest first.

    Raises:
        Gpt41calcError: something is asked wrongly.
    """
    where = repository(".")
    start = None if since is None else resolve(where, since)
    rules = settings.rules(inputs)
    scope = past_scope(paths or ["."], rules)
    below = _below(where, paths or ["."])
    with closing(commits(where, start, resolve(where, "HEAD"), *below)) as walked:
        steps = list(walked)
    cache = None if inputs.no_cache else open_cache(process)
    kept = Kept(where, {encoding: tokenizer(encoding)}, rules, cache, process.warn)
    top = os.path.join(os.path.realpath(where.root), "")
    first = [(one.path, one.blob) for one in (tree(where, start, *below) if start else ())]
    new = [(one.path, one.after) for step in steps for one in step.changes if isinstance(one.after, Blob)]
    _require_known(paths, where, {one.path for step in steps for one in step.changes} | {path for path, _ in first})
    wanted = [(path, blob) for path, blob in (*first, *new) if scope.takes(top + path)]
    seen = dict(zip(((path, blob.id) for path, blob in wanted), kept.count(wanted), strict=True))
    if cache is not None:
        cache.close()
    now = _Running(encoding)
    for path, blob in first:
        now.put(path, seen.get((path, blob.id)))
    at_start = now.tokens
    is_complete = not now.lost
    return History(
        rows=tuple(_rows(steps, now, seen)),
        tokens_at_start=at_start,
        is_complete_at_start=is_complete,
        config=process.project.path if process.project else None,
        paths=tuple(paths),
        encoding=encoding,
        model=model,
        budget_tokens=None if token_budget is None else parse_count(token_budget, "--token-budget"),
        since=None if start is None else _called(start),
        is_shallow=any(step.cut for step in steps),
    )


def _rows(
    steps: Sequence[Step], now: _Running, seen: Mapping[tuple[str, str], Counted | Skipped]
) -> Iterator[CommitRow]:
    """Yield the sum after every commit: what it changed is added and taken away, and nothing is counted twice."""
    for step in steps:
        before, was_there = now.tokens, now.files > 0
        for one in step.changes:
            now.put(one.path, seen.get((one.path, one.after.id)) if isinstance(one.after, Blob) else None)
        yield CommitRow(
            hash=step.commit.hash,
            date=step.commit.date,
            subject=step.commit.subject,
            tokens=now.tokens,
            delta=now.tokens - before if was_there else None,
            files=now.files,
            complete=not now.lost,
        )


@dataclass(slots=True)
class _Running:
    """What the files of a revision come to, kept up to date change by change."""

    encoding: str
    there: dict[str, Counted | Skipped] = field(default_factory=dict)
    tokens: int = 0
    files: int = 0
    lost: int = 0

    def put(self, path: str, found: Counted | Skipped | None) -> None:
        """Put something in the place of what is at a path; none: nothing is there any more."""
        self._add(self.there.pop(path, None), -1)
        if found is not None:
            self.there[path] = found
            self._add(found, 1)

    def _add(self, one: Counted | Skipped | None, sign: int) -> None:
        if isinstance(one, Counted):
            self.tokens += sign * one.tokens[self.encoding]
            self.files += sign
        elif one is not None:
            self.lost += sign * (not one.expected)
