"""A Ray cluster: one task a unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...errors import UsageError
from ...tally import Skipped
from ..arrow import require
from ..job import Counted, Job, Lost
from ..stores import why
from ..units import Unit

__all__ = ["RayEngine"]

_AT_ONCE = 10_000
"""Tasks that wait at the cluster: more take memory of the driver and gain nothing."""

_MOST_RETRIES = 3


class RayEngine:
    """Counts in tasks of a Ray cluster; a unit whose worker or node is lost is given to another."""

    def __init__(self, master: str | None = None, workers: int | None = None) -> None:
        """Start nothing yet.

        Args:
            master: address of a cluster; if it is None, that of RAY_ADDRESS, or one of this machine.
            workers: how many processors one of this machine takes; if it is None, all.
        """
        self._master = master
        self._workers = workers

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        """Yield one result a unit, as they come in.

        Raises:
            MissingExtra: Ray is not installed.
            UsageError: the cluster cannot be reached.
        """
        ray = require("ray", "ray", "count on a Ray cluster")
        if not ray.is_initialized():
            try:
                ray.init(
                    address=self._master,
                    num_cpus=None if self._master else self._workers,
                    include_dashboard=False,
                    log_to_driver=False,
                    configure_logging=False,
                )
            except (ConnectionError, RuntimeError, ValueError) as error:
                message = f"the Ray cluster cannot be reached: {why(error)}"
                raise UsageError(
                    message, hint="name it with --master HOST:PORT, or start one with 'ray start'"
                ) from error
        task = ray.remote(max_retries=_MOST_RETRIES)(_count)
        shared = ray.put(job)
        waiting = list(units)
        running: dict[Any, Unit] = {}
        while waiting or running:
            while waiting and len(running) < _AT_ONCE:
                unit = waiting.pop(0)
                running[task.remote(shared, unit)] = unit
            done, _ = ray.wait(list(running), num_returns=1)
            for reference in done:
                unit = running.pop(reference)
                try:
                    yield ray.get(reference)
                except ray.exceptions.RayError as error:
                    reason = f"its worker was ended each time: {why(error)}"
                    yield Lost(unit.key, (Skipped(unit.parts[0].name, reason, expected=False),))


def _count(job: Job, unit: Unit) -> Counted | Lost:
    return job.count_anywhere(unit)
