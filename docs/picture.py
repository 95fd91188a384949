"""Draw the picture of the README: the terminal table, as rich exports it to SVG.

Run it on the folder that the README shows, from the folder above it:

    python docs/picture.py FOLDER docs/estimate.svg
"""

from __future__ import annotations

import io
import subprocess
import sys

from rich.console import Console
from rich.text import Text

COLUMNS = 104


def main(folder: str, picture: str) -> None:
    """Run ``gpt41calc FOLDER`` as on a terminal and keep what it draws."""
    command = [sys.executable, "-m", "gpt41calc", folder, "--format", "table", "--color", "always"]
    drawn = subprocess.run(command, capture_output=True, text=True, check=True, env={"COLUMNS": str(COLUMNS)}).stdout
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    console.print(Text(f"$ gpt41calc {folder}", style="bold"))
    console.print(Text.from_ansi(drawn), end="")
    console.save_svg(picture, title="gpt41calc", unique_id="gpt41calc")


if __name__ == "__main__":
    main(*sys.argv[1:])
