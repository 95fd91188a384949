"""Count inputs, and compare each with the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ...calculator.change import ChangeStatus, FileChange, compare_tallies
from ...calculator.kind_ratio import is_of_kinds, with_kind_ratio
from ...calculator.workload import Workload
from ...counting.runtime import Runtime
from ...errors import UsageError
from ...pricing.schema import Model
from ...requests.detect_inputs import Detection
from ...sources.read import NotText
from ...sources.source import DEFAULT_RULES, Rules
from ...tally import Counted, Skipped
from ...tokenizer.engines import tokenizer
from .comparison import Compared, Comparison, SectionChange, Side
from .read_sides import ReadFile, ReadSide, read_side
from .wording import MOST_BYTES, Wording, changed_lines, changed_words

if TYPE_CHECKING:
    from ...requests.content_kind import Kind
    from ...tokenizer.protocol import Tokenizer
    from .sections import Divided

__all__ = ["CompareOptions", "compare_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """Inputs to compare, and settings for pricing."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input; at least two."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    kind: Kind | None = None
    """Declared kind of the files. None to detect it."""

    models: Sequence[Model]
    """The models to price with, at least one."""

    workload: Workload
    """Output tokens and tier."""

    on: date
    """The day whose prices apply."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def compare_inputs(options: CompareOptions, runtime: Runtime) -> Comparison:
    """Return inputs side by side, each compared with the first.

    Raises:
        UsageError: there are fewer than two inputs, or one cannot be compared.
        NoSuchPath: a path does not exist.
    """
    _require_several(options.paths)
    detection = Detection(rules=options.rules, kind=options.kind, stdin=runtime.stdin)
    first, *others = [read_side(path, detection, options.models, runtime) for path in options.paths]
    models = _by_kind_of_text(options.models, [first, *others])
    return Comparison(
        first=_side(first),
        others=tuple(_compared(first, other, models, options) for other in others),
        encoding=options.models[0].counted_in,
        workload=options.workload,
        as_of=options.on,
        requests_per_month=options.requests_per_month,
        config=options.config,
    )


def _require_several(paths: Sequence[str]) -> None:
    if len(paths) < _FEWEST:
        message = f"compare takes two or more inputs, found {len(paths)}"
        raise UsageError(message, hint="gpt41calc compare OLD.md NEW.md; what git has is compared by 'gpt41calc diff'")
    if paths.count("-") > 1:
        message = "standard input is named twice, and can be read once"
        raise UsageError(message, hint="write one of the two into a file")


_FEWEST = 2


def _side(read: ReadSide) -> Side:
    return Side(name=read.name, kind=read.kind, inputs=read.inputs)


def _by_kind_of_text(models: Sequence[Model], sides: Sequence[ReadSide]) -> list[Model]:
    """Return the models, those whose tokenizer is not installed with the ratio of the text of all inputs."""
    if not any(map(is_of_kinds, models)):
        return list(models)
    from ...counting.kind_shares import kind_weights

    weights: dict[str, Decimal] = {}
    for side in sides:
        for kind, tokens in kind_weights(side.inputs, side.sources, "o200k_base").items():
            weights[kind] = weights.get(kind, Decimal()) + tokens
    own = with_kind_ratio(models, weights)
    return [own.get(model.id, model) for model in models]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A file in both inputs, or in one."""

    path: str
    """Its path relative to the inputs."""

    before: ReadFile | None
    """The file in the first input. None if it is not there."""

    after: ReadFile | None
    """The file in the other input. None if it is not there."""

    @property
    def is_same(self) -> bool:
        """Whether both are the same, byte for byte."""
        if self.before is None or self.after is None:
            return False
        one, other = self.before.seen, self.after.seen
        if not isinstance(one, Counted) or not isinstance(other, Counted):
            return isinstance(one, Skipped) and isinstance(other, Skipped) and one.expected and other.expected
        if self.before.source is not None and self.after.source is not None and one.tokens != other.tokens:
            return False
        try:
            return self.before.content() == self.after.content()
        except NotText:
            return False

    @property
    def status(self) -> ChangeStatus:
        """Kind of the change."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def _pairs(first: ReadSide, other: ReadSide) -> list[_Pair]:
    """Return the files of two inputs by their relative path; two files are a pair whatever their names are."""
    if "folder" not in {first.kind, other.kind}:
        (before,), (after,) = first.files.values(), other.files.values()
        return [_Pair(other.name, before, after)]
    paths = sorted({**first.files, **other.files})
    return [_Pair(path, first.files.get(path), other.files.get(path)) for path in paths]


def _compared(first: ReadSide, other: ReadSide, models: Sequence[Model], options: CompareOptions) -> Compared:
    pairs = _pairs(first, other)
    changed = [pair for pair in pairs if not pair.is_same]
    is_of_files = "folder" in {first.kind, other.kind}
    encoding = models[0].counted_in
    reader = _Texts(tokenizer(encoding), models[0], is_of_files=is_of_files)
    sections = [section for pair in changed for section in reader.sections(pair)]
    lines = changed_lines(reader.before, reader.after)
    words = changed_words(lines)
    costly_lines, more_lines = _costly(lines, reader.counter, before=b"", after=b"\n")
    costly_words, more_words = _costly(words, reader.counter, before=b" ", after=b"")
    return Compared(
        side=_side(other),
        is_same=not changed,
        models=compare_tallies(first.inputs, other.inputs, models, options.workload, options.on),
        files=tuple(
            FileChange(
                status=pair.status,
                path=pair.path,
                old_path=None if is_of_files else first.name,
                before=pair.before.seen if pair.before else None,
                after=pair.after.seen if pair.after else None,
            )
            for pair in changed
        ),
        sections=tuple(sections),
        undivided=tuple(dict.fromkeys(reader.undivided)),
        lines=costly_lines,
        words=costly_words,
        more_lines=more_lines,
        more_words=more_words,
        unread=tuple(reader.unread),
    )


def _costly(
    changed: Counter[bytes], counter: Tokenizer, *, before: bytes, after: bytes
) -> tuple[tuple[Wording, ...], int]:
    """Return the texts that add or take away the most tokens, each counted with what is around it, and how many more.

    Args:
        changed: how many times more often each text is there.
        counter: what counts them.
        before: what stands in front of each.
        after: what stands behind each.
    """
    found = [
        Wording(text.decode("utf-8", "replace"), times, times * counter.count(before + text + after))
        for text, times in changed.items()
    ]
    found.sort(key=lambda one: (-abs(one.tokens), -one.tokens, one.text))
    return tuple(found[:_MOST_WORDING]), max(0, len(found) - _MOST_WORDING)


_MOST_WORDING = 100
"""Most lines, and most words, of the result: the first few are read, and a report must not repeat the texts."""


class _Texts:
    """Reads the texts of files, and compares their sections."""

    def __init__(self, counter: Tokenizer, model: Model, *, is_of_files: bool) -> None:
        """Take what counts sections, the first model, and whether inputs have several files."""
        self.counter = counter
        self._model = model
        self._is_of_files = is_of_files
        self._bytes_left = 2 * MOST_BYTES
        self.before: list[bytes] = []
        self.after: list[bytes] = []
        self.undivided: list[tuple[str, str]] = []
        self.unread: list[tuple[str, str]] = []

    def sections(self, pair: _Pair) -> Iterator[SectionChange]:
        """Yield the sections of a file that are not the same in both inputs, and the tokens that none has alone."""
        sides = [self._read(pair.path, one) for one in (pair.before, pair.after)]
        if any(text is None for text in sides):
            return
        before, after = (text or b"" for text in sides)
        self.before.append(before)
        self.after.append(after)
        if pair.before is None or pair.after is None:
            return
        was, now = self._divided(pair.before, before), self._divided(pair.after, after)
        names = {section.name for divided in (was, now) for section in divided.sections}
        if was.by is None or now.by is None or len(names) < _FEWEST_SECTIONS:
            return
        yield from self._changed(pair, was, now)

    def _read(self, path: str, file: ReadFile | None) -> bytes | None:
        """Return the text of a file; None if its lines are not compared, for a reason that is noted."""
        if file is None:
            return b""
        if not isinstance(file.seen, Counted):
            return None  # that it was not counted is said elsewhere
        text = file.text() if self._bytes_left > 0 else None
        if text is None:
            self.unread.append((path, f"more than {MOST_BYTES:,} bytes of text"))
            return None
        self._bytes_left -= len(text)
        return text

    def _divided(self, file: ReadFile, text: bytes) -> Divided:
        divided = file.divided(text)
        if divided.reason:
            self.undivided.append((file.seen.path, divided.reason))
        return divided

    def _changed(self, pair: _Pair, was: Divided, now: Divided) -> Iterator[SectionChange]:
        old = {section.name: section.text for section in was.sections}
        new = {section.name: section.text for section in now.sections}
        counts = self._counts(old), self._counts(new)
        path = pair.path if self._is_of_files else None
        for name in {**new, **old}:
            if old.get(name) != new.get(name):
                by = now.by if name in new else was.by
                yield SectionChange(path=path, name=name, by=by, before=counts[0].get(name), after=counts[1].get(name))
        rest = [
            self._whole(file) - sum(counted.values())
            for file, counted in zip((pair.before, pair.after), counts, strict=True)
        ]
        if rest[0] != rest[1]:
            name = BY_RULES if "messages" in {was.by, now.by} else BETWEEN
            yield SectionChange(path=path, name=name, by=None, before=rest[0], after=rest[1])

    def _counts(self, sections: Mapping[str, bytes]) -> dict[str, int]:
        return {name: self.counter.count(text) for name, text in sections.items()}

    def _whole(self, file: ReadFile | None) -> int:
        """Return the tokens of a file in the encoding of sections, and what rules add to them."""
        if file is None or not isinstance(file.seen, Counted):
            return 0
        return file.seen.tokens[self._model.counted_in] + file.seen.added.get(self._model.id, 0)


_FEWEST_SECTIONS = 2
"""Fewest sections of both texts together: of one alone, its row would be that of the file."""

BETWEEN = "(where sections meet)"

BY_RULES = "(roles, functions and pictures, by the API's rules)"
