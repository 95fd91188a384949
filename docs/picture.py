"""Draw the picture of the README and those of guides: what a terminal shows, as rich exports it to SVG, and reports.

``tests/test_readme.py`` draws them anew together with the examples.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

__all__ = ["PICTURES", "TERMINALS", "draw", "draw_report"]

COLUMNS = 80
EXAMPLE = Path(__file__).parent / "example"
AS_OF = "2026-11-22"
PICTURES = {
    "estimate": ("estimate", ".", "--output-tokens", "300", "--no-config"),
    "models": ("models", "gpt-4o", "gpt-4.1"),
    "batch": ("batch", "requests/questions.jsonl", "--no-config"),
    "check": ("check", "--token-budget", "20k", "--max-cost", "0.03", ".", "--no-config"),
    "count": ("count", "--tree", ".", "--no-config"),
    "compare": ("compare", "prompts/system.md", "prompts/review.md", "--requests-per-month", "10k", "--no-config"),
}
"""Command lines of the reports in docs/pictures, by name."""

_TABLE = ("--format", "table", "--color", "always", "--no-config")
TERMINALS: dict[str, Sequence[tuple[Sequence[str], Sequence[str]]]] = {
    "estimate.svg": [(("prompts", "--requests", "1M"), _TABLE)],
    "pictures/tokens.svg": [
        (("tokens", "prompts/review.md"), ("--color", "always")),
        (("tokens", "--ids", "-n", "4", "--string", "unbelievable 🇩🇪"), ("--color", "always")),
    ],
    "pictures/cut.svg": [
        (("truncate", "-t", "30", "--from", "middle", "--at", "word", "--marker", " […] ", "prompts/system.md"), ()),
        (("split", "-t", "40", "--at", "sentence", "prompts/system.md", "-o", "pieces"), ()),
    ],
}
"""Command lines that a picture of a terminal shows, each with options that make it print as on one, by file."""


def draw(name: str, picture: Path) -> None:
    """Run the program as on a terminal, in a copy of the folder of the examples, and write what it shows as SVG."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    with TemporaryDirectory() as folder:
        shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
        for words, options in TERMINALS[name]:
            console.print(Text(f"$ gpt41calc {shlex.join(words)}", style="bold"))
            console.print(Text.from_ansi(_printed(*words, *options, folder=folder)))
    console.save_svg(str(picture), title="gpt41calc", unique_id="gpt41calc")


def draw_report(name: str, picture: Path) -> None:
    """Write the SVG report of one of ``PICTURES``."""
    picture.write_text(_printed(*PICTURES[name], "--format", "svg"), encoding="utf-8", newline="\n")


def _printed(*arguments: str, folder: Path | str = EXAMPLE) -> str:
    """Return what the program prints in a folder; a broken budget is no failure."""
    ended = subprocess.run(
        [sys.executable, "-m", "gpt41calc", *arguments],
        cwd=folder,
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
    for each in TERMINALS:
        draw(each, Path(__file__).parent / each)
    for each in PICTURES:
        draw_report(each, Path(__file__).parent / "pictures" / f"{each}.svg")
