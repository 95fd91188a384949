"""The process of a command: streams, clock and terminal. All other effects on the outside go through it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING, TextIO

from ..errors import CannotWrite, Gpt41calcError

if TYPE_CHECKING:
    from ..counting.runtime import Runtime
    from ..counting.workers import WorkerPool
    from ..render.escape import Syntax
    from .options import Delivery
    from .project_file import Project

__all__ = ["PROGRAM", "Process", "mode_of", "replacing", "silence", "write_file"]

PROGRAM = "gpt41calc"

_DEFAULT_WIDTH = 100

_CI_LOGS = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION")
"""Environment variables of CI services that read a program's output and obey commands in it."""


@dataclass(frozen=True, slots=True)
class Process:
    """The process in which a command runs."""

    environ: Mapping[str, str]
    """The environment variables."""

    today: date
    """The current day, in UTC."""

    stdin: int = 0
    """File descriptor of standard input."""

    workers: WorkerPool | None = None
    """Worker processes. None if none was started."""

    project: Project | None = None
    """The project file that is used. None if there is none."""

    @classmethod
    def here(cls, workers: WorkerPool | None = None) -> Process:
        """Return the current process."""
        return cls(os.environ, datetime.now(UTC).date(), workers=workers)

    def runtime(self, output: Delivery, *, uses_cache: bool = True) -> Runtime:
        """Return the process environment for counting.

        Args:
            output: the options that say whether progress is shown.
            uses_cache: whether counts of earlier runs are used.
        """
        from ..counting.runtime import Runtime, unobserved
        from .progress import progress

        # CI services with a pseudo-terminal store every frame of a progress bar in their log.
        is_wanted = not (output.no_progress or output.quiet or self.environ.get("CI"))
        is_watched = is_wanted and self.is_terminal(sys.stderr)
        return Runtime(
            stdin=self.stdin,
            workers=self.workers,
            uses_cache=uses_cache,
            warn=self.warn,
            hint=self.hint,
            progress=progress if is_watched else unobserved,
        )

    def is_terminal(self, stream: TextIO) -> bool:
        """Return whether a stream is a terminal."""
        return stream.isatty() and self.environ.get("TERM") != "dumb"

    def uses_colour(self, choice: str, stream: TextIO | None = None) -> bool:
        """Return whether to use colour: by the option, then NO_COLOR, then FORCE_COLOR, then the terminal.

        Args:
            choice: the option.
            stream: what is coloured. None for standard output.
        """
        if choice != "auto":
            return choice == "always"
        if self.environ.get("NO_COLOR"):
            return False
        if self.environ.get("FORCE_COLOR"):
            return self.environ["FORCE_COLOR"] not in {"0", "false"}
        return self.is_terminal(stream or sys.stdout)

    def width(self) -> int:
        """Return the number of columns of the terminal; without a terminal, lines are not shortened."""
        columns = self.environ.get("COLUMNS", "")
        if columns.isascii() and columns.isdecimal() and int(columns[:6]) > 0:
            return int(columns[:6])
        with suppress(OSError, ValueError):
            return os.get_terminal_size(sys.stdout.fileno()).columns or _DEFAULT_WIDTH
        return _DEFAULT_WIDTH

    def for_log(self, text: str, syntax: Syntax = "text") -> str:
        """Return a text in a form in which a CI service finds no commands, if this is one."""
        if not any(map(self.environ.get, _CI_LOGS)):
            return text
        from ..render.escape import for_ci_log

        return for_ci_log(text, syntax)

    def emit(self, text: str, *, as_utf8: bool, syntax: Syntax = "text") -> None:
        """Write a report to standard output; a reader that has closed the pipe is not an error.

        Flushed here, inside the ``try``: at interpreter shutdown it would be
        too late, and with PYTHONUNBUFFERED the error comes from ``write``.

        Args:
            text: the report.
            as_utf8: whether the format is UTF-8 by definition, whatever the locale says.
            syntax: the syntax of the report.

        Raises:
            CannotWrite: standard output cannot be written.
        """
        encoding = "utf-8" if as_utf8 else sys.stdout.encoding or "utf-8"
        with suppress(OSError, ValueError):  # no service reads a file along
            text = text if stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode) else self.for_log(text, syntax)
        try:
            sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            silence(sys.stdout)
        except OSError as error:
            silence(sys.stdout)
            message = f"cannot write the report: {error.strerror}"
            raise CannotWrite(message) from error

    def warn(self, message: str) -> None:
        """Write a warning to standard error."""
        self._say("warning", message)

    def hint(self, message: str) -> None:
        """Write a hint to standard error."""
        self._say("hint", message)

    def explain(self, error: Gpt41calcError) -> None:
        """Write an error message with the next step to standard error."""
        self._say("error", str(error))
        if error.hint:
            self.hint(error.hint)

    def _say(self, kind: str, message: str) -> None:
        from ..render.escape import for_terminal

        try:
            sys.stderr.write(self.for_log(f"{PROGRAM}: {kind}: {for_terminal(message)}\n"))
            sys.stderr.flush()
        except (OSError, ValueError):  # nobody reads it: the exit status still tells
            with suppress(OSError, ValueError):
                silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Discard the rest of a stream, so that closing it cannot fail.

    What is still buffered would be written again at interpreter shutdown, and
    Python would replace our status by 120.
    """
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def write_file(path: str, text: str, for_stream: Callable[[str], str] = str) -> None:
    """Replace a file by a report in one step, or not at all.

    The report is written to a temporary file beside it, which is then renamed: after a failure, the old report is still
    there. A device or a pipe is written directly, and a symbolic link stays as it is.

    Args:
        path: the file.
        text: the report.
        for_stream: a function applied to the text before it is written to a device or a pipe.

    Raises:
        CannotWrite: the file cannot be written.
    """
    try:
        # Asked before links are resolved: /dev/stdout leads to a pipe that has no name to open it by.
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "wb") as file:
                file.write(for_stream(text).encode("utf-8", "backslashreplace"))
        else:
            _replace(os.path.realpath(path), text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        message = f"cannot write the report to {path}: {error.strerror}"
        raise CannotWrite(message) from error


def _replace(target: str, raw: bytes) -> None:
    with replacing(target) as file:
        file.write(raw)


@contextmanager
def replacing(target: str) -> Iterator[IO[bytes]]:
    """Open a temporary file that takes the place of another once it is complete; after an error, it is deleted.

    Raises:
        OSError: it cannot be written.
    """
    import tempfile  # 4 ms, which --version and a report on standard output need not pay

    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".gpt41calc-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode_of(target))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def mode_of(target: str) -> int:
    """Return the permissions of a file, or those of a new file."""
    with suppress(OSError):
        return stat.S_IMODE(os.stat(target).st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
