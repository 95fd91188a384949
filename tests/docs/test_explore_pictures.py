"""The pictures of the guide to ``explore``."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("textual", reason="the extra explore is not installed")

DOCS = Path(__file__).parents[2] / "docs"


def words(picture: Path) -> list[str]:
    """Return the texts of a picture, which releases of Textual place and colour differently."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture.read_text(encoding="utf-8"))
    return html.unescape(" ".join(texts)).split()


def test_the_pictures_are_what_the_explorer_shows(tmp_path: Path) -> None:
    """The pictures of the guide have the words and numbers that the explorer shows now."""
    subprocess.run([sys.executable, DOCS / "explore_pictures.py", tmp_path], check=True)
    drawn = {path.name: words(path) for path in tmp_path.iterdir()}
    if os.environ.get("GPT41CALC_UPDATE_CASES") == "1":
        for path in tmp_path.iterdir():
            shutil.copy(path, DOCS)

    assert drawn == {name: words(DOCS / name) for name in drawn}
    assert {"explore.svg", "explore-tokens.svg"} == drawn.keys()
