"""HTML reports in a browser: no error, no request, zoom by keyboard, accessible, and looking as they did.

``pytest -m browser`` runs these tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from browser_pages import WIDTHS, axe_problems, difference_from_kept, open_page, prefer, requested, started
from conftest import ROOT, Spawn
from drawn_reports import HOSTILE, PAGES, TODAY, estimate_of_many_files, furnished
from golden import CASES

from gpt41calc.render.page import HtmlRenderer

pytestmark = pytest.mark.browser

_MOST_DIFFERENT = 0.04
"""Most that a screenshot may differ from the kept one, from 0 to 1: fonts are others on other machines."""

DRAWN = {
    "estimate-page": ("estimate", ".", "--output-tokens", "300", "--no-config", *TODAY),
    "tokens-page": ("tokens", "prompts/review.md", "--ids"),
}
"""Command lines of the pages that guides show, in the folder of the examples."""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Chromium."""
    yield from started(tmp_path_factory.mktemp("profile"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """Return a folder with something to report on."""
    return furnished(tmp_path)


@pytest.fixture
def opened(browser: Any, spawn: Spawn, folder: Path) -> Open:
    """Return how to write the report of a command and open it in the browser."""

    def open_report(*arguments: str, width: int = WIDTHS[0]) -> Any:
        ended = spawn(*arguments, "-o", "report.html")
        assert ended.status in {0, 1}, ended.stderr
        open_page(browser, folder / "report.html", width=width)
        return browser

    return open_report


@pytest.mark.parametrize("name", PAGES)
def test_no_error_and_no_request(opened: Open, folder: Path, name: str) -> None:
    """The console is empty, and nothing but the file itself is asked for."""
    browser = opened(*PAGES[name])
    allowed = {(folder / "report.html").as_uri(), "data:"}

    assert [] == browser.get_log("browser")
    assert set() == requested(browser) - allowed


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_people_who_cannot_see_or_point(opened: Open, name: str, scheme: str) -> None:
    """axe-core finds nothing serious, contrast among it, in either colour scheme and with everything unfolded."""
    browser = opened(*PAGES[name])
    prefer(browser, scheme)
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")

    assert [] == axe_problems(browser)


def test_numbers_on_the_page_are_those_of_the_document(opened: Open, spawn: Spawn) -> None:
    """What the browser has of totals and files is what the JSON document says."""
    browser = opened("estimate", "docs")
    document = json.loads(spawn("estimate", "docs", "--by", "file", "--json").stdout, parse_float=Decimal)
    values = browser.execute_script("return [...document.querySelectorAll('data')].map((one) => one.value)")
    tiles = browser.execute_script("return [...document.querySelectorAll('.tile')].map((one) => one.ariaLabel)")
    costs = {model["cost"]["per_request"] for model in document["models"]}
    tokens = {Decimal(file["tokens"]) for file in document["files"]}

    assert costs | tokens <= set(map(Decimal, values))
    assert f"{document['inputs']['tokens']:,} tokens" in browser.find_element("tag name", "h1").text
    assert any(f"{max(map(int, tokens)):,} tokens" in label for label in tiles)


def test_the_treemap_is_zoomed_by_keyboard(opened: Open) -> None:
    """Tab reaches it, arrows move, Enter opens a folder, Escape goes back to the folder that was opened."""
    from selenium.webdriver.common.keys import Keys

    browser = opened("estimate", "docs")

    def active() -> str:
        return str(browser.execute_script("return document.activeElement.ariaLabel ?? ''"))

    def press(key: str) -> None:
        browser.switch_to.active_element.send_keys(key)

    def folders() -> list[str]:
        return [one.text for one in browser.find_elements("css selector", ".path button")]

    browser.execute_script("document.querySelector('.tile[tabindex=\"0\"]').focus()")
    first = active()
    press(Keys.ARROW_RIGHT)
    moved = active()
    press(Keys.HOME)
    back = active()
    while not active().endswith("opens"):
        press(Keys.ARROW_RIGHT)
    folder = active()
    press(Keys.ENTER)
    inside = folders()
    within = active()
    press(Keys.ESCAPE)

    assert first.startswith("guide.md: ")
    assert first == back != moved
    assert folder.partition(":")[0] == inside[-1]
    assert within.partition(":")[0] != folder
    assert (folder, ["docs/"]) == (active(), folders())
    assert 1 == len(browser.find_elements("css selector", ".tile[tabindex='0']"))
    assert browser.find_element("css selector", ".status").text.startswith("docs/: ")


def test_hostile_names_change_nothing(opened: Open, folder: Path) -> None:
    """No name is executed, none turns the text around, and none makes the page wider."""
    for name in (*HOSTILE, "long" * 60):
        (folder / "docs" / name.replace("/", "_")).write_text("hello " * 200, encoding="utf-8")
    browser = opened("estimate", "docs", width=390)
    text = browser.find_element("tag name", "body").text

    assert [] == browser.get_log("browser")
    assert 390 == browser.execute_script("return document.documentElement.scrollWidth")
    assert "\u202e" not in text
    assert [] == axe_problems(browser)


def test_a_hundred_thousand_files(browser: Any, folder: Path) -> None:
    """The page stays small enough to open, and says how many files are added up."""
    (folder / "report.html").write_text(HtmlRenderer().estimate(estimate_of_many_files()), encoding="utf-8")
    open_page(browser, folder / "report.html")

    assert [] == browser.get_log("browser")
    assert " files of 100,000 are too small to be seen" in browser.find_element("tag name", "main").text
    assert 40 == len(browser.find_elements("css selector", ".tile"))
    assert (folder / "report.html").stat().st_size < 1_000_000


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["estimate", "models", "batch", "check", "tokens"])
def test_it_looks_as_it_did(opened: Open, name: str, width: int) -> None:
    """A screenshot is like the kept one; GPT41CALC_UPDATE_CASES=1 keeps a new one."""
    browser = opened(*PAGES[name], width=width)

    assert difference_from_kept(browser, CASES / "pages" / f"{name}-{width}.png") <= _MOST_DIFFERENT


@pytest.mark.parametrize(("name", "arguments"), DRAWN.items())
def test_pictures_of_the_guides_are_pages(
    browser: Any, spawn: Spawn, tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    """The pages that guides show look as they do now; GPT41CALC_UPDATE_CASES=1 takes their pictures anew."""
    ended = spawn(*arguments, "-o", str(tmp_path / "report.html"), cwd=ROOT / "docs" / "example")
    assert 0 == ended.status
    open_page(browser, tmp_path / "report.html", width=900)
    browser.execute_script("document.querySelector('.row > :nth-child(3)')?.click()")
    bottom = browser.execute_script("return Math.ceil(document.body.getBoundingClientRect().bottom)")
    kept = ROOT / "docs" / "pictures" / f"{name}.png"

    assert difference_from_kept(browser, kept, scale=1, highest=min(bottom, 1000)) <= _MOST_DIFFERENT
