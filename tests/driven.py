"""The program in a pseudo-terminal, driven by keys and read from its screen."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyte

__all__ = ["Driven"]

_PATIENCE_SECONDS = 30
_QUIET_SECONDS = 0.2
"""Longer than Textual waits for the rest of an escape sequence: a key that was sent has had its effect."""


class Driven:
    """A running gpt41calc, and its screen."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        columns: int = 80,
        rows: int = 24,
        program: Sequence[str] = ("-m", "gpt41calc"),
    ) -> None:
        """Start it; standard output is a pipe, everything else the terminal."""
        import fcntl
        import pty
        import termios

        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        """Everything that was sent to the terminal."""
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, *program, *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env={**environment, "TERM": "xterm-256color"},
            cwd=folder,
            start_new_session=True,
        )
        os.close(theirs)
        self._drawing = threading.Thread(target=self._draw, daemon=True)
        self._drawing.start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def press(self, keys: str) -> None:
        """Send keys, or what a terminal sends for a mouse."""
        os.write(self._ours, keys.encode())

    def until(self, *texts: str) -> list[str]:
        """Wait until texts are on the screen, and return its lines without blanks at their ends."""
        until = time.monotonic() + _PATIENCE_SECONDS
        with self._changed:
            while True:
                lines = [line.rstrip() for line in self._screen.display]
                missing = [text for text in texts if text not in "\n".join(lines)]
                if not missing and not self._changed.wait(_QUIET_SECONDS) and self._rests():
                    return lines  # nothing more is being drawn
                assert time.monotonic() < until, (missing, lines)
                if missing:
                    self._changed.wait(0.5)

    def end(self) -> tuple[int, str]:
        """Wait for its end; return its exit status and what it wrote on standard output."""
        output, _ = self._process.communicate(timeout=_PATIENCE_SECONDS)
        self._drawing.join(_PATIENCE_SECONDS)
        return self._process.returncode, output.decode()

    def close(self) -> None:
        """Kill it, if it still runs, and close the terminal."""
        self._process.kill()
        self._process.communicate()
        self._drawing.join(_PATIENCE_SECONDS)
        os.close(self._ours)

    def _rests(self) -> bool:
        """Tell whether all threads wait, where there is a ``/proc``: on a busy machine one may be late."""
        states = []
        for status in Path(f"/proc/{self.pid}/task").glob("*/stat"):
            with suppress(OSError):  # it has ended
                states.append(status.read_text().rpartition(")")[2].split()[0])
        return all(state in "SZ" for state in states)

    def _draw(self) -> None:
        while piece := self._read():
            with self._changed:
                self.written += piece
                self._stream.feed(piece)
                self._changed.notify_all()

    def _read(self) -> bytes:
        try:
            return os.read(self._ours, 1 << 16)
        except OSError:  # Linux: EIO, once nobody can write any more
            return b""
