"""Reports with pictures that several tests look at: one of every command that draws."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from conftest import ROOT
from samples import PRICING
from samples import TODAY as DAY

from gpt41calc.calculator.estimate import Estimate, estimate_tally
from gpt41calc.calculator.workload import Workload
from gpt41calc.tally import Counted, Tally

HOSTILE = (
    "</script><script>alert(1)</script>",
    "\u202egpj.exe",
    "<img src=x onerror=alert(2)>",
    "<!--",
    "a&b'c\"d",
    "{{ 7*7 }}",
    "\x1b[31mred",
)
"""Names that a page could take for more than a name."""

PROMPT = (
    "# Review\n\nYou review pull requests: unbelievably naïve ones, too. 🇩🇪\n\n\tmax_tokens = 4_096  # <b>&amp;\n"
    "مرحبا 日本語\n</script><script>alert(1)</script> \u202egpj.exe\x1b[31m\xa0\n" + "a very long line " * 20
)
"""A text with parts of characters, with hidden ones, and with what a page could take for its own."""

TODAY = ("--as-of", "2026-11-22")

COMMANDS: dict[str, tuple[str, ...]] = {
    "estimate": ("estimate", "docs", "--requests-per-month", "10k", *TODAY),
    "estimate-one": ("estimate", "docs/guide.md", *TODAY),
    "models": ("models", "gpt-4o", "gpt-4.1", *TODAY),
    "models-all": ("models", *TODAY),
    "batch": ("batch", "requests/questions.jsonl", *TODAY),
    "usage": ("usage", "run/answers.jsonl", *TODAY),
    "check": ("check", "--token-budget", "100", "--max-cost", "1", "docs", *TODAY),
}
"""Command lines of reports with pictures, in the folder that ``furnished`` makes."""

PAGES = {**COMMANDS, "tokens": ("tokens", "prompt.md")}
"""Command lines of pages."""


def furnished(folder: Path) -> Path:
    """Write the files that the commands read, and return their folder."""
    for name in ("requests", "run"):
        (folder / name).mkdir()
        for path in (ROOT / "docs" / "example" / name).glob("*.jsonl"):
            (folder / name / path.name).write_bytes(path.read_bytes())
    for at, words in enumerate((400, 90, 60, 30, 12, 5)):
        path = folder / "docs" / ("guide.md" if at == 0 else f"part{at % 3}/page{at}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("tokens and dollars " * words, encoding="utf-8")
    (folder / "prompt.md").write_text(PROMPT, encoding="utf-8")
    return folder


def estimate_of_many_files() -> Estimate:
    """Return an estimate of 100,000 files in 40 folders."""
    tally = Tally.of(*(Counted(f"folder{at % 40}/{at}.txt", 9, {"o200k_base": 1 + at % 97}) for at in range(100_000)))
    return estimate_tally(tally, [PRICING.find("gpt-4.1")], [], Workload(), on=DAY, checked=DAY)


class Page(HTMLParser):
    """What is in a page: elements with attributes, the text of scripts and styles, and all exact numbers."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.values: list[str] = []
        self.shown: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag in self.raw:
            self._inside = tag
            self.raw[tag].append("")
        if tag == "data":
            self.values.append(attributes["value"] or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self._inside:
            self.raw[self._inside][-1] += data
        elif data.strip():
            self.shown.append(re.sub(r"\s+", " ", data.strip()))
