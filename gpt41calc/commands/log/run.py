"""Count the files of every commit that changed them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from ...counting.git_blobs import GitCounter
from ...counting.runtime import Runtime
from ...pricing.schema import Model
from ...sources.git.blobs import Blob
from ...sources.git.log import Step, commits
from ...sources.git.repository import below_top, repository
from ...sources.git.revisions import resolve_revision
from ...sources.git.trees import tree
from ...sources.scope import past_scope
from ...sources.source import DEFAULT_RULES, Rules
from ...tally import Counted, Skipped
from ...tokenizer.engines import tokenizer
from ...tokenizer.vocabulary import DEFAULT_ENCODING
from ..diff.revision_paths import called, require_known
from .history import CommitRow, History

__all__ = ["LogOptions", "history"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOptions:
    """Files to follow, and settings for counting them."""

    paths: Sequence[str] = ()
    """Files and folders; empty for the current folder."""

    rules: Rules = DEFAULT_RULES
    """Rules for the files in them."""

    since: str | None = None
    """The revision after which the history begins. None for the whole history."""

    token_budget: int | None = None
    """Most tokens allowed; None if there is no budget."""

    model: Model | None = None
    """The model whose tokens are counted. None to count as GPT-4.1, without loading the price table."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def history(options: LogOptions, runtime: Runtime) -> History:
    """Return the tokens of some paths after every commit that changed them, by first parents, oldest first.

    Raises:
        Gpt41calcError: an option or a path is wrong.
    """
    encoding = options.model.counted_in if options.model else DEFAULT_ENCODING
    where, paths = repository("."), options.paths or ["."]
    start = None if options.since is None else resolve_revision(where, options.since)
    scope = past_scope(paths, options.rules)
    below = below_top(where, paths)
    with closing(commits(where, start, resolve_revision(where, "HEAD"), *below)) as walked:
        steps = list(walked)
    cache = runtime.open_cache()
    counter = GitCounter(where, {encoding: tokenizer(encoding)}, options.rules, cache, runtime.warn)
    top = os.path.join(os.path.realpath(where.root), "")
    first = [(one.path, one.blob) for one in (tree(where, start, *below) if start else ())]
    new = [(one.path, one.after) for step in steps for one in step.changes if isinstance(one.after, Blob)]
    known = {one.path for step in steps for one in step.changes} | {path for path, _ in first}
    require_known(options.paths, where, known)
    wanted = [(path, blob) for path, blob in (*first, *new) if scope.takes(top + path)]
    seen = dict(zip(((path, blob.id) for path, blob in wanted), counter.count(wanted, runtime.progress), strict=True))
    if cache is not None:
        cache.close()
    now = _Running(encoding)
    for path, blob in first:
        now.put(path, seen.get((path, blob.id)))
    at_start = now.tokens
    is_complete = not now.lost
    rows = tuple(_rows(steps, now, seen))
    model = options.model
    if model is not None and model.kind_ratios:
        from ...calculator.kind_ratio import with_mean_ratio
        from ...counting.kind_shares import blob_weights

        counted = ((blob, seen.get((path, blob.id))) for path, blob in wanted)
        model = with_mean_ratio(model, blob_weights(where, counted, encoding), of_every_part=True)
    return History(
        rows=rows,
        tokens_at_start=at_start,
        is_complete_at_start=is_complete,
        config=options.config,
        paths=tuple(options.paths),
        encoding=encoding,
        model=model,
        budget_tokens=options.token_budget,
        since=None if start is None else called(start),
        is_shallow=any(step.cut for step in steps),
    )


def _rows(
    steps: Sequence[Step], now: _Running, seen: Mapping[tuple[str, str], Counted | Skipped]
) -> Iterator[CommitRow]:
    """Yield the total after every commit: only its changes are added and subtracted, so nothing is counted twice."""
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
    """The totals of a revision, updated change by change."""

    encoding: str
    there: dict[str, Counted | Skipped] = field(default_factory=dict)
    tokens: int = 0
    files: int = 0
    lost: int = 0

    def put(self, path: str, found: Counted | Skipped | None) -> None:
        """Replace the file at a path. None removes it."""
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
