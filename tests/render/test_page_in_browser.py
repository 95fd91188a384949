"""HTML reports in a browser: no error, no request, zoom by keyboard, accessible, and looking as they did.

``pytest -m browser`` runs these tests; they need Chromium with its driver, selenium, and the file of axe-core that
axe-playwright-python brings (``pip install --no-deps`` is enough), and are skipped with a reason where one is missing.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Spawn
from drawn_reports import COMMANDS, HOSTILE, estimate_of_many_files, furnished
from golden import CASES

from gpt41calc.render.page import HtmlRenderer

pytestmark = pytest.mark.browser

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)

WIDTHS = (1280, 390)

_MOST_DIFFERENT = 0.04
"""Most that a screenshot may differ from the kept one, from 0 to 1: fonts are others on other machines."""

_HIGHEST = 3000
"""Most pixels of a page that are kept."""

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Chromium with a profile of its own."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("there is no Chromium with its driver here")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in (*_OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(driver))
    yield started
    started.quit()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """Return a folder with something to report on."""
    return furnished(tmp_path)


@pytest.fixture
def opened(browser: Any, spawn: Spawn, folder: Path) -> Open:
    """Return how to write the report of a command and open it in the browser."""

    def open_report(*arguments: str, width: int = 1280) -> Any:
        ended = spawn(*arguments, "-o", "report.html")
        assert ended.status in {0, 1}, ended.stderr
        browser.get("about:blank")
        # A window is never narrower than 500 pixels; the page in it may be.
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < WIDTHS[0]}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        for kind in ("browser", "performance"):
            browser.get_log(kind)
        browser.get((folder / "report.html").as_uri())
        return browser

    return open_report


def requested(browser: Any) -> set[str]:
    """Return the addresses that the browser has asked for since the page was opened."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return {
        one["params"]["request"]["url"].partition(",")[0]
        for one in messages
        if one["method"] == "Network.requestWillBeSent"
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_no_error_and_no_request(opened: Open, folder: Path, name: str) -> None:
    """The console is empty, and nothing but the file itself is asked for."""
    browser = opened(*COMMANDS[name])
    allowed = {(folder / "report.html").as_uri(), "data:"}

    assert [] == browser.get_log("browser")
    assert set() == requested(browser) - allowed


def axe_problems(browser: Any) -> list[str]:
    """Return what axe-core finds that is serious or critical."""
    package = importlib.util.find_spec("axe_playwright_python")  # only its file of axe-core is used
    if package is None or package.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    browser.execute_script(Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
    found = browser.execute_async_script("axe.run().then(arguments[0])")

    assert found["passes"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_people_who_cannot_see_or_point(opened: Open, name: str, scheme: str) -> None:
    """axe-core finds nothing serious, contrast among it, in either colour scheme and with everything unfolded."""
    browser = opened(*COMMANDS[name])
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
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
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get((folder / "report.html").as_uri())

    assert [] == browser.get_log("browser")
    assert " files of 100,000 are too small to be seen" in browser.find_element("tag name", "main").text
    assert 40 == len(browser.find_elements("css selector", ".tile"))
    assert (folder / "report.html").stat().st_size < 1_000_000


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["estimate", "models", "batch", "check"])
def test_it_looks_as_it_did(opened: Open, name: str, width: int) -> None:
    """A screenshot is like the kept one; GPT41CALC_UPDATE_CASES=1 keeps a new one."""
    browser = opened(*COMMANDS[name], width=width)
    light = [{"name": "prefers-color-scheme", "value": "light"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": light})
    height = browser.execute_script("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, _HIGHEST), "scale": 0.5}
    options = {"format": "png", "clip": clip, "captureBeyondViewport": True}
    taken = browser.execute_cdp_cmd("Page.captureScreenshot", options)["data"]
    kept = CASES / "pages" / f"{name}-{width}.png"
    if os.environ.get("GPT41CALC_UPDATE_CASES") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(base64.b64decode(taken))
    expected = base64.b64encode(kept.read_bytes()).decode()
    browser.get("about:blank")

    assert browser.execute_async_script(_DIFFERENCE, taken, expected) <= _MOST_DIFFERENT


_DIFFERENCE = """
const [one, other, done] = arguments;
const pixels = (png) => new Promise((resolve, reject) => {
  const image = new Image();
  image.onload = () => {
    const canvas = new OffscreenCanvas(64, 128);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, 64, 128);
    resolve(context.getImageData(0, 0, 64, 128).data);
  };
  image.onerror = reject;
  image.src = `data:image/png;base64,${png}`;
});
Promise.all([pixels(one), pixels(other)]).then(([left, right]) => {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += Math.abs(left[at] - right[at]);
  done(sum / left.length / 255);
}, () => done(1));
"""
"""Compares two pictures after scaling both down, so that the edges of letters do not count."""
