"""``check``, ``diff`` and ``log`` in every format, as files under ``tests/cases``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Spawn
from golden import hold_against_case
from samples import CHECKS, DIFFERENCES, HISTORIES, hostile, hostile_difference, hostile_history

from gpt41calc.calculator.budget import Check
from gpt41calc.commands.check.comment import check_comment
from gpt41calc.commands.check.document import check_document
from gpt41calc.commands.check.report import check_sheet, limits_sheet
from gpt41calc.commands.diff.comment import difference_comment
from gpt41calc.commands.diff.compare import Difference
from gpt41calc.commands.diff.document import difference_document
from gpt41calc.commands.diff.report import changes_sheet, difference_sheet
from gpt41calc.commands.log.history import History
from gpt41calc.commands.log.report import commits_sheet, history_document, history_sheet
from gpt41calc.render.cells import shown
from gpt41calc.render.csv import CsvRenderer
from gpt41calc.render.findings import check_problems
from gpt41calc.render.github import workflow_commands
from gpt41calc.render.gitlab import gitlab_document
from gpt41calc.render.json import to_json
from gpt41calc.render.junit import junit_report
from gpt41calc.render.markdown import MarkdownRenderer
from gpt41calc.render.plain import PlainRenderer
from gpt41calc.render.sarif import sarif_document
from gpt41calc.render.table import TableRenderer

TABLE = TableRenderer(width=100, colour=False)

CHECK_FORMATS: dict[str, Callable[[Check], str]] = {
    "table-100.txt": lambda check: TABLE.sheet(check_sheet(check)),
    "plain.txt": lambda check: PlainRenderer().sheet(check_sheet(check)),
    "json": lambda check: to_json(check_document(check)),
    "csv": lambda check: CsvRenderer().sheet(limits_sheet(check)),
    "md": check_comment,
    "github.txt": lambda check: workflow_commands(check_problems(check)),
    "junit.xml": lambda check: junit_report(check_problems(check)),
    "sarif": lambda check: to_json(sarif_document(check_problems(check))),
    "gitlab.json": lambda check: to_json(gitlab_document(check_problems(check))),
}

DIFFERENCE_FORMATS: dict[str, Callable[[Difference], str]] = {
    "table-100.txt": lambda difference: TABLE.sheet(difference_sheet(difference)),
    "plain.txt": lambda difference: PlainRenderer().sheet(difference_sheet(difference)),
    "json": lambda difference: to_json(difference_document(difference)),
    "csv": lambda difference: CsvRenderer().sheet(changes_sheet(difference)),
    "md": difference_comment,
}

HISTORY_FORMATS: dict[str, Callable[[History], str]] = {
    "table-100.txt": lambda history: TABLE.sheet(history_sheet(history)),
    "plain.txt": lambda history: PlainRenderer().sheet(history_sheet(history)),
    "json": lambda history: to_json(history_document(history)),
    "csv": lambda history: CsvRenderer().sheet(commits_sheet(history)),
    "md": lambda history: MarkdownRenderer().sheet(history_sheet(history)),
}


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize("suffix", sorted(CHECK_FORMATS))
def test_check(name: str, suffix: str) -> None:
    """Verdicts are written in every format."""
    hold_against_case(f"check-{name}.{suffix}", CHECK_FORMATS[suffix](CHECKS[name]()))


@pytest.mark.parametrize("name", sorted(DIFFERENCES))
@pytest.mark.parametrize("suffix", sorted(DIFFERENCE_FORMATS))
def test_difference(name: str, suffix: str) -> None:
    """Differences are written in every format."""
    hold_against_case(f"diff-{name}.{suffix}", DIFFERENCE_FORMATS[suffix](DIFFERENCES[name]()))


@pytest.mark.parametrize("name", sorted(HISTORIES))
@pytest.mark.parametrize("suffix", sorted(HISTORY_FORMATS))
def test_history(name: str, suffix: str) -> None:
    """Histories are written in every format."""
    hold_against_case(f"log-{name}.{suffix}", HISTORY_FORMATS[suffix](HISTORIES[name]()))


@pytest.mark.parametrize(
    "written",
    [
        *(
            CHECK_FORMATS[suffix](hostile())
            for suffix in ("table-100.txt", "plain.txt", "md", "github.txt", "junit.xml")
        ),
        *(DIFFERENCE_FORMATS[suffix](hostile_difference()) for suffix in ("table-100.txt", "plain.txt", "md")),
        *(HISTORY_FORMATS[suffix](hostile_history()) for suffix in ("table-100.txt", "plain.txt", "md")),
    ],
)
def test_nothing_hidden_is_written(written: str) -> None:
    """No name brings a control character or a lone surrogate into what people read."""
    assert {unicodedata.category(char) for char in written if char != "\n"}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_sentence_is_whole_at_every_width(name: str, width: int) -> None:
    """However narrow the terminal, no word of a verdict is cut off."""
    sheet = check_sheet(CHECKS[name]())
    written = "".join(TableRenderer(width=width, colour=False).sheet(sheet).split())

    assert "…" not in written
    assert all(shown(row[0]).replace(" ", "") in written for row in sheet.rows)


def test_a_kept_budget_shows_the_limit_that_it_is_nearest_to(spawn: Spawn, tmp_path: Path) -> None:
    """Of two limits, the one that is used more is shown with its value."""
    (tmp_path / "a.md").write_text("hello world", encoding="utf-8")
    report = spawn("check", "a.md", "--token-budget", "4", "--max-cost", "1", "-f", "plain").stdout

    assert re.search(r"kept +a\.md +1 +2 +token-budget +2 +4$", report, re.MULTILINE)


def test_what_answers_alone_break_is_not_cured_by_a_shorter_prompt(spawn: Spawn, tmp_path: Path) -> None:
    """A cost below that of the answer is broken whatever is cut, so the cure is another one."""
    (tmp_path / "a.md").write_text("hello world", encoding="utf-8")
    ended = spawn("check", "a.md", "--max-cost", "0.001", "-m", "gpt-4.1", "-f", "plain")
    first = ended.stdout.splitlines()[0]

    assert 1 == ended.status
    assert "broken: 1 budget, lower the output tokens of a.md: they alone cost $0.0080 a request" == first
