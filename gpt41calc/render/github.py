"""GitHub workflow commands, which show problems beside the affected files."""

from __future__ import annotations

from .escape import as_unicode, for_workflow, for_workflow_property, without_hidden
from .findings import Finding, Problems
from .numbers import number, plural

__all__ = ["MOST_ANNOTATIONS", "workflow_commands"]

MOST_ANNOTATIONS = 10
"""Most annotations per level and step that GitHub shows; it silently drops further ones."""


def workflow_commands(problems: Problems) -> str:
    """Return a command per limit that is not kept, and the number of further ones; empty if all are kept.

    Every line is a command: none begins with two colons that a name has brought.
    """
    found = problems.found
    lines = [_command(finding) for finding in found[:MOST_ANNOTATIONS]]
    if len(found) > MOST_ANNOTATIONS:
        more = f"{number(len(found) - MOST_ANNOTATIONS)} more of {plural(len(found), 'limit')} not kept"
        lines.append(f"::notice title=gpt41calc::{for_workflow(f'{more}; {problems.summary}')}")
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    file = f"file={for_workflow_property(as_unicode(finding.path))}," if finding.path is not None else ""
    title = for_workflow_property(without_hidden(as_unicode(f"{finding.owner}: {finding.limit}")))
    return f"::{finding.level} {file}title={title}::{for_workflow(as_unicode(finding.sentence))}"
