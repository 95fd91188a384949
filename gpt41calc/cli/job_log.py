"""Refuse to write text that a CI service would take for a command, where the text may not be changed."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

from ..errors import UsageError
from .process import Process

__all__ = ["is_job_log", "without_commands"]

_LONG_LINE = 1 << 16
_LONGEST_COMMAND = 64
"""Characters in which the beginning of every command can be seen."""


def is_job_log(process: Process) -> bool:
    """Return whether a CI service reads standard output and obeys commands in it."""
    with suppress(OSError, ValueError):
        if stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode):
            return False
    return process.for_log("##[") != "##["


def without_commands(blocks: Iterable[bytes], process: Process) -> Iterator[bytes]:
    """Yield text as it is, up to a line that has a command of a CI service.

    Raises:
        UsageError: there is such a line.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest, before = "", ""  # of the line that is not complete: what was not checked, and what stands for its start
    held: list[bytes] = []
    for block in blocks:
        held.append(block)
        rest += decoder.decode(block)
        end = max(rest.rfind("\n"), rest.rfind("\r")) + 1
        is_long = len(rest) - end > _LONG_LINE
        if end or is_long:
            _check(before + rest, process)
            yield b"".join(held)
            held.clear()
            line = (before if not end else "") + rest[end:]
            before = "x" if line[:-_LONGEST_COMMAND].strip() else ""
            rest = line[-_LONGEST_COMMAND:] if before else line
    _check(before + rest + decoder.decode(b"", final=True), process)
    yield b"".join(held)


def _check(text: str, process: Process) -> None:
    if process.for_log(text) != text:
        message = "the text has a line that the CI service would obey as a command"
        raise UsageError(message, hint="-o FILE writes the text to a file as it is")
