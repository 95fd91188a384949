"""The report of ``pack``: the files to send, and those that are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from ...calculator.context import largest_input
from ...render.answer import Answer
from ...render.cells import Cell
from ...render.numbers import number, percent, plural
from ...render.sentences import notes_on_counts
from ...render.sheet import Look, Sheet, short_notes
from .document import over_by, packed_document, used_percent
from .packing import Candidate
from .run import Packed
from .weights import USUAL

__all__ = ["files_sheet", "packed_sheet"]

_MOST_ROWS = 10
"""Most files of each kind that are shown if no number is given."""


def packed_sheet(packed: Packed, top: int | None = None) -> Sheet:
    """Return the first files to send, and below them the largest that are left out, for people.

    Args:
        packed: the result.
        top: most rows of each kind. None for ten.
    """
    most = top or _MOST_ROWS
    included, left_out = packed.packing.included[:most], packed.packing.left_out[:most]
    rows = _included_rows(packed, included) + [_row(packed, one, None, _why(packed, one)) for one in left_out]
    weight = ("Weight",) if packed.weights_file is not None else ()
    change = ("Last change",) if packed.by_git else ()
    tokens = "Tokens (estimated)" if packed.model.ratio else "Tokens"
    notes, more = short_notes(_notes(packed, len(included), len(left_out)))
    return Sheet(
        title="",
        answer=_answer(packed),
        columns=(tokens, "Sum", *weight, *change, "Left out", "Path"),
        rows=tuple(rows),
        document=packed_document(packed),
        notes=notes,
        explained=(*more, *_explained(packed)),
        look=Look(
            expendable=("Sum", "Last change"),
            fixed=("Left out", "Last change"),
            paths="Path",
            styles=("",) * len(included) + ("dim",) * len(left_out),
            rules=(len(included),) if left_out else (),
        ),
    )


def files_sheet(packed: Packed, top: int | None = None) -> Sheet:
    """Return a row per file with everything that is known of it, for spreadsheets and scripts.

    Args:
        packed: the result.
        top: most rows of files to send, and of files that are left out. None for all.
    """
    included, left_out = packed.packing.included[:top], packed.packing.left_out[:top]
    sums = accumulate(one.tokens for one in included)
    rows = [
        *(_full_row(packed, one, packed.tokens_of(counted).value) for one, counted in zip(included, sums, strict=True)),
        *(_full_row(packed, one, None) for one in left_out),
    ]
    return Sheet(title="", columns=_COLUMNS, rows=tuple(rows))


_COLUMNS = (
    *("Included", "Tokens", "Cumulative tokens", "Weight", "Commit", "Committed", "Uncommitted", "Reason", "Over by"),
    "Path",
)


def _full_row(packed: Packed, one: Candidate, cumulative: int | None) -> tuple[Cell, ...]:
    change = packed.last_changes.get(one.path)
    commit = change.commit if change else None
    is_over = cumulative is None and bool(one.weight)
    return (
        cumulative is not None,
        packed.tokens_of(one.tokens).value,
        cumulative,
        one.weight if packed.weights_file is not None else None,
        commit.hash if commit else None,
        commit.date if commit else None,
        change is not None and commit is None if packed.by_git else None,
        None if cumulative is not None else "budget" if one.weight else "weight",
        over_by(one, packed) if is_over else None,
        one.path,
    )


def _included_rows(packed: Packed, included: Sequence[Candidate]) -> list[tuple[Cell, ...]]:
    sums = accumulate(one.tokens for one in included)
    return [_row(packed, one, packed.tokens_of(sum_).value, None) for one, sum_ in zip(included, sums, strict=True)]


def _row(packed: Packed, one: Candidate, cumulative: int | None, why: str | None) -> tuple[Cell, ...]:
    weight = (one.weight,) if packed.weights_file is not None else ()
    change = (_changed(packed, one),) if packed.by_git else ()
    return (packed.tokens_of(one.tokens).value, cumulative, *weight, *change, why, one.path)


def _changed(packed: Packed, one: Candidate) -> str | None:
    change = packed.last_changes.get(one.path)
    if change is None:
        return None
    return "uncommitted" if change.commit is None else f"{change.commit.date} {change.commit.hash[:_SHORT_HASH]}"


_SHORT_HASH = 7


def _why(packed: Packed, one: Candidate) -> str:
    return f"over by {number(over_by(one, packed))}" if one.weight else "weight 0"


def _answer(packed: Packed) -> Answer:
    """Return a sentence with the files and tokens of the budget that are used, and what is left out."""
    inputs, packing = packed.inputs, packed.packing
    mark = "~" if packed.model.ratio else ""
    most = "" if packed.tokens.is_exact else f" (at most {number(packed.tokens.high)})"
    share = used_percent(packed)
    used = "" if share is None else f" ({percent(share)})"
    skipped = f" ({number(len(inputs.skipped))} skipped)" if inputs.skipped else ""
    tokens = f"{mark}{number(packed.tokens.value)}{most} of {plural(packed.budget_tokens, 'token')}{used}"
    rest = packed.tokens_of(sum(one.tokens for one in packing.left_out)).value
    left_out = f"{number(len(packing.left_out))} left out, {mark}{plural(rest, 'token')}"
    sentence = f"{number(len(packing.included))} of {plural(inputs.files, 'file')}{skipped}, {_order(packed)}, {tokens}"
    end = left_out if packing.left_out else "nothing left out"
    return Answer(f"{sentence}; {end}", None if inputs.complete else "not known")


def _order(packed: Packed) -> str:
    """Return by what files are chosen."""
    if packed.weights_file is None:
        return "last changed first" if packed.by_git else "smallest first"
    return "by weight, then last changed" if packed.by_git else "by weight"


def _notes(packed: Packed, included: int, left_out: int) -> Iterator[str]:
    """Yield sentences on what is not shown, and on what the sum does not have."""
    if limit := _limit_sentence(packed):
        yield limit
    every = (*packed.packing.included, *packed.packing.left_out)
    if packed.weights_file is not None and every and all(one.weight == USUAL for one in every):
        yield f"every file has the usual weight, 1: no line of {packed.weights_file} gives one of them another"
    if any(change.is_cut for change in packed.last_changes.values()):
        yield "older commits are not in this clone, which is shallow: 'git fetch --unshallow' gets them"
    hidden = len(packed.packing.included) - included, len(packed.packing.left_out) - left_out
    if any(hidden):
        yield f"not shown: {number(hidden[0])} more to send, {number(hidden[1])} more left out; -q and --json have all"
    yield "not in the sum: the prompt, the answer, and what is put between files"


def _limit_sentence(packed: Packed) -> str:
    """Return a sentence on a budget that is none, or that no request can use; else nothing."""
    window, name = largest_input(0, packed.model), packed.model.name
    if not packed.budget_tokens:
        return "a budget of 0 tokens: only empty files fit"
    if packed.budget_tokens > window:
        return f"the budget is over what {name} takes: {plural(window, 'token')}"
    return (
        f"the budget is all that {name} takes: no token is left for a prompt" if packed.budget_tokens == window else ""
    )


def _explained(packed: Packed) -> Iterator[str]:
    yield f"counted as {packed.model.name} counts ({packed.encoding})"
    if packed.model.ratio:
        yield "files are chosen by the upper bound of the estimate, so that the budget holds"
    alike = ["the same weight"] * (packed.weights_file is not None) + ["the same last change"] * packed.by_git
    yield f"the smallest files{' of ' if alike else ''}{' and '.join(alike)} come first, so that most fit"
    if packed.weights_file is not None:
        yield f"weights from {packed.weights_file}"
    if packed.config:
        yield f"options from {packed.config}"
    yield from notes_on_counts(packed.inputs, packed.model)
