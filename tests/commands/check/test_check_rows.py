"""Budgets for the rows of a dataset."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Spawn

pytest.importorskip("pyarrow")

import pyarrow
import pyarrow.parquet

from gpt41calc.calculator.interval import Interval
from gpt41calc.commands.check.rows import limit_is_met

ROWS = [{"text": "word " * (number * 7919 % 39 + 1)} for number in range(200)]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Return a folder with a file of rows."""
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "rows.parquet", row_group_size=50)
    return tmp_path


def checked(spawn: Spawn, *words: str) -> tuple[int | None, Any]:
    """Return status and document of a check."""
    ended = spawn("check", *words, "--json", "--as-of", TODAY, "-m", "gpt-4.1")
    assert ended.stdout, ended.stderr
    return ended.status, json.loads(ended.stdout)


@pytest.mark.usefixtures("rows")
def test_a_limit_holds_for_all_rows(spawn: Spawn) -> None:
    """What dataset says is what is compared: kept if it is reached exactly, broken by one token."""
    said = json.loads(spawn("dataset", "rows.parquet", "--json", "--as-of", TODAY).stdout)
    tokens = said["models"][0]["input_tokens"]["value"]
    cost = said["models"][0]["modes"][0]["cost"]["value"]
    words = ("rows.parquet", "--column", "text")
    kept, document = checked(spawn, *words, "--token-budget", str(tokens), "--max-total-cost", str(cost))

    assert (0, True, 200) == (kept, document["passed"], document["budgets"][0]["rows"]["requests"]["value"])
    assert 1 == checked(spawn, *words, "--token-budget", str(tokens - 1))[0]
    assert 1 == checked(spawn, *words, "--max-total-cost", str(round(cost - 0.001, 6)))[0]


@pytest.mark.usefixtures("rows")
def test_a_project_file_has_budgets_for_rows_and_for_files(spawn: Spawn, rows: Path) -> None:
    """In their order, each with its own limits."""
    (rows / "prompt.md").write_text("hello world\n")
    (rows / "gpt41calc.toml").write_text(
        '[[budget]]\nname = "rows"\npaths = ["*.parquet"]\ncolumn = "text"\nmax-total-cost = 0.01\n'
        '[[budget]]\nname = "prompts"\npaths = ["*.md"]\ntoken-budget = 10\n'
    )
    status, document = checked(spawn)

    assert 1 == status
    assert [("rows", False), ("prompts", True)] == [(one["name"], one["passed"]) for one in document["budgets"]]


@pytest.mark.usefixtures("rows")
def test_a_comment_says_what_is_priced(spawn: Spawn, rows: Path) -> None:
    """All rows, or a request; where both are in a table, the cells say which."""
    (rows / "prompt.md").write_text("hello world\n")
    (rows / "gpt41calc.toml").write_text(
        '[[budget]]\nname = "rows"\npaths = ["*.parquet"]\ncolumn = "text"\nmax-total-cost = 100\n'
        '[[budget]]\nname = "prompts"\npaths = ["*.md"]\ntoken-budget = 10\n'
    )
    alone = spawn(
        "check", "rows.parquet", "--column", "text", "--max-total-cost", "0.01", "-f", "markdown", "-m", "gpt-4.1"
    )
    mixed = spawn("check", "-f", "markdown", "-m", "gpt-4.1")

    assert "| Budget | Verdict | Tokens | All rows with gpt-4.1 |" in alone.stdout
    assert " for all rows |" not in alone.stdout
    assert mixed.stdout.count("| A request with gpt-4.1 |") == mixed.stdout.count(" for all rows |")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--max-total-cost", "1"), "max-total-cost is a limit on the rows"),
        (("--column", "text", "--max-cost", "1"), "max-cost is no limit on the rows"),
        (("--column", "none", "--token-budget", "1"), "there is no column 'none'"),
        (("--exact", "--token-budget", "1"), "are for the rows of a dataset"),
    ],
)
@pytest.mark.usefixtures("rows")
def test_what_does_not_go_together_is_said(spawn: Spawn, words: tuple[str, ...], sentence: str) -> None:
    """Exit code 2 and a sentence."""
    ended = spawn("check", "rows.parquet", *words)

    assert 2 == ended.status
    assert sentence in ended.stderr


@pytest.mark.parametrize("path", ["s3://bucket/rows?endpoint_override=a.example", "file:///etc/passwd", "s3://a:b@c/d"])
@pytest.mark.usefixtures("rows")
def test_a_project_file_names_no_host(spawn: Spawn, rows: Path, path: str) -> None:
    """It may come with a pull request: credentials of the run go to no address of its choice."""
    (rows / "gpt41calc.toml").write_text(
        f'[[budget]]\nname = "rows"\npaths = ["{path}"]\ncolumn = "text"\ntoken-budget = 1\n'
    )
    ended = spawn("check")

    assert 2 == ended.status
    assert "is no address for a project file" in ended.stderr


@pytest.mark.parametrize(
    ("low", "high", "is_sampled", "is_complete", "expected"),
    [
        (90, 99, True, True, True),
        (90, 101, True, True, None),
        (101, 110, True, True, False),
        (101, 110, True, False, None),
        (90, 110, False, True, False),  # a ratio is held to its high bound
        (99, 99, False, False, None),
        (101, 101, False, False, False),
    ],
)
def test_a_sample_decides_only_what_its_bounds_decide(
    *,
    low: int,
    high: int,
    is_sampled: bool,
    is_complete: bool,
    expected: bool | None,
) -> None:
    """Kept if the high bound is within the limit, broken if the low one is over it, else not known."""
    assert expected is limit_is_met(Interval(low, low, high), 100, is_sampled=is_sampled, is_complete=is_complete)
