"""The report of ``count`` in other formats than plain lines."""

from __future__ import annotations

from dataclasses import replace

from ...calculator.breakdown import Grouping, break_down
from ...render.answer import Answer
from ...render.breakdown import breakdown_sheet
from ...render.json_fields import counts_document
from ...render.numbers import number, plural
from ...render.sentences import notes_on_counts
from ...render.sheet import Cell, Look, Sheet
from .run import Counts

__all__ = ["counts_sheet"]


def counts_sheet(counts: Counts) -> Sheet:
    """Return a row per input and a total, or the requested breakdown."""
    inputs, encoding, model = counts.inputs, counts.encoding, counts.model
    breakdown, tokens_of, total = counts.breakdown, counts.tokens_of, counts.tokens
    files = breakdown or break_down(inputs, encoding, Grouping(), tokens_of=tokens_of)
    heading = "Tokens (estimated)" if model and model.ratio else "Tokens"
    notes = tuple(notes_on_counts(inputs, model))
    document = counts_document(inputs, encoding, model, files)
    if breakdown is not None:
        parts = breakdown_sheet(breakdown, total)
        columns = (heading, *parts.columns[1:])
        answered = replace(parts, title="", answer=_answer(counts))
        return replace(answered, columns=columns, document=document, notes=parts.notes, explained=notes)
    rows: list[tuple[Cell, ...]] = [(tokens_of(one.tokens[encoding]), one.path) for one in inputs.counted]
    if len(rows) != 1:
        rows.append((total, "total"))
    return Sheet(
        title="",
        columns=(heading, "Path"),
        rows=tuple(rows),
        document=document,
        answer=_answer(counts),
        explained=notes,
        look=Look(paths="Path"),
    )


def _answer(counts: Counts) -> Answer:
    """Return a sentence with the number of tokens and files."""
    inputs, model = counts.inputs, counts.model
    mark = "~" if model and model.ratio else ""
    least = "" if inputs.complete else "at least "
    skipped = f" ({number(len(inputs.skipped))} skipped)" if inputs.skipped else ""
    whose = f" as {model.name} counts" if model else ""
    sentence = f"{least}{mark}{plural(counts.tokens, 'token')} in {plural(inputs.files, 'file')}{skipped}{whose}"
    return Answer(sentence, None if inputs.complete else "not known")
