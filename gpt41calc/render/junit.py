"""JUnit's XML: a test case for every budget."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ..calculator.budget import Check, Verdict
from .escape import as_unicode, without_hidden
from .findings import Finding, findings_of

__all__ = ["junit_report"]


def junit_report(check: Check) -> str:
    """Write a suite: a broken budget is a failure, one of which input is missing an error.

    A budget that is broken without failing the run passes, and says so in its output.
    """
    cases = [_case(check, verdict) for verdict in check.verdicts]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    suites = ET.Element("testsuites", {"name": "gpt41calc", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": "gpt41calc check", **counts})
    suite.extend(cases)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _case(check: Check, verdict: Verdict) -> ET.Element:
    case = ET.Element("testcase", {"classname": "gpt41calc.check", "name": _safe(verdict.budget.name)})
    found = list(findings_of(check, verdict))
    broken = [one for one in found if one.judged and one.judged.passed is False]
    if verdict.is_broken and check.fails(verdict):
        _problem(case, "failure", [*broken, *(one for one in found if one not in broken)])
    elif not verdict.is_complete:
        _problem(case, "error", found)
    elif found:
        ET.SubElement(case, "system-out").text = _lines(found)
    return case


def _problem(case: ET.Element, kind: str, found: list[Finding]) -> None:
    first = found[0]
    problem = ET.SubElement(case, kind, {"type": first.limit, "message": _safe(first.sentence)})
    problem.text = _lines(found)


def _lines(found: list[Finding]) -> str:
    return "\n".join(_safe(f"{one.limit}: {one.sentence}") for one in found)


def _safe(text: str) -> str:
    """Write hidden characters as escapes: XML 1.0 forbids many of them, however they are written."""
    return without_hidden(as_unicode(text))
