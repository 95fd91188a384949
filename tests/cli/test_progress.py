"""Progress of what takes longer than a second: a unit, a rate, a remaining time; on a terminal alone."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from bodies import batch_line, jsonl

from gpt41calc.cli.progress import progress_sentence

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

EXAMPLE = b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n'
ANSWER = (
    b'{"id": "%d", "model": "gpt-4.1", "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}}\n'
)


def lines_of(command: str, number: int) -> bytes:
    """Return a line that a command reads."""
    if command == "batch":
        return jsonl(batch_line(f"r{number}", "Hi"))
    return EXAMPLE if command == "finetune" else ANSWER % number


_LINES = 500
"""So many are given at once: what reads a pipe waits for 64 kB."""


def said_on_terminal(command: str, environment: dict[str, str], folder: Path, *, seconds: float) -> str:
    """Return what a command says on standard error, a terminal, while it is given lines now and then.

    Args:
        command: which.
        environment: its environment.
        folder: where it runs.
        seconds: for so long it is given lines, or until it has said how fast it is.
    """
    shown, terminal = os.openpty()
    arguments = [sys.executable, "-m", "gpt41calc", command, "-"]
    said = b""
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=terminal, cwd=folder, env=environment
    ) as process:
        os.close(terminal)
        assert process.stdin is not None
        until, number = time.monotonic() + seconds, 0
        while time.monotonic() < until and b"B/s" not in said:
            process.stdin.write(b"".join(lines_of(command, number + each) for each in range(_LINES)))
            process.stdin.flush()
            number += _LINES
            if select.select([shown], [], [], 0.05)[0]:
                said += os.read(shown, 65536)
        process.stdin.close()
        process.wait()
        with suppress(OSError):  # Linux says so that nobody writes any more
            while select.select([shown], [], [], 0)[0] and (block := os.read(shown, 65536)):
                said += block
        os.close(shown)
    return said.decode()


@pytest.mark.parametrize(
    "command", ["batch", *(pytest.param(each, marks=pytest.mark.exhaustive) for each in ("usage", "finetune"))]
)
def test_a_terminal_shows_how_far_and_how_fast(command: str, environment: dict[str, str], tmp_path: Path) -> None:
    """What takes longer than a second says how much is done and how fast; in CI nothing is drawn."""
    watched = said_on_terminal(command, environment | {"TERM": "xterm"}, tmp_path, seconds=60)

    assert "counting" in watched
    assert "B/s" in watched


def test_no_progress_in_ci(environment: dict[str, str], tmp_path: Path) -> None:
    """A job that runs in a pseudo-terminal keeps no frames in its log."""
    said = said_on_terminal("batch", environment | {"TERM": "xterm", "CI": "true"}, tmp_path, seconds=3)

    assert "counting" not in said


@pytest.mark.parametrize(
    ("done", "total", "unit", "seconds", "said"),
    [
        (30_000_000, 120_000_000, "bytes", 2.0, "30.0 MB of 120.0 MB, 15.0 MB/s, 6 s left"),
        (30_000_000, 0, "bytes", 2.0, "30.0 MB, 15.0 MB/s"),
        (500, 2_000, "files", 5.0, "500 of 2,000 files, 100 files/s, 15 s left"),
        (2_000, 2_000, "files", 5.0, "2,000 of 2,000 files, 400 files/s"),
        (1, 4_000, "requests", 1.0, "1 of 4,000 requests, 1 requests/s, 1 h 6 min left"),
        (0, 10, "files", 0.0, "0 of 10 files, 0 files/s"),
    ],
)
def test_sentence(done: int, total: int, unit: str, seconds: float, said: str) -> None:
    """A unit, a rate and, where the whole is known, the time that is left."""
    assert said == progress_sentence(done, total, unit, seconds)  # type: ignore[arg-type] # one of the units
