"""What is wrong, one by one: for every report that shows problems and nothing else."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..calculator.budget import Check, Verdict
from ..calculator.limit_check import LimitCheck
from ..tally import STDIN_NAME, Tally
from .budget_answer import check_answer
from .budget_sentences import limit_sentence
from .escape import as_unicode
from .skipped import skipped_sentence

__all__ = ["INCOMPLETE", "Case", "Finding", "Problems", "check_problems", "findings", "findings_of", "fingerprint"]

INCOMPLETE = "incomplete"
"""The rule of a budget of which input is missing, though no limit hangs on it."""

_RULES = {
    "token-budget": "All files of a budget together have at most so many tokens.",
    "token-budget-per-file": "No file of a budget has more than so many tokens.",
    "max-cost": "One request with the files of a budget costs at most so many US dollars, its output included.",
    "max-total-cost": "All rows of a dataset cost at most so many US dollars, a request a row, output included.",
    "max-monthly-cost": "The requests of a month cost at most so many US dollars.",
    "max-context": "The files of a budget and the output take at most such a share of the context window.",
    "max-increase": "The files of a budget have grown by at most so much since the base.",
    "fail-if-retires-within": "No model of the check is shut down within so many days.",
    INCOMPLETE: "Every file of a budget can be counted; otherwise nothing is known to be within its limits.",
}

_HELP = "Shorten the files, allow more in the project's configuration, or move to another model."


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A limit that is broken, or of which it is not known."""

    of: Literal["budget", "model"]
    """What has the limit."""

    name: str
    """Which of them."""

    limit: str
    """Name of the limit, or ``incomplete``."""

    level: Literal["error", "warning"]
    """Whether it fails the run."""

    sentence: str
    """What it met, and what to do."""

    path: str | None
    """The file to look at first, as it is named from the folder of the run. None if there is none."""

    tokens: int
    """Tokens of the whole budget for the first model, or of the request for its own."""

    fingerprint: str
    """The same for the same problem in every run, whatever the numbers."""

    limit_check: LimitCheck | None
    """The check of the limit. None for ``incomplete``, or if there is nothing to compare it with."""

    @property
    def owner(self) -> str:
        """What has the limit, and its name."""
        return f"{self.of} '{self.name}'"

    def below(self, folder: str) -> Finding:
        """Return the same with its file named from further up."""
        return self if self.path is None else replace(self, path=posixpath.normpath(folder + self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that has limits of its own: a budget, or a model."""

    name: str
    """Its name."""

    found: tuple[Finding, ...]
    """What is not kept."""

    fails: bool
    """Whether it fails the run."""

    is_complete: bool
    """Whether everything is known that the limits are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """All that a report of problems needs to know of a run."""

    command: str
    """The command that was run."""

    summary: str
    """What became of it, in one line."""

    cases: tuple[Case, ...]
    """Everything that has limits, in the order of the run."""

    rules: Mapping[str, str]
    """What each limit says."""

    advice: str
    """What can be done about any of them."""

    is_complete: bool
    """Whether everything is known."""

    config: str | None
    """The project file, which is the place to mend what no file has. None if there is none."""

    def below(self, folder: str) -> Problems:
        """Return the same with files named from further up: ``folder`` is what leads to here, ending in a slash."""
        if not folder:
            return self
        cases = (replace(case, found=tuple(one.below(folder) for one in case.found)) for case in self.cases)
        config = None if self.config is None else posixpath.normpath(folder + self.config)
        return replace(self, cases=tuple(cases), config=config)

    @property
    def found(self) -> list[Finding]:
        """Every limit that is not kept, those that fail the run first."""
        return sorted((one for case in self.cases for one in case.found), key=lambda finding: finding.level)


def check_problems(check: Check) -> Problems:
    """Return the problems of a check."""
    return Problems(
        command="check",
        summary=check_answer(check).text,
        cases=tuple(
            Case(
                name=verdict.budget.name,
                found=tuple(findings_of(check, verdict)),
                fails=verdict.is_broken and check.fails(verdict),
                is_complete=verdict.is_complete,
            )
            for verdict in check.verdicts
        ),
        rules=_RULES,
        advice=_HELP,
        is_complete=check.is_complete,
        config=check.config,
    )


def findings(check: Check) -> list[Finding]:
    """Return every limit that is not kept, those that fail the run first."""
    return check_problems(check).found


def findings_of(check: Check, verdict: Verdict) -> Iterator[Finding]:
    """Yield every limit of one budget that is not kept, in its order."""
    not_passed = [limit_check for limit_check in verdict.limits if not limit_check.passed]
    for limit_check in not_passed:
        path = _file(verdict, limit_check, check.models[0].counted_in)
        yield _finding(check, verdict, limit_check, limit_sentence(limit_check, check.models), path)
    if not verdict.is_complete and not any(limit_check.passed is None for limit_check in not_passed):
        before = verdict.before.skipped if verdict.before else ()
        lost = [one for one in (*verdict.inputs.skipped, *before) if not one.expected]
        yield _finding(check, verdict, None, f"some input could not be counted: {skipped_sentence(lost)}", lost[0].path)


def _finding(
    check: Check, verdict: Verdict, limit_check: LimitCheck | None, sentence: str, path: str | None
) -> Finding:
    limit = limit_check.limit if limit_check else INCOMPLETE
    return Finding(
        of="budget",
        name=verdict.budget.name,
        limit=limit,
        level="error" if check.fails(verdict) else "warning",
        sentence=sentence,
        path=path.removeprefix("./") if path is not None and path != STDIN_NAME else None,
        tokens=verdict.tokens.value,
        fingerprint=fingerprint(
            verdict.budget.name,
            limit,
            limit_check.path if limit_check else None,
            limit_check.model if limit_check else None,
        ),
        limit_check=limit_check,
    )


def fingerprint(*parts: str | None) -> str:
    """Hash what makes a problem the same one; the file to look at may change from run to run."""
    return hashlib.sha256(b"\0".join(as_unicode(part or "").encode() for part in parts)).hexdigest()


def _file(verdict: Verdict, limit_check: LimitCheck, encoding: str) -> str | None:
    """Return the file that a limit is about: of an increase the one that grew most, else the largest."""
    if limit_check.path is not None:
        return limit_check.path
    counts = _counts(verdict.inputs, encoding)
    if limit_check.limit == "max-increase" and verdict.before is not None:
        before = _counts(verdict.before, encoding)
        grown = {path: tokens - before.get(path, 0) for path, tokens in counts.items()}
        if max(grown.values(), default=0) > 0:
            return max(grown, key=grown.__getitem__)
    return max(counts, key=counts.__getitem__, default=None)


def _counts(tally: Tally, encoding: str) -> dict[str, int]:
    return {one.path: one.tokens[encoding] for one in tally.counted}
