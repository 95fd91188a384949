"""Reports for other programs, compared with the published descriptions of their formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from samples import CHECKS, HOSTILE, TODAY, check, hostile, incomplete, kept, tally, verdict

from gpt41calc.calculator.budget import Budget, Check, Limits
from gpt41calc.render.findings import check_problems, findings
from gpt41calc.render.gitlab import gitlab_document
from gpt41calc.render.json import to_json
from gpt41calc.render.junit import junit_report
from gpt41calc.render.sarif import sarif_document

SCHEMAS = Path(__file__).parent.parent / "schemas"
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def validator(name: str) -> Any:
    """Return what holds a document against a schema, formats of text included."""
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


SARIF = validator("sarif-2.1.0-rtm.5.json")
GITLAB = validator("gitlab-code-quality.json")


def broken_by(name: str) -> Check:
    """Return a check with one broken budget, it and its file of this name."""
    budget = Budget(name=name, limits=Limits(token_budget_per_file=1))
    return check(verdict(budget, tally({name: 2})))


def written(document: Any) -> Any:
    """Return a document as it is read from its file."""
    return json.loads(to_json(document).encode())


@pytest.mark.parametrize("sample", CHECKS.values())
def test_sarif(sample: Callable[[], Check]) -> None:
    """Every log is SARIF 2.1.0."""
    assert [] == [error.message for error in SARIF.iter_errors(written(sarif_document(check_problems(sample()))))]


@pytest.mark.parametrize("sample", CHECKS.values())
def test_gitlab(sample: Callable[[], Check]) -> None:
    """Every report is a Code Quality report."""
    assert [] == [error.message for error in GITLAB.iter_errors(written(gitlab_document(check_problems(sample()))))]


@pytest.mark.parametrize("sample", CHECKS.values())
def test_junit(sample: Callable[[], Check]) -> None:
    """Every report is JUnit's XML, as Jenkins reads it."""
    JUNIT.validate(junit_report(check_problems(sample())))


@given(anything)
def test_any_name(name: str) -> None:
    """No name of a budget or a file makes a report that its format does not allow."""
    found = broken_by(name)
    JUNIT.validate(junit_report(check_problems(found)))

    assert [] == [error.message for error in SARIF.iter_errors(written(sarif_document(check_problems(found))))]
    assert [] == [error.message for error in GITLAB.iter_errors(written(gitlab_document(check_problems(found))))]


@pytest.mark.parametrize("damaged", [{"level": "fatal"}, {"message": "text"}, {"ruleIndex": -2}])
def test_sarif_schema_refuses(damaged: dict[str, object]) -> None:
    """The schema would tell: a result with a wrong value is refused."""
    document = written(sarif_document(check_problems(hostile())))
    document["runs"][0]["results"][0] |= damaged

    assert not SARIF.is_valid(document)


@pytest.mark.parametrize(("part", "other"), [("tests=", "test="), ("failure", "fault"), ("testcase", "case")])
def test_junit_schema_refuses(part: str, other: str) -> None:
    """The schema would tell: an element or an attribute of another name is refused."""
    assert not JUNIT.is_valid(junit_report(check_problems(hostile())).replace(part, other))


def test_sarif_places_are_bytes() -> None:
    """A place, decoded, has the bytes of the file's name, whatever they are."""
    results = sarif_document(check_problems(hostile()))["runs"][0]["results"]
    places = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    names = {name.encode(errors="surrogateescape") for name in HOSTILE}

    assert names == {unquote_to_bytes(place) for place in places}
    assert not any(set(place) & set("\n\x1b<>\"' :") for place in places)


@pytest.mark.parametrize(("path", "uri"), [("/a b", "file:///a%20b"), ("a:b/c", "a%3Ab/c"), ("a/../b", "a/../b")])
def test_sarif_place(path: str, uri: str) -> None:
    """A relative path is a relative reference, one from the root an address; no name is taken for a scheme."""
    result = sarif_document(check_problems(broken_by(path)))["runs"][0]["results"][0]

    assert uri == result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_sarif_says_if_input_is_missing() -> None:
    """A run that could not count everything was not successful, and what is not known is a result."""
    run = sarif_document(check_problems(incomplete()))["runs"][0]
    expected = [("token-budget", "error"), ("max-cost", "error"), ("token-budget", "error"), ("incomplete", "error")]

    assert not run["invocations"][0]["executionSuccessful"]
    assert expected == [(one["ruleId"], one["level"]) for one in run["results"]][:4]


def test_kept_has_no_problems() -> None:
    """If all budgets are kept there are no results, no problems and no failures."""
    assert [] == sarif_document(check_problems(kept()))["runs"][0]["results"]
    assert [] == gitlab_document(check_problems(kept()))
    assert "0" == ET.fromstring(junit_report(check_problems(kept()))).get("failures")  # noqa: S314 - our own


def test_gitlab_severities() -> None:
    """What fails the run is major, what is only told minor."""
    severities = {(one["check_name"], one["severity"]) for one in gitlab_document(check_problems(CHECKS["broken"]()))}

    assert ("token-budget", "major") in severities
    assert ("max-increase", "minor") in severities


def test_gitlab_path_of_a_budget_without_files() -> None:
    """A problem that no file has is shown at the configuration, or at the folder."""
    budget = Budget(name="dates", limits=Limits(fail_if_retires_within=10_000))
    found = check(verdict(budget, tally({})))
    bare = Check(
        verdicts=found.verdicts,
        models=found.models,
        workload=found.workload,
        as_of=TODAY,
        pricing_checked=TODAY,
        fail_on="error",
    )
    paths = [gitlab_document(check_problems(one))[0]["location"]["path"] for one in (found, bare)]

    assert ["pyproject.toml", "."] == paths
    assert "locations" not in sarif_document(check_problems(bare))["runs"][0]["results"][0]


def test_fingerprints_outlive_numbers() -> None:
    """A problem has the same fingerprint in the next run, whatever the tokens, and no other problem has it."""
    first, second = (
        [
            one.fingerprint
            for one in findings(
                check(
                    verdict(Budget(name="a", limits=limits), tally({"x": tokens, "y": tokens})),
                    verdict(Budget(name="b", limits=limits), tally({"x": tokens})),
                )
            )
        ]
        for tokens, limits in (
            (10, Limits(token_budget=5, token_budget_per_file=5)),
            (20, Limits(token_budget=6, token_budget_per_file=4)),
        )
    )

    assert first == second
    assert 5 == len(set(first))


def test_junit_kinds() -> None:
    """What fails is a failure, what is not known an error, what is only told passes and is told."""
    broken, unknown = (ET.fromstring(junit_report(check_problems(CHECKS[name]()))) for name in ("broken", "incomplete"))  # noqa: S314 - our own
    kinds = [[child.tag for child in case] for report in (broken, unknown) for case in report.iter("testcase")]
    expected = [["failure"], ["failure"], ["system-out"], ["system-out"], ["failure"], []]

    assert [*expected, ["error"], ["failure"], ["error"], ["error"]] == kinds
