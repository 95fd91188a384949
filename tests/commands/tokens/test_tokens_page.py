"""The page of ``tokens``: what is in it, without a browser."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Spawn
from drawn_reports import PROMPT, Page
from hypothesis import given
from texts_to_cut import TEXTS

from gpt41calc.commands.tokens.page import tokens_page
from gpt41calc.commands.tokens.run import Token, tokens_of


def page_of(text: str, *, per_line: int | None = None, ids: bool = False) -> Page:
    """Return the page of a text."""
    found = list(tokens_of([text.encode()], "o200k_base"))
    return Page(tokens_page(found, "o200k_base", name="a.md", per_line=per_line, ids=ids))


def labels(page: Page) -> list[str | None]:
    """Return the numbers to the left of the rows."""
    return [one.get("data-label") for _, one in page.elements if one.get("class") == "row"]


def test_the_answer_comes_first() -> None:
    """Name and size of the text, and how many tokens it has, come before its tokens."""
    answer = "2 tokens (o200k_base)"

    assert [answer, "gpt41calc, a.md, 11 bytes", answer] == page_of("hello world").shown[:3]


def test_ids_are_those_of_the_document(spawn: Spawn, tmp_path: Path) -> None:
    """The page has a value for each token of the document, and -o chooses it by its ending."""
    (tmp_path / "a.md").write_text(PROMPT, encoding="utf-8")
    ended = spawn("tokens", "a.md", "-o", "a.html")
    document = json.loads(spawn("tokens", "a.md", "--json").stdout)
    page = Page((tmp_path / "a.html").read_text(encoding="utf-8"))

    assert (0, "", "") == (ended.status, ended.stdout, ended.stderr)
    assert [item["id"] for item in document["items"]] == list(map(int, page.values))


@given(TEXTS)
def test_any_text_stays_text(text: str) -> None:
    """No text adds an element or an attribute, and none of its hidden characters is in the page."""
    page = page_of(text)
    around = {tag for tag, _ in page_of("").elements}
    attributes = {key for tag, found in page.elements if tag in {"data", "i", "div"} for key in found}

    assert {tag for tag, _ in page.elements} <= around | {"div", "data", "i"}
    assert attributes <= {"value", "data-bytes", "class", "data-label", "data-first", "data-start"}
    assert all(shown.isprintable() for shown in page.shown)


def test_lines_are_those_of_the_text() -> None:
    """Each line says how many tokens it has, and with -n the number of its first."""
    assert ["3", "1"] == labels(page_of("one two\nthree"))
    assert ["1", "3"] == labels(page_of("one two\nthree", per_line=2))


def test_a_long_line_goes_on_in_further_rows() -> None:
    """A row has at most a thousand tokens, and the rows of a line have one number."""
    page = page_of(" hello" * 2_500)

    assert ["2,500", None, None] == labels(page)
    assert 2_500 == len(page.values)


def test_ids_can_be_shown_at_first() -> None:
    """--ids checks the box that shows them."""
    boxes = [found for tag, found in page_of("hello", ids=True).elements if tag == "input"]

    assert ["checked" in one for one in boxes] == [True]


def test_a_page_has_a_limit_and_says_so() -> None:
    """Of more tokens than a browser shows in time, the first are shown, and the number of all is the answer."""
    tokens = [Token(64, b"a", at) for at in range(1_001)]
    page = Page(tokens_page(tokens, "o200k_base", name="a.md", per_line=None, ids=False, most=1_000))

    assert 1_000 == len(page.values)
    assert "1,001 tokens (o200k_base)" == page.shown[0]
    assert "Shown are the first 1,000 tokens: a browser takes too long for a page with all 1,001." in page.shown


def test_without_the_extra_a_sentence_names_it(spawn: Spawn, tmp_path: Path) -> None:
    """Where jinja2 is not installed, the run ends before the text is read."""
    (tmp_path / "jinja2.py").write_text("raise ImportError", encoding="utf-8")
    ended = spawn("tokens", "-f", "html", stdin=b"\0", env={"PYTHONPATH": str(tmp_path)})

    assert (2, True) == (ended.status, "pip install 'gpt41calc[html]'" in ended.stderr)


def test_pieces_of_claude_say_what_they_are() -> None:
    """Without ids, each token has the name of its piece, and the page says that the tiling is one of several."""
    tokens = [Token(None, b"", 0, "⟨shift⟩"), Token(None, b"Un\n", 0, "⟨bow⟩un")]
    page = Page(tokens_page(tokens, "claude-3", name="a.md", per_line=None, ids=False))
    pieces = [(found["data-piece"], found.get("data-bytes")) for _, found in page.elements if "data-piece" in found]

    assert [("⟨shift⟩", ""), ("⟨bow⟩un", "556e0a")] == pieces
    assert "2 tokens (claude-3, one possible tiling)" in page.shown
    assert any(text.startswith("One possible tiling: the tokens of Claude are not published.") for text in page.shown)
    assert not [tag for tag, _ in page.elements if tag in {"data", "input"}]
