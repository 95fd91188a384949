"""Write text that is the result itself and no report: byte for byte, while it is made."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from typing import IO

from ..errors import CannotWrite, UsageError
from .process import Process, mode_of, silence

__all__ = ["write_bytes"]


def write_bytes(blocks: Iterable[bytes], path: str | None, process: Process) -> None:
    """Write blocks to a file, or to standard output, as they come.

    A file is replaced in one step once all is written. On a terminal, control characters other than tabs and newlines
    are written as escapes, and a last line is ended; a pipe or a file receives every byte as it is, as from ``cat``.

    Args:
        blocks: what to write. Errors that it raises pass, and leave a file as it was.
        path: the file; ``-`` or None for standard output.
        process: the process.

    Raises:
        CannotWrite: the file or standard output cannot be written.
    """
    if path == "":
        raise UsageError("-o: expected the name of a file")
    if path is None or path == "-":
        _to_stdout(_shown(blocks) if process.is_terminal(sys.stdout) else blocks)
        return
    with _replacing(path) as file:
        for block in blocks:
            with _explained(f"{path}: "):
                file.write(block)


def _to_stdout(blocks: Iterable[bytes]) -> None:
    stream = sys.stdout.buffer
    try:
        for block in blocks:
            with _explained("standard output: "):
                stream.write(block)
        with _explained("standard output: "):
            stream.flush()
    except BrokenPipeError:  # the reader has enough
        silence(sys.stdout)
    except CannotWrite:
        silence(sys.stdout)
        raise


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turn an error of writing into one that says where."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"cannot write to {where.removesuffix(': ')}: {error.strerror}"
        raise CannotWrite(message) from error


@contextmanager
def _replacing(path: str) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of another once it is complete; a device or a pipe is written directly."""
    import tempfile

    with _explained(f"{path}: "):
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            with open(path, "wb") as direct:
                yield direct
            return
        target = os.path.realpath(path)
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".gpt41calc-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            with _explained(f"{path}: "):
                file.flush()
                os.fsync(file.fileno())
        with _explained(f"{path}: "):
            os.chmod(temporary, mode_of(target))
            os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


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
