"""What is wrong, one by one: for every report that shows problems and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..calculator.budget import Check, Judged, Verdict
from ..tally import STDIN_NAME, Tally
from .escape import as_unicode
from .skips import skipped_sentence
from .verdicts import limit_sentence

__all__ = ["INCOMPLETE", "Finding", "findings", "findings_of"]

INCOMPLETE = "incomplete"
"""The rule of a budget of which input is missing, though no limit hangs on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A limit that is broken, or of which it is not known."""

    budget: str
    """Name of its budget."""

    limit: str
    """Name of the limit, or ``incomplete``."""

    level: Literal["error", "warning"]
    """Whether it fails the run."""

    sentence: str
    """What it met, and what to do."""

    path: str | None
    """The file to look at first, as it is named from the folder of the run; none: there is none."""

    tokens: int
    """Tokens of the whole budget for the first model."""

    fingerprint: str
    """The same for the same problem in every run, whatever the numbers."""

    judged: Judged | None
    """The limit as it was judged; none: ``incomplete``."""


def findings(check: Check) -> list[Finding]:
    """Return every limit that is not kept, those that fail the run first."""
    found = [finding for verdict in check.verdicts for finding in findings_of(check, verdict)]
    return sorted(found, key=lambda finding: finding.level)


def findings_of(check: Check, verdict: Verdict) -> Iterator[Finding]:
    """Return every limit of one budget that is not kept, in its order."""
    unkept = [judged for judged in verdict.limits if not judged.passed]
    for judged in unkept:
        path = _file(verdict, judged, check.models[0].counted_in)
        yield _finding(check, verdict, judged, limit_sentence(judged, check.models), path)
    if not verdict.is_complete and not any(judged.passed is None for judged in unkept):
        before = verdict.before.skipped if verdict.before else ()
        lost = [one for one in (*verdict.inputs.skipped, *before) if not one.expected]
        yield _finding(check, verdict, None, f"some input could not be counted: {skipped_sentence(lost)}", lost[0].path)


def _finding(check: Check, verdict: Verdict, judged: Judged | None, sentence: str, path: str | None) -> Finding:
    limit = judged.limit if judged else INCOMPLETE
    return Finding(
        budget=verdict.budget.name,
        limit=limit,
        level="error" if check.fails(verdict) else "warning",
        sentence=sentence,
        path=path.removeprefix("./") if path is not None and path != STDIN_NAME else None,
        tokens=verdict.tokens.value,
        fingerprint=_fingerprint(verdict.budget.name, limit, judged),
        judged=judged,
    )


def _fingerprint(budget: str, limit: str, judged: Judged | None) -> str:
    """Hash what makes a problem the same one; the file to look at may change from run to run."""
    parts = (budget, limit, judged.path if judged else None, judged.model if judged else None)
    return hashlib.sha256(b"\0".join(as_unicode(part or "").encode() for part in parts)).hexdigest()


def _file(verdict: Verdict, judged: Judged, encoding: str) -> str | None:
    """Return the file that a limit is about: of an increase the one that grew most, else the largest."""
    if judged.path is not None:
        return judged.path
    counts = _counts(verdict.inputs, encoding)
    if judged.limit == "max-increase" and verdict.before is not None:
        before = _counts(verdict.before, encoding)
        grown = {path: tokens - before.get(path, 0) for path, tokens in counts.items()}
        if max(grown.values(), default=0) > 0:
            return max(grown, key=grown.__getitem__)
    return max(counts, key=counts.__getitem__, default=None)


def _counts(tally: Tally, encoding: str) -> dict[str, int]:
    return {one.path: one.tokens[encoding] for one in tally.counted}
