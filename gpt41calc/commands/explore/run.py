"""Count a folder for browsing, once for each encoding that is asked for."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from ...counting.runtime import Runtime, Unit, count_sources, find_sources
from ...counting.workers import WorkerPool, is_possible
from ...errors import UsageError
from ...pricing.schema import Model
from ...sources.find import as_shown
from ...sources.read import Reading
from ...sources.source import DEFAULT_RULES, Rules, Source
from ...tally import Skipped, Tally
from .tree import Tree

__all__ = ["Cancelled", "Counting", "ExploreOptions", "Numbers", "Text"]


_SWITCH_SECONDS = 0.0005
"""Time after which a thread that computes lets others run: with the usual 5 ms, a key took up to 90 ms meanwhile."""


class Cancelled(Exception):
    """Counting was given up, because the explorer was left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExploreOptions:
    """The folder to count, and how."""

    path: str
    """The folder."""

    rules: Rules = DEFAULT_RULES
    """Rules for the files in it."""


class Numbers(NamedTuple):
    """A folder in one encoding."""

    encoding: str
    """The encoding."""

    tree: Tree
    """Its counted files."""

    tally: Tally
    """The same as one sum, with what was skipped."""


class Text(NamedTuple):
    """The beginning of a file."""

    raw: bytes
    """Valid UTF-8."""

    is_whole: bool
    """Whether it is the whole file."""


@contextmanager
def _no_collection() -> Iterator[None]:
    """Let Python's garbage collector look at nothing that exists now or is made here, then or later.

    The results of 100,000 files stay until the end. To look through them takes 50 ms, in the time of some key.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class Counting:
    """Counts one folder, whose files were listed once."""

    def __init__(self, options: ExploreOptions, runtime: Runtime) -> None:
        """List the files.

        Raises:
            NoSuchPath: there is no such folder.
            UsageError: it is a file, or a pattern is invalid.
        """
        path = options.path
        if path == "-" or os.path.isfile(path):
            message = f"explore shows a folder, and {'standard input' if path == '-' else path} is none"
            raise UsageError(message, hint="'gpt41calc FILE' counts and prices a file")
        is_current = os.path.normpath(path) == "."
        self.root = os.path.basename(os.path.realpath(path)) if is_current else as_shown(path)
        """The folder, as it was named; the current one by its own name."""
        self.shown_as = "" if is_current else as_shown(path).rstrip("/") + "/"
        """What is before every path in reports: empty, or ending in a slash."""
        self._rules = options.rules
        self._runtime = runtime
        self._found: Sequence[Source | Skipped] = find_sources([path], options.rules, runtime)
        self._numbers: dict[str, Numbers] = {}

    def numbers(self, encoding: str) -> Numbers:
        """Return the folder in an encoding.

        Raises:
            VocabularyError: a vocabulary file is missing or altered.
        """
        if encoding not in self._numbers:
            tally = count_sources(self._found, [encoding], self._rules, self._runtime)
            with _no_collection():
                self._numbers[encoding] = Numbers(encoding, self._tree(tally, encoding), tally)
        return self._numbers[encoding]

    def _tree(self, tally: Tally, encoding: str) -> Tree:
        below = len(self.shown_as)
        return Tree.of(
            [one.path[below:] for one in tally.counted],
            tokens=[one.tokens[encoding] for one in tally.counted],
            sizes=[one.bytes for one in tally.counted],
        )

    def recount(self, encoding: str, observe: Callable[[int, int], None]) -> Numbers:
        """Return the folder in another encoding, counted by another process: the screen goes on meanwhile.

        Args:
            encoding: the encoding.
            observe: called with the number of counted files and that of all files; it may raise ``Cancelled``.

        Raises:
            VocabularyError: a vocabulary file is missing or altered.
        """

        @contextmanager
        def progress(total: int, _unit: Unit = "files", /) -> Iterator[Callable[[int], None]]:
            yield lambda done: observe(done, total)

        workers = WorkerPool()
        with suppress(OSError):
            if is_possible():
                workers.start_as(forks=False)  # a process with threads must not be forked
        self._runtime = replace(self._runtime, workers=workers, progress=progress)
        usual_seconds = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            return self.numbers(encoding)
        finally:
            sys.setswitchinterval(usual_seconds)
            workers.dismiss()

    def as_counted(self, model: Model) -> Model:
        """Return a model as it is counted here: by a ratio, if its tokenizer takes longer than anyone wants to wait.

        ``estimate`` measures the ratio on a sample of the input; here it is the usual one, with its range.
        """
        if model.fallback:
            return replace(model, encoding=None, ratio=model.fallback)
        if not model.kind_ratios:
            return model
        from ...calculator.kind_ratio import with_mean_ratio
        from ...counting.kind_shares import kind_weights

        encoding = model.counted_in
        return with_mean_ratio(model, kind_weights(self.numbers(encoding).tally, self._found, encoding))

    def text(self, path: str, most_bytes: int) -> Text:
        """Return the beginning of a counted file.

        Args:
            path: its path from the root.
            most_bytes: about how much of it is read; no character is cut.

        Raises:
            NotText: it cannot be read any more.
        """
        name = self.shown_as + path
        source = next(one for one in self._found if isinstance(one, Source) and one.name == name)
        parts: list[bytes] = []
        size = 0
        for block in Reading(source, self._rules._replace(max_bytes=None)):
            parts.append(block)
            size += len(block)
            if size > most_bytes:
                break
        raw = b"".join(parts)
        if len(raw) <= most_bytes:
            return Text(raw, is_whole=True)
        return Text(raw[:most_bytes].decode(errors="ignore").encode(), is_whole=False)
