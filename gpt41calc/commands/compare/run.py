"""Count inputs, and compare each with the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ...calculator.change import FileChange, compare_tallies
from ...calculator.kind_ratio import counts_by_kind, with_kind_ratio
from ...calculator.workload import Workload
from ...counting.runtime import Runtime
from ...errors import UsageError
from ...pricing.schema import Model
from ...requests.content_kind import Kind
from ...requests.detect_inputs import Detection
from ...sources.source import DEFAULT_RULES, Rules
from ...tokenizer.engines import tokenizer
from .comparison import Compared, Comparison, Side
from .pairs import pairs_of
from .read_sides import ReadSide, read_sides
from .section_changes import SectionReader
from .wording import Wording, changed_lines, changed_words

if TYPE_CHECKING:
    from ...tokenizer.protocol import Tokenizer

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
    if options.kind not in {None, Kind.TEXT, Kind.REQUEST}:
        message = f"--kind {options.kind}: 'compare' takes text and requests"
        raise UsageError(message, hint="--kind text compares any file as text")
    detection = Detection(rules=options.rules, kind=options.kind, stdin=runtime.stdin)
    first, *others = read_sides(options.paths, detection, options.models, runtime)
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
        raise UsageError(message, hint=_HINTS[bool(paths)])
    if paths.count("-") > 1:
        message = "standard input is named twice, and can be read once"
        raise UsageError(message, hint="write one of the two into a file")


_FEWEST = 2

_HINTS = {
    False: "'gpt41calc --versus ID FILE' compares models, 'gpt41calc pricing compare' price tables, and "
    "'gpt41calc compare OLD.md NEW.md' two prompts",
    True: "gpt41calc compare OLD.md NEW.md compares two prompts, and 'gpt41calc diff' what git has of one",
}
"""What to do next, by whether an input was named."""


def _side(read: ReadSide) -> Side:
    return Side(name=read.name, kind=read.kind, inputs=read.inputs)


def _by_kind_of_text(models: Sequence[Model], sides: Sequence[ReadSide]) -> list[Model]:
    """Return the models, those whose tokenizer is not installed with the ratio of the text of all inputs."""
    if not any(map(counts_by_kind, models)):
        return list(models)
    from ...counting.kind_shares import kind_weights

    weights: dict[str, Decimal] = {}
    for side in sides:
        for kind, tokens in kind_weights(side.inputs, side.sources, "o200k_base").items():
            weights[kind] = weights.get(kind, Decimal()) + tokens
    own = with_kind_ratio(models, weights)
    return [own.get(model.id, model) for model in models]


def _compared(first: ReadSide, other: ReadSide, models: Sequence[Model], options: CompareOptions) -> Compared:
    pairs = pairs_of(first, other)
    changed = [pair for pair in pairs if not pair.is_same]
    is_of_files = "folder" in {first.kind, other.kind}
    encoding = models[0].counted_in
    reader = SectionReader(tokenizer(encoding), models[0], is_of_files=is_of_files)
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
