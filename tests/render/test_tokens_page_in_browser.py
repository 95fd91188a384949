"""The page of ``tokens`` in a browser: each token says what it is, by pointer and by keyboard, of any text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_pages import axe_problems, open_page, requested, started
from conftest import Spawn
from drawn_reports import PROMPT

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Chromium."""
    yield from started(tmp_path_factory.mktemp("profile"))


@pytest.fixture
def opened(browser: Any, spawn: Spawn, tmp_path: Path) -> Open:
    """Return how to write the page of a text and open it in the browser."""

    def open_text(text: str, *options: str, width: int = 1280) -> Any:
        (tmp_path / "a.md").write_text(text, encoding="utf-8")
        ended = spawn("tokens", "a.md", *options, "-o", "a.html")
        assert (0, "") == (ended.status, ended.stderr)
        open_page(browser, tmp_path / "a.html", width=width)
        return browser

    return open_text


def facts(browser: Any) -> str:
    """Return what the page says of a token."""
    return str(browser.find_element("css selector", ".facts").text)


def press(browser: Any, key: str) -> None:
    """Press a key where the focus is."""
    from selenium.webdriver.common.keys import Keys

    browser.switch_to.active_element.send_keys(getattr(Keys, key))


def said(item: dict[str, Any], number: int) -> str:
    """Return what the page says of a token of the document."""
    spaced = " ".join(item["bytes"][at : at + 2] for at in range(0, len(item["bytes"]), 2))
    return f"Token {number}: id {item['id']}; bytes {spaced}; from byte {item['start']} to {item['end']} of the text"


def test_every_token_says_what_the_document_says(opened: Open, spawn: Spawn) -> None:
    """Tab reaches the first token, the right arrow all others, and each has the id, bytes and place of the document."""
    browser = opened(PROMPT)
    items = json.loads(spawn("tokens", "a.md", "--json").stdout)["items"]
    while browser.execute_script("return document.activeElement.localName") != "data":
        press(browser, "TAB")
    found = []
    for _ in items:
        found.append(facts(browser))
        press(browser, "ARROW_RIGHT")

    assert [said(item, number) for number, item in enumerate(items, 1)] == found
    assert facts(browser) == found[-1]
    assert 1 == len(browser.find_elements("css selector", ".row > [tabindex='0']"))
    assert [] == browser.get_log("browser")


def test_arrows_home_and_end_move_in_lines(opened: Open) -> None:
    """Down and up go to the same token of another line, or to its last; Home and End to the ends of the line."""
    browser = opened("one two three\nfour\nfive six")
    browser.execute_script("document.querySelector('.row > *').focus()")
    found = []
    for key in ("END", "ARROW_DOWN", "ARROW_DOWN", "HOME", "ARROW_UP", "ARROW_LEFT", "ARROW_UP"):
        press(browser, key)
        found.append(browser.execute_script("return document.activeElement.textContent"))

    assert ["\\n", "\\n", " six", "five", "four", "\\n", "\\n"] == found


def test_the_pointer_shows_a_token(opened: Open) -> None:
    """Pointing at a token says what it is; after it, what is said is that of the token with the focus."""
    from selenium.webdriver import ActionChains

    browser = opened("hello world")
    tokens = browser.find_elements("css selector", ".row > *")
    tokens[0].click()
    ActionChains(browser).move_to_element(tokens[1]).perform()
    pointed = facts(browser)
    ActionChains(browser).move_to_element(browser.find_element("tag name", "h1")).perform()

    assert pointed.startswith("Token 2: id 2375; bytes 20 77 6f 72 6c 64;")
    assert facts(browser).startswith("Token 1: id 24912;")


def test_ids_are_shown_and_hidden(opened: Open) -> None:
    """The box shows the ids beside the tokens; --ids checks it."""
    browser = opened("hello world", "--ids")
    shown = "return getComputedStyle(document.querySelector('data'), '::before').content"
    before = browser.execute_script(shown)
    browser.find_element("id", "ids").click()

    assert ['"24912"', "none"] == [before, browser.execute_script(shown)]


def test_hostile_text_changes_nothing(opened: Open, tmp_path: Path) -> None:
    """Nothing of a text is executed, asked for or obeyed, and no word makes the page wider than a telephone."""
    browser = opened(PROMPT + "x" * 10_000 + "\0\u2067<img src=http://example.org/a.png>\n" * 50, "--text", width=390)
    text = browser.find_element("tag name", "body").text

    assert [] == browser.get_log("browser")
    assert {(tmp_path / "a.html").as_uri(), "data:"} >= requested(browser)
    assert 390 == browser.execute_script("return document.documentElement.scrollWidth")
    assert not any(hidden in text for hidden in "\0\u202e\u2067\x1b")
    assert [] == axe_problems(browser)


def test_a_megabyte_is_opened(opened: Open) -> None:
    """A page of 200,000 tokens is one that a browser opens, and its last token says what it is."""
    lines = (f"def function_{number}(value):\n    return value + {number}\n" for number in range(18_000))
    browser = opened("".join(lines))
    browser.execute_script("[...document.querySelectorAll('.row')].at(-1).lastElementChild.click()")

    assert [] == browser.get_log("browser")
    assert 200_000 < browser.execute_script("return document.querySelectorAll('data').length")
    assert facts(browser).startswith("Token 2")


def test_pieces_of_claude(opened: Open, spawn: Spawn, tmp_path: Path, environment: dict[str, str]) -> None:
    """Where ctok is installed, a token has the name of its piece instead of an id."""
    pytest.importorskip("ctok", reason="ctok needs Python 3.12")
    browser = opened("unused")
    given = {**environment, "GPT41CALC_CLAUDE": ""}
    spawn("tokens", "--string", "Hello", "-m", "claude-opus-5", "-o", "a.html", env=given)
    open_page(browser, tmp_path / "a.html")
    browser.execute_script("document.querySelector('.row > *').focus()")

    assert "Token 1: piece ⟨shift⟩; bytes none; from byte 0 to 0 of the text" == facts(browser)
    assert [] == axe_problems(browser)
