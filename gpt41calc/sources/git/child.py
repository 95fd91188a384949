"""Run a child process that may hang: what says nothing for too long is ended.

A repository can make git wait for ever, for example by a named pipe in the
place of ``.gitignore`` or of a file that its configuration includes.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Self, cast

__all__ = ["Conversation", "Silent", "run_child", "start_child"]

_BLOCK_BYTES = 1 << 16


class Silent(OSError):
    """A child wrote nothing for so long that it was ended."""


class Conversation:
    """A child that runs until the end of a ``with`` block at the latest."""

    def __init__(self, process: subprocess.Popen[bytes], silence_seconds: float) -> None:
        """Take charge of a process whose standard input and output are pipes."""
        self.process = process
        """The process, the first of a group of its own."""
        self.questions = cast("IO[bytes]", process.stdin)
        """What it reads."""
        self._silence_seconds = silence_seconds
        answers = _Answers(process, silence_seconds)
        self.answers = cast("IO[bytes]", io.BufferedReader(answers, _BLOCK_BYTES))
        """What it writes; reading raises Silent after too long a silence. Nobody hears its complaints."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.answers.close()
        with suppress(OSError):  # the rest of its input
            self.questions.close()

    def status(self) -> int:
        """Return how the process ended that has written everything; it is ended if it goes on."""
        try:
            return self.process.wait(timeout=self._silence_seconds)
        except subprocess.TimeoutExpired:
            return -1

    def end(self) -> None:
        """End the process, whatever it does."""
        _end(self.process)


class _Answers(io.RawIOBase):
    """The standard output of a process, read with a deadline."""

    def __init__(self, process: subprocess.Popen[bytes], silence_seconds: float) -> None:
        self._process = process
        self._pipe = cast("IO[bytes]", process.stdout)
        self._silence_seconds = silence_seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        wait = _wait_windows if sys.platform == "win32" else _wait
        block = wait(self._process, self._pipe, len(buffer), self._silence_seconds)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._pipe.close()
        super().close()


def _wait(process: subprocess.Popen[bytes], pipe: IO[bytes], most: int, seconds: float) -> bytes:
    import select

    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    if not waiting.poll(seconds * 1000):
        _end(process)
        raise Silent
    return os.read(pipe.fileno(), most)


def _wait_windows(process: subprocess.Popen[bytes], pipe: IO[bytes], most: int, seconds: float) -> bytes:
    """Do the same where pipes cannot be polled: a timer ends the process, and then its pipe ends."""
    timer = threading.Timer(seconds, lambda: _end(process))
    timer.start()
    try:
        return os.read(pipe.fileno(), most)
    finally:
        timer.cancel()


def start_child(
    command: Sequence[str], folder: str, environment: Mapping[str, str], silence_seconds: float
) -> Conversation:
    """Start a child to talk to.

    Raises:
        OSError: it cannot be started.
    """
    return Conversation(_popen(command, folder, environment, subprocess.DEVNULL), silence_seconds)


def run_child(
    command: Sequence[str], folder: str, environment: Mapping[str, str], given: bytes, silence_seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run a child to its end.

    Args:
        command: the program and its arguments.
        folder: where to run it.
        environment: all of its environment.
        given: its standard input.
        silence_seconds: how long it may write nothing.

    Raises:
        OSError: it cannot be started.
        Silent: it wrote nothing for too long, and was ended.
    """
    process = _popen(command, folder, environment, subprocess.PIPE)
    try:
        if sys.platform == "win32":  # no polling of pipes: there the whole run has the deadline
            out, err = process.communicate(given, timeout=silence_seconds)
        else:
            out, err = _communicate(process, given, silence_seconds)
            process.wait(timeout=silence_seconds)
    except subprocess.TimeoutExpired:
        raise Silent from None
    finally:
        _end(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                cast("IO[bytes]", pipe).close()
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _communicate(process: subprocess.Popen[bytes], given: bytes, silence_seconds: float) -> tuple[bytes, bytes]:
    """Feed a process and hear it, as ``subprocess`` does, but with a deadline that every block renews."""
    import selectors

    stdin, stdout, stderr = (cast("IO[bytes]", pipe) for pipe in (process.stdin, process.stdout, process.stderr))
    heard: dict[object, list[bytes]] = {stdout: [], stderr: []}
    left = memoryview(given)
    with selectors.DefaultSelector() as waiting:
        waiting.register(stdout, selectors.EVENT_READ)
        waiting.register(stderr, selectors.EVENT_READ)
        if given:
            os.set_blocking(stdin.fileno(), False)
            waiting.register(stdin, selectors.EVENT_WRITE)
        else:
            stdin.close()
        while waiting.get_map():
            if not (ready := waiting.select(silence_seconds)):
                raise Silent
            for key, _ in ready:
                if key.fileobj is stdin:
                    left = left[_written(stdin, left) :]
                    is_done = not left
                else:
                    block = os.read(key.fd, _BLOCK_BYTES)
                    heard[key.fileobj].append(block)
                    is_done = not block
                if is_done:
                    waiting.unregister(key.fileobj)
                    cast("IO[bytes]", key.fileobj).close()
    return b"".join(heard[stdout]), b"".join(heard[stderr])


def _written(stdin: IO[bytes], left: memoryview) -> int:
    """Write what fits, and return how much that was; to who does not listen any more, all of it."""
    try:
        return os.write(stdin.fileno(), left[:_BLOCK_BYTES])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(left)


def _popen(command: Sequence[str], folder: str, environment: Mapping[str, str], stderr: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        # In a group of its own, so that what it started is ended with it.
        process_group=None if sys.platform == "win32" else 0,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started, whatever they do; one that has ended is left alone."""
    if process.poll() is None:
        if sys.platform == "win32":
            process.kill()
        else:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()
