"""Pages in Chromium: open one, and say what it asks for, what is wrong with it, and how different it looks.

They need Chromium with its driver, selenium, and the file of axe-core that axe-playwright-python brings
(``pip install --no-deps`` is enough); tests are skipped with a reason where one is missing.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["WIDTHS", "axe_problems", "difference_from_kept", "open_page", "prefer", "requested", "started"]

WIDTHS = (1280, 390)
"""Widths of pages, in pixels: on a screen, and on a telephone."""

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


def started(profile: Path) -> Iterator[Any]:
    """Start Chromium with a profile of its own, and end it when the iterator ends."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("there is no Chromium with its driver here")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in (*_OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    yield browser
    browser.quit()


def open_page(browser: Any, page: Path, *, width: int = WIDTHS[0]) -> None:
    """Open a page, forget what was logged before, and wait until it is loaded."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get("about:blank")
    # A window is never narrower than 500 pixels; the page in it may be.
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < WIDTHS[0]}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get(page.as_uri())
    # The driver returned before a page of 10 MB was read, and its script had run, in 3 of 30 trials on busy cores.
    loaded = "return location.protocol === 'file:' && document.readyState === 'complete'"
    WebDriverWait(browser, timeout=60).until(lambda opened: opened.execute_script(loaded))


def prefer(browser: Any, scheme: str) -> None:
    """Prefer a colour scheme: ``light`` or ``dark``."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def requested(browser: Any) -> set[str]:
    """Return the addresses that the browser has asked for since the page was opened."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return {
        one["params"]["request"]["url"].partition(",")[0]
        for one in messages
        if one["method"] == "Network.requestWillBeSent"
    }


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


def difference_from_kept(browser: Any, kept: Path, *, scale: float = 0.5, highest: int = 3000) -> float:
    """Return how much the page looks different from the kept picture of it, from 0 to 1.

    GPT41CALC_UPDATE_CASES=1 keeps a new picture.

    Args:
        browser: the browser, with the page.
        kept: the picture.
        scale: pixels of the picture for a pixel of the page.
        highest: most pixels of the page that are kept.
    """
    prefer(browser, "light")
    width, height = browser.execute_script("return [innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, highest), "scale": scale}
    options = {"format": "png", "clip": clip, "captureBeyondViewport": True}
    taken = browser.execute_cdp_cmd("Page.captureScreenshot", options)["data"]
    if os.environ.get("GPT41CALC_UPDATE_CASES") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(base64.b64decode(taken))
    expected = base64.b64encode(kept.read_bytes()).decode()
    browser.get("about:blank")
    return float(browser.execute_async_script(_DIFFERENCE, taken, expected))


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
