"""Run a child process that may hang: it is ended after too long a silence.

A repository can make git wait forever, for example by a named pipe in the place of ``.gitignore`` or of a file that its
configuration includes.
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

__all__ = ["Conversation", "Silent", "run_child", "start_child", "stay_in_group"]

_BLOCK_BYTES = 1 << 16


class Silent(OSError):
    """The child process wrote nothing for too long and was ended."""


class Conversation:
    """A child process that ends with its ``with`` block at the latest."""

    def __init__(self, process: subprocess.Popen[bytes], silence_seconds: float) -> None:
        """Take a process whose standard input and output are pipes."""
        self.process = process
        """The process, leader of its own process group."""
        self.questions = cast("IO[bytes]", process.stdin)
        """Standard input of the process."""
        self._silence_seconds = silence_seconds
        answers = _Answers(process, silence_seconds)
        self.answers = cast("IO[bytes]", io.BufferedReader(answers, _BLOCK_BYTES))
        """Standard output of the process; reading raises Silent after too long a silence. Its standard error is
        discarded.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self.answers.close()
        with suppress(OSError):  # the rest of its input
            self.questions.close()

    def status(self) -> int:
        """Return the exit status of a process that has closed its output; it is ended if it still runs."""
        try:
            return self.process.wait(timeout=self._silence_seconds)
        except subprocess.TimeoutExpired:
            return -1

    def end(self) -> None:
        """End the process, whatever it is doing."""
        _end(self.process)


class _Answers(io.RawIOBase):
    """The standard output of a process, read with a time limit."""

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
    """Do the same where pipes cannot be polled: a timer ends the process, which closes its pipe."""
    timer = threading.Timer(seconds, lambda: _end(process))
    timer.start()
    try:
        return os.read(pipe.fileno(), most)
    finally:
        timer.cancel()


def start_child(
    command: Sequence[str], folder: str, environment: Mapping[str, str], silence_seconds: float
) -> Conversation:
    """Start a child process for a conversation.

    Raises:
        OSError: the process cannot be started.
    """
    return Conversation(_popen(command, folder, environment, subprocess.DEVNULL), silence_seconds)


def run_child(
    command: Sequence[str], folder: str, environment: Mapping[str, str], given: bytes, silence_seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run a child process and return its result.

    Args:
        command: the program and its arguments.
        folder: its working folder.
        environment: its complete environment.
        given: its standard input.
        silence_seconds: longest time without output.

    Raises:
        OSError: the process cannot be started.
        Silent: it wrote nothing for too long, and was ended.
    """
    process = _popen(command, folder, environment, subprocess.PIPE)
    try:
        if sys.platform == "win32":  # pipes cannot be polled here: the limit applies to the whole run
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
    """Write to a process and read from it, like ``subprocess``, but with a time limit that every block renews."""
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
    """Write as much as fits and return its length; if the process has closed its input, return the whole length."""
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
        # In its own process group, so that its child processes are ended with it.
        process_group=0 if _has_own_group() else None,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all its child processes, whatever they are doing; no effect if it has already ended."""
    if process.poll() is None:
        if not _has_own_group():
            process.kill()
        else:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stay_in_group() -> None:
    """Let the children of this process be in its group from now on: who started it ends the whole group."""
    _in_group.add(os.getpid())


def _has_own_group() -> bool:
    """Return whether a child of this process leads a group."""
    return sys.platform != "win32" and os.getpid() not in _in_group


_in_group: set[int] = set()
"""Ids of processes whose children are in their own group."""
