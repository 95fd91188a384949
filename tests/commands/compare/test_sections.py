"""Sections: by heading, function and class; together they are the text, and nothing hostile breaks them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.compare.sections import MOST_MARKDOWN_BYTES, divide

PYTHON = b'''"""Module."""
import os

@decorated
def run():
    def inner(): pass

class Walk:
    kind = 1

    def next(self): pass

def run(): pass
'''

SCRIPT = b"""import x from 'x'

// What it does.
export async function load(path) {
  function inner() {}
}
const add = (a, b) => a + b
const LIMIT = 3
export default class Page {}
"""


def names(name: str, text: bytes) -> list[str]:
    """Return the names of the sections of a text."""
    return [section.name for section in divide(name, text).sections]


def test_headings() -> None:
    """A section is called by its heading and those above it; a second of the same name has a number."""
    text = b"first\n# A\n## B *b*\n```\n# no heading\n```\n> # quoted\n\nC\n=\n## B *b*\n# A\n"

    assert ["(before the first heading)", "A", "A › B *b*", "C", "C › B *b*", "A (2)"] == names("a.md", text)


def test_front_matter() -> None:
    """A YAML header is a section, and no heading although a line follows it."""
    assert ["(front matter)", "A"] == names("a.md", b"---\ntitle: x\n---\n# A\ntext\n")


def test_python() -> None:
    """Functions, classes and methods are sections with their decorators; inner functions belong to the outer one."""
    assert ["(outside of functions)", "run", "Walk", "Walk.next", "run (2)"] == names("a.py", PYTHON)


def test_javascript() -> None:
    """Functions, classes and arrow functions at a line's start are sections, with the comment above them."""
    sections = divide("a.ts", SCRIPT).sections

    assert ["(outside of functions)", "load", "add", "Page"] == [section.name for section in sections]
    assert sections[1].text.startswith(b"// What it does.")


@pytest.mark.parametrize("text", [b"def f(:\n", b"\0", b"(" * 9999, b"-" * 99_999 + b"1", b"a" + b".a" * 99_999])
def test_what_is_no_python(text: bytes) -> None:
    """A text that Python cannot parse has no sections, and a reason."""
    assert ((), True) == (divide("a.py", text).sections, divide("a.py", text).reason.startswith("not valid Python"))


def test_long_text() -> None:
    """A text that would take long to parse has no sections, and a reason."""
    divided = divide("a.md", b"# a\n" * MOST_MARKDOWN_BYTES)

    assert ((), "longer than 262,144 bytes") == (divided.sections, divided.reason)


@pytest.mark.parametrize("name", ["a.c", "a.json", "a.sh", "a.csv"])
def test_other_files(name: str) -> None:
    """A file of another kind has no sections, whatever it looks like."""
    assert (None, "") == (divide(name, b"# a\n").by, divide(name, b"# a\n").reason)


MARKDOWN_LINES = ["# a", "## b", "```", "---", "=", "- x", "> # q", "    # c", "text", "", "\x0c", "\x85", "é\u2028"]
CODE_LINES = [
    "def f():",
    "  return 1",
    "class A:",
    " def g(self): 0",
    "@d",
    "function x() {",
    "const y = () => 1",
    "// c",
]
LINES = st.sampled_from([*MARKDOWN_LINES, *CODE_LINES])


@given(st.lists(LINES), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["a.md", "a.py", "a.js"]))
def test_sections_are_the_text(lines: list[str], end: str, name: str) -> None:
    """The lines of all sections are those of the text, each once; names are unique."""
    text = end.join(lines).encode()
    divided = divide(name, text)
    found = b"".join(section.text for section in divided.sections)

    assert divided.reason or sorted(text.splitlines()) == sorted(found.splitlines())
    assert divided.reason or len(text) == len(found)
    assert len(divided.sections) == len({section.name for section in divided.sections})
