"""The site and the man page are built from the sources, offline."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from gpt41calc.app import application
from gpt41calc.commands.schema.run import schema_names

pytest.importorskip("sphinx")

ROOT = Path(__file__).parents[2]


def build(kind: str, folder: Path) -> Path:
    """Build the docs with warnings as errors, from a copy, and return the folder of the result."""
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("_build", "generated"))
    for name in ("gpt41calc", "data"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "CONTRIBUTING.md", folder)  # links in it are relative to where it is
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", kind, "docs", "built"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8")

    assert (0, "") == (ended.returncode, ended.stderr)
    return folder / "built"


@pytest.mark.exhaustive
def test_the_site_is_built(tmp_path: Path) -> None:
    """The site is built without a warning; its reference has every command and every document, with its keys."""
    reference = build("html", tmp_path) / "reference"
    commands = (reference / "commands.html").read_text(encoding="utf-8")
    documents = (reference / "schemas.html").read_text(encoding="utf-8")
    names = get_command(application()).commands  # type: ignore[attr-defined]

    assert [] == [name for name in names if f'id="{name}' not in commands]
    assert [] == [name for name in schema_names() if f'id="{name}' not in documents]


@pytest.mark.exhaustive
def test_the_man_page_names_every_command(tmp_path: Path) -> None:
    """The man page is built without a warning, and has a section for every command."""
    page = (build("man", tmp_path) / "gpt41calc.1").read_text(encoding="utf-8")
    names = get_command(application()).commands  # type: ignore[attr-defined]

    assert [] == [name for name in names if f".SH {name.upper()}" not in page]
