"""Tokens over a history, through real processes: rows, the commit that broke a budget, what is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Spawn
from scratch import Scratch

HELLO = b"hello world\n"  # 3 tokens


@pytest.fixture
def history(scratch: Scratch) -> Scratch:
    """Return five commits: a file grows, another one comes and goes, a branch is merged."""
    scratch.commit("first", **{"a.txt": HELLO})
    scratch.git("tag", "v1.0")
    scratch.commit("grows", **{"a.txt": HELLO * 4})
    scratch.commit("comes", **{"b.txt": HELLO * 10})
    (scratch.root / "b.txt").unlink()
    scratch.commit("goes")
    scratch.git("checkout", "-q", "-b", "side")
    scratch.commit("beside", **{"c.txt": HELLO})
    scratch.commit("beside again", **{"c.txt": HELLO * 2})
    scratch.git("checkout", "-q", "main")
    scratch.git("merge", "-q", "--no-ff", "-m", "merged", "side")
    return scratch


def document(ended: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(ended.stdout, parse_constant=pytest.fail)
    return read


def rows(ended: Outcome) -> list[tuple[str, int, int | None]]:
    """Return subject, tokens and growth of every commit."""
    return [(one["subject"], one["tokens"], one["delta"]) for one in document(ended)["commits"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [("first", 3, None), ("grows", 12, 9), ("comes", 42, 30), ("goes", 12, -30), ("merged", 18, 6)]),
        (["--since", "v1.0"], [("grows", 12, 9), ("comes", 42, 30), ("goes", 12, -30), ("merged", 18, 6)]),
        (["a.txt"], [("first", 3, None), ("grows", 12, 9)]),
        (["b.txt"], [("comes", 30, None), ("goes", 0, -30)]),
        (["c.txt", "a.txt"], [("first", 3, None), ("grows", 12, 9), ("merged", 18, 6)]),
        (["--since", "v1.0", "a.txt"], [("grows", 12, 9)]),
        (["--", "b.txt"], [("comes", 30, None), ("goes", 0, -30)]),
        (["--include", "a.*", "--since", "v1.0", "a.txt"], [("grows", 12, 9)]),
        (["--since", "HEAD"], []),
    ],
)
def test_rows(spawn: Spawn, history: Scratch, words: list[str], expected: list[tuple[str, int, int | None]]) -> None:
    """A row a commit, oldest first, by first parents: a merge is one step, a file that is gone has a past."""
    ended = spawn("log", "--json", *words, cwd=history.root)

    assert (0, expected) == (ended.status, rows(ended))


def test_plain(spawn: Spawn, history: Scratch) -> None:
    """For people: short names of commits, days, tokens and growth."""
    name = history.git("rev-parse", "HEAD~3")[:10]
    ended = spawn("log", "b.txt", cwd=history.root)

    assert "0 tokens in b.txt after 2 commits, -30 since the first" == ended.stdout.splitlines()[0]
    assert "Commit      Date        Tokens  Delta  Files  Subject" == ended.stdout.splitlines()[2]
    assert "2026-01-03      30      –      1  comes" in ended.stdout
    assert "2026-01-04       0    -30      0  goes" in ended.stdout
    assert len(name) == len(ended.stdout.splitlines()[3].split()[0])


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--token-budget", "42"], 0, "the budget of 42 tokens is kept throughout (5 commits)"),
        (["--token-budget", "41"], 0, " (comes) first broke the budget of 41 tokens: 42 tokens, +30"),
        (["--token-budget", "17"], 1, " (comes) first broke the budget of 17 tokens: 42 tokens, +30"),
        (["--token-budget", "2"], 1, " (first) first broke the budget of 2 tokens: 3 tokens"),
        (
            ["--token-budget", "2", "--since", "v1.0"],
            1,
            "the budget of 2 tokens was broken before the first commit that is shown",
        ),
        (["--token-budget", "17", "--since", "HEAD"], 1, "the budget of 17 tokens was broken before: 18 tokens"),
        (["--token-budget", "18", "--since", "HEAD"], 0, "the budget of 18 tokens is kept: 18 tokens"),
    ],
)
def test_budget(spawn: Spawn, history: Scratch, words: list[str], status: int, said: str) -> None:
    """The commit that first broke a budget is named; the status says whether it is broken now."""
    ended = spawn("log", *words, cwd=history.root)

    assert status == ended.status
    assert said in ended.stdout


def test_quiet(spawn: Spawn, history: Scratch) -> None:
    """Quiet, it is the tokens there are now, or the commit that first broke the budget."""
    broken = history.git("rev-parse", "HEAD~2")
    ended = [
        spawn("log", "-q", *words, cwd=history.root)
        for words in ([], ["--since", "HEAD"], ["--token-budget", "17"], ["--token-budget", "99"])
    ]

    assert [(0, "18\n"), (0, "18\n"), (1, f"{broken}\n"), (0, "")] == [(one.status, one.stdout) for one in ended]


def test_document(spawn: Spawn, history: Scratch) -> None:
    """The document names the budget, and the whole name of the commit that first broke it."""
    broken = history.git("rev-parse", "HEAD~2")
    ended = spawn("log", "--json", "--token-budget", "17", "-m", "gpt-4.1", "--since", "v1.0", cwd=history.root)
    found = document(ended)

    assert [
        "schema_version", "tool", "paths", "since", "model", "encoding", "exactness", "complete", "shallow", "budget",
        "commits",
    ] == list(found)  # fmt: skip
    assert {"allowed": 17, "passed": False, "first_broken": broken} == found["budget"]
    assert ["hash", "date", "subject", "tokens", "delta", "files", "complete"] == list(found["commits"][0])


def test_estimated_model(spawn: Spawn, history: Scratch) -> None:
    """A budget of an estimated model is checked by the high bound."""
    words = ("log", "a.txt", "-m", "claude-3-7-sonnet", "--token-budget")
    statuses = [spawn(*words, allowed, cwd=history.root).status for allowed in ("20", "19")]

    assert [0, 1] == statuses


def test_shallow(spawn: Spawn, history: Scratch, tmp_path: Path) -> None:
    """In a shallow clone the first row is the sum there is, and the report says that older commits are missing."""
    history.git("clone", "-q", "--depth", "2", f"file://{history.root}", str(tmp_path / "shallow"))
    ended = spawn("log", cwd=tmp_path / "shallow")
    found = document(spawn("log", "--json", cwd=tmp_path / "shallow"))

    assert 0 == ended.status
    assert "older commits are not in this clone, which is shallow" in ended.stdout
    assert (True, [("goes", 12, None), ("merged", 18, 6)]) == (
        found["shallow"], [(one["subject"], one["tokens"], one["delta"]) for one in found["commits"]],
    )  # fmt: skip


def test_lost_content(spawn: Spawn, history: Scratch) -> None:
    """What git cannot read leaves its commits incomplete: status 3, unless the budget is broken without it."""
    name = history.git("rev-parse", "HEAD~2:b.txt")
    (history.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    ended = spawn("log", "--json", cwd=history.root)
    statuses = [spawn("log", "--token-budget", allowed, cwd=history.root).status for allowed in ("99", "17")]

    assert (3, [True, True, False, True, True]) == (
        ended.status, [one["complete"] for one in document(ended)["commits"]],
    )  # fmt: skip
    assert [3, 1] == statuses


def test_hostile_subject(spawn: Spawn, scratch: Scratch) -> None:
    """A message of a commit brings no escapes and no commands to the terminal."""
    scratch.commit("::error::\x1b[2J\u202e=1", **{"a.txt": HELLO})
    ended = [spawn("log", "-f", form, cwd=scratch.root).stdout for form in ("plain", "table", "markdown")]

    assert [(False, False)] * 3 == [("\x1b" in one, "\u202e" in one) for one in ended]
    assert not [line for one in ended for line in one.splitlines() if line.startswith("::")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gone.txt"], "gone.txt: no such file or directory, neither here nor in the revisions"),
        (["--since", "v2.0"], "unknown revision 'v2.0'"),
        (["--since", "--output=x"], "'--output=x' is not a revision"),
        (["--since", "a..b"], "'a..b' is a range"),
        (["--token-budget", "-1"], "--token-budget: expected a whole number"),
        ([".."], "..: outside the repository"),
        (["-m", "gpt-9"], "unknown model 'gpt-9'"),
    ],
)
def test_asked_wrongly(spawn: Spawn, history: Scratch, words: list[str], said: str) -> None:
    """Whatever is asked wrongly is status 2 and a sentence, and nothing is written."""
    ended = spawn("log", *words, cwd=history.root)

    assert (2, "") == (ended.status, ended.stdout)
    assert ended.stderr.startswith(f"gpt41calc: error: {said}")
    assert not (history.root / "x").exists()


def test_no_history(spawn: Spawn, tmp_path: Path, scratch: Scratch) -> None:
    """Outside a repository, and in one without a commit, there is no history."""
    ended = [spawn("log", cwd=folder) for folder in (tmp_path, scratch.root)]

    assert [(2, "'.' is not in a git repository"), (2, "the repository has no commit yet")] == [
        (one.status, one.stderr.splitlines()[0].removeprefix("gpt41calc: error: ")) for one in ended
    ]
