"""A report that has no room in a comment is cut, and what is left is whole Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from runpy import run_path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

SCRIPT = Path(__file__).parent.parent.parent / "action" / "comment.py"
MARKER = "<!-- gpt41calc:check -->"
MOST_CHARACTERS = 65_536
"""The most that GitHub takes."""

LETTERS = ("a", "é", "漢", "𝄞", "word ", "\\|", "&lt;")


shortened = run_path(str(SCRIPT))["shortened"]


def table(rows: int, width: int, letter: str) -> str:
    """Return a table of so many rows."""
    return "\n".join(["| File | Tokens |", "| --- | ---: |", *[f"| {letter * width} | {n} |" for n in range(rows)]])


def fence(rows: int, width: int, letter: str) -> str:
    """Return a block of code in which there is what looks like other blocks."""
    return "\n".join(["````text", *[f"{letter * width}\n```\n| no | row |\n<details>" for _ in range(rows)], "````"])


def bullets(rows: int, width: int, letter: str) -> str:
    """Return a list."""
    return "\n".join(f"- {letter * width}" for _ in range(rows))


def fold(content: str) -> str:
    """Return a block that is shown when it is asked for."""
    return f"<details>\n<summary>more</summary>\n\n{content}\n\n</details>"


sizes = st.sampled_from([0, 1, 2, 7, 40, 300])
widths = st.sampled_from([1, 10, 80, 500, 5_000, 70_000])
leaves = st.builds(
    lambda make, rows, width, letter: make(max(rows, 1), min(width, 1_500_000 // max(rows, 1)), letter),
    st.sampled_from([table, fence, bullets]),
    sizes,
    widths,
    st.sampled_from(LETTERS),
)
blocks = st.one_of(
    leaves,
    leaves.map(fold),
    leaves.map(lambda one: fold(fold(one))),
    st.sampled_from(["### A heading", "A sentence."]),
    st.sampled_from(["é" * 66_000, "x" * 30_000]),
)
reports = st.lists(blocks, min_size=1, max_size=8).map(
    lambda parts: "\n\n".join([f"{MARKER}\n## title", *parts]) + "\n"
)


def flaws(body: str) -> list[str]:
    """Return what is broken in some Markdown, as a parser of its own sees it."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(body)
    html = "".join(token.content for token in tokens if token.type == "html_block")
    fences = [token for token in tokens if token.type == "fence"]
    inline = [token.content for token in tokens if token.type == "inline"]
    found = []
    if html.count("<details>") != html.count("</details>"):
        found.append("a fold is left open")
    lines = body.split("\n")
    if any(not lines[token.map[1] - 1].startswith("````") for token in fences if token.map):
        found.append("a fence is left open")
    if any(text.startswith("| ") for text in inline):
        found.append("a row stands outside of a table")
    if re.search(r"\| ---: \|\n(?!\| )", body):
        found.append("a table has no row")
    if re.search(r"</summary>\n+</details>", body):
        found.append("a fold has nothing in it")
    return found


@given(report=reports)
def test_what_is_cut_is_whole(report: str) -> None:
    """Below GitHub's limit, made of whole lines from the start of the report, with nothing left open."""
    body = shortened(report)
    kept = body.partition("\n\nThe rest of the report")[0]
    while kept.endswith(("\n````", "\n\n</details>")) and not report.startswith(kept):
        kept = kept.removesuffix("\n\n</details>") if kept.endswith("</details>") else kept.removesuffix("\n````")

    assert report.startswith(kept + "\n") or report == body
    assert len(body.encode()) < MOST_CHARACTERS
    assert [] == flaws(body)


@pytest.mark.parametrize("rows", [10, 700, 5_000])
def test_as_much_is_kept_as_there_is_room_for(rows: int) -> None:
    """A long table loses the rows that have no room, and no more than a row's worth of room is wasted."""
    report = f"{MARKER}\n## title\n\n{fold(table(rows, 90, 'a'))}\n"
    body = shortened(report)

    assert body == report or MOST_CHARACTERS - 110 < len(body) < MOST_CHARACTERS


def test_the_flaws_are_seen() -> None:
    """The parser that this test trusts sees what a cut at any place would leave."""
    report = f"## title\n\n{fold(table(3, 5, 'a'))}\n\n{fence(1, 5, 'a')}\n"
    assert [] == flaws(report)
    found = {flaw for at in range(len(report)) for flaw in flaws(report[:at])}

    assert {
        "a fold is left open",
        "a fence is left open",
        "a row stands outside of a table",
        "a table has no row",
    } <= found
