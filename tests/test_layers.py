"""The arrows between the rooms of the house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_arrows_point_one_way() -> None:
    """Every contract of import-linter in pyproject.toml is kept."""
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    ended = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )

    assert (0, "0 broken") == (ended.returncode, ended.stdout.strip().rpartition(", ")[2].rstrip("."))
