"""Counts the inputs of every commit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from ...cli import resolve
from ...cli.inputs import open_cache
from ...cli.options import Inputs
from ...cli.parse import parse_count
from ...cli.process import Process
from ...counting.git_blobs import Kept
from ...pricing.schema import Model
from ...sources.git.blobs import Blob
from ...sources.git.log import Step, commits
from ...sources.git.repository import repository
from ...sources.git.revisions import resolve_revision
from ...sources.git.trees import tree
from ...sources.scope import past_scope
from ...tally import Counted, Skipped
from ...tokenizer.engines import tokenizer
from ..diff.revision_paths import _below, _called, _require_known
from .history import CommitRow, History

__all__ = ["history_of"]


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
    start = None if since is None else resolve_revision(where, since)
    rules = resolve.rules(inputs)
    scope = past_scope(paths or ["."], rules)
    below = _below(where, paths or ["."])
    with closing(commits(where, start, resolve_revision(where, "HEAD"), *below)) as walked:
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
