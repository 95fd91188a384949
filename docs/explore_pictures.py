"""Draw the pictures of the guide to ``explore``: what its screen shows, as Textual exports it to SVG.

``python docs/explore_pictures.py`` writes them beside this file; ``tests/docs`` draws them anew.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.explore.app import Explorer
from gpt41calc.commands.explore.run import Counting, ExploreOptions
from gpt41calc.commands.explore.session import Session
from gpt41calc.commands.explore.totals import Setting
from gpt41calc.counting.runtime import Runtime
from gpt41calc.pricing.table import load_pricing

EXAMPLE = Path(__file__).parent / "example"
ON = date(2026, 11, 22)
PICTURES: dict[str, Sequence[str]] = {
    "explore.svg": ["down", "x"],
    "explore-tokens.svg": ["down", "down", "down", "enter", "enter"],
}
"""The keys that lead to each picture."""


async def drawn(keys: Sequence[str]) -> str:
    """Press keys, and return what the screen shows then."""
    counting = Counting(ExploreOptions(path="."), Runtime())
    table = load_pricing()
    setting = Setting(model=table.find("gpt-4.1"), workload=Workload(), on=ON)
    explorer = Explorer(Session(counting, counting.numbers("o200k_base"), table.models, setting), colour=True)
    async with explorer.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await explorer.workers.wait_for_complete()
        await pilot.pause()
        return explorer.export_screenshot(title="gpt41calc explore")


def main(folder: Path) -> None:
    """Draw all pictures into a folder."""
    os.chdir(EXAMPLE)
    for name, keys in PICTURES.items():
        (folder / name).write_text(asyncio.run(drawn(keys)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent).absolute())
