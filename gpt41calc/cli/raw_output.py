"""Write text that is the result itself and no report: byte for byte, while it is made."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from ..errors import CannotWrite, UsageError
from .job_log import is_job_log, without_commands
from .process import Process, replacing, silence

__all__ = ["write_bytes"]


def write_bytes(blocks: Iterable[bytes], path: str | None, process: Process, *, is_json: bool = False) -> None:
    """Write blocks to a file, or to standard output, as they come.

    A file is replaced in one step once all is written. On a terminal, control characters other than tabs and newlines
    are written as escapes, and a last line is ended; a pipe or a file receives every byte as it is, as from ``cat``.

    In the log of a CI service, JSON is written so that it has no commands; other text cannot be changed without loss.

    Args:
        blocks: what to write. Errors that it raises pass, and leave a file as it was.
        path: the file; ``-`` or None for standard output.
        process: the process.
        is_json: whether each block is JSON that is complete.

    Raises:
        CannotWrite: the file or standard output cannot be written.
        UsageError: a CI service would obey a line of the text as a command.
    """
    if path == "":
        raise UsageError("-o: expected the name of a file")
    is_stdout = path is None or path == "-"
    if is_stdout and is_job_log(process):
        if is_json:
            blocks = (process.for_log(block.decode(), "json").encode() for block in blocks)
        else:
            blocks = without_commands(blocks, process)
    try:
        if path is None or path == "-":
            _write(_shown(blocks) if process.is_terminal(sys.stdout) else blocks, sys.stdout.buffer)
        elif os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "wb") as device:
                _write(blocks, device)
        else:
            with replacing(os.path.realpath(path)) as file:
                _write(blocks, file)
    except OSError as error:  # of writing: what cannot be read is told as another error
        if is_stdout:
            silence(sys.stdout)
        if isinstance(error, BrokenPipeError):  # the reader has enough
            return
        message = f"cannot write to {'standard output' if is_stdout else path}: {error.strerror}"
        raise CannotWrite(message) from error


def _write(blocks: Iterable[bytes], file: IO[bytes]) -> None:
    for block in blocks:
        file.write(block)
    file.flush()


def _shown(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield text for a terminal."""
    import codecs

    from ..render.escape import for_screen

    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    last = "\n"
    for block, is_last in chain(((block, False) for block in blocks), [(b"", True)]):
        text = for_screen(decoder.decode(block, is_last))
        last = text[-1:] or last
        yield text.encode("utf-8", "backslashreplace")
    if last != "\n":  # else the shell would write its prompt behind it
        yield b"\n"
