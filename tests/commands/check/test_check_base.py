"""What budgets are compared with: a revision, a baseline; and the files that check itself writes."""

from __future__ import annotations

import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Outcome, Spawn
from samples import PROMPTS_BUDGET
from scratch import Scratch

from gpt41calc.commands.check.baseline import read_baseline
from gpt41calc.errors import ConfigError

HELLO = b"hello world\n"  # 3 tokens
DAY = ("--as-of", TODAY)

INCREASE = PROMPTS_BUDGET + 'max-increase = "{}"\n'


@pytest.fixture
def three(scratch: Scratch) -> Scratch:
    """Return three commits on a branch, of 30, 33 and 36 tokens of prompts, which began at the first."""
    scratch.commit("kept", **{"prompts/a.md": HELLO * 10, "other.txt": HELLO})
    scratch.git("checkout", "-q", "-b", "branch")
    scratch.commit("one more", **{"prompts/b.md": HELLO})
    scratch.commit("two more", **{"prompts/c.md": HELLO})
    return scratch


def limit(ended: Outcome) -> dict[str, Any]:
    """Return the one limit of the one budget."""
    (budget,) = json.loads(ended.stdout)["budgets"]
    (found,) = budget["limits"]
    return {key: found[key] for key in ("actual", "before", "passed")}


# -- A revision


@pytest.mark.parametrize(
    ("allowed", "words", "status"),
    [
        ("20%", [], 0),
        ("19.99%", [], 1),
        ("6", [], 0),
        ("5", [], 1),
        ("$0.000012", [], 0),
        ("$0.0000119", [], 1),
        ("3", ["--against", "HEAD~1"], 0),
        ("2", ["--against", "HEAD~1"], 1),
        ("0", ["--against", "HEAD"], 0),
        ("0%", ["--against", "branch"], 0),
    ],
)
def test_increase(spawn: Spawn, three: Scratch, allowed: str, words: list[str], status: int) -> None:
    """An increase over where the branch began, or over a revision, may be used up to its last token."""
    (three.root / "gpt41calc.toml").write_text(INCREASE.format(allowed))
    configured = spawn("check", *words, *DAY, cwd=three.root)
    typed = spawn("check", "prompts", "--max-increase", allowed, *words, "-m", "gpt-4.1", *DAY, cwd=three.root)

    assert (status, status) == (configured.status, typed.status)
    assert ("" if words else "compared with main (") in configured.stdout


def test_increase_in_a_folder_below(spawn: Spawn, three: Scratch) -> None:
    """From a folder below, the same files are compared with the same base."""
    (three.root / "gpt41calc.toml").write_text(INCREASE.format("5"))
    found = [spawn("check", "--json", *DAY, cwd=three.root / name) for name in (".", "prompts")]

    assert [{"actual": 6, "before": 30, "passed": False}] * 2 == [limit(one) for one in found]


def test_increase_of_renamed_files(spawn: Spawn, three: Scratch) -> None:
    """A file that was renamed inside a budget is no increase; one that was moved into it is."""
    three.git("mv", "prompts/a.md", "prompts/z.md")
    inside = spawn("check", "prompts", "--max-increase", "0", "--against", "HEAD", "--json", cwd=three.root)
    three.git("mv", "other.txt", "prompts/other.txt")
    into = spawn("check", "prompts", "--max-increase", "2", "--against", "HEAD", "--json", cwd=three.root)

    assert {"actual": 0, "before": 36, "passed": True} == limit(inside)
    assert {"actual": 3, "before": 36, "passed": False} == limit(into)


def test_a_binary_that_became_text(spawn: Spawn, three: Scratch) -> None:
    """A file counts from when it is text: at the base it was binary, and had no tokens."""
    three.commit("binary", **{"prompts/d.md": b"\0"})
    three.write("prompts/d.md", HELLO)
    ended = spawn("check", "prompts", "--max-increase", "2", "--against", "HEAD", "--json", cwd=three.root)

    assert (1, {"actual": 3, "before": 36, "passed": False}) == (ended.status, limit(ended))


def test_a_new_budget_has_no_percentage(spawn: Spawn, three: Scratch) -> None:
    """Of nothing at the base there is no percentage, and the sentence says what to do."""
    three.write("new/a.md", HELLO)
    ended = spawn("check", "new", "--max-increase", "50%", cwd=three.root)

    assert 1 == ended.status
    assert (
        "broken: 1 budget, allow new a number of tokens, as its base has none to take a percentage of" in ended.stdout
    )


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("--output=x", "'--output=x' is not a revision: it begins with a hyphen"),
        ("-", "'-' is not a revision"),
        ("", "the revision is empty"),
        ("main..branch", "'main..branch' is a range, where one revision is wanted"),
        ("mian", "unknown revision 'mian'"),
        ("HEAD:prompts", "unknown revision 'HEAD:prompts'"),
        ("x\ny", "a revision is one line without NUL bytes"),
    ],
)
def test_revisions_that_are_none(spawn: Spawn, three: Scratch, revision: str, said: str) -> None:
    """What is no revision is refused before git acts on it, typed or configured."""
    words = ("check", "prompts", "--max-increase", "5%")
    typed = spawn(*words, f"--against={revision}", cwd=three.root)
    (three.root / "gpt41calc.toml").write_text(f"against = {json.dumps(revision)}")
    configured = spawn(*words, cwd=three.root)
    expected = (2, "", f"gpt41calc: error: {said}")

    assert expected == (typed.status, typed.stdout, typed.stderr[: len(expected[2])])
    assert expected == (configured.status, configured.stdout, configured.stderr[: len(expected[2])])
    assert ["other.txt", "prompts"] == sorted(
        path.name for path in three.root.iterdir() if path.name not in {".git", "gpt41calc.toml"}
    )


def test_unborn_branch(spawn: Spawn, scratch: Scratch) -> None:
    """In a repository without a commit there is nothing to compare with."""
    scratch.write("a.txt", HELLO)
    ended = spawn("check", "a.txt", "--max-increase", "5%", cwd=scratch.root)

    assert (2, "gpt41calc: error: the repository has no commit yet\n") == (
        ended.status, ended.stderr.splitlines(keepends=True)[0],
    )  # fmt: skip


def test_shallow_clone(spawn: Spawn, three: Scratch, tmp_path: Path) -> None:
    """In a clone without the base, the hint is what to set in CI."""
    three.git("checkout", "-q", "main")
    three.git("clone", "-q", "--depth", "1", "--branch", "branch", f"file://{three.root}", str(tmp_path / "shallow"))
    words = ("check", "prompts", "--max-increase", "5%")
    ended = [spawn(*words, *more, cwd=tmp_path / "shallow") for more in ([], ["--against", "main"])]

    assert [2, 2] == [one.status for one in ended]
    assert ["fetch-depth: 0" in one.stderr for one in ended] == [True, True]


def test_outside_the_repository(spawn: Spawn, three: Scratch, tmp_path: Path) -> None:
    """Files of which the repository knows nothing have no base, and that is no increase from nothing."""
    (tmp_path / "a.txt").write_bytes(HELLO)
    ended = spawn("check", "../a.txt", "--max-increase", "5%", cwd=three.root)

    assert 2 == ended.status
    assert "../a.txt: outside the repository " in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a program with a first line")
def test_no_setting_of_the_repository_runs_a_program(spawn: Spawn, three: Scratch, tmp_path: Path) -> None:
    """A repository whose settings and attributes name programs is checked, compared and told of without them."""
    canary = tmp_path / "canary"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho ran >> '{canary}'\ncat\n")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "diff.x.textconv", "gpg.program"):
        three.git("config", key, str(program))
    three.git("config", "log.showSignature", "true")
    three.write(".gitattributes", "*.md diff=x\n")
    three.write("prompts/b.md", HELLO * 2)
    statuses = [
        spawn("check", "prompts", "--max-increase", "1k", cwd=three.root).status,
        spawn("diff", cwd=three.root).status,
        spawn("diff", "--staged", cwd=three.root).status,
        spawn("log", cwd=three.root).status,
    ]

    assert ([0, 0, 0, 0], False) == (statuses, canary.exists())


# -- A baseline


def test_baseline_round_trip(spawn: Spawn, tmp_path: Path) -> None:
    """What was written is what is compared with, without a repository."""
    for name in (b"a.txt", b"\xff.txt", "é\n.txt".encode()) if sys.platform == "linux" else (b"a.txt",):
        (tmp_path / os.fsdecode(name)).write_bytes(HELLO)
    words = ("check", ".", "--include", "*.txt", "-m", "gpt-4.1", *DAY)
    written = spawn(*words, "--max-increase", "0", "--write-baseline", "base.json")
    kept = spawn(*words, "--max-increase", "0", "--baseline", "base.json", "--json")
    (tmp_path / "a.txt").write_bytes(HELLO * 2)
    broken = spawn(*words, "--max-increase", "2", "--baseline", "base.json", "--json")
    files = len(json.loads((tmp_path / "base.json").read_text())["budgets"][0]["files"])

    assert (0, 0, 1) == (written.status, kept.status, broken.status)
    assert {"actual": 3, "before": 3 * files, "passed": False} == limit(broken)
    assert "base.json" == json.loads(broken.stdout)["against"]


def test_configured_baseline(spawn: Spawn, tmp_path: Path) -> None:
    """A baseline of the project file is beside it; it can be written where there is none, and written again."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "a.md").write_bytes(HELLO)
    (tmp_path / "gpt41calc.toml").write_text('baseline = "base.json"\n' + INCREASE.format("2"))
    missing = spawn("check", *DAY)
    statuses = [spawn("check", "--write-baseline", "base.json", *DAY).status, spawn("check", *DAY).status]
    (tmp_path / "prompts" / "a.md").write_bytes(HELLO * 2)
    statuses += [
        spawn("check", *DAY, cwd=tmp_path / "prompts").status,
        spawn("check", "--write-baseline", "../base.json", *DAY, cwd=tmp_path / "prompts").status,
        spawn("check", *DAY).status,
    ]

    assert (2, "gpt41calc: hint: 'gpt41calc check --write-baseline FILE' writes one\n") == (
        missing.status, missing.stderr.splitlines(keepends=True)[1],
    )  # fmt: skip
    assert [0, 0, 1, 0, 0] == statuses


def test_typed_base_wins(spawn: Spawn, three: Scratch) -> None:
    """A revision that is typed wins over a baseline of the project file."""
    (three.root / "gpt41calc.toml").write_text('baseline = "gone.json"\n' + INCREASE.format("3"))
    ended = spawn("check", "--against", "HEAD~1", "--json", *DAY, cwd=three.root)

    assert {"actual": 3, "before": 33, "passed": True} == limit(ended)


def test_no_baseline_of_a_part(spawn: Spawn, tmp_path: Path) -> None:
    """What could not be counted in full is no baseline: later runs would be blamed for the rest."""
    (tmp_path / "a.bin").write_bytes(b"\0")
    (tmp_path / "base.json").write_text("yesterday")
    ended = spawn("check", "a.bin", "--token-budget", "1", "--write-baseline", "base.json")

    assert (3, "yesterday") == (ended.status, (tmp_path / "base.json").read_text())
    assert "base.json not written: some input could not be counted" in ended.stderr


ONE = {"path": "a", "bytes": 1, "tokens": {"o200k_base": 1}}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not a baseline"),
        (b"\xff", "not a baseline"),
        (b"[" * 100_000, "not a baseline"),
        (b"[]", "not a baseline of this version"),
        (b'{"schema_version": 2}', "not a baseline of this version"),
        (b'{"schema_version": 1}', "not a baseline"),
        (b'{"schema_version": 1, "budgets": 3}', "not a baseline"),
        (b'{"schema_version": 1, "budgets": ["a"]}', "not a baseline"),
        (b'{"schema_version": 1, "budgets": [{"name": [], "files": []}]}', "not a baseline"),
        (b'{"schema_version": 1, "budgets": []}', "knows no budget 'all'"),
    ],
)
def test_hostile_baseline(tmp_path: Path, raw: bytes, said: str) -> None:
    """What is no baseline is refused in a sentence."""
    path = tmp_path / "base.json"
    path.write_bytes(raw)
    with pytest.raises(ConfigError) as caught:
        read_baseline(str(path), ["all"], ["o200k_base"])

    assert f"{path}: {said}" == str(caught.value)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (ONE | {"tokens": {"o200k_base": -1}}, "not a baseline"),
        (ONE | {"tokens": {"o200k_base": True}}, "not a baseline"),
        (ONE | {"tokens": {"o200k_base": 10**30}}, "not a baseline"),
        (ONE | {"tokens": {"o200k_base": 1.5}}, "not a baseline"),
        (ONE | {"tokens": [1]}, "not a baseline"),
        (ONE | {"tokens": None}, "not a baseline"),
        (ONE | {"bytes": "1"}, "not a baseline"),
        (ONE | {"path": 3}, "not a baseline"),
        ({}, "not a baseline"),
        (3, "not a baseline"),
        (ONE | {"tokens": {"cl100k_base": 1}}, "budget 'all' was not counted in o200k_base"),
    ],
)
def test_hostile_files_of_a_baseline(tmp_path: Path, file: object, said: str) -> None:
    """Numbers that are none are not compared with."""
    path = tmp_path / "base.json"
    path.write_text(json.dumps({"schema_version": 1, "budgets": [{"name": "all", "files": [file]}]}))
    with pytest.raises(ConfigError) as caught:
        read_baseline(str(path), ["all"], ["o200k_base"])

    assert f"{path}: {said}" == str(caught.value)


# -- A project file to begin with


def test_start_keeps_its_own_budgets(spawn: Spawn, tmp_path: Path) -> None:
    """The file that is written parses, finds every path again, whatever its name, and is kept."""
    names = ["prompts", "my docs", "a[1]!#", "README.md", 'q"\\é\t']
    for name in names:
        folder = tmp_path if name == "README.md" else tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "README.md").write_bytes(HELLO * 5)
    begun = spawn("check", "--init", *names, "./prompts/", *DAY)
    text = (tmp_path / "gpt41calc.toml").read_text(encoding="utf-8")
    kept = spawn("check", "--strict", "--json", *DAY)

    assert (0, "gpt41calc.toml written; 'gpt41calc check' compares the files with it\n") == (begun.status, begun.stdout)
    assert names == [budget["name"] for budget in tomllib.loads(text)["budget"]]
    assert "# 1 file, 15 tokens, $0.0080 a request with the dearest model\n" in text
    assert (0, [15] * 5) == (kept.status, [budget["tokens"] for budget in json.loads(kept.stdout)["budgets"]])


def test_start_leaves_out_what_is_shut_down(spawn: Spawn, tmp_path: Path) -> None:
    """A budget is begun for the models that can still be used, or for those that are named."""
    (tmp_path / "a.txt").write_bytes(HELLO)
    models = []
    for words in (DAY, ("--as-of", "2026-10-22"), ("-m", "gpt-4.1-nano", *DAY)):
        spawn("check", "--init", *words)
        models.append(tomllib.loads((tmp_path / "gpt41calc.toml").read_text())["model"])
        (tmp_path / "gpt41calc.toml").unlink()

    assert [["gpt-4.1", "gpt-4.1-mini"], ["gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano"], ["gpt-4.1-nano"]] == models


@pytest.mark.parametrize(
    ("name", "text"),
    [("gpt41calc.toml", "mine"), ("gpt41calc.toml", ""), ("pyproject.toml", "[tool.gpt41calc]\nstrict = true\n")],
)
def test_start_overwrites_nothing(spawn: Spawn, tmp_path: Path, name: str, text: str) -> None:
    """A project file that is there already stays as it is, even if it is broken."""
    (tmp_path / name).write_text(text)
    ended = spawn("check", "--init", "--no-config" if text == "mine" else "--strict", ".")

    assert (2, "", text) == (ended.status, ended.stdout, (tmp_path / name).read_text())
    assert f"gpt41calc: error: {name} is there already\n" in ended.stderr
    assert [name] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("path", ["..", "../x", "/etc", "-"])
def test_start_stays_in_its_folder(spawn: Spawn, tmp_path: Path, path: str) -> None:
    """A budget cannot be begun for what is not below the file."""
    (tmp_path / "x").touch()
    (tmp_path / "sub").mkdir()
    ended = spawn("check", "--init", path, cwd=tmp_path / "sub")

    assert 2 == ended.status
    assert f"{path}: not below the current folder" in ended.stderr
    assert [] == list((tmp_path / "sub").iterdir())
