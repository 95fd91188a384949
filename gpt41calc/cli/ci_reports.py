"""Reports that contain only problems, and where CI services expect them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..errors import CannotWrite
from .options import CheckFormat
from .process import Process

if TYPE_CHECKING:
    from ..render.findings import Problems

__all__ = ["PROBLEM_FORMATS", "add_to_summary", "problem_report"]

PROBLEM_FORMATS = frozenset({CheckFormat.GITHUB, CheckFormat.JUNIT, CheckFormat.SARIF, CheckFormat.GITLAB})
"""Formats for other programs."""


def problem_report(problems: Problems, chosen: CheckFormat, process: Process) -> str:
    """Return the report in one of ``PROBLEM_FORMATS``; only the modules of that format are imported."""
    top = next(filter(None, map(process.environ.get, _TOPS)), None)
    problems = problems.below(_from_top(top)) if top else problems
    if chosen is CheckFormat.GITHUB:
        from ..render.github import workflow_commands

        return workflow_commands(problems)
    if chosen is CheckFormat.JUNIT:
        from ..render.junit import junit_report

        return junit_report(problems)
    from ..render.gitlab import gitlab_document
    from ..render.json import to_json
    from ..render.sarif import sarif_document

    return to_json(sarif_document(problems) if chosen is CheckFormat.SARIF else gitlab_document(problems))


_TOPS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Variables with the folder of the checkout on GitHub and GitLab, to which reported paths are relative."""


def _from_top(top: str) -> str:
    """Return the current folder relative to the checkout, ending in a slash; empty if it is not inside it."""
    below = os.path.relpath(os.path.realpath("."), os.path.realpath(top)).replace(os.sep, "/")
    return "" if below == "." or below.split("/")[0] == ".." else below + "/"


def add_to_summary(markdown: str, process: Process) -> None:
    """Add a report to the job summary of GitHub Actions, if there is one.

    Raises:
        CannotWrite: the summary cannot be written.
    """
    path = process.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        try:
            with open(path, "a", encoding="utf-8", errors="backslashreplace") as page:
                page.write(markdown)
        except OSError as error:
            message = f"cannot write to the summary {path}: {error.strerror}"
            raise CannotWrite(message) from error
