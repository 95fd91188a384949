"""Read answers from files: each line is read by the format that recognises it, and repeated answers are merged."""

from __future__ import annotations

from collections.abc import Sequence

from ...counting.count import Observer
from ...counting.runtime import Progress, unobserved
from ...pricing.price import Tier
from ...sources.json_records import Record, file_bytes, records
from ...sources.log_files import LogFile, find_logs
from ...tally import STDIN_NAME, Skipped
from .answer import Answer
from .json_values import Json, found_kind
from .ledger import Ledger
from .lines import Fate
from .no_usage import NoUsage
from .shapes import SHAPES, FileContext, Shape

__all__ = ["LogReader", "answers_in"]


_MAX_LISTED = 10_000
"""Most failures listed: a log of gigabytes may be invalid as a whole, and the list is held in memory."""


def answers_in(line: Json, place: str, shapes: Sequence[Shape]) -> Sequence[Answer]:
    """Return the answers in one line, as read by the first format that recognises it.

    Args:
        line: one JSON object.
        place: location of the line.
        shapes: the format readers of its file; the last one accepts every line.

    Raises:
        NoUsage: the line has nothing to bill.
    """
    return next(found for shape in shapes if (found := shape.read(line, place)) is not None)


def _from(before: int, observe: Observer) -> Observer:
    """Return a progress observer for a file that follows others."""
    return lambda read: observe(before + read)


class LogReader:
    """Reads files into a ledger, and lists lines that could not be read."""

    def __init__(self, ledger: Ledger, tier: Tier | None, model: str | None) -> None:
        """Start without files.

        Args:
            ledger: the sums to which answers are added.
            tier: tier of answers that do not state theirs.
            model: model of answers that do not name one.
        """
        self._ledger, self._tier, self._model = ledger, tier, model
        self._is_refused = False
        """Whether the current line has something whose cost is not known."""
        self.paths: list[str] = []
        """Paths of the files, as the user wrote them."""
        self.failed: list[Skipped] = []
        """Failed requests, which cost nothing."""
        self.skipped: list[Skipped] = []
        """Lines that may have a cost but are in no sum; limited in number."""
        self._unlisted = 0
        """Number of further such lines."""

    def read(self, paths: Sequence[str], stdin: int, progress: Progress = unobserved) -> None:
        """Read files, and the logs in folders.

        Args:
            paths: files and folders; ``-`` is standard input.
            stdin: descriptor of standard input.
            progress: shows the bytes read so far.
        """
        found = list(find_logs(paths))
        self.skipped += [one for one in found if isinstance(one, Skipped)]
        files = [one for one in found if not isinstance(one, Skipped)]
        sizes = [file_bytes(one.path) for one in files]
        before = 0
        with progress(sum(sizes), "bytes") as observe:
            for one, size in zip(files, sizes, strict=True):
                self._read_file(one, stdin, _from(before, observe))
                before += size
        found_in_folders = sum(not one.is_named for one in files)
        if self._unlisted:
            reason = f"{self._unlisted:,} more lines that could not be counted"
            self.skipped.append(Skipped(", ".join(paths), reason, expected=False))
        if found_in_folders and not self._ledger.lines.billed and not self.skipped:
            self.skipped.append(Skipped(", ".join(paths), "no answer with usage in any file", expected=False))
        elif not self.paths:
            self.skipped.append(Skipped(", ".join(paths), "no file of JSON in it", expected=False))

    def _read_file(self, file: LogFile, stdin: int, observe: Observer) -> None:
        name = STDIN_NAME if file.path == "-" else file.path
        self.paths.append(name)
        context = FileContext(name=name, tier=self._tier, model=self._model, session=file.session, project=file.project)
        shapes = [shape(context) for shape in SHAPES]
        lines, before = self._ledger.lines, len(self.skipped) + len(self.failed)
        known = lines.billed + lines.duplicate + lines.replay
        for record in records(file.path, stdin, has_items=True, observe=observe):
            if not isinstance(record, Skipped):
                self._take(record, shapes)
                continue
            self._skip(record)
            if record.path != name:  # a line, and not the whole file
                lines.add("no_usage")
                lines.refused += 1
        for shape in shapes:
            for rest in shape.rest():
                self._take_rest(rest)
        has_answers = lines.billed + lines.duplicate + lines.replay > known
        if file.is_named and not has_answers and len(self.skipped) + len(self.failed) == before:
            self.skipped.append(Skipped(name, "no answer with usage in it", expected=False))

    def _take(self, record: Record, shapes: Sequence[Shape]) -> None:
        """Process one line, and count its result."""
        self._is_refused = False
        fate = self._fate(record.value, record.place, shapes)
        self._ledger.lines.add(fate)
        self._ledger.lines.refused += fate == "no_usage" and self._is_refused

    def _fate(self, value: object, place: str, shapes: Sequence[Shape]) -> Fate:
        if not isinstance(value, dict):
            return self._no_usage(NoUsage(f"expected an object, found {found_kind(value)}"), place)
        try:
            answers = answers_in(value, place, shapes)
        except NoUsage as error:
            return self._no_usage(error, place)
        fates = {self._added(answer) for answer in answers}
        order: tuple[Fate, ...] = ("billed", "duplicate", "replay")
        return next((fate for fate in order if fate in fates), "no_usage")

    def _added(self, answer: Answer) -> Fate:
        try:
            return self._ledger.add(answer)
        except NoUsage as error:
            return self._no_usage(error, answer.place)

    def _no_usage(self, error: NoUsage, place: str) -> Fate:
        if error.is_repeated:
            return "duplicate"
        lost = Skipped(place, error.reason, expected=error.expected)
        if not error.expected:
            self._is_refused = True
            self._skip(lost)
            return "no_usage"
        kind = error.reason.partition(":")[0]
        self._ledger.lines.reasons[kind] += 1
        if kind == "failed" and len(self.failed) < _MAX_LISTED:
            self.failed.append(lost)
        return "no_usage"

    def _skip(self, lost: Skipped) -> None:
        if len(self.skipped) < _MAX_LISTED:
            self.skipped.append(lost)
        else:
            self._unlisted += 1

    def _take_rest(self, rest: Answer | Skipped) -> None:
        """Process an answer that a format held back; its line was counted as a duplicate until now."""
        if isinstance(rest, Skipped):
            self._skip(rest)
        else:
            self._ledger.lines.move("duplicate", self._added(rest))
