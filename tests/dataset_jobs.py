"""A job with a unit that ends its worker each time; workers on clusters import it."""

from __future__ import annotations

import os
import signal

from gpt41calc.dataset.job import Counted, Job, Lost
from gpt41calc.dataset.units import Unit

DEADLY = "05.parquet"
"""The file whose unit no worker survives."""


class DeadlyJob(Job):
    """Counts every unit but one: as a row does that takes more memory than there is."""

    __slots__ = ()

    def count(self, unit: Unit) -> Counted | Lost:
        """Return what a unit adds up to; a worker that has the deadly one is ended, as the system does it."""
        if DEADLY in unit.parts[0].name:
            os.kill(os.getpid(), signal.SIGKILL)
        # Slots make the class anew, so that super() without arguments would name another one.
        return Job.count(self, unit)
