"""Draw the picture of the README: what a terminal shows, as rich exports it to SVG.

``tests/test_readme.py`` draws it anew together with the examples.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

__all__ = ["draw"]

COLUMNS = 80
EXAMPLE = Path(__file__).parent / "example"
ARGUMENTS = ("prompts", "--requests", "1M")
AS_OF = "2026-11-22"


def draw(picture: Path) -> None:
    """Run the program as on a terminal, in the folder of the examples, and write what it shows as SVG."""
    drawn = subprocess.run(
        [sys.executable, "-m", "gpt41calc", *ARGUMENTS, "--format", "table", "--color", "always", "--no-config"],
        cwd=EXAMPLE,
        env=os.environ | {"COLUMNS": str(COLUMNS), "GPT41CALC_AS_OF": AS_OF, "GPT41CALC_CLAUDE": "ratio"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    console.print(Text(" ".join(("$ gpt41calc", *ARGUMENTS)), style="bold"))
    console.print(Text.from_ansi(drawn), end="")
    console.save_svg(str(picture), title="gpt41calc", unique_id="gpt41calc")


if __name__ == "__main__":
    draw(Path(__file__).parent / "estimate.svg")
