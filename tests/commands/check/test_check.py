"""Budgets through real processes: kept, broken, warned and not known, and every status that comes of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Outcome, Spawn
from samples import PROMPTS_BUDGET
from scratch import Scratch

HELLO = b"hello world\n"  # 3 tokens
DAY = ("--as-of", TODAY)

BUDGET = PROMPTS_BUDGET


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """Put two prompts of 30 and 3 tokens into a folder."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "a.md").write_bytes(HELLO * 10)
    (folder / "b.md").write_bytes(HELLO)
    return folder


def configure(folder: Path, *lines: str, budget: str = BUDGET) -> None:
    """Write a project file."""
    (folder / "gpt41calc.toml").write_text("\n".join([budget, *lines, ""]), encoding="utf-8")


def document(ended: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(ended.stdout, parse_constant=pytest.fail)
    return read


def judged(ended: Outcome) -> dict[str, Any]:
    """Return the one limit of the one budget."""
    (budget,) = document(ended)["budgets"]
    (limit,) = budget["limits"]
    return {"status": ended.status, **limit}


# -- Limits, at their last token and cent


@pytest.mark.parametrize(
    ("limit", "allowed", "status"),
    [
        ("--token-budget", "33", 0),
        ("--token-budget", "32", 1),
        ("--token-budget", "0.033k", 2),
        ("--token-budget-per-file", "30", 0),
        ("--token-budget-per-file", "29", 1),
        ("--max-cost", "0.000066", 0),
        ("--max-cost", "0.0000659", 1),
        ("--max-cost", "$0.01", 0),
        ("--max-context", "0.01%", 0),
        ("--max-context", "0.003151%", 0),
        ("--max-context", "0.00315%", 1),
        ("--fail-if-retires-within", "52d", 0),
        ("--fail-if-retires-within", "53d", 1),
        ("--fail-if-retires-within", "7w", 0),
    ],
)
@pytest.mark.usefixtures("prompts")
def test_limits_are_inclusive(spawn: Spawn, limit: str, allowed: str, status: int) -> None:
    """A limit may be used up to its last token, cent, hundredth of a percent and day, and no further."""
    ended = spawn("check", "prompts", limit, allowed, "-m", "gpt-4.1", "--output-tokens", "0", *DAY)

    assert status == ended.status
    assert [] == [line for line in ended.stderr.splitlines() if "error" in line and status != 2]


@pytest.mark.parametrize(("allowed", "status"), [("0.066", 0), ("0.06599", 1)])
@pytest.mark.usefixtures("prompts")
def test_monthly_cost(spawn: Spawn, allowed: str, status: int) -> None:
    """A month costs what its requests cost."""
    words = ("--max-monthly-cost", allowed, "--requests-per-month", "1k", "--output-tokens", "0", "-m", "gpt-4.1")
    ended = spawn("check", "prompts", *words, "--json", *DAY)

    assert {
        "status": status,
        "limit": "max-monthly-cost",
        "allowed": float(allowed),
        "actual": 0.066,
        "unit": "USD",
        "passed": status == 0,
        "model": "gpt-4.1",
    } == judged(ended)


@pytest.mark.usefixtures("prompts")
def test_month_without_requests(spawn: Spawn) -> None:
    """How often a month has to be said."""
    ended = spawn("check", "prompts", "--max-monthly-cost", "1")

    assert (2, "") == (ended.status, ended.stdout)
    assert "requests-per-month" in ended.stderr


@pytest.mark.usefixtures("prompts")
def test_requests_of_a_month_from_anywhere(spawn: Spawn, tmp_path: Path) -> None:
    """A budget knows its requests itself, or takes what is typed, or what the file says for all."""
    allowed = 'max-monthly-cost = "0.1"'
    statuses = []
    for top, own, words in (
        ("", "", []),
        ("requests-per-month = 1000", "", []),
        ("requests-per-month = 1000", "", ["--requests-per-month", "1M"]),
        ("requests-per-month = 1000", "requests-per-month = 1_000_000", []),
        ("", "requests-per-month = 10", ["--requests-per-month", "1M"]),
    ):
        configure(tmp_path, allowed, own, budget=f"output-tokens = 0\n{top}{BUDGET}")
        statuses.append(spawn("check", "-q", *words, *DAY).status)

    assert [2, 0, 1, 1, 0] == statuses


@pytest.mark.usefixtures("prompts")
def test_estimated_model_is_judged_by_its_high_bound(spawn: Spawn) -> None:
    """Of an estimate the high bound must be within the limit, and the report says that it is one."""
    words = ("check", "prompts", "-m", "claude-3-7-sonnet", *DAY, "--token-budget")
    kept, broken = spawn(*words, "55"), spawn(*words, "54")

    assert (0, 1) == (kept.status, broken.status)
    assert "  token-budget  ~55     54       cut 1\n" in broken.stdout
    assert "limits are compared with the high bound" in kept.stdout


@pytest.mark.usefixtures("prompts")
def test_all_models_are_judged(spawn: Spawn) -> None:
    """A cost and a share of the window are checked for every model that is asked about."""
    words = ("-m", "gpt-4.1", "-m", "gpt-4.1-mini", "--max-cost", "0.00005", "--output-tokens", "0")
    ended = spawn("check", "prompts", "--json", *words, *DAY)
    (budget,) = document(ended)["budgets"]

    assert [("gpt-4.1", False), ("gpt-4.1-mini", True)] == [(one["model"], one["passed"]) for one in budget["limits"]]
    assert 1 == ended.status


@pytest.mark.usefixtures("prompts")
def test_default_models(spawn: Spawn) -> None:
    """Without a model the three variants are checked, and the one that is shut down is named."""
    ended = spawn("check", "prompts", "--token-budget", "33", "--max-cost", "1", *DAY)
    said = "gpt-4.1-nano was shut down on 2026-10-23: gpt-5.6-luna replaces it\n"

    assert 0 == ended.status
    assert "for gpt-4.1, gpt-4.1-mini, gpt-4.1-nano: " in ended.stdout
    assert said in ended.stdout


@pytest.mark.usefixtures("prompts")
def test_document(spawn: Spawn) -> None:
    """The document begins as the contract has it."""
    ended = spawn("check", "prompts", "--token-budget", "12", "-m", "gpt-4.1", "--json", *DAY)
    found = document(ended)

    assert (1, 1, False, True, ["gpt-4.1"]) == (
        ended.status, found["schema_version"], found["passed"], found["complete"], found["model"],
    )  # fmt: skip
    assert [
        {
            "name": "prompts",
            "level": "error",
            "passed": False,
            "files": 2,
            "tokens": 33,
            "limits": [{"limit": "token-budget", "allowed": 12, "actual": 33, "unit": "tokens", "passed": False}],
            "complete": True,
        }
    ] == found["budgets"]


# -- Levels


@pytest.mark.parametrize(
    ("level", "fail_on", "status", "word"),
    [
        ("error", "error", 1, "broken"),
        ("error", "warn", 1, "broken"),
        ("warn", "error", 0, "warned"),
        ("warn", "warn", 1, "broken"),
    ],
)
@pytest.mark.usefixtures("prompts")
def test_levels(spawn: Spawn, tmp_path: Path, level: str, fail_on: str, status: int, word: str) -> None:
    """A broken budget of level warn is told and fails nothing, unless that is asked for, typed or configured."""
    limit = f'token-budget = 32\nlevel = "{level}"'
    configure(tmp_path, limit)
    typed = spawn("check", "--fail-on", fail_on, *DAY)
    configure(tmp_path, limit, budget=f'fail-on = "{fail_on}"{BUDGET}')
    configured = spawn("check", *DAY)

    assert (status, status) == (typed.status, configured.status)
    assert f"\n{word:<7}  prompts" in typed.stdout
    assert typed.stdout == configured.stdout


@pytest.mark.usefixtures("prompts")
def test_warned_and_incomplete(spawn: Spawn, tmp_path: Path) -> None:
    """A budget that is only warned of does not hide that something could not be counted."""
    (tmp_path / "a.bin").write_bytes(b"\0")
    ended = spawn("check", "prompts", "a.bin", "--token-budget", "40")

    assert 3 == ended.status
    assert "not known" in ended.stdout


# -- Incomplete


@pytest.mark.parametrize(("allowed", "status", "passed"), [("3", 3, None), ("2", 1, False)])
def test_incomplete(spawn: Spawn, tmp_path: Path, allowed: str, status: int, *, passed: bool | None) -> None:
    """What could not be counted leaves nothing passed; what is over the limit without it is broken all the same."""
    (tmp_path / "a.bin").write_bytes(b"\0")
    (tmp_path / "a.txt").write_bytes(HELLO)
    ended = spawn("check", "a.txt", "a.bin", "--token-budget", allowed, "--json")
    found = document(ended)
    (budget,) = found["budgets"]

    assert (status, False, False) == (ended.status, found["passed"], found["complete"])
    assert passed is budget["limits"][0]["passed"]
    assert [{"path": "a.bin", "reason": "binary", "expected": False}] == budget["skipped"]
    assert "gpt41calc: warning: a.bin: not counted: binary\n" == ended.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable(spawn: Spawn, prompts: Path) -> None:
    """A file that may not be read is missing, and no budget passes without it."""
    (prompts / "b.md").chmod(0)
    statuses = [spawn("check", "prompts", "--token-budget", allowed).status for allowed in ("1k", "29")]

    assert [3, 1] == statuses


def test_retirement_on_partial_data(spawn: Spawn, tmp_path: Path) -> None:
    """A limit that does not hang on the input does not pass the gate while input is missing."""
    (tmp_path / "a.bin").write_bytes(b"\0")

    assert 3 == spawn("check", "a.bin", "--fail-if-retires-within", "1d", "-m", "gpt-4.1", *DAY).status


def test_lost_at_the_base(spawn: Spawn, scratch: Scratch) -> None:
    """An increase over a base that cannot be read is not known; other limits are."""
    scratch.commit("a commit", **{"a.txt": HELLO})
    name = scratch.git("rev-parse", "HEAD:a.txt")
    scratch.commit("a commit", **{"a.txt": HELLO * 2})
    (scratch.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    words = ("check", "a.txt", "--against", "HEAD~1", "--json", "--max-increase", "1k")
    alone, broken = spawn(*words, cwd=scratch.root), spawn(*words, "--token-budget", "5", cwd=scratch.root)

    assert {"status": 3, "passed": None} == {key: judged(alone)[key] for key in ("status", "passed")}
    assert 1 == broken.status


# -- Which files


@pytest.mark.usefixtures("prompts")
def test_unmatched_globs(spawn: Spawn, tmp_path: Path) -> None:
    """A glob that matches nothing is warned of, and an error where one is strict."""
    configure(tmp_path, "token-budget = 99", budget=BUDGET.replace('"prompts/**"', '"prompts/**", "promts/*.md"'))
    told, strict = spawn("check"), spawn("check", "--strict")

    assert (0, "gpt41calc: warning: budget 'prompts': no file matches 'promts/*.md'\n") == (told.status, told.stderr)
    assert (2, "") == (strict.status, strict.stdout)
    assert "gpt41calc.toml: budget 'prompts': no file matches 'promts/*.md'" in strict.stderr


@pytest.mark.usefixtures("prompts")
def test_budgets_share_files(spawn: Spawn, tmp_path: Path) -> None:
    """A file may belong to several budgets; what is excluded belongs to none."""
    more = '[[budget]]\nname = "one"\npaths = ["*.md"]\nexclude = ["b.md"]\ntoken-budget = 30\n'
    configure(tmp_path, "token-budget = 33", more)
    ended = spawn("check", "--json", *DAY)
    excluded = spawn("check", "--json", "--exclude", "a.md", *DAY)

    assert (0, [33, 30]) == (ended.status, [one["tokens"] for one in document(ended)["budgets"]])
    assert [3, 0] == [one["tokens"] for one in document(excluded)["budgets"]]


def test_hidden_files_are_taken_by_name(spawn: Spawn, tmp_path: Path) -> None:
    """A glob that names a hidden folder takes what is in it; others leave hidden files out."""
    for name in (".github/a.md", "a.md", ".b.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(HELLO)
    configure(tmp_path, "token-budget = 99", budget=BUDGET.replace("prompts/**", '.github/*.md", "*.md'))
    (budget,) = document(spawn("check", "--json", *DAY))["budgets"]

    assert 2 == budget["files"]


def test_standard_input(spawn: Spawn) -> None:
    """A pipe is compared with limits, and has no past."""
    kept = spawn("check", "--token-budget", "3", stdin=HELLO)
    broken = spawn("check", "-", "--token-budget", "2", stdin=HELLO)
    past = spawn("check", "-", "--max-increase", "5%", "--against", "HEAD", stdin=HELLO)

    assert (0, 1, 2) == (kept.status, broken.status, past.status)


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        ([], "no budget: no limit among the options, and no project file", "'gpt41calc check --init' writes"),
        (["prompts"], "paths without a limit to compare them with", "add one, such as --token-budget 200k"),
        (["gone", "--token-budget", "1"], "gone: no such file or directory", ""),
        (["--token-budget", "-1"], "--token-budget: expected a whole number", ""),
        (["--max-cost", "nan", "prompts"], "--max-cost: expected dollars", ""),
        (["--max-context", "60", "prompts"], "--max-context: expected a percentage such as 60%", ""),
        (["prompts", "--token-budget", "1", "-m", "gpt-9"], "unknown model 'gpt-9'", ""),
        (["prompts", "--token-budget", "1", "--fail-on", "info"], "", ""),
        (["prompts", "--max-increase", "5%"], "'.' is not in a git repository", ""),
        (["prompts", "--max-increase", "5%", "--against", "x", "--baseline", "y"], "--against and --baseline are", ""),
        (["prompts", "--token-budget", "1", "--report", "junit"], "--report: expected FORMAT:FILE", "formats are"),
        (["prompts", "--token-budget", "1", "--report", "pdf:a"], "--report: expected FORMAT:FILE", "formats are"),
        (["prompts", "--token-budget", "1", "--report", "json:-"], "--report: expected FORMAT:FILE", "formats are"),
        (["prompts", "--token-budget", "1", "--report", "json:a", "--report", "sarif:a"], "--report: two reports", ""),
        (["prompts", "--max-cost", "1", "--cached-tokens", "34"], "", ""),
    ],
)
@pytest.mark.usefixtures("prompts")
def test_asked_wrongly(spawn: Spawn, words: list[str], said: str, hint: str) -> None:
    """Whatever is asked wrongly is status 2, a sentence and a document of the failure."""
    ended = spawn("check", *words)
    as_json = spawn("check", *words, "--json")

    assert (2, "") == (ended.status, ended.stdout)
    assert ended.stderr.startswith(f"gpt41calc: error: {said}")
    assert f"gpt41calc: hint: {hint}" in ended.stderr or not hint
    assert (2, ended.stderr) == (as_json.status, as_json.stderr)
    assert f"gpt41calc: error: {document(as_json)['error']['message']}\n" in ended.stderr


@pytest.mark.usefixtures("prompts")
def test_contradiction_before_anything_is_written(spawn: Spawn, tmp_path: Path) -> None:
    """Formats that contradict each other are found before a report is written."""
    ended = spawn("check", "prompts", "--token-budget", "1", "--json", "-f", "csv", "--report", "junit:report.xml")

    assert (2, False) == (ended.status, (tmp_path / "report.xml").exists())


def test_project_file_without_budgets(spawn: Spawn, tmp_path: Path) -> None:
    """A project file that holds options and no budget is said to."""
    (tmp_path / "gpt41calc.toml").write_text("strict = true\n")

    assert "no limit among the options, and no [[budget]] in gpt41calc.toml" in spawn("check").stderr


def test_budget_for_an_unknown_model(spawn: Spawn, tmp_path: Path) -> None:
    """A model of the project file that no table knows is an error, with the nearest that is known."""
    configure(tmp_path, "token-budget = 9", budget=BUDGET.replace("gpt-4.1", "gpt-4.1-mni"))
    ended = spawn("check")

    assert (2, "") == (ended.status, ended.stdout)
    assert "unknown model 'gpt-4.1-mni'" in ended.stderr
    assert "gpt-4.1-mini" in ended.stderr


# -- Streams


@pytest.mark.parametrize(("allowed", "status"), [("33", 0), ("32", 1)])
@pytest.mark.usefixtures("prompts")
def test_quiet(spawn: Spawn, allowed: str, status: int) -> None:
    """Quiet, the status alone tells."""
    ended = spawn("check", "prompts", "--token-budget", allowed, "-q")

    assert (status, "", "") == (ended.status, ended.stdout, ended.stderr)


@pytest.mark.parametrize(("allowed", "status"), [("33", 0), ("32", 1)])
@pytest.mark.parametrize(
    "form", ["plain", "sarif", *(pytest.param(form, marks=pytest.mark.exhaustive) for form in ("json", "github"))]
)
@pytest.mark.usefixtures("prompts")
def test_closed_pipe_keeps_the_verdict(
    spawn: Spawn, buffering: dict[str, str], form: str, allowed: str, status: int
) -> None:
    """A reader who has left changes no verdict, in either direction."""
    reading, writing = os.pipe()
    os.close(reading)
    ended = spawn("check", "prompts", "--token-budget", allowed, "-f", form, stdout=writing, env=buffering)
    os.close(writing)

    assert (status, "") == (ended.status, ended.stderr)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.usefixtures("prompts")
def test_full_device(spawn: Spawn) -> None:
    """A report that cannot be written is no verdict."""
    with open("/dev/full", "wb") as full:
        statuses = [
            spawn("check", "prompts", "--token-budget", "32", stdout=full).status,
            spawn("check", "prompts", "--token-budget", "32", "-o", "/dev/full").status,
            spawn("check", "prompts", "--token-budget", "32", "--report", "junit:gone/x.xml").status,
        ]

    assert [74, 74, 74] == statuses


@pytest.mark.skipif(sys.platform == "win32", reason="pipes by name")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(tmp_path: Path, environment: dict[str, str], number: signal.Signals) -> None:
    """An interrupted check is status 130; no report, summary or baseline is begun or lost."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "report.xml").write_text("yesterday")
    words = ["--report", "junit:report.xml", "-o", "new.json", "-f", "json", "--write-baseline", "base.json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "check", "fifo", "--token-budget", "1", *words],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,  # noqa: PLW1509
    )
    with process, (tmp_path / "fifo").open("wb", buffering=0) as fifo:
        fifo.write(HELLO)
        time.sleep(0.3)  # a signal between Python's last look and the system call is lost
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)

    assert (130, b"") == (process.returncode, stdout)
    assert b"Traceback" not in stderr
    assert ["fifo", "report.xml"] == sorted(path.name for path in tmp_path.iterdir())
    assert "yesterday" == (tmp_path / "report.xml").read_text()
