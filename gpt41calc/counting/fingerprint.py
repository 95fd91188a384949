"""Fingerprints of files, and the cached facts about their contents."""

from __future__ import annotations

import builtins
import os
import stat
import struct
import sys
from collections.abc import Mapping
from hashlib import blake2b
from typing import NamedTuple

from .file_systems import FileSystems

__all__ = ["BINARY", "EMPTY", "CachedCounts", "Fingerprint", "Fingerprints", "short_identity"]

Fingerprint = bytes
"""File metadata, packed; files with equal fingerprints have the same content."""

BINARY = b""
"""Takes the place of a digest if the file is binary."""

EMPTY = b"\0"
"""Takes the place of a digest if the file is empty."""


class CachedCounts(NamedTuple):  # created for every file, in half the time of a dataclass
    """The cached facts about one content."""

    digest: bytes
    """Digest of the text and of how it was read, or ``BINARY`` or ``EMPTY``; for a cached text, its key."""

    bytes: int
    """Number of bytes read from the file."""

    lossy: bool
    """Whether some bytes were not valid text."""

    tokens: Mapping[builtins.bytes, int]
    """Exact token counts, by the short identity of the tokenizer."""


def short_identity(identity: str) -> bytes:
    """Return eight bytes that identify a tokenizer."""
    return blake2b(identity.encode(), digest_size=8).digest()


class Fingerprints:
    """Fingerprints of files, where they identify the content reliably.

    A fingerprint is device, inode, size and times of a file. It may stand for
    its content only if no change of the content leaves it as it is. The time
    of change (ctime) is set by the kernel at every change, and no program can
    set it; but

    - it has the grain of the kernel's clock, so a file that is as young as
      that may change again and keep it (git calls such entries racy);
    - stores through a shared mapping set it once, at the first store to a
      page, and not again until that page was written to the disk. Measured on
      ext4 (Linux 6.18): a second store 1.2 s later leaves all times as they
      were. The kernel writes such pages after ``vm.dirty_expire_centisecs``
      plus ``vm.dirty_writeback_centisecs``, 35 s by default, so a file is
      trusted once its last change is twice as long ago;
    - an image that was made elsewhere (squashfs, ISO 9660, a disk image made
      reproducibly) has the time its maker chose, one for all of its files. Two
      of them, mounted one after the other at one loop device, are distinguished
      by nothing. They are read-only, or their times are whole seconds: neither
      is trusted. A kernel's clock gives a whole second once in a million.
    - some file systems invent times, or tell them late: ``FileSystems`` has those
      that are trusted. Some report a size of 0 for files with content, as /proc
      does. On Linux none of these is trusted; on other systems one may be, so
      files of size 0 have no fingerprint there.

    In doubt there is no fingerprint, and the file is read. Of a text that was
    counted before, that saves the counting still. Measured over the source
    of Django 5.2.8 (6,890 files, 2 cores, Linux 6.18), seconds of processor
    time: a first run takes 1.7; later ones 0.27 where files are trusted, as
    without these rules; and 0.90 where none is (tmpfs).
    """

    def __init__(self) -> None:
        """Start without any file system inspected."""
        self._systems = FileSystems()

    def of(self, status: os.stat_result, path: str, *, now_ns: int, as_text: bool) -> Fingerprint | None:
        """Return the fingerprint of a file, or None if it is not reliable.

        Args:
            status: what the system says of the file.
            path: where it is.
            now_ns: the time at which the system was asked, in nanoseconds since 1970.
            as_text: whether binary files are counted as text, which leads to another count.
        """
        if not stat.S_ISREG(status.st_mode) or not (status.st_size or _SIZES_ARE_TRUE):
            return None
        changed_ns, modified_ns = status.st_ctime_ns, status.st_mtime_ns
        if not changed_ns % _SECOND_NS:
            return None
        settled_ns = now_ns - self._systems.settling_ns
        if changed_ns > settled_ns or modified_ns > settled_ns:
            return None
        system = self._systems.identity(status.st_dev, path)
        if system is None:
            return None
        return _FINGERPRINT.pack(
            status.st_dev & _64_BITS,
            system & _64_BITS,
            status.st_ino & _64_BITS,
            status.st_size,
            modified_ns & _64_BITS,
            changed_ns & _64_BITS,
            as_text,
        )


_SIZES_ARE_TRUE = sys.platform == "linux"
"""Whether a file is empty if a trusted file system says so."""

_SECOND_NS = 1_000_000_000
_FINGERPRINT = struct.Struct("<QQQqQQ?")
_64_BITS = (1 << 64) - 1
