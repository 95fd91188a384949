"""What a terminal shows: the program in a pseudo-terminal, and the screen that it draws."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyte
from forkserver import ForkServer, can_fork

__all__ = ["Screen", "screen_of"]

_LINES = 400
"""Of the emulated screen: more than any picture has, so that nothing scrolls out of it."""


_DIM, _ITALICS = 2, 3


class _DimmingScreen(pyte.Screen):
    """A screen that remembers what is dim, as italics, which nothing here is: pyte itself knows no dim."""

    def select_graphic_rendition(self, *attributes: int, **private: Any) -> None:
        """Take italics for dim."""
        super().select_graphic_rendition(*(_ITALICS if each == _DIM else each for each in attributes), **private)


@dataclass(frozen=True)
class Screen:
    """What is to be seen once the program has ended."""

    status: int
    """Its exit status."""

    lines: list[str]
    """The lines of the screen down to the last one that is not empty, without blanks at their ends."""

    styled: list[str]
    """The same, with styles in braces around what has them: ``{bold red|too long}``."""


def screen_of(
    arguments: Sequence[str],
    *,
    columns: int,
    environment: Mapping[str, str],
    folder: Path,
    rows: int = 24,
    server: ForkServer | None = None,
) -> Screen:
    """Run gpt41calc in a terminal of so many columns and rows.

    Args:
        arguments: the command line behind the program's name.
        columns: how wide the terminal is.
        environment: of the process; TERM is set.
        folder: where it runs.
        rows: how high the terminal says it is.
        server: what starts the program. None starts a fresh interpreter.
    """
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    around = {**environment, "TERM": "xterm-256color"}
    screen = _DimmingScreen(columns, _LINES)
    drawing = threading.Thread(target=_draw, args=(ours, pyte.ByteStream(screen)))
    drawing.start()
    if server is not None and can_fork(around):
        status, _, _ = server.run(
            arguments, environment=around, cwd=folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
        )
    else:
        command = [sys.executable, "-m", "gpt41calc", *arguments]
        ended = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=around, cwd=folder, check=False
        )
        status = ended.returncode
    os.close(theirs)
    drawing.join()
    os.close(ours)
    # Only rows on which something was drawn: all 400 would take four times as long as the program.
    drawn = {row for row, cells in screen.buffer.items() if any(cell.data.strip() for cell in cells.values())}
    screen.lines = max(drawn, default=-1) + 1
    lines = [line.rstrip() for line in screen.display]
    return Screen(status, lines, [_styled(screen.buffer[row], columns) for row in range(screen.lines)])


def _draw(descriptor: int, stream: pyte.ByteStream) -> None:
    """Draw what is written, until nobody can write any more."""
    while piece := _read(descriptor):
        stream.feed(piece)


def _read(descriptor: int) -> bytes:
    """Return what was written, or nothing once all who could write have ended."""
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # Linux: EIO; macOS returns nothing
        return b""


def _styled(row: Mapping[int, object], columns: int) -> str:
    """Return a line of the screen with its styles in braces."""
    cells = [row[column] for column in range(columns)]
    parts = []
    for style, run in groupby(cells, key=_style):
        text = "".join(str(getattr(cell, "data", " ")) for cell in run)
        inner = text.strip()
        # Blanks have no colour: outside of the braces columns can be compared.
        before, after = text.partition(inner)[::2] if inner else (text, "")
        parts.append(f"{before}{{{style}|{inner}}}{after}" if style and inner else text)
    return "".join(parts).rstrip()


def _style(cell: object) -> str:
    """Return the words for how a cell is drawn."""
    words = [word for word, has in (("bold", "bold"), ("dim", "italics")) if getattr(cell, has, False)]
    colour = str(getattr(cell, "fg", "default"))
    return " ".join([*words, *([] if colour == "default" else [colour])])
