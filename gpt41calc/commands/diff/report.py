"""The report of ``diff``: every file that differs, and the effect for each model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...calculator.change import FileChange
from ...calculator.interval import is_approximate
from ...render.answer import Answer
from ...render.change import model_sentence, more_dollars, more_tokens, tidy_dollars
from ...render.model_names import model_name_notes, names_taken
from ...render.numbers import plural
from ...render.sentences import endings, estimated_sentence
from ...render.sheet import Cell, Look, Sheet, short_notes
from ...render.skipped import skipped_sentence
from ...render.surcharges import surcharge_summary
from ...tally import Counted, Skipped
from .compare import Difference, cost_delta_of
from .document import difference_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...render.pictures.picture import Picture

__all__ = [
    "changes_sheet",
    "difference_answer",
    "difference_notes",
    "difference_sheet",
    "most_changed",
]


def difference_answer(difference: Difference) -> Answer:
    """Say what a change comes to, in tokens and in dollars a request."""
    base, head = difference.base, difference.head
    if not any(isinstance(side, Counted) for one in difference.changes for side in (one.before, one.after)):
        if difference.is_base_compared_itself:
            return Answer(f"nothing to compare: the base, {base}, is the very commit that is compared with it")
        return Answer(f"unchanged: no counted file differs, {base} to {head}")
    first = difference.models[0]
    delta = first.delta.value
    changed = plural(len(difference.changes), "changed file")
    # Of one token more, as of one token less, there is one.
    tokens = f"{more_tokens(first, marked='~')} token{'' if abs(delta) == 1 and first.delta.is_exact else 's'}"
    cost = first.cost_delta
    priced = "" if not cost else f", {more_dollars(cost, '~' if is_approximate(first.exactness) else '')} a request"
    doubt = "" if difference.is_complete else ", as far as could be counted"
    text = f"{tokens} in {changed}{priced}{doubt}: {base} to {head}"
    return Answer(text, None if difference.is_complete else "not known")


def most_changed(difference: Difference) -> list[FileChange]:
    """Return the files, largest change first, then largest file."""
    encoding = difference.encoding
    return sorted(
        difference.changes,
        key=lambda one: (-abs(one.delta(encoding) or 0), -max(one.tokens(encoding)), one.path),
    )


def _is_even(change: FileChange, encoding: str) -> bool:
    """Return whether a file changed in place and has as many tokens as before, so that a row would be useless."""
    return change.status == "changed" and change.delta(encoding) == 0 and not change.reasons


def difference_sheet(difference: Difference, top: int | None = None) -> Sheet:
    """Return a row per file: kind of change, tokens on both sides, additional cost.

    Args:
        difference: the change.
        top: most files, those with the largest changes. None for all of them, by path. A file that changed in
            place and has as many tokens as before has no row.
    """
    changes = difference.changes if top is None else most_changed(difference)
    listed = [one for one in changes if not _is_even(one, difference.encoding)]
    shown = listed[:top]
    has_reasons = any(change.reasons for change in shown)
    monthly = ("$ more a month",) if difference.requests_per_month is not None else ()
    notes, explained = short_notes([*_unlisted(difference, len(listed) - len(shown)), *difference_notes(difference)])
    renamed = any(change.old_path for change in shown)
    return Sheet(
        title="",
        answer=difference_answer(difference),
        columns=(
            "Before",
            "After",
            "Delta",
            "$ more a request",
            *monthly,
            "Status",
            *(("Not counted",) if has_reasons else ()),
            "Path",
        ),
        rows=tuple(
            (
                *_numbers(change, difference),
                change.status,
                *(("; ".join(change.reasons),) if has_reasons else ()),
                change.path if change.old_path is None else f"{change.old_path} → {change.path}",
            )
            for change in shown
        ),
        document=difference_document(difference),
        notes=notes,
        explained=explained,
        look=Look(
            expendable=("Status", "Before", "$ more a request"), fixed=("Status",), paths="Path" if not renamed else ""
        ),
        pictures=_pictures,
    )


def _pictures(document: Mapping[str, Any]) -> Iterable[Picture]:
    from .pictures import difference_pictures

    return difference_pictures(document)


def _unlisted(difference: Difference, cut_off: int) -> Iterator[str]:
    """Yield a sentence about the files without a row."""
    if cut_off:
        yield f"{plural(cut_off, 'more file')} changed; without --top all of them are listed"
    even = sum(_is_even(one, difference.encoding) for one in difference.changes)
    if even:
        has, them = ("has", "it") if even == 1 else ("have", "them")
        yield f"{plural(even, 'changed file')} {has} as many tokens as before; --json names {them}"


def changes_sheet(difference: Difference, top: int | None = None) -> Sheet:
    """Return all files, or those with the largest changes, with separate columns for names, for scripts."""
    monthly = ("Cost delta per month",) if difference.requests_per_month is not None else ()
    return Sheet(
        title="Changes",
        columns=("Status", "Path", "Old path", "Before", "After", "Delta", "Cost delta", *monthly, "Reason"),
        rows=tuple(
            (
                change.status,
                change.path,
                change.old_path,
                *_numbers(change, difference),
                "; ".join(change.reasons) or None,
            )
            for change in (difference.changes if top is None else most_changed(difference)[:top])
        ),
        document=difference_document(difference),
        notes=tuple(difference_notes(difference)),
    )


def _numbers(change: FileChange, difference: Difference) -> tuple[Cell, ...]:
    """Return tokens before and after, the added tokens, and the costs with the first model."""
    encoding, a_month = difference.encoding, difference.requests_per_month
    cost = cost_delta_of(change, difference.models[0].model, difference.workload, difference.as_of)
    numbers = (_tokens(change.before, encoding), _tokens(change.after, encoding), change.delta(encoding))
    if cost is None:
        return (*numbers, *[None] * (1 if a_month is None else 2))
    return (*numbers, tidy_dollars(cost), *(() if a_month is None else (tidy_dollars(cost * a_month),)))


def _tokens(side: Counted | Skipped | None, encoding: str) -> int | None:
    return side.tokens[encoding] if isinstance(side, Counted) else None


def difference_notes(difference: Difference) -> Iterator[str]:
    """Yield the effect for every model, and notes that a reader needs to trust it."""
    source = f"the base is {difference.base}, from {difference.base_source}" if difference.base_source else ""
    if not difference.changes:
        yield from filter(None, [source])
        return
    yield from _skips(difference)
    if difference.config:
        yield f"options from {difference.config}"
    yield from model_name_notes(names_taken(change.model for change in difference.models))
    yield from surcharge_summary(change.model for change in difference.models)
    for change in difference.models:
        yield from (f"{change.model.id}: {phrase}" for phrase in change.crossed)
    for change in difference.models:
        yield model_sentence(change, difference.requests_per_month)
    yield from filter(None, [source])
    workload = difference.workload
    tokens = plural(workload.output_tokens, "output token")
    yield f"a request has the changed files and {tokens}, {workload.tier} tier, prices of {difference.as_of}"
    yield from endings((change.model for change in difference.models), difference.as_of)
    yield from (f"~ {estimated_sentence(change.model)}" for change in difference.models if change.model.ratio)
    if difference.models[0].model.ratio:
        yield f"the tokens of files are exact, in {difference.encoding}"


def _skips(difference: Difference) -> Iterator[str]:
    """Yield sentences about the files not counted on either side, each once."""
    skipped = list({one.path: one for one in (*difference.before.skipped, *difference.after.skipped)}.values())
    if skipped:
        yield f"not counted: {skipped_sentence(skipped)}"
    if not difference.is_complete:
        yield "some input could not be counted: what the change adds is not known"
