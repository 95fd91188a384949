"""Which processes there are, where there is a ``/proc``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

__all__ = ["started_by"]


def started_by(session: int) -> list[int]:
    """Return the processes of a session, but for its leader and for those that have ended already."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, _group, its_session = status.read_text().rpartition(")")[2].split()[:4]
            if int(its_session) == session != int(status.parent.name) and state != "Z":
                found.append(int(status.parent.name))
    return found
