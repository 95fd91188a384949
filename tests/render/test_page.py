"""HTML reports: one file, nothing from elsewhere, numbers of the document, and names that stay names."""

from __future__ import annotations

import base64
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Spawn
from drawn_reports import HOSTILE, PAGES, Page, furnished

MOST_BYTES = 100_000
"""Most bytes of scripts and styles."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """Return a folder with something to report on."""
    return furnished(tmp_path)


def page_of(spawn: Spawn, *arguments: str) -> Page:
    """Return the HTML report of a command."""
    ended = spawn(*arguments, "-f", "html")
    assert ended.status in {0, 1}, ended.stderr
    return Page(ended.stdout)


def numbers_of(document: Any) -> set[Decimal]:
    """Return all numbers of a JSON document, however deep."""
    if isinstance(document, dict):
        return set().union(*map(numbers_of, document.values())) if document else set()
    if isinstance(document, list):
        return set().union(*map(numbers_of, document)) if document else set()
    is_number = isinstance(document, int | Decimal) and not isinstance(document, bool)
    return {Decimal(document)} if is_number else set()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_elsewhere(spawn: Spawn, name: str) -> None:
    """No element names another file, and the policy allows exactly the scripts and styles that are in the page."""
    page = page_of(spawn, *PAGES[name])
    named = [value for _, attributes in page.elements for key, value in attributes.items() if key in {"src", "href"}]
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    types = [attributes.get("type") for tag, attributes in page.elements if tag == "script"]
    scripts = [text for kind, text in zip(types, page.raw["script"], strict=True) if kind is None]
    digests = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (*scripts, *page.raw["style"])
    ]

    assert ["data:,"] == named
    assert policy is not None
    assert "default-src 'none'" in policy
    assert set(digests) == {word.rstrip(";") for word in policy.split() if word.startswith("'sha256-")}
    assert not [key for _, attributes in page.elements for key in attributes if key == "style" or key.startswith("on")]
    assert sum(len(text) for texts in page.raw.values() for text in texts) < MOST_BYTES


@pytest.mark.parametrize("name", [name for name in PAGES if name != "check"])
def test_numbers_are_those_of_the_document(spawn: Spawn, name: str) -> None:
    """Every exact number of a table is in the JSON document of the same run."""
    page = page_of(spawn, *PAGES[name])
    document = json.loads(spawn(*PAGES[name], "--json").stdout, parse_float=Decimal)
    known = numbers_of(document)
    if name.startswith("estimate"):
        known |= {Decimal(1)}  # file of a row
        known |= numbers_of(json.loads(spawn(*PAGES[name], "--by", "file", "--json").stdout)["files"])
        known |= numbers_of(json.loads(spawn("models", "--benchmarks", "--json").stdout, parse_float=Decimal))

    assert page.values
    assert set() == {value for value in map(Decimal, page.values) if value not in known}


def test_the_answer_comes_first(spawn: Spawn) -> None:
    """The heading is the first line of the other reports."""
    page = page_of(spawn, *PAGES["estimate"])
    plain = spawn(*PAGES["estimate"], "-f", "plain").stdout.partition("\n")[0]

    assert plain in page.shown[:4]


def test_hostile_names_stay_names(spawn: Spawn, folder: Path) -> None:
    """A name is text wherever it is written, and its hidden characters are seen."""
    for name in HOSTILE:
        path = folder / "docs" / name.replace("/", "_")
        path.write_text("hello " * 50, encoding="utf-8")
    (folder / "docs" / ("long" * 60)).write_text("hello " * 50, encoding="utf-8")
    page = page_of(spawn, "estimate", "docs")
    tree = next(json.loads(text) for text in page.raw["script"] if text.startswith("[["))
    names = {name for _, name, _, _ in tree}

    assert "\\u202egpj.exe" in names
    assert "\\x1b[31mred" in names
    assert "<img src=x onerror=alert(2)>" in names
    assert 3 == len(page.raw["script"])
    assert not [attributes for tag, attributes in page.elements if tag == "img"]
    assert not any("\u202e" in text or "\x1b" in text for text in (*page.shown, *page.raw["script"]))


def test_without_the_extra_a_sentence_names_it(spawn: Spawn, folder: Path) -> None:
    """Where jinja2 is not installed, the report ends before anything is counted."""
    (folder / "jinja2.py").write_text("raise ImportError", encoding="utf-8")
    ended = spawn("estimate", "docs", "-f", "html", env={"PYTHONPATH": str(folder)})

    assert 2 == ended.status
    assert "gpt41calc: error: HTML and SVG reports need jinja2, which is not installed\n" in ended.stderr
    assert "pip install 'gpt41calc[html]'" in ended.stderr


def test_parts_that_are_requested_are_a_table(spawn: Spawn) -> None:
    """``--top`` cuts the table of parts, and the treemap has every file."""
    page = page_of(spawn, "estimate", "docs", "--top", "2")
    tree = next(json.loads(text) for text in page.raw["script"] if text.startswith("[["))

    assert "4 smaller not shown" in page.shown
    assert 6 == tree[0][3]


def test_a_single_file_has_no_treemap_and_no_script(spawn: Spawn) -> None:
    """Where there is nothing to zoom into, nothing is executed."""
    page = page_of(spawn, *PAGES["estimate-one"])

    assert [] == page.raw["script"]
