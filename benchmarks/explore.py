"""Measure the explorer in a terminal of 80 x 24: the first picture after counting, and every key.

``python -m benchmarks.explore [FOLDER]...`` measures given folders; without one, 100,000 files in 1,000 folders and
100,000 files in one. Linux and macOS.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

FILES = 100_000
ROUNDS = 5
SILENCE_SECONDS = 0.08
"""After this much time without output, a key is done with; the time itself is not counted."""

LONGEST_SECONDS = 2
"""Time in which a key must draw something."""

KEYS = {
    "down": "\x1b[B",
    "page down": "\x1b[6~",
    "end": "\x1b[F",
    "home": "\x1b[H",
    "leave out": "x",
    "take back": "u",
    "sort by name": "s",
    "sort by files": "s",
    "sort by size": "s",
    "sort by tokens": "s",
    "reverse": "r",
    "reverse again": "r",
    "open folder": "\r",
    "folder above": "\x1b[D",
    "models": "m",
    "close": "m",
    "keys": "?",
    "close keys": "?",
    "ask for a filter": "/",
    "a character of it": "*",
    "close the question": "\x1b\x1b",
}
"""The keys in the order in which they are pressed, each with what it does."""


class Watched:
    """The program in a terminal, in a process of its own."""

    def __init__(self, folder: str) -> None:
        """Start it."""
        counted, telling = os.pipe()
        self.pid, self._terminal = pty.fork()
        if not self.pid:
            os.close(counted)
            _run(folder, telling)
        os.close(telling)
        self._counted = counted
        self.set_size()

    def set_size(self) -> None:
        """Make the terminal 80 columns wide and 24 lines high."""
        import fcntl
        import termios

        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def first_picture(self) -> float:
        """Return the seconds from the last count to the last line of the first picture."""
        shown = b""
        while b"q:quit" not in shown:
            shown += os.read(self._terminal, 1 << 16)
        seen_seconds = time.monotonic()
        (counted_seconds,) = struct.unpack("d", os.read(self._counted, 8))
        self.quiet_after(seen_seconds)
        return float(seen_seconds - counted_seconds)

    def press(self, key: str) -> float:
        """Return the seconds from a key to the end of what it draws."""
        os.write(self._terminal, key.encode())
        since = time.monotonic()
        select.select([self._terminal], [], [], LONGEST_SECONDS)
        return self.quiet_after(since) - since

    def quiet_after(self, seconds: float) -> float:
        """Return when the last output came, once there is silence."""
        while select.select([self._terminal], [], [], SILENCE_SECONDS)[0]:
            os.read(self._terminal, 1 << 16)
            seconds = time.monotonic()
        return seconds

    def end(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGTERM)
        while True:
            try:
                if not os.read(self._terminal, 1 << 16):
                    break
            except OSError:
                break
        os.waitpid(self.pid, 0)


def _run(folder: str, telling: int) -> None:
    """Run the explorer in this process, and write when counting is done."""
    from gpt41calc.boundary import main
    from gpt41calc.commands.explore import run

    count = vars(run)["count_sources"]

    def counted(*arguments: object, **options: object) -> object:
        tally: object = count(*arguments, **options)
        os.write(telling, struct.pack("d", time.monotonic()))
        return tally

    vars(run)["count_sources"] = counted
    os._exit(main(["explore", "--no-progress", folder]))


@contextmanager
def many_files(folders: int) -> Iterator[str]:
    """Make a folder of many short files, which takes half a minute."""
    with tempfile.TemporaryDirectory() as top:
        for number in range(FILES):
            folder = Path(top, f"folder{number % folders:04}")
            if number < folders:
                folder.mkdir()
            (folder / f"file{number:06}.py").write_text("value = 1\n" * (number % 7 + 1))
        yield top


def measure(folder: str, title: str) -> None:
    """Print how long the first picture and every key take."""
    pictures: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in KEYS}
    for _ in range(ROUNDS):
        watched = Watched(folder)
        pictures.append(watched.first_picture())
        for name, key in KEYS.items():
            times[name].append(watched.press(key))
        watched.end()
    print(title)
    for name, seconds in ({"first picture after counting": pictures} | times).items():
        print(f"{name:<30}{median(seconds) * 1000:>8.1f} ms{max(seconds) * 1000:>8.1f} ms")
    print(flush=True)


def main(folders: Sequence[str]) -> None:
    """Measure the folders, or those of 100,000 files."""
    print(f"median and longest of {ROUNDS}, terminal of 80 x 24\n")
    for folder in folders:
        measure(folder, folder)
    if not folders:
        for number in (1000, 1):
            with many_files(number) as top:
                measure(top, f"{FILES:,} files in {number:,} folder{'s' if number > 1 else ''}")


if __name__ == "__main__":
    main(sys.argv[1:])
