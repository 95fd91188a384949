"""Names in every place they are written to: safe there, and not lost."""

from __future__ import annotations

import base64
import csv
import io
import os
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.render.csv import CsvRenderer
from gpt41calc.render.escape import as_unicode, for_csv, for_markdown, for_terminal, raw_base64
from gpt41calc.render.sheet import Sheet

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
DANGEROUS_FIRST = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

anything = st.text(st.characters())
names = st.binary(max_size=20).map(os.fsdecode)
tricky = st.text(st.sampled_from(DANGEROUS_FIRST + "a',\"\x1b\u202e|"))


def read_back(shown: str) -> str:
    """Undo ``for_terminal``."""
    named = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}

    def character(match: re.Match[str]) -> str:
        return named.get(match[1]) or chr(int(match[1][1:], 16))

    return re.sub(r"\\([nrt\\]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})", character, shown)


@given(anything)
def test_terminal_shows_nothing_hidden(text: str) -> None:
    """No control, no override, no surrogate and no line separator reaches a terminal."""
    assert {unicodedata.category(char) for char in for_terminal(text)}.isdisjoint(HIDDEN)


@given(anything)
def test_terminal_can_be_read_back(text: str) -> None:
    """What a terminal shows stands for exactly one text."""
    assert text == read_back(for_terminal(text))


@pytest.mark.parametrize("text", ["[/red]", ":smile:", "src/[slug].tsx", "é ☃ 日本", "a b"])
def test_terminal_keeps_what_is_harmless(text: str) -> None:
    """Visible text is shown as it is; brackets and colons are no markup."""
    assert text == for_terminal(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b2J", r"\x9b2J"),
        ("a\u202eb", r"a\u202eb"),
        ("\u2028", r"\u2028"),
        ("\udcff", r"\udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("\\n", r"\\n"),
        ("\n", r"\n"),
    ],
)
def test_terminal_escapes(text: str, shown: str) -> None:
    """Hidden characters are written as Python would, and the backslash is doubled."""
    assert shown == for_terminal(text)


@given(tricky)
def test_csv_begins_no_formula(text: str) -> None:
    """No cell begins as a formula does, in ASCII or full width."""
    assert not for_csv(text).startswith(tuple(DANGEROUS_FIRST))


@given(anything)
def test_csv_changes_formulas_only(text: str) -> None:
    """A cell is kept, but for an apostrophe before what might be a formula."""
    assert for_csv(text) == ("'" if text and text[0] in DANGEROUS_FIRST else "") + text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | tricky, min_size=1, max_size=4))
def test_csv_is_read_back_cell_by_cell(names: list[str]) -> None:
    """No name, whatever line ends and quotes it holds, begins a cell or a row of its own."""
    rows = tuple((name, 1) for name in names)
    written = CsvRenderer(raw=True).sheet(Sheet("Files", ("Path", "Tokens"), rows))

    assert [["path", "tokens"], *([name, "1"] for name in names)] == list(csv.reader(io.StringIO(written, newline="")))


def test_csv_guards_names_in_rows() -> None:
    """The guard is put before names in the cells of a report, and left out if raw names are asked for."""
    sheet = Sheet("Files", ("Path", "Tokens"), (("=cmd|' /C calc'!A0", 1), ("a\r=b", 2)))
    guarded, raw = CsvRenderer().sheet(sheet), CsvRenderer(raw=True).sheet(sheet)

    assert "path,tokens\n'=cmd|' /C calc'!A0,1\n\"a\r=b\",2\n" == guarded
    assert "path,tokens\n=cmd|' /C calc'!A0,1\n\"a\r=b\",2\n" == raw


@given(anything | st.text(st.sampled_from("|\\`*_[]<>&!#~@\n a")))
def test_markdown_stays_in_its_cell(text: str) -> None:
    """No name ends a cell or a row, begins HTML, or hides anything."""
    cell = for_markdown(text)

    assert {unicodedata.category(char) for char in cell}.isdisjoint(HIDDEN)
    assert not re.search(r"[<>]", cell)
    assert not re.search(r"(?<!\\)(?:\\\\)*[|`*_\[\]~#@!]", cell)


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])))
def test_markdown_shows_the_name(text: str) -> None:
    """What a reader of the rendered Markdown sees is the name itself."""
    plain = re.sub(r"\\([\\`*_\[\]|~#@!])", r"\1", for_markdown(text))

    assert text == plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(names)
def test_names_for_json(name: str) -> None:
    """A name becomes Unicode; if it was not, its bytes are given beside it, and only then."""
    shown, encoded = as_unicode(name), raw_base64(name)
    is_unicode = os.fsencode(name).decode("utf-8", "replace").encode() == os.fsencode(name)

    assert shown == os.fsencode(name).decode("utf-8", "backslashreplace")
    assert encoded == (None if is_unicode else base64.b64encode(os.fsencode(name)).decode())
