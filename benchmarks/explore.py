"""Measure the explorer in a terminal of 80 x 24: the first picture after counting, and every key.

``python -m benchmarks.explore [FOLDER]...`` measures given folders; without one, 100,000 files in 1,000 folders and
100,000 files in one. Linux, which says how much of the time was the program's own.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import NamedTuple

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
    "open": "\r",
    "back": "\x1b[D",
    "models": "m",
    "close": "m",
    "keys": "?",
    "close keys": "?",
    "ask for a filter": "/",
    "a character of it": "*",
    "use the filter": "\r",
    "ask again": "/",
    "show everything": "\r",
    "models again": "m",
    "the next one": "\x1b[B",
    "count in its encoding, meanwhile": "\r",
    "down meanwhile": "\x1b[B",
    "up meanwhile": "\x1b[A",
    "page down meanwhile": "\x1b[6~",
}
"""The keys in the order in which they are pressed, each with what it does."""


class Spent(NamedTuple):
    """How long something took."""

    seconds: float
    """Until the last output of it."""

    own_seconds: float
    """Of the processor, in the program: what other programs do does not change it."""


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
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def first_picture(self) -> Spent:
        """Return what was spent from the last count to the first picture."""
        shown = b""
        while b"q:quit" not in shown:
            shown += os.read(self._terminal, 1 << 16)
        seen_seconds, own_seconds = time.monotonic(), self._own_seconds()
        counted_seconds, own_before_seconds = struct.unpack("dd", os.read(self._counted, 16))
        self._quiet_after(seen_seconds)
        return Spent(seen_seconds - counted_seconds, own_seconds - own_before_seconds)

    def press(self, key: str, *, alone: bool) -> Spent:
        """Return what was spent from a key to the end of what it draws.

        Args:
            key: what the terminal sends.
            alone: whether nothing else draws meanwhile; else the time ends with the first output.
        """
        own_seconds = self._own_seconds()
        os.write(self._terminal, key.encode())
        since = time.monotonic()
        select.select([self._terminal], [], [], LONGEST_SECONDS)
        first_seconds = time.monotonic()
        last_seconds = self._quiet_after(since)
        return Spent((last_seconds if alone else first_seconds) - since, self._own_seconds() - own_seconds)

    def _own_seconds(self) -> float:
        """Return the time of the processor that the threads of the program had."""
        files = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(file.read_text().split()[0]) for file in files) / 1e9

    def _quiet_after(self, seconds: float) -> float:
        """Return when the last output came, once there is silence."""
        while select.select([self._terminal], [], [], SILENCE_SECONDS)[0]:
            os.read(self._terminal, 1 << 16)
            seconds = time.monotonic()
        return seconds

    def end(self) -> None:
        """End the program."""
        os.kill(self.pid, signal.SIGTERM)
        with suppress(OSError):  # Linux says so that nobody can write any more
            while os.read(self._terminal, 1 << 16):
                pass
        os.waitpid(self.pid, 0)


def _run(folder: str, telling: int) -> None:
    """Run the explorer in this process, and write when counting is done."""
    from gpt41calc.boundary import main
    from gpt41calc.commands.explore import run

    count = vars(run)["count_sources"]

    def counted(*arguments: object, **options: object) -> object:
        tally: object = count(*arguments, **options)
        os.write(telling, struct.pack("dd", time.monotonic(), time.process_time()))
        return tally

    vars(run)["count_sources"] = counted
    os._exit(main(["explore", "--no-progress", "-m", "gpt-4.1,gpt-4", folder]))


@contextmanager
def many_files(folders: int) -> Iterator[str]:
    """Make a folder of many short files, in so many folders or, for 0, in itself, which takes half a minute."""
    with tempfile.TemporaryDirectory() as top:
        for number in range(FILES):
            folder = Path(top, f"folder{number % folders:04}" if folders else "")
            folder.mkdir(exist_ok=True)
            (folder / f"file{number:06}.py").write_text("value = 1\n" * (number % 7 + 1))
        yield top


def measure(folder: str, title: str) -> None:
    """Print what the first picture and every key take."""
    spent: dict[str, list[Spent]] = defaultdict(list)
    for _ in range(ROUNDS):
        watched = Watched(folder)
        spent["first picture after counting"].append(watched.first_picture())
        for name, key in KEYS.items():
            spent[name].append(watched.press(key, alone="meanwhile" not in name))
        watched.end()
    print(f"{title:<34}{'median':>10}{'longest':>10}{'own':>10}{'longest':>10}")
    for name, every in spent.items():
        columns = (
            statistic(values) * 1000
            for values in ([one.seconds for one in every], [one.own_seconds for one in every])
            for statistic in (median, max)
        )
        print(f"{name:<34}" + "".join(f"{milliseconds:>10.1f}" for milliseconds in columns))
    print(flush=True)


def main(folders: Sequence[str]) -> None:
    """Measure the folders, or those of 100,000 files."""
    print(f"Milliseconds, of {ROUNDS} runs; own: of the processor, in the program.\n")
    for folder in folders:
        measure(folder, folder)
    if not folders:
        for number, where in ((1000, "1,000 folders"), (0, "one folder")):
            with many_files(number) as top:
                measure(top, f"{FILES:,} files in {where}")


if __name__ == "__main__":
    main(sys.argv[1:])
