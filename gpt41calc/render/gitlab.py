"""GitLab's Code Quality report: a list of problems shown in a merge request."""

from __future__ import annotations

from typing import Any

from .escape import as_unicode, without_hidden
from .findings import Finding, Problems

__all__ = ["gitlab_document"]

_SEVERITY = {"error": "major", "warning": "minor"}


def gitlab_document(problems: Problems) -> list[dict[str, Any]]:
    """Return a problem per limit that is not kept; an empty list if all are kept."""
    return [_problem(finding, problems.config) for finding in problems.found]


def _problem(finding: Finding, config: str | None) -> dict[str, Any]:
    # GitLab shows no problem without a file: the place to mend a limit is the project's configuration.
    path = next((path for path in (finding.path, config) if path is not None), ".")
    return {
        "description": without_hidden(as_unicode(f"{finding.owner}: {finding.sentence}")),
        "check_name": finding.limit,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITY[finding.level],
        "location": {"path": as_unicode(path), "lines": {"begin": 1}},
    }
