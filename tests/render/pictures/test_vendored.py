"""The chart library in the repository is the one that .ci/charts has built, and its licence is beside it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "data" / "html"
RECORD = json.loads((FOLDER / "charts.json").read_text(encoding="utf-8"))


def test_the_file_has_the_recorded_digest() -> None:
    """Nobody has edited it."""
    assert RECORD["sha256"] == hashlib.sha256((FOLDER / "charts.js").read_bytes()).hexdigest()


def test_the_record_is_what_the_script_builds() -> None:
    """Package, version, digest and bundler are those that .ci/charts asks for."""
    script = (ROOT / ".ci" / "charts").read_text(encoding="utf-8")
    asked = dict(re.findall(r"^(\w+)=(\S+)$", script, flags=re.MULTILINE))

    assert (f"{RECORD['package']}@{RECORD['version']}", RECORD["integrity"], RECORD["built_with"]) == (
        asked["library"],
        asked["library_integrity"],
        asked["bundler"],
    )


def test_version_and_licence_are_named() -> None:
    """The file says what it is, and the licence is shipped."""
    beginning = (FOLDER / "charts.js").read_text(encoding="utf-8")[:80]

    assert f"/* {RECORD['package']} {RECORD['version']}, {RECORD['license']}:" in beginning
    assert "Permission to use, copy, modify" in (FOLDER / "LICENSE-d3-hierarchy").read_text(encoding="utf-8")
