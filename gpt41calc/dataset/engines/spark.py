"""A Spark cluster: one task a unit, in waves."""

from __future__ import annotations

import os
import shutil
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ...errors import MissingExtra, UsageError
from ...tally import Skipped
from ..arrow import require
from ..job import Counted, Job, Lost
from ..stores import why
from ..units import Unit

__all__ = ["SparkEngine"]

_UNITS_A_CORE = 16
"""Units of one Spark job for each task that runs at once: its end, where some cores wait, is a small part of it."""

_FEWEST_UNITS, _MOST_UNITS = 64, 4_096
"""If Spark gives a job up, only its wave is done again, in halves; and a checkpoint has what earlier waves brought."""


class SparkEngine:
    """Counts in tasks of Spark.

    Spark gives a whole job up if one of its tasks has failed four times. So units go in waves, what a wave has brought
    is kept, and a wave that fails is halved until only the unit that kills its worker is left.
    """

    def __init__(self, master: str | None = None, workers: int | None = None) -> None:
        """Start nothing yet.

        Args:
            master: what Spark calls a master; if it is None, that of the session or of spark-submit, or this machine.
            workers: how many tasks at once on this machine; if it is None, as many as there are processors.
        """
        self._master = master
        self._workers = workers

    def run(self, job: Job, units: Sequence[Unit]) -> Iterator[Counted | Lost]:
        """Yield one result a unit.

        Raises:
            MissingExtra: Spark or Java is not installed.
            UsageError: the cluster cannot be reached.
        """
        context = self._session().sparkContext
        shared = context.broadcast(job)
        wave_units = min(max(_FEWEST_UNITS, _UNITS_A_CORE * context.defaultParallelism), _MOST_UNITS)
        waves = deque(list(units[at : at + wave_units]) for at in range(0, len(units), wave_units))
        while waves:
            wave = waves.popleft()
            try:
                # The value of a broadcast is read in the worker, not here.
                count = partial(_count, shared)
                yield from context.parallelize(wave, len(wave)).map(count).collect()
            except Exception as error:  # Py4J has no narrower error for a job that was given up
                if not _is_given_up(error):
                    raise
                if len(wave) == 1:
                    reason = "its worker was ended each time: Spark gave the task up"
                    yield Lost(wave[0].key, (Skipped(wave[0].parts[0].name, reason, expected=False),))
                    continue
                waves += [wave[: len(wave) // 2], wave[len(wave) // 2 :]]  # behind those that may go well

    def _session(self) -> Any:
        sql = require("pyspark.sql", "spark", "count on a Spark cluster")
        active = sql.SparkSession.getActiveSession()
        if active is not None:
            return active
        # Spark looks in JAVA_HOME alone if there is one.
        home = os.environ.get("JAVA_HOME")
        if shutil.which("java", path=os.path.join(home, "bin") if home else None) is None:
            missing = f"there is no Java in JAVA_HOME, {home}" if home else "Java 17 is not installed"
            message = f"{missing}, and is needed to count on a Spark cluster"
            raise MissingExtra(message, hint="install Java 17 or 21, and set JAVA_HOME if it is not on PATH")
        # Without a number behind the comma a task of local Spark is never tried again.
        here = f"local[{self._workers or '*'},4]"
        if (self._master or here).startswith("local"):
            # Spark would start the first python3 of PATH, which has other packages than this one.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = sql.SparkSession.builder.appName("gpt41calc dataset").config("spark.ui.showConsoleProgress", "false")
        try:
            session = builder.master(self._master or here).getOrCreate()
            session.sparkContext.setLogLevel("OFF")
        except Exception as error:  # Py4J has no narrower error for a cluster that is not there
            message = f"Spark does not start: {why(error)}"
            raise UsageError(message, hint="Spark 4 takes Java 17 or 21; name the cluster with --master") from error
        return session


def _count(shared: Any, unit: Unit) -> Counted | Lost:
    job: Job = shared.value
    return job.count_anywhere(unit)


def _is_given_up(error: Exception) -> bool:
    return "Job aborted" in str(error) or "SparkException" in str(error)
