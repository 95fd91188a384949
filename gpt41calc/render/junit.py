"""JUnit XML: a test case per budget or per model."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from .escape import as_unicode, without_hidden
from .findings import Case, Finding, Problems

__all__ = ["junit_report"]


def junit_report(problems: Problems) -> str:
    """Write a suite: a broken budget is a failure, one of which input is missing an error.

    A budget that is broken without failing the run passes, and says so in its output.
    """
    cases = [_case(problems.command, one) for one in problems.cases]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    suites = ET.Element("testsuites", {"name": "gpt41calc", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": f"gpt41calc {problems.command}", **counts})
    suite.extend(cases)
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _case(command: str, one: Case) -> ET.Element:
    case = ET.Element("testcase", {"classname": f"gpt41calc.{command}", "name": _safe(one.name)})
    found = list(one.found)
    broken = [each for each in found if each.limit_check and each.limit_check.passed is False]
    if one.fails:
        _problem(case, "failure", [*broken, *(each for each in found if each not in broken)])
    elif not one.is_complete:
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
