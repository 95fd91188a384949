"""Reports as files under ``tests/cases``; GPT41CALC_UPDATE_CASES=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

from gpt41calc.version import __version__

CASES = Path(__file__).parent / "cases"


def hold_against_case(name: str, written: str) -> None:
    """Hold what was written against its file."""
    path = CASES / name
    actual = written.replace(f'"version": "{__version__}"', '"version": "0.0.0"')
    if os.environ.get("GPT41CALC_UPDATE_CASES") == "1":
        path.write_text(actual, encoding="utf-8", newline="\n")

    assert path.read_text(encoding="utf-8") == actual
