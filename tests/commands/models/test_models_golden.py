"""The shipped price table as a report: a change of any price, window or date is seen in a diff."""

from __future__ import annotations

import pytest
from conftest import Spawn
from golden import hold_against_case

from gpt41calc.tokenizer.claude_vocabulary import ctok_version


@pytest.mark.skipif(ctok_version() is not None, reason="with ctok, Claude's models have another tokenizer")
def test_the_shipped_table_is_as_it_was(spawn: Spawn) -> None:
    """Every model of the table, as CSV, on one day."""
    ended = spawn("models", "-f", "csv", "--as-of", "2026-11-26")

    assert (0, "") == (ended.status, ended.stderr)
    hold_against_case("models-shipped.csv", ended.stdout)
