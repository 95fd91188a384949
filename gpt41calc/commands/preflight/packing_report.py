"""The report of a packing plan: whole folders by name, and single files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...render.json_fields import path_keys
from ...render.numbers import number, plural
from ...render.sheet import MOST_NOTES, Look, Sheet
from .packing import PackedRequest, Part, Plan

__all__ = ["Piece", "pieces", "plan_document", "plan_files_sheet", "plan_notes", "plan_sheet"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A file, or a folder whose files are all in the same request."""

    name: str
    """Its path; the path of a folder ends in a slash."""

    files: int
    """Number of files."""

    tokens: int
    """Tokens of these files together."""


def pieces(plan: Plan) -> list[list[Piece]]:
    """Return the pieces of each request, with complete folders as one piece."""
    everywhere = Counter(folder for request in plan.requests for part in request.parts for folder in _folders(part))
    return [list(_pieces(request, everywhere)) for request in plan.requests]


def _folders(part: Part) -> list[str]:
    """Return the folders that contain a file, the outermost first."""
    path = part.path
    return [path[: at + 1] for at, char in enumerate(path) if char == "/" and at]


def _pieces(request: PackedRequest, everywhere: Counter[str]) -> Iterator[Piece]:
    here = Counter(folder for part in request.parts for folder in _folders(part))
    grouped: dict[str, tuple[int, int]] = {}
    for at, part in enumerate(request.parts):
        whole = (folder for folder in _folders(part) if here[folder] == everywhere[folder] > 1)
        # The number distinguishes a file that is listed twice.
        name = next(whole, f"{part.path}\0{at}")
        files, tokens = grouped.get(name, (0, 0))
        grouped[name] = (files + 1, tokens + part.tokens)
    for name, (files, tokens) in grouped.items():
        yield Piece(name.partition("\0")[0], files, tokens)


def plan_sheet(plan: Plan, model: str) -> Sheet:
    """Return a row per folder or file of every request."""
    rows = [
        (at, piece.tokens, piece.files, piece.name) for at, request in enumerate(pieces(plan), 1) for piece in request
    ]
    return Sheet(
        title=f"Plan for {model}: {plural(len(plan.requests), 'request')} "
        f"of at most {number(plan.most_tokens)} input tokens",
        columns=("Request", "Tokens", "Files", "Path"),
        rows=tuple(rows),
        notes=tuple(plan_notes(plan))[:MOST_NOTES],
        explained=tuple(plan_notes(plan))[MOST_NOTES:],
        look=Look(paths="Path"),
    )


def plan_files_sheet(plan: Plan, model: str) -> Sheet:
    """Return a row per file, for spreadsheets and scripts."""
    rows = [
        (at, request.tokens, str(request.accepted), part.tokens, part.path)
        for at, request in enumerate(plan.requests, 1)
        for part in request.parts
    ]
    return Sheet(
        title=f"Plan for {model}",
        columns=("Request", "Request tokens", "Accepted", "Tokens", "Path"),
        rows=tuple(rows),
    )


_MOST_NAMED = 10


def plan_notes(plan: Plan) -> Iterator[str]:
    """Yield notes on the quality of a plan and its problems."""
    if plan.fewest is not None:
        fewest = plural(plan.fewest, "request")
        yield f"{fewest} would be the fewest, if files could be cut anywhere"
    for part in plan.too_long[:_MOST_NAMED]:
        tokens = number(part.tokens)
        yield f"{part.path}: {tokens} tokens alone are more than a request may have; it must be cut"
    if len(plan.too_long) > _MOST_NAMED:
        yield f"{number(len(plan.too_long) - _MOST_NAMED)} more files are too long; --json lists every one"
    for at in _refused(plan):
        tokens = number(plan.requests[at - 1].tokens)
        yield f"request {at}: {tokens} tokens are refused at this usage tier, which takes shorter and longer ones"


def _refused(plan: Plan) -> Sequence[int]:
    """Return the numbers of the requests that are refused although none of their files is too long."""
    return [
        at for at, request in enumerate(plan.requests, 1) if not request.accepted and request.tokens <= plan.most_tokens
    ]


def plan_document(plan: Plan, model: str) -> dict[str, Any]:
    """Return the plan for scripts: every request with all its files."""
    return {
        "model": model,
        "room": plan.most_tokens,
        "fewest_requests": plan.fewest,
        "requests": [
            {
                "tokens": request.tokens,
                "accepted": request.accepted,
                "files": [{**path_keys(part.path), "tokens": part.tokens} for part in request.parts],
            }
            for request in plan.requests
        ],
        "too_long": [{**path_keys(part.path), "tokens": part.tokens} for part in plan.too_long],
    }
