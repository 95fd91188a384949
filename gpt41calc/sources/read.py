"""Read a source as UTF-8 text, block by block, without trusting it."""

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
"""A NUL byte in so many bytes at the start makes a file binary without reading the rest."""

BLOCK_BYTES = 4 << 20


class Reading:
    """One pass over a source; iterating yields valid UTF-8, without a byte order mark.

    Raises (while iterating):
        NotText: the source is binary, special, too large, unreadable or gone.
    """

    def __init__(self, source: Source, rules: Rules, *, stdin: int = 0, folders: OpenFolders | None = None) -> None:
        """Take what to read; nothing is opened yet.

        Args:
            source: what to read.
            rules: how to read it.
            stdin: descriptor of standard input.
            folders: those that are open already; None if this is the only source.
        """
        self._folders = folders
        self._source = source
        self._rules = rules
        self._stdin = stdin
        # Of a folder leaving it out is what was asked for; a file that was named was to be counted.
        self._decoding = Decoding(as_text=rules.text, expected=not source.named)
        self.bytes = 0
        """How many bytes were read."""
        self.status: os.stat_result | None = None
        """The status of the file before it was read."""
        self.read_ns = 0
        """When the status was read, in nanoseconds since 1970."""

    @property
    def lossy(self) -> bool:
        """Whether some of them were no text."""
        return self._decoding.lossy

    def is_longer(self, limit_bytes: int) -> bool:
        """Return whether the status says that the file is longer; for a pipe, always False."""
        return self.status is not None and self.status.st_size > limit_bytes

    def __iter__(self) -> Iterator[bytes]:
        """Yield the text in blocks; a character never lies across two of them."""
        return self._decoding.decoded(self.raw())

    def raw(self) -> Iterator[bytes]:
        """Yield the bytes as they are, for a format that says itself what its text is.

        Raises:
            NotText: the source is special, too large, unreadable or gone; with
                ``Rules(text=True)`` nothing is binary.
        """
        descriptor = self._stdin
        try:
            if self._source.path is not None:
                # Before it is read: whatever changes from here on changes what the system says, too.
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
        """Return the first block, and whether it is all there is; what begins as binary is not read further."""
        start = self._take(descriptor, SNIFFED_BYTES)
        self._decoding.sniff(start)
        stated_bytes = self.status.st_size if self.status else None
        if len(start) == stated_bytes:  # most files are short: to ask for more would only tell the same
            return start, True
        # As much as there is, and one byte more: a larger buffer would cost more than the reading.
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
    """Open a file without being caught by what only looks like one; return what the system says of it, too.

    A file found by walking is opened without waiting, so that a pipe put in
    its place cannot block, and through no link. A named pipe is opened with
    waiting: the user asked for it, and ``<(git show X)`` is one.
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
