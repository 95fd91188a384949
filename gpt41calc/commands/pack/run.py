"""Count files, and choose those that are sent."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from ...calculator.context import input_tokens
from ...calculator.interval import Interval
from ...counting.runtime import Runtime, count_sources, find_sources
from ...errors import UsageError
from ...pricing.schema import Model
from ...sources.source import DEFAULT_RULES, Rules, Source
from ...tally import Skipped, Tally
from .packing import Candidate, Packing, choose
from .weights import USUAL, Weights, read_weights

if TYPE_CHECKING:
    from ...sources.git.last_changes import LastChange

__all__ = ["GIT", "PackOptions", "Packed", "pack_paths"]

GIT = "git"
"""The priority by the last commit; any other is a file of weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOptions:
    """Files to choose from, and settings."""

    paths: Sequence[str]
    """Files and folders."""

    budget_tokens: int
    """Most tokens of all files that are sent."""

    priority: Sequence[str] = ()
    """A file of weights, ``git``, or both; empty for the smallest files first."""

    model: Model
    """The model whose tokens are counted."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The files to send for a budget."""

    inputs: Tally
    """All files, with their tokens in ``encoding``."""

    encoding: str
    """Encoding of the counts."""

    model: Model
    """The model whose tokens the budget has."""

    budget_tokens: int
    """Most tokens of the model that all files together may have."""

    packing: Packing
    """The chosen files, in tokens of the encoding."""

    weights_file: str | None = None
    """The file of weights. None if there is none."""

    by_git: bool = False
    """Whether files that were changed later come first."""

    last_changes: Mapping[str, LastChange] = field(default_factory=dict)
    """The last change of files by their path; files without a commit are not in it."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    @property
    def paths(self) -> list[str]:
        """Paths of the chosen files, in their order."""
        return [one.path for one in self.packing.included]

    @property
    def tokens(self) -> Interval[int]:
        """Tokens of the chosen files for the model; by its upper bound, too, they are within the budget."""
        return self.tokens_of(self.packing.tokens)

    def tokens_of(self, counted: int) -> Interval[int]:
        """Return the tokens of the model for a count in the encoding."""
        return input_tokens(counted, self.model)


def pack_paths(options: PackOptions, runtime: Runtime) -> Packed:
    """Count files, and choose those that are sent.

    Raises:
        UsageError: the budget is negative, a path does not exist or is standard input, a priority cannot be used, or a
            pattern is invalid.
        VocabularyError: a vocabulary file is missing or altered.
    """
    if options.budget_tokens < 0:
        message = f"a budget of {options.budget_tokens:,} tokens is negative"
        raise UsageError(message)
    weights, by_git = _priorities(options.priority)
    found = find_sources(options.paths, options.rules, runtime)
    sources = {one.name: one for one in found if isinstance(one, Source)}
    if any(one.path is None for one in sources.values()):
        message = "standard input is a text, and pack chooses among files"
        raise UsageError(message, hint="'.' is the current folder; '--files-from -' reads a list of paths")
    last = _last_changes(options.paths, sources) if by_git else {}
    encoding = options.model.counted_in
    inputs = count_sources(found, [encoding], options.rules, runtime)
    model = _as_counted(options.model, inputs, found)
    oldest = 1 + max((one.rank for one in last.values()), default=0)
    candidates = [
        Candidate(
            path=one.path,
            tokens=one.tokens[encoding],
            bytes=one.bytes,
            weight=weights.of(sources[one.path]) if weights else USUAL,
            rank=last[one.path].rank if one.path in last else oldest,
        )
        for one in inputs.counted
    ]
    return Packed(
        inputs=inputs,
        encoding=encoding,
        model=model,
        budget_tokens=options.budget_tokens,
        packing=choose(candidates, _counted_budget(options.budget_tokens, model)),
        weights_file=weights.path if weights else None,
        by_git=by_git,
        last_changes=last,
        config=options.config,
    )


def _priorities(named: Sequence[str]) -> tuple[Weights | None, bool]:
    """Return the weights, if a file is named, and whether git decides, too.

    Raises:
        UsageError: two files are named, or one cannot be used.
    """
    files = list(dict.fromkeys(name for name in named if name != GIT))
    if len(files) > 1:
        message = f"--priority: '{files[0]}' and '{files[1]}' are two files of weights"
        raise UsageError(message, hint="write the lines of both into one file: the last line that matches decides")
    return (read_weights(files[0]) if files else None), GIT in named


def _last_changes(paths: Sequence[str], sources: Mapping[str, Source]) -> Mapping[str, LastChange]:
    """Return the last change of each file by the history of the repository that all are in.

    Raises:
        UsageError: they are in no repository, or not all in the same, or it has no commit.
    """
    from ...sources.git.last_changes import last_changes
    from ...sources.git.repository import below_top, repository

    if not paths:
        return {}
    first = paths[0]
    where = repository(first if os.path.isdir(first) else os.path.dirname(first) or ".")
    below = below_top(where, paths)
    top = os.path.join(os.path.realpath(where.root), "")
    inside = _paths_from(top, sources)
    few = below if len(below) <= _MOST_PATHS else [os.path.commonpath(below)]
    found = last_changes(where, inside.keys(), *few)
    return {inside[path]: change for path, change in found.items()}


_MOST_PATHS = 100
"""Most paths that git is given, because the length of a command line is limited."""


def _paths_from(top: str, sources: Mapping[str, Source]) -> dict[str, str]:
    """Return the names of the sources that are in a work tree, by path from its root."""
    folders: dict[str, str] = {}
    inside = {}
    for name, source in sources.items():
        folder, base = os.path.split(source.path or "")
        if folder not in folders:
            folders[folder] = os.path.join(os.path.realpath(folder or "."), "")
        path = folders[folder] + base
        if path.startswith(top):
            inside[path[len(top) :].replace(os.sep, "/")] = name
    return inside


def _as_counted(model: Model, inputs: Tally, found: Sequence[Source | Skipped]) -> Model:
    """Return the model; if kinds of text have ratios of their own, with one whose range holds for each file."""
    if not model.kind_ratios:
        return model
    from ...calculator.kind_ratio import with_mean_ratio
    from ...counting.kind_shares import kind_weights

    return with_mean_ratio(model, kind_weights(inputs, found, model.counted_in), of_every_part=True)


def _counted_budget(tokens: int, model: Model) -> int:
    """Return the most tokens of the encoding that are within a budget of the model, by the upper bound of estimates."""
    if model.ratio is None:
        return tokens
    return int((Decimal(tokens) / model.ratio.high).to_integral_value(ROUND_FLOOR))
