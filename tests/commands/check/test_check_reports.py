"""Where the report of a check goes: several files at once, the page of a job, names that would be commands."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import TODAY, Spawn

HELLO = b"hello world\n"  # 3 tokens
BROKEN = ("--token-budget", "2", "--as-of", TODAY, "-m", "gpt-4.1")
KEPT = ("--token-budget", "3", "--as-of", TODAY, "-m", "gpt-4.1")


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path) -> None:
    """Put a text into the folder."""
    (tmp_path / "a.txt").write_bytes(HELLO)


@pytest.mark.parametrize(("limits", "status"), [(KEPT, 0), (BROKEN, 1)])
@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_several_reports(spawn: Spawn, tmp_path: Path, limits: tuple[str, ...], status: int, quiet: list[str]) -> None:
    """Every format can be written to a file of its own beside the report, whatever the verdict, quiet or not."""
    kinds = ["table", "plain", "json", "csv", "markdown", "github", "junit", "sarif", "gitlab"]
    reports = [word for kind in kinds for word in ("--report", f"{kind}:{kind}.out")]
    ended = spawn("check", "a.txt", *limits, *reports, *quiet)
    written = {kind: (tmp_path / f"{kind}.out").read_text(encoding="utf-8") for kind in kinds}
    suite = ET.fromstring(written["junit"])  # noqa: S314 - our own

    assert (status, "") == (ended.status, ended.stdout if quiet else "")
    assert bool(quiet) is not bool(ended.stdout)
    assert written["table"] == written["plain"]
    assert json.loads(written["json"])["passed"] is (status == 0)
    assert written["csv"].startswith("budget,level,verdict,")
    assert written["markdown"].startswith("<!-- gpt41calc")
    assert bool(written["github"]) is (status == 1)
    assert len(list(suite.iter("failure"))) == status
    assert len(json.loads(written["sarif"])["runs"][0]["results"]) == status
    assert len(json.loads(written["gitlab"])) == status


def test_report_of_the_environment(spawn: Spawn, tmp_path: Path) -> None:
    """Reports of the environment and of the command line are all written."""
    words = ("check", "a.txt", *KEPT, "--report", "json:c.json", "-q")
    ended = spawn(*words, env={"GPT41CALC_REPORT": "junit:a.xml, sarif:b.sarif"})

    assert 0 == ended.status
    assert ["a.txt", "a.xml", "b.sarif", "c.json"] == sorted(path.name for path in tmp_path.iterdir())


def test_quiet_and_a_file(spawn: Spawn, tmp_path: Path) -> None:
    """A file that was asked for is written, quiet or not: nothing is printed."""
    ended = spawn("check", "a.txt", *BROKEN, "-q", "-f", "junit", "-o", "report.xml")

    assert (1, "", "") == (ended.status, ended.stdout, ended.stderr)
    assert (tmp_path / "report.xml").read_text().startswith("<?xml")


@pytest.mark.parametrize("form", ["github", "plain"])
def test_page_of_the_job(spawn: Spawn, tmp_path: Path, form: str) -> None:
    """For GitHub the table is added to the page of the job, after what is there; other formats leave it alone."""
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    ended = spawn("check", "a.txt", *BROKEN, "-f", form, env={"GITHUB_STEP_SUMMARY": str(page)})
    added = page.read_text().removeprefix("before\n")

    assert 1 == ended.status
    assert ("| a.txt | **broken** |" in added) is (form == "github")
    assert bool(added) is (form == "github")


def test_page_that_cannot_be_written(spawn: Spawn, tmp_path: Path) -> None:
    """A page that cannot be written is a report that could not be delivered."""
    ended = spawn("check", "a.txt", *KEPT, "-f", "github", env={"GITHUB_STEP_SUMMARY": str(tmp_path)})

    assert (74, "") == (ended.status, ended.stdout)
    assert ended.stderr.startswith("gpt41calc: error: cannot write to the summary ")


def test_kept_is_quiet_for_github(spawn: Spawn) -> None:
    """A budget that is kept has nothing to annotate."""
    ended = spawn("check", "a.txt", *KEPT, "-f", "github")

    assert (0, "", "") == (ended.status, ended.stdout, ended.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="names that other systems refuse")
@pytest.mark.parametrize("form", ["github", "plain", "table", "markdown", "junit", "sarif", "gitlab", "json", "csv"])
def test_hostile_names(spawn: Spawn, tmp_path: Path, form: str) -> None:
    """Names with line ends, quotes, commands and bytes that are no text break no report."""
    names = [b"\n::error::x", b"x%0A::error::y", b"a\"b'c", b"\xff.md", "\u202egpj.md".encode(), b"]]>", b"\x1b[2J"]
    (tmp_path / "p").mkdir()
    for name in names:
        (tmp_path / "p" / os.fsdecode(name)).write_bytes(HELLO)
    ended = spawn("check", "p", "--token-budget-per-file", "2", "-m", "gpt-4.1", "-f", form)
    lines = ended.stdout.split("\n")

    assert (1, "") == (ended.status, ended.stderr)
    if form != "csv":  # for machines: names are quoted, and themselves
        assert not [line for line in lines if line.startswith("::error::")]
    if form not in {"csv", "json", "gitlab"}:
        assert not {"\x1b", "\u202e"} & set(ended.stdout)
    if form == "github":
        assert [True] * len(names) == [line.startswith("::error file=p/") for line in lines[:-1]]
    if form in {"json", "sarif", "gitlab"}:
        json.loads(ended.stdout)
    if form == "junit":
        ET.fromstring(ended.stdout)  # noqa: S314 - our own


@pytest.mark.skipif(sys.platform != "linux", reason="names that other systems refuse")
def test_hostile_budgets(spawn: Spawn, tmp_path: Path) -> None:
    """A project file that comes from anyone brings no commands into the report."""
    name = "x\\n::error::\\u001b[2J"
    (tmp_path / "gpt41calc.toml").write_text(
        f'[[budget]]\nname = "{name}"\npaths = ["*.txt", "::stop-commands::x"]\ntoken-budget = 2\n'
    )
    for form in ("github", "plain"):
        ended = spawn("check", "-f", form)

        assert 1 == ended.status
        assert not [
            line
            for line in [*ended.stdout.splitlines(), *ended.stderr.splitlines()]
            if line.startswith(("::error::", "::stop"))
        ]
        assert "\x1b" not in ended.stdout + ended.stderr


def test_many_findings(spawn: Spawn, tmp_path: Path) -> None:
    """GitHub shows ten annotations and drops the rest: the eleventh says how many there are."""
    for number in range(12):
        (tmp_path / f"{number}.md").write_bytes(HELLO)
    ended = spawn("check", ".", "--include", "*.md", "--token-budget-per-file", "2", "-f", "github")
    lines = ended.stdout.splitlines()

    assert (1, 11) == (ended.status, len(lines))
    assert lines[-1].startswith("::notice title=gpt41calc::2 more of 12 limits not kept")


@pytest.mark.parametrize("width", ["40", "80", "120"])
def test_table_at_any_width(spawn: Spawn, width: str) -> None:
    """However narrow the terminal, no number is cut and no name of a limit is broken."""
    ended = spawn("check", "a.txt", "--token-budget", "1", "-f", "table", env={"COLUMNS": width})
    words = ended.stdout.split()

    assert 1 == ended.status
    assert {"token-budget", "3", "1", "cut", "2"} <= set(words)
