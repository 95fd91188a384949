"""The process boundary: however a run ends, it returns one exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from .cli.argv import expand, names_a_folder, wants_version
from .errors import ExitCode
from .interruption import Interruption
from .resources import NativeExits, is_refusal, require_memory

if TYPE_CHECKING:
    from .counting.prefetch import Wanted
    from .counting.workers import WorkerPool

__all__ = ["main", "own_process"]


_STARTING_BYTES = 96 << 20
"""Address space required to start, in bytes: Typer, pydantic and a short count take 60 MB."""


def own_process() -> None:
    """Declare that this process runs only this program, so that it may change how the process ends."""
    NativeExits.are_ours = True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; never raises.

    Args:
        arguments: the command line without the name of the program. None for that of this process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    interruption = Interruption()
    try:
        with interruption:
            status = _ended(words)
    except KeyboardInterrupt:  # while an ending was on its way
        return ExitCode.INTERRUPTED
    return ExitCode.INTERRUPTED if interruption.arrived else status


def _ended(words: list[str]) -> int:
    """Run the program and return its exit code, however it ends."""
    try:
        _prepare()
        if wants_version(words):
            status: int = _tell_version()
        else:
            from .counting.warm_start import warm_start

            with warm_start(words, names_folder=names_a_folder(words), predict=partial(_predicted, words)) as workers:
                status = _run(words, workers)
    except KeyboardInterrupt:
        _tell("\n")
        return ExitCode.INTERRUPTED
    except SystemExit as leaving:  # Typer leaves so after printing a completion script
        if isinstance(leaving.__context__, BrokenPipeError):  # and with 1 when the reader of a help text has left
            from .cli.process import silence

            silence(sys.__stdout__ or sys.stdout)
            return ExitCode.OK
        status = leaving.code if isinstance(leaving.code, int) else ExitCode.OK
    except BaseException as error:  # noqa: BLE001 - a panic of native code is no Exception (pyo3)
        if "KeyboardInterrupt" in str(error) and not isinstance(error, Exception):
            _tell("\n")  # it panicked because it was interrupted
            return ExitCode.INTERRUPTED
        return _refused(error, words) if is_refusal(error) else _internal(error, words)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    # A verdict is the one thing that is written as an ExitCode of 1: no library can return one by accident.
    return status if status != ExitCode.OVER_BUDGET or isinstance(status, ExitCode) else ExitCode.INTERNAL


def _predicted(words: list[str]) -> Wanted | None:
    from .cli.prediction import predicted  # in the process that finds them

    return predicted(words, os.environ)


def _prepare() -> None:
    """Make the standard streams safe to use, whatever state they are in.

    If a standard descriptor is closed, the next opened file would get its number, and the report would be written into
    that file.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(descriptor, "w", closefd=False))
        with suppress(AttributeError, OSError):
            getattr(sys, name).reconfigure(errors="backslashreplace")
    # Plugins are other packages' code, which nobody asked for here.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    width = os.environ.get("TERMINAL_WIDTH", "")
    if not (width.isascii() and width.isdecimal()):
        os.environ.pop("TERMINAL_WIDTH", None)  # Typer takes it for a number


def _run(words: list[str], workers: WorkerPool) -> int:
    from .cli.process import PROGRAM, Process
    from .errors import CannotWrite, Gpt41calcError, NoSuchPath, UsageError

    process = Process.here(workers)
    require_memory(_STARTING_BYTES)
    from typer import TyperException

    from .app import application

    completing = f"_{PROGRAM.upper()}_COMPLETE" in os.environ
    try:
        try:
            expanded = [] if completing else expand(words)
            app = application(expanded)
            ended = app(args=expanded or words, prog_name=PROGRAM, standalone_mode=False, obj=process)
        except TyperException as error:
            command = expand(words)[0]
            hint = f"'{PROGRAM} {command} --help' shows what there is"
            raise UsageError(_sentence(error.format_message()), hint=hint) from error
    except Gpt41calcError as error:
        if isinstance(error, NoSuchPath) and error.path is not None:
            from .cli.path_hints import missing_path_hint

            error.hint = error.hint or missing_path_hint(words, error.path)
        if error.exit_code == ExitCode.USAGE and is_refusal(error):  # what was asked is not what is wrong
            error.hint, error.exit_code = _LIMITS_HINT, ExitCode.INCOMPLETE
        process.explain(error)
        _document(words, error.code, str(error), error.hint)
        return error.exit_code
    except OSError as error:  # a help text is the one thing that we do not write ourselves
        if error.errno not in _TAKES_NO_MORE:
            raise
        from .cli.process import silence

        silence(sys.stdout)
        process.explain(CannotWrite(f"cannot write: {error.strerror}"))
        return ExitCode.CANNOT_WRITE
    return ended if isinstance(ended, int) else ExitCode.OK


def _tell_version() -> int:
    """Print the version, without the imports that every other run needs: Typer, and what counts."""
    from .cli.process import PROGRAM, Process
    from .errors import CannotWrite
    from .version import __version__

    process = Process.here()
    try:
        process.emit(f"{PROGRAM} {__version__}\n", as_utf8=False)
    except CannotWrite as error:
        process.explain(error)
        return error.exit_code
    return ExitCode.OK


_TAKES_NO_MORE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Error numbers of writing to a full or broken device."""


def _sentence(message: str) -> str:
    """Return a message of Typer in the form of the messages here: lower case, without a full stop."""
    text = message.replace("Value error, ", "").rstrip(".")
    return text[:1].lower() + text[1:]


def _document(words: list[str], code: str, message: str, hint: str = "") -> None:
    """Write an error as a JSON document to standard output, if JSON was requested."""
    from .cli.argv import wants_json

    if wants_json(words, os.environ):
        from .cli.process import Process
        from .errors import CannotWrite
        from .render.json import to_json
        from .render.json_fields import error_document

        with suppress(CannotWrite):  # if it was standard output that failed, this goes nowhere
            Process.here().emit(to_json(error_document(code, message, hint)), as_utf8=True, syntax="json")


_LIMITS_HINT = "close other programs or raise the limits of this one (ulimit -a shows them)"


def _refused(error: BaseException, words: list[str]) -> int:
    """Report that the system refused memory, descriptors or processes; return the exit code."""
    message = f"the system refuses what is needed: {getattr(error, 'strerror', None) or 'not enough memory'}"
    _tell(f"gpt41calc: error: {message}\ngpt41calc: hint: {_LIMITS_HINT}\n")
    with suppress(Exception):  # whatever is missing may be needed here, too
        _document(words, "resources", message, _LIMITS_HINT)
    return ExitCode.INCOMPLETE


def _internal(error: BaseException, words: list[str]) -> int:
    """Report an internal error, without a traceback, which could show secrets; return the exit code."""
    message = (
        f"gpt41calc: error: internal error: {type(error).__name__}: {str(error)[:500]!r}\n"
        "gpt41calc: hint: please report it; GPT41CALC_DEBUG=1 shows where it happened\n"
    )
    if os.environ.get("GPT41CALC_DEBUG") == "1":
        import traceback

        message += "".join(traceback.format_exception(error))
    _tell(message)
    with suppress(Exception):  # whatever is broken may be needed here, too
        _document(words, "internal", f"internal error: {type(error).__name__}: {str(error)[:500]}")
    return ExitCode.INTERNAL


def _tell(text: str) -> None:
    """Write to standard error; if that is closed, ignore it, so that the exit code stays correct."""
    with suppress(Exception):  # importing may be what does not work; then it is not our text that matters
        from .cli.process import Process

        text = Process.here().for_log(text)
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        from .cli.process import silence

        with suppress(OSError, ValueError, AttributeError):
            silence(sys.stderr)
