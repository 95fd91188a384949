"""The report of ``log``: the commits that changed some paths, oldest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...pricing.schema import Model
from ...render.answer import Answer, Verdict
from ...render.escape import as_unicode
from ...render.json_fields import header, path_keys
from ...render.model_names import model_name_keys, model_name_notes, names_taken
from ...render.numbers import number, plural, signed
from ...render.sentences import estimated_sentence
from ...render.sheet import Look, Sheet, short_notes
from ...render.surcharges import surcharge_summary, unaudited_keys
from .history import CommitRow, History

__all__ = ["budget_sentence", "commits_sheet", "history_document", "history_sheet"]

_SHORT_HASH = 10


def history_sheet(history: History) -> Sheet:
    """Return a row per commit, for people, with short ids."""
    tokens = "Tokens (estimated)" if history.model and history.model.ratio else "Tokens"
    notes, explained = short_notes(_notes(history))
    return Sheet(
        title="",
        answer=_answer(history),
        columns=("Commit", "Date", tokens, "Delta", "Files", "Subject"),
        rows=tuple(
            (
                row.hash[:_SHORT_HASH],
                row.date,
                history.tokens(row.tokens).value,
                _delta(history, row),
                row.files,
                row.subject,
            )
            for row in history.rows
        ),
        document=history_document(history),
        notes=notes,
        explained=explained,
        look=Look(expendable=("Files", "Date"), fixed=("Commit",)),
    )


def commits_sheet(history: History) -> Sheet:
    """Return a row per commit, for spreadsheets and scripts, with full ids and whether everything was counted."""
    return Sheet(
        title="",
        answer=_answer(history),
        columns=("Commit", "Date", "Tokens", "Delta", "Files", "Complete", "Subject"),
        rows=tuple(
            (
                row.hash,
                row.date,
                history.tokens(row.tokens).value,
                _delta(history, row),
                row.files,
                row.complete,
                row.subject,
            )
            for row in history.rows
        ),
        document=history_document(history),
        notes=tuple(_notes(history)),
    )


def _answer(history: History) -> Answer:
    """Return a sentence with the result of the budget, if there is one, and the current tokens."""
    of = ", ".join(history.paths) or "all files"
    since = f" since {history.since}" if history.since else ""
    verdict: Verdict | None = None if history.is_complete else "not known"
    if history.budget_tokens is not None:
        is_broken = history.first_broken is not None or history.is_over_now
        verdict = "broken" if is_broken else "kept" if history.is_complete else "not known"
        return Answer(f"{verdict}: {budget_sentence(history)}", verdict)
    if not history.rows:
        return Answer(f"unchanged: no commit{since} changed {of if history.paths else 'a file here'}", verdict)
    mark = "~" if history.model and history.model.ratio else ""
    last, begin = history.rows[-1], history.tokens_at_start if history.since else history.rows[0].tokens
    grown = history.tokens(last.tokens).value - history.tokens(begin).value
    least = "" if history.is_complete else "at least "
    tokens = plural(history.tokens(last.tokens).value, "token")
    text = f"{least}{mark}{tokens} in {of} after {plural(len(history.rows), 'commit')}"
    if history.since or len(history.rows) > 1:
        text += f", {mark}{signed(number(grown), grown)} since {history.since or 'the first'}"
    return Answer(text, verdict)


def _delta(history: History, row: CommitRow) -> int | None:
    """Return the added tokens for the model; a ratio is applied to both sides."""
    if row.delta is None:
        return None
    return history.tokens(row.tokens).value - history.tokens(row.tokens - row.delta).value


def budget_sentence(history: History) -> str | None:
    """Return a sentence with the commit that first broke the budget. None if there is no budget or no commit."""
    if history.budget_tokens is None:
        return None
    budget = f"the budget of {plural(history.budget_tokens, 'token')}"
    if not history.rows:
        return _unchanged(history, budget)
    row = history.first_broken
    if row is None:
        doubt = "" if history.is_complete else ", as far as could be counted"
        return f"{budget} is kept throughout ({plural(len(history.rows), 'commit')}{doubt})"
    tokens = history.tokens(row.tokens)
    mark, bound = ("~", " (high bound of an estimate)") if history.model and history.model.ratio else ("", "")
    named = f"{row.hash[:_SHORT_HASH]} of {row.date} ({row.subject})"
    came_to = f"{mark}{plural(tokens.high, 'token')}{bound}"
    delta = _delta(history, row)
    if row is history.rows[0] and history.is_over_before(row):
        return f"{budget} was broken before the first commit that is shown, {named}: {came_to}"
    by = "" if delta is None else f", {signed(number(delta), delta)}"
    return f"{named} first broke {budget}: {came_to}{by}"


def _unchanged(history: History, budget: str) -> str:
    """Return a sentence about a budget whose files no commit changed."""
    tokens = history.tokens(history.tokens_now)
    mark = "~" if history.model and history.model.ratio else ""
    verdict = "was broken before" if history.is_over_now else "is kept"
    return f"{budget} {verdict}: {mark}{plural(tokens.high, 'token')}"


def _names(history: History) -> dict[str, Model]:
    return names_taken([history.model] if history.model else [])


def _notes(history: History) -> Iterator[str]:
    lost = [row.hash[:_SHORT_HASH] for row in history.rows if not row.complete]
    if lost:
        named = ", ".join(lost[:_MOST_NAMED]) + (", …" if len(lost) > _MOST_NAMED else "")
        yield f"some input could not be counted in {plural(len(lost), 'commit')} ({named}): the tokens are lower bounds"
    if history.config:
        yield f"options from {history.config}"
    if history.is_shallow:
        yield "older commits are not in this clone, which is shallow: 'git fetch --unshallow' gets them"
    if history.model and history.model.ratio:
        yield f"~ {estimated_sentence(history.model)}"
    yield from model_name_notes(_names(history))
    yield from surcharge_summary([history.model] if history.model else [])


_MOST_NAMED = 10


def history_document(history: History) -> dict[str, Any]:
    """Return the document of ``log``: commits, oldest first, and the one that first broke the budget."""
    model = history.model
    return {
        **header(),
        **model_name_keys(_names(history)),
        "paths": [path_keys(path) for path in history.paths],
        **({"since": as_unicode(history.since)} if history.since else {}),
        **({"model": model.id, **unaudited_keys(model)} if model else {}),
        "encoding": history.encoding,
        "exactness": model.text_exactness if model else "exact",
        "complete": history.is_complete,
        "shallow": history.is_shallow,
        **({"config": as_unicode(history.config)} if history.config else {}),
        **_budget(history),
        "commits": [_commit(history, row) for row in history.rows],
    }


def _budget(history: History) -> dict[str, Any]:
    """Return the keys of the budget; ``passed`` is null if no commit broke it and not everything was counted."""
    if history.budget_tokens is None:
        return {}
    first = history.first_broken
    passed = False if first or history.is_over_now else True if history.is_complete else None
    return {
        "budget": {"allowed": history.budget_tokens, "passed": passed, "first_broken": first.hash if first else None}
    }


def _commit(history: History, row: CommitRow) -> dict[str, Any]:
    tokens = history.tokens(row.tokens)
    return {
        "hash": row.hash,
        "date": row.date.isoformat(),
        "subject": as_unicode(row.subject),
        "tokens": tokens.value,
        **({"low": tokens.low, "high": tokens.high} if history.model and history.model.ratio else {}),
        "delta": _delta(history, row),
        "files": row.files,
        "complete": row.complete,
    }
