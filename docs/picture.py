"""Draw the picture of the README, what a terminal shows as rich exports it to SVG, and those of the guide to pages.

``tests/test_readme.py`` draws them anew together with the examples.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

__all__ = ["PICTURES", "draw", "draw_report"]

COLUMNS = 80
EXAMPLE = Path(__file__).parent / "example"
ARGUMENTS = ("prompts", "--requests", "1M")
AS_OF = "2026-11-22"
PICTURES = {
    "estimate": ("estimate", ".", "--output-tokens", "300", "--no-config"),
    "models": ("models", "gpt-4o", "gpt-4.1"),
    "batch": ("batch", "requests/questions.jsonl", "--no-config"),
    "check": ("check", "--token-budget", "20k", "--max-cost", "0.03", ".", "--no-config"),
    "count": ("count", "--tree", ".", "--no-config"),
}
"""Command lines of the pictures in docs/pictures, by name."""


def draw(picture: Path) -> None:
    """Run the program as on a terminal, in the folder of the examples, and write what it shows as SVG."""
    drawn = _printed(*ARGUMENTS, "--format", "table", "--color", "always", "--no-config")
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    console.print(Text(" ".join(("$ gpt41calc", *ARGUMENTS)), style="bold"))
    console.print(Text.from_ansi(drawn), end="")
    console.save_svg(str(picture), title="gpt41calc", unique_id="gpt41calc")


def draw_report(name: str, picture: Path) -> None:
    """Write the SVG report of one of ``PICTURES``."""
    picture.write_text(_printed(*PICTURES[name], "--format", "svg"), encoding="utf-8", newline="\n")


def _printed(*arguments: str) -> str:
    """Return what the program prints in the folder of the examples; a broken budget is no failure."""
    ended = subprocess.run(
        [sys.executable, "-m", "gpt41calc", *arguments],
        cwd=EXAMPLE,
        env=os.environ | {"COLUMNS": str(COLUMNS), "GPT41CALC_AS_OF": AS_OF, "GPT41CALC_CLAUDE": "ratio"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ended.returncode > 1:
        raise RuntimeError(ended.stderr)
    return ended.stdout


if __name__ == "__main__":
    draw(Path(__file__).parent / "estimate.svg")
    for each in PICTURES:
        draw_report(each, Path(__file__).parent / "pictures" / f"{each}.svg")
