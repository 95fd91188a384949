"""Processes with less than the machine has."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

__all__ = ["limited", "needs_limits"]

needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="no limits of resources")
"""For tests that run a process with less than the machine has."""


def limited(
    *, seconds: int | None = None, memory_bytes: int | None = None, file_bytes: int | None = None
) -> Callable[[], None]:
    """Return what to give as ``preexec_fn``.

    Args:
        seconds: for which the process may calculate; waiting is not counted, so a busy machine makes no difference.
        memory_bytes: of its address space.
        file_bytes: of the largest file that it may write.
    """

    def limit() -> None:
        import resource

        for kind, most in (
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_AS, memory_bytes),
            (resource.RLIMIT_FSIZE, file_bytes),
        ):
            if most is not None:
                resource.setrlimit(kind, (most, most))

    return limit
