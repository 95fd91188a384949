"""A short soak; the long one is ``python -m tests.soak``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from soak import soak


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="limits and /proc of Linux")
def test_no_promise_breaks_under_signals_and_limits(tmp_path: Path) -> None:
    """No wrong status, no wrong number, no process or file left, no hang."""
    report = soak(80, 1, tmp_path)

    assert 80 == report.runs
    assert [] == report.failures
