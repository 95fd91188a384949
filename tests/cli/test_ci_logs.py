"""What a program writes in a job, the CI service reads along: no name of a file is a command to it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.render.escape import for_ci_log

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")

HOSTILE = (
    "##[set-output name=passed;]true",
    "::add-mask::3",
    "  ::warning::x",
    "a\n::stop-commands::b",
    "a\r::error::b",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStatus text='x']",
    "section_start:1700000000:x\r\x1b[0Kx",
)


def github(output: str) -> list[str]:
    """Find commands as ``ActionCommand.TryParseV2`` and ``TryParse`` of actions/runner do."""
    lines = re.split("\r\n|\r|\n", output)
    return [line for line in lines if line.strip().startswith("::") or re.search(r"##\[.*\]", line)]


def azure(output: str) -> list[str]:
    """Find commands as ``Command.TryParse`` of azure-pipelines-agent does."""
    return re.findall(r"##vso\[.*", output)


def teamcity(output: str) -> list[str]:
    """Find service messages."""
    return re.findall(r"##teamcity\[.*", output)


def gitlab(output: str) -> list[str]:
    """Find the markers of sections that fold."""
    return re.findall(r"section_(?:start|end):\d+:", output)


SERVICES: dict[str, Callable[[str], list[str]]] = {
    "GITHUB_ACTIONS": github,
    "TF_BUILD": azure,
    "TEAMCITY_VERSION": teamcity,
    "GITLAB_CI": gitlab,
}

FRAGMENTS = ("##", "#", "[", "]", ":", "::", " ", "\t", "\u2003", "\n", "\r", "vso", "VSO[", "teamcity[", "x", "\\")
SECTIONS = ("section_", "section_start:1", "end:22", ":x\r\x1b[0K")


@given(st.lists(st.sampled_from(FRAGMENTS + SECTIONS)).map("".join))
def test_no_text_holds_a_command(text: str) -> None:
    """However its parts come together; in JSON it still means the same."""
    document = json.dumps({"name": text})
    written = (for_ci_log(text), for_ci_log(document, "json"))

    assert text == json.loads(written[1])["name"]
    assert [] == [found for find in SERVICES.values() for each in written for found in find(each)]


REPORTS = [
    ("count",),
    ("count", "-f", "csv"),
    ("count", "-f", "csv", "--raw-csv", "--by", "file"),
    ("count", "--json", "--by", "file"),
    ("count", "-f", "table", "--by", "file"),
    ("count", "-f", "markdown", "--tree"),
    ("estimate", "--by", "file"),
    ("estimate", "-f", "csv", "--by", "file"),
    ("estimate", "-o", "/dev/stdout", "-f", "csv", "--by", "file"),
    ("check", "--token-budget-per-file", "1"),
    ("check", "-f", "junit", "--token-budget-per-file", "1"),
    ("check", "-f", "sarif", "--token-budget-per-file", "1"),
    ("check", "-f", "gitlab", "--token-budget-per-file", "1"),
    ("check", "-f", "csv", "--token-budget-per-file", "1"),
    ("check", "--report", "junit:/dev/stdout", "--report", "csv:/dev/stderr", "--token-budget-per-file", "1"),
]


@pytest.fixture(autouse=True)
def hostile(tmp_path: Path) -> None:
    """Put files into the folder whose names are commands, one of them binary."""
    for name in HOSTILE:
        (tmp_path / name).write_text("hello world, hello\n")
        (tmp_path / f"{name}.bin").write_bytes(b"\0")


@pytest.mark.parametrize("arguments", REPORTS, ids=" ".join)
@pytest.mark.parametrize("service", SERVICES)
def test_no_report_holds_a_command(spawn: Spawn, service: str, arguments: tuple[str, ...]) -> None:
    """Whatever the format, on neither stream."""
    named = [f"./{name}.bin" for name in HOSTILE] + list(HOSTILE)
    command, *options = arguments
    ended = spawn(command, *options, "--", *named, env={service: "true"})

    assert ended.status in {0, 1, 3}
    assert ended.stdout
    assert [] == SERVICES[service](ended.stdout) + SERVICES[service](ended.stderr)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "words", [("count", "--", *HOSTILE), ("count", "-m", HOSTILE[0]), ("count", f"--{HOSTILE[1]}")]
)
def test_no_error_holds_a_command(spawn: Spawn, tmp_path: Path, service: str, words: tuple[str, ...]) -> None:
    """What is wrong is told with the words that were given, and those are no commands either."""
    (tmp_path / "elsewhere").mkdir()
    for more in ((), ("--json",)):
        ended = spawn(words[0], *more, *words[1:], env={service: "true"}, cwd=tmp_path / "elsewhere")

        assert 2 == ended.status
        assert [] == SERVICES[service](ended.stdout) + SERVICES[service](ended.stderr)


def test_annotations_are_commands_that_are_meant(spawn: Spawn) -> None:
    """``-f github`` writes GitHub's own commands, one a line, and nothing else that is one."""
    ended = spawn("check", "-f", "github", "--token-budget-per-file", "1", "--", *HOSTILE, env={"GITHUB_ACTIONS": "1"})
    lines = re.split("\r\n|\r|\n", ended.stdout.removesuffix("\n"))

    assert len(HOSTILE) == len(lines)
    assert all(re.match(r"::error file=[^:]*::", line) for line in lines)
    assert "##[" not in ended.stdout


def test_nothing_is_lost_where_nobody_reads_along(spawn: Spawn, tmp_path: Path) -> None:
    """In JSON the names are the same; so they are in a file, and in a job of no service."""
    arguments = ("-f", "csv", "--raw-csv", "--by", "file", "--", *HOSTILE)
    spawn("count", "-o", "report.csv", *arguments, env={"GITHUB_ACTIONS": "true"})
    with (tmp_path / "redirected.csv").open("wb") as file:
        spawn("count", *arguments, env={"GITHUB_ACTIONS": "true"}, stdout=file.fileno())
    elsewhere = spawn("count", *arguments).stdout
    document = spawn("count", "--json", "--by", "file", "--", *HOSTILE, env={"GITHUB_ACTIONS": "true"}).stdout
    expected = (set(HOSTILE), elsewhere, elsewhere)
    actual = (
        {one["path"] for one in json.loads(document)["files"]},
        (tmp_path / "report.csv").read_bytes().decode(),
        (tmp_path / "redirected.csv").read_bytes().decode(),
    )

    assert expected == actual
    assert set(HOSTILE) <= {cell for row in csv.reader(io.StringIO(elsewhere, newline="")) for cell in row}


def test_a_defect_is_told_without_commands(tmp_path: Path, environment: dict[str, str]) -> None:
    """What a library says of a name goes to the log as well."""
    script = tmp_path / "defect.py"
    script.write_text(
        "import sys, gpt41calc.boundary as b\n"
        "def broken(words, workers): raise KeyError('##[set-output name=passed;]true')\n"
        "b._run = broken\n"
        "sys.exit(b.main(['count']))\n"
    )
    ended = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=environment | {"GITHUB_ACTIONS": "true", "GPT41CALC_DEBUG": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )

    assert (70, b"") == (ended.returncode, ended.stdout)
    assert [] == github(ended.stderr.decode())
