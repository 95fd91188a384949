"""What was counted already, in a folder, so that an interrupted run goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b

from ..errors import CannotWrite, UsageError
from ..version import __version__
from .job import Counted, Job
from .totals import Tally

__all__ = ["Checkpoint"]


class Checkpoint:
    """A file of lines, one a unit; a line that was cut off by an interruption is ignored."""

    def __init__(self, folder: str, job: Job) -> None:
        """Open the file of a job, or begin it.

        Args:
            folder: where it lies; it is made if it is not there.
            job: how units are counted; another way of counting has a file of its own.

        Raises:
            CannotWrite: the folder cannot be written to.
        """
        identity = repr((__version__, job))
        digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        self._path = os.path.join(folder, f"units-{digest}.jsonl")
        try:
            os.makedirs(folder, exist_ok=True)
            self._file = open(self._path, "a+b")  # noqa: SIM115 - closed by close
            self._drop_half_a_line()
        except OSError as error:
            message = f"cannot write to {folder}: {error.strerror}"
            raise CannotWrite(message) from error

    def _drop_half_a_line(self) -> None:
        """Cut off what an interruption has left: what is added next would be joined to it."""
        self._file.seek(0)
        whole = 0
        for line in self._file:
            whole += len(line) if line.endswith(b"\n") else 0
        self._file.truncate(whole)

    def read(self) -> Mapping[str, Counted]:
        """Return what was counted in earlier runs, by the key of the unit.

        Raises:
            UsageError: the file is none of ours.
        """
        found = {}
        with open(self._path, "rb") as file:
            for line in file:
                try:
                    one = _read(line)
                except (ValueError, KeyError, TypeError) as error:
                    message = f"{self._path}: no checkpoint of gpt41calc"
                    raise UsageError(message, hint="name another folder, or remove the file") from error
                found[one.key] = one
        return found

    def add(self, one: Counted) -> None:
        """Write down what a unit adds up to; what could not be read of it may be read in the next run.

        Raises:
            CannotWrite: the disk takes no more.
        """
        if one.skipped:
            return
        line = {
            "key": one.key,
            "tallies": {encoding: tally.to_json() for encoding, tally in one.tallies.items()},
            "vocabularies": dict(one.vocabularies),
        }
        try:
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            message = f"cannot write to {self._path}: {error.strerror}"
            raise CannotWrite(message) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _read(line: bytes) -> Counted:
    read = json.loads(line)
    return Counted(
        key=read["key"],
        tallies={encoding: Tally.from_json(text) for encoding, text in read["tallies"].items()},
        vocabularies=read["vocabularies"],
    )
