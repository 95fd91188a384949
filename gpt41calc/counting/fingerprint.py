"""What is remembered of a file and of its content."""

from __future__ import annotations

import os
import stat
import struct
import sys
from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["BINARY", "Fingerprint", "Remembered", "fingerprint"]

_RACY_NANOSECONDS = 2_000_000_000
"""The coarsest clock of a file system in use (FAT)."""

Fingerprint = bytes
"""What the system says of a file, packed; equal fingerprints: the same content, if they are not racy."""

BINARY = b""
"""Stands in the place of a digest: the file is no text."""


class Remembered(NamedTuple):  # made for every file, in half the time of a dataclass
    """What is known of a content."""

    digest: bytes
    """Digest of the text as it was counted and of how it was read, or ``BINARY``."""

    bytes: int
    """How many bytes were read of the file."""

    lossy: bool
    """Whether some of them were no text."""

    tokens: Mapping[str, int]
    """Exact counts, by the identity of the tokenizer."""


def fingerprint(status: os.stat_result, *, now_ns: int, as_text: bool) -> Fingerprint | None:
    """Return what a file is known by, or none if that could be mistaken.

    Args:
        status: what the system says of the file.
        now_ns: the time at which it was asked, in nanoseconds since 1970.
        as_text: whether binary files are counted as text, which leads to another count.
    """
    if sys.platform == "win32" or not stat.S_ISREG(status.st_mode):
        return None  # Windows has no time of change that a program cannot set
    if not status.st_size:
        return None  # read at no cost; and a file of /proc, which changes unseen, says so of itself
    if max(status.st_mtime_ns, status.st_ctime_ns) > now_ns - _RACY_NANOSECONDS:
        return None
    return _FINGERPRINT.pack(
        status.st_dev & _64_BITS,
        status.st_ino & _64_BITS,
        status.st_size,
        status.st_mtime_ns & _64_BITS,
        status.st_ctime_ns & _64_BITS,
        as_text,
    )


_FINGERPRINT = struct.Struct("<QQqQQ?")
_64_BITS = (1 << 64) - 1
