"""Write the lines of a batch file into files that a batch API accepts."""

from __future__ import annotations

import os
from collections import OrderedDict
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

from ...cli.process import mode_of
from ...errors import CannotWrite, UsageError

__all__ = ["Splitting"]

_MOST_OPEN = 32
"""Most files open at once: with many models there are as many files to which the next line may go."""


class Splitting:
    """Files written under temporary names, and renamed together at the end, or not at all."""

    def __init__(self, folder: str, name: str) -> None:
        """Set up the writer.

        Args:
            folder: the target folder, created if missing.
            name: the divided file; the names of the parts begin with its name.

        Raises:
            UsageError: the path is not a folder, or has files of these names.
            CannotWrite: the folder cannot be created.
        """
        self._folder = folder
        self._stem = os.path.splitext(os.path.basename(name))[0].strip("<>") or "batch"
        self._parts: list[tuple[str, str]] = []
        self._written: list[str] = []
        self._open: OrderedDict[int, BinaryIO] = OrderedDict()
        try:
            os.makedirs(folder, exist_ok=True)
            there = [one for one in os.listdir(folder) if one.startswith(f"{self._stem}-") and one.endswith(".jsonl")]
        except FileExistsError as error:
            message = f"--split: {folder} is no folder"
            raise UsageError(message) from error
        except OSError as error:
            raise _cannot_write(folder, error) from error
        if there:
            message = f"--split: {folder} already holds {there[0]}"
            raise UsageError(message, hint="name an empty folder: what is left of an earlier run would be sent again")

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Delete the files that were not renamed."""
        with suppress(OSError):
            self._close_all()
        for temporary, _ in self._parts:
            with suppress(OSError):
                os.unlink(temporary)

    def write(self, part: int, line: bytes) -> None:
        """Write a line into a part; parts are numbered from 1 without gaps.

        Raises:
            CannotWrite: the line cannot be written.
        """
        try:
            file = self._open.get(part) or self._opened(part)
            self._open.move_to_end(part)
            file.write(line + b"\n")
        except OSError as error:
            raise _cannot_write(self._folder, error) from error

    def finish(self) -> list[str]:
        """Rename every part to its final name, and return the names.

        Raises:
            CannotWrite: a part cannot be renamed.
        """
        try:
            self._close_all()
            while self._parts:
                temporary, path = self._parts[0]
                os.chmod(temporary, mode_of(path))
                os.replace(temporary, path)
                self._written.append(path)
                del self._parts[0]
        except OSError as error:
            raise _cannot_write(self._folder, error) from error
        return self._written

    def _opened(self, part: int) -> BinaryIO:
        """Open a part, new or existing; if too many are open, close those not written to for longest."""
        if len(self._open) >= _MOST_OPEN:
            _, oldest = self._open.popitem(last=False)
            _close(oldest)
        if part > len(self._parts):
            import tempfile

            descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".gpt41calc-")
            self._parts.append((temporary, os.path.join(self._folder, f"{self._stem}-{part:03}.jsonl")))
            file: BinaryIO = os.fdopen(descriptor, "wb")
        else:
            file = open(self._parts[part - 1][0], "ab")  # noqa: SIM115 - it stays open
        self._open[part] = file
        return file

    def _close_all(self) -> None:
        while self._open:
            _, file = self._open.popitem()
            _close(file)


def _close(file: BinaryIO) -> None:
    """Close a file after its data have reached the disk."""
    with file:
        file.flush()
        os.fsync(file.fileno())


def _cannot_write(folder: str, error: OSError) -> CannotWrite:
    message = f"cannot write to {folder}: {error.strerror}"
    return CannotWrite(message)
