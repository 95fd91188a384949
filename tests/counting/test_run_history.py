"""The run history can cost time, never a number."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from conftest import Outcome, Spawn

from gpt41calc.counting.run_history import Expectation, expectation, forget, record
from gpt41calc.locations import cache_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no workers")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with an empty cache folder; return where it is stored."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    folder = cache_folder()
    folder.mkdir(parents=True)
    return folder / "run-history-v1"


def test_words_and_folder_tell_runs_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noted of some words holds for them, in that folder, until it is noted otherwise or forgotten."""
    told = [expectation(["."])]
    record(["."], Expectation.LOOKING_UP)
    told += [expectation(["."]), expectation(["src"]), expectation([".", "--no-cache"])]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    told.append(expectation(["."]))
    monkeypatch.chdir("..")
    record(["."], Expectation.LOOKING_UP_ALONE)
    told.append(expectation(["."]))
    record(["."], Expectation.LOOKING_UP)
    forget()
    told.append(expectation(["."]))

    assert [0, 1, 0, 0, 0, 2, 0] == told


def test_without_the_cache_nothing_is_noted(place: Path) -> None:
    """``--no-cache`` leaves no trace."""
    record([".", "--no-cache"], Expectation.LOOKING_UP)

    assert not place.exists()


@pytest.mark.parametrize("kind", ["pipe", "link", "folder", "damaged", "nowhere"])
def test_hostile_places(place: Path, tmp_path: Path, kind: str) -> None:
    """Whatever is in its place, nothing waits, nothing fails and nothing else is written to."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "link":
        place.symlink_to(precious)
    elif kind == "folder":
        place.mkdir()
    elif kind == "damaged":
        place.write_bytes(b"\xff" * (1 << 16))
    else:
        place.parent.rmdir()
    told: list[Expectation] = []

    def asks() -> None:
        told.append(expectation(["."]))
        record(["."], Expectation.LOOKING_UP)

    thread = threading.Thread(target=asks, daemon=True)
    thread.start()
    thread.join(10)
    expected: object = ([Expectation.COUNTING], b"precious")
    actual = (told, precious.read_bytes())

    assert expected == actual


@pytest.mark.parametrize(
    "words",
    [
        ["tree"],
        pytest.param(["count", "tree"], marks=pytest.mark.exhaustive),
        pytest.param(["tree", "tree/1.txt"], marks=pytest.mark.exhaustive),
        ["tree", "nowhere"],
        pytest.param(["tree", "--include", "3*"], marks=pytest.mark.exhaustive),
        pytest.param(["tree", "--max-file-size", "x"], marks=pytest.mark.exhaustive),
        pytest.param(["tree", "-m", "x", "--null"], marks=pytest.mark.exhaustive),
    ],
)
def test_the_second_run_says_what_the_first_said(spawn: Spawn, tmp_path: Path, words: list[str]) -> None:
    """Report, messages and exit status are the same, whether it is known or not; also if its cache is not usable."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for number in range(40):
        (tree / f"{number}.txt").write_text("a few words " * 300)

    def run() -> Outcome:
        return spawn(*words, env={name: os.environ[name] for name in ("HOME", "XDG_CACHE_HOME")})

    record(words, Expectation.COUNTING)
    expected = run()
    record(words, Expectation.LOOKING_UP)
    actual = run()
    cache_folder().chmod(0o777)
    record(words, Expectation.COUNTING)
    warned = run()
    record(words, Expectation.LOOKING_UP)

    assert (expected, warned) == (actual, run())
