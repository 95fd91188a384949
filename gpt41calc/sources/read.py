"""Read an untrusted source as UTF-8 text, block by block."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator

from .decoding import Decoding, NotText
from .folders import OpenFolders
from .open_path import open_path, why
from .source import Rules, Source

__all__ = ["NotText", "Reading"]

SNIFFED_BYTES = 8 << 10
"""A NUL byte within this many first bytes makes a file binary, and the rest is not read."""

BLOCK_BYTES = 4 << 20


class Reading:
    """One pass over a source; iterating yields valid UTF-8 without a byte order mark.

    Raises (while iterating):
        NotText: the source is binary, special, too large, unreadable or gone.
    """

    def __init__(self, source: Source, rules: Rules, *, stdin: int = 0, folders: OpenFolders | None = None) -> None:
        """Take the source to read; nothing is opened yet.

        Args:
            source: the source.
            rules: the rules for reading it.
            stdin: descriptor of standard input.
            folders: open folders; None if this is the only source.
        """
        self._folders = folders
        self._source = source
        self._rules = rules
        self._stdin = stdin
        # In a folder, leaving such a file out is expected; a named file was meant to be counted.
        self._decoding = Decoding(as_text=rules.text, expected=not source.named)
        self.bytes = 0
        """Number of bytes read so far."""
        self.status: os.stat_result | None = None
        """The status of the file before it was read. None before that."""
        self.read_ns = 0
        """Time when the status was read, in nanoseconds since 1970."""

    @property
    def lossy(self) -> bool:
        """Whether some bytes were not valid text."""
        return self._decoding.lossy

    def is_longer(self, limit_bytes: int) -> bool:
        """Return whether the file is longer than a limit, by its status; for a pipe, always False."""
        return self.status is not None and self.status.st_size > limit_bytes

    def __iter__(self) -> Iterator[bytes]:
        """Yield the text in blocks; no character is split between two blocks."""
        return self._decoding.decoded(self.raw())

    def raw(self) -> Iterator[bytes]:
        """Yield the bytes unchanged, for a format with its own text encoding.

        Raises:
            NotText: the source is special, too large, unreadable or gone; with
                ``Rules(text=True)`` nothing is binary.
        """
        descriptor = self._stdin
        try:
            if self._source.path is not None:
                # Before the file is read: any later change also changes its status.
                self.read_ns = time.time_ns()
                descriptor, self.status = _open(self._source, self._rules, self._folders)
            block, is_all = self._begin(descriptor)
            yield block
            while not is_all and (block := self._take(descriptor, BLOCK_BYTES)):
                yield block
        except OSError as error:
            is_moved = error.errno in _LINK_ERRORS and not self._source.named
            raise NotText(_BEHIND_LINK if is_moved else why(error), expected=False) from error
        finally:
            if self.status is not None:
                os.close(descriptor)

    def _begin(self, descriptor: int) -> tuple[bytes, bool]:
        """Return the first block, and whether it is the whole file; a binary file is not read further."""
        start = self._take(descriptor, SNIFFED_BYTES)
        self._decoding.sniff(start)
        stated_bytes = self.status.st_size if self.status else None
        if len(start) == stated_bytes:  # most files are short, and another read would only confirm it
            return start, True
        # The whole file and one byte more: a larger buffer would cost more than the reading.
        most = BLOCK_BYTES if stated_bytes is None else min(max(stated_bytes + 1 - len(start), 1), BLOCK_BYTES)
        rest = self._take(descriptor, most)
        return start + rest, not rest

    def _take(self, descriptor: int, most: int) -> bytes:
        taken = os.read(descriptor, most)
        self.bytes += len(taken)
        limit = self._rules.max_bytes
        if limit is not None and self.bytes > limit:
            message = f"larger than {limit:,} bytes"
            raise NotText(message, expected=not self._source.named)
        return taken


_LINK_ERRORS = {errno.ELOOP, errno.ENOTDIR}
_BEHIND_LINK = "a symbolic link has taken the place of it or of a folder on the way to it"


def _open(source: Source, rules: Rules, folders: OpenFolders | None) -> tuple[int, os.stat_result]:
    """Open a file without being misled by special files; return its descriptor and status.

    A file found in a folder is opened without waiting, so that a pipe in its place cannot block, and without following
    links. A named pipe is opened with waiting: the user chose it, and ``<(git show X)`` is one.
    """
    if source.named:
        descriptor = _open_named(source.path or "")
    elif folders is not None:
        descriptor = folders.open(*source.place)
    else:
        with OpenFolders(follow=rules.follow) as own:
            descriptor = own.open(*source.place)
    status = os.fstat(descriptor)
    kind = status.st_mode
    if not stat.S_ISREG(kind) and not (source.named and stat.S_ISFIFO(kind)):
        os.close(descriptor)
        raise NotText("no longer a regular file", expected=False)
    return descriptor, status


def _open_named(path: str) -> int:
    mode = os.stat(path).st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise NotText("a device", expected=False)
    if stat.S_ISSOCK(mode):
        raise NotText("a socket", expected=False)
    return open_path(path, os.O_RDONLY)
