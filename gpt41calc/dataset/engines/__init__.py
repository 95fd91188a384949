"""Where units are counted: processes of this machine, a Spark cluster, a Ray cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ..job import Counted, Job, Lost
from ..units import Unit

__all__ = ["Engine"]


class Engine(Protocol):
    """Counts units anywhere, in any order."""

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        """Yield one result a unit, as they come in.

        Whatever happens to a worker, every unit comes back exactly once: counted, or lost with the reason.

        Raises:
            MissingExtra: what runs it is not installed.
            UsageError: it cannot be reached or started.
        """
