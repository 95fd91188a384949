"""SVG reports: pictures of their own, or what a terminal shows; well-formed, and without anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import Spawn
from drawn_reports import COMMANDS, HOSTILE, furnished

OTHERS: dict[str, tuple[str, ...]] = {
    "count": ("count", "docs"),
    "models-benchmarks": ("models", "--benchmarks"),
    "pricing-show": ("pricing", "show", "gpt-4.1"),
    "recommend": ("recommend", "--task", "chat", "docs"),
    "preflight": ("preflight", "--usage-tier", "1", "docs"),
    "schema": ("schema",),
    "finetune": ("finetune", "requests/questions.jsonl"),
    "models-retiring": ("models", "--retiring", "400d"),
}
"""Reports without a picture proper."""

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """Return a folder with something to report on."""
    return furnished(tmp_path)


def svg_of(spawn: Spawn, *arguments: str) -> tuple[str, ET.Element]:
    """Return the SVG report of a command, and its root element."""
    ended = spawn(*arguments, "-f", "svg")
    assert ended.stdout.startswith("<svg"), ended.stderr
    return ended.stdout, ET.fromstring(ended.stdout)  # noqa: S314 - what the program itself wrote


@pytest.mark.parametrize("name", [*COMMANDS, *OTHERS])
def test_every_report_is_a_picture(spawn: Spawn, name: str) -> None:
    """It is well-formed, has a title, and names nothing from elsewhere."""
    text, root = svg_of(spawn, *(COMMANDS | OTHERS)[name])

    assert f"{_SVG}svg" == root.tag
    assert root.findtext(f"{_SVG}title")
    assert {"http://www.w3.org/2000/svg"} == set(re.findall(r"https?://[^\"' )<]+", text))
    assert not [one for one in root.iter() if one.tag in {f"{_SVG}script", f"{_SVG}image", f"{_SVG}foreignObject"}]


@pytest.mark.parametrize("name", COMMANDS)
def test_pictures_are_within_their_frame(spawn: Spawn, name: str) -> None:
    """No rectangle has a negative size, and none reaches out at the right."""
    _, root = svg_of(spawn, *COMMANDS[name])
    boxes = [[float(one.get(key, 0)) for key in ("x", "y", "width", "height")] for one in root.iter(f"{_SVG}rect")]

    assert boxes
    assert all(width >= 0 and height >= 0 for _, _, width, height in boxes)
    assert all(x + width <= float(root.get("width", 0)) for x, _, width, _ in boxes)


def test_hostile_names_stay_names(spawn: Spawn, folder: Path) -> None:
    """The picture is well-formed, whatever files are called."""
    for name in HOSTILE:
        (folder / "docs" / name.replace("/", "_")).write_text("hello " * 500, encoding="utf-8")
    text, root = svg_of(spawn, "estimate", "docs")

    assert "\u202e" not in text
    assert "\x1b" not in text
    assert any("\\u202egpj.exe" in (one.text or "") for one in root.iter(f"{_SVG}title"))


def test_the_ending_says_the_format(spawn: Spawn, folder: Path) -> None:
    """``-o`` with .svg or .html writes that format."""
    for name, beginning in (("report.svg", "<svg"), ("report.html", "<!DOCTYPE html>"), ("report.HTM", "<!DOCTYPE")):
        assert 0 == spawn("estimate", "docs", "-o", name).status
        assert (folder / name).read_text(encoding="utf-8").lstrip().startswith(beginning)
