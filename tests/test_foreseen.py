"""What is foreseen can cost time, never a number."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from gpt41calc.folders import cache_folder
from gpt41calc.foreseen import forget, note, remembers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no companion")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with an empty cache folder; return where it is remembered."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    folder = cache_folder()
    folder.mkdir(parents=True)
    return folder / "foreseen-v1"


def test_words_and_folder_tell_runs_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noted of some words holds for them, in that folder, until it is noted otherwise or forgotten."""
    told = [remembers(["."])]
    note(["."], remembers=True)
    told += [remembers(["."]), remembers(["src"]), remembers([".", "--no-cache"])]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    told.append(remembers(["."]))
    monkeypatch.chdir("..")
    note(["."], remembers=False)
    told.append(remembers(["."]))
    note(["."], remembers=True)
    forget()
    told.append(remembers(["."]))

    assert [False, True, False, False, False, False, False] == told


def test_without_the_cache_nothing_is_noted(place: Path) -> None:
    """``--no-cache`` leaves no trace."""
    note([".", "--no-cache"], remembers=True)

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
    told: list[bool] = []

    def asks() -> None:
        told.append(remembers(["."]))
        note(["."], remembers=True)

    thread = threading.Thread(target=asks, daemon=True)
    thread.start()
    thread.join(10)
    expected: object = ([False], b"precious")
    actual = (told, precious.read_bytes())

    assert expected == actual
