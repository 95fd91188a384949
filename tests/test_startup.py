"""What a command does not use, it does not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("gigatoken", "hypothesis", "numpy", "pathspec", "pydantic", "rich", "tiktoken")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import gpt41calc", set()),
        ("import gpt41calc.cli.app", set()),
        ("from gpt41calc.__main__ import main; main(['--version'])", set()),
    ],
)
def test_starting_is_cheap(statement: str, expected: set[str]) -> None:
    """Neither importing nor ``--version`` loads tokenizers, rich or Typer's pydantic."""
    program = f"{statement}\nimport sys; print(*sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert expected == set(ended.stderr.split())
