"""``preflight`` in every format, as files under ``tests/cases``; what other programs read, against its schema."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from golden import hold_against_case
from preflights import PREFLIGHTS, hostile

from gpt41calc.calculator.accepted_length import AcceptedLength
from gpt41calc.commands.preflight.document import preflight_document
from gpt41calc.commands.preflight.packing import Part, pack
from gpt41calc.commands.preflight.packing_report import pieces, plan_files_sheet, plan_notes, plan_sheet
from gpt41calc.commands.preflight.report import limit_checks_sheet, preflight_problems, preflight_sheet
from gpt41calc.commands.preflight.results import Preflight
from gpt41calc.render.csv import CsvRenderer
from gpt41calc.render.github import workflow_commands
from gpt41calc.render.gitlab import gitlab_document
from gpt41calc.render.json import to_json
from gpt41calc.render.junit import junit_report
from gpt41calc.render.markdown import MarkdownRenderer
from gpt41calc.render.plain import PlainRenderer
from gpt41calc.render.sarif import sarif_document
from gpt41calc.render.table import TableRenderer

SCHEMAS = Path(__file__).parents[2] / "schemas"
TABLE = TableRenderer(width=100, colour=False)

FORMATS: dict[str, Callable[[Preflight], str]] = {
    "table-100.txt": lambda found: TABLE.sheet(preflight_sheet(found, is_whole=False)),
    "plain.txt": lambda found: PlainRenderer().sheet(preflight_sheet(found, is_whole=False)),
    "json": lambda found: to_json(preflight_document(found)),
    "csv": lambda found: CsvRenderer().sheet(limit_checks_sheet(found)),
    "md": lambda found: MarkdownRenderer().sheet(preflight_sheet(found)),
    "github.txt": lambda found: workflow_commands(preflight_problems(found)),
    "junit.xml": lambda found: junit_report(preflight_problems(found)),
    "sarif": lambda found: to_json(sarif_document(preflight_problems(found))),
    "gitlab.json": lambda found: to_json(gitlab_document(preflight_problems(found))),
}


@pytest.mark.parametrize("name", sorted(PREFLIGHTS))
@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_preflight(name: str, suffix: str) -> None:
    """Limit checks are written in every format."""
    hold_against_case(f"preflight-{name}.{suffix}", FORMATS[suffix](PREFLIGHTS[name]()))


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        ("plan.table-100.txt", lambda plan: TABLE.sheet(plan_sheet(plan, "gpt-4.1"))),
        ("plan.plain.txt", lambda plan: PlainRenderer().sheet(plan_sheet(plan, "gpt-4.1"))),
        ("plan.md", lambda plan: MarkdownRenderer().sheet(plan_sheet(plan, "gpt-4.1"))),
        ("plan.csv", lambda plan: CsvRenderer().sheet(plan_files_sheet(plan, "gpt-4.1"))),
    ],
)
def test_plan(suffix: str, write: Callable[[Any], str]) -> None:
    """A plan is written in every format that has tables."""
    hold_against_case(f"preflight-hostile.{suffix}", write(hostile().plan))


def test_whole_folders_are_one_piece() -> None:
    """A folder with all its files in one request is one line; of one that is torn apart the files are told."""
    files = [Part("a/b/1", 10), Part("a/b/2", 10), Part("a/3", 10), Part("c/4", 60), Part("c/5", 60), Part("d", 41)]
    found = pieces(pack(files, [AcceptedLength(0, 100)]))

    assert [[("a/", 3, 30), ("c/4", 1, 60)], [("c/5", 1, 60)], [("d", 1, 41)]] == [
        [(piece.name, piece.files, piece.tokens) for piece in request] for request in found
    ]


def test_files_that_are_too_long_are_told() -> None:
    """Of many files that no request holds ten are named, and the others counted."""
    plan = pack([Part(f"{at:02}", 11) for at in range(12)], [AcceptedLength(0, 10)])
    notes = list(plan_notes(plan))

    assert "00: 11 tokens alone are more than a request may have; it must be cut" == notes[1]
    assert (12, "2 more files are too long; --json lists every one") == (len(notes), notes[-1])


@pytest.mark.parametrize("sample", PREFLIGHTS.values())
def test_schemas(sample: Callable[[], Preflight]) -> None:
    """Reports for other programs are what their formats allow."""
    problems = preflight_problems(sample())
    for name, document in (
        ("sarif-2.1.0-rtm.5.json", sarif_document(problems)),
        ("gitlab-code-quality.json", gitlab_document(problems)),
    ):
        jsonschema.validate(json.loads(to_json(document)), json.loads((SCHEMAS / name).read_text(encoding="utf-8")))
    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(junit_report(problems))


@pytest.mark.parametrize("suffix", ["table-100.txt", "plain.txt", "md", "github.txt", "junit.xml"])
def test_nothing_hidden_is_written(suffix: str) -> None:
    """No name brings a control character or a lone surrogate into what people read."""
    written = FORMATS[suffix](hostile())

    assert {unicodedata.category(char) for char in written if char != "\n"}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
