"""Compare the work tree with a commit, without running git's filters.

A repository may name programs that convert files between work tree and index (``filter.*.clean``), and git runs them
whenever it compares the two. So git is only asked for the index, and the files on disk are examined here.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace

from ..decoding import NotText
from ..folders import OpenFolders
from ..open_path import require_regular
from .blobs import SUBMODULE, Blob, contents
from .change import Change, OnDisk, change_of
from .conversions import Conversion, conversions
from .hashing import holds, is_content, is_target
from .index import Indexed, index_file, indexed, untracked
from .lfs import LONGEST_POINTER_BYTES, lfs_target
from .listing import Listing
from .raw_diff import RawChange, staged_changes
from .repository import Repository
from .revisions import Commit

__all__ = ["work_tree_changes"]

_FILE = stat.S_IFREG | 0o644
_MODULUS = 1 << 32
"""The index records sizes and inodes modulo this number."""

_SEEN_BYTES = 64 << 10
_UNLISTED = re.compile(rb"could not open directory '(.*?)/?': ")


def work_tree_changes(repository: Repository, before: Commit, below: tuple[str, ...]) -> Iterator[Change]:
    """Yield the differences between a commit and the work tree."""
    with OpenFolders() as folders:
        yield from _changes(repository, _Disk(repository, folders), before, below)


def _changes(repository: Repository, disk: _Disk, before: Commit, below: tuple[str, ...]) -> Iterator[Change]:
    staged = {one.path: one for one in staged_changes(repository, before, below)}
    listed = indexed(repository, below)
    entries = {entry.path: entry for entry in listed if not entry.announced}
    disk.conversions = conversions(repository, entries)
    modified = _modified(repository, disk, entries)
    for path, entry in entries.items():
        one = staged.pop(path, RawChange("", path, path, entry.blob, entry.blob))
        yield from disk.changed(one, modified.get(path, one.after))
    others = untracked(repository, below)
    announced = [entry.path for entry in listed if entry.announced]
    for path in (*announced, *(name.rstrip("/") for name in others.paths)):
        # Removed from the index, but still on disk?
        one = staged.pop(path, RawChange("", path, path, None, None))
        yield from disk.changed(one, disk.look(path))
    for one in staged.values():
        yield from disk.changed(one, None)
    yield from _unlisted(repository, others)


def _modified(repository: Repository, disk: _Disk, entries: Mapping[str, Indexed]) -> dict[str, OnDisk | None]:
    """Return the file on disk if it differs from the index."""
    modified = {path: disk.look(path) for path, entry in entries.items() if not disk.is_clean(entry)}
    regular = [path for path, found in modified.items() if found is not None and found.mode == _FILE]
    blobs = contents(repository, [entries[path].blob for path in regular])
    for path, content in zip(regular, blobs, strict=True):
        if content.size_bytes is not None and content.size_bytes <= LONGEST_POINTER_BYTES:
            with suppress(NotText, OSError):
                target = lfs_target(b"".join(content.blocks))
                if target is not None:
                    with disk.opened(path) as descriptor:
                        if holds(descriptor, *target):
                            del modified[path]
    for path, found in modified.items():
        conversion = disk.conversions.get(path)
        if found is not None and found.mode == _FILE and conversion is not None and conversion.is_beyond_bytes:
            modified[path] = replace(found, incomparable=conversion.reason)
    return modified


def _unlisted(repository: Repository, others: Listing) -> Iterator[Change]:
    """Yield the folders in which git could not look for untracked files, with the reason."""
    for complaint in others.complaints:
        named = _UNLISTED.search(complaint)
        path = os.fsdecode(named[1]) if named else "."
        yield Change("added", path, None, None, OnDisk(os.path.join(repository.root, path), stat.S_IFDIR))


class _Disk:
    """The files of a work tree."""

    def __init__(self, repository: Repository, folders: OpenFolders) -> None:
        self._root = os.path.join(os.path.realpath(repository.root), "")
        self._folders = folders
        self._object_format = repository.object_format
        self.conversions: Mapping[str, Conversion] = {}
        """Conversions of its files, by path."""
        self._index_ns = 0
        with suppress(OSError):  # before the index is read, so that it is no newer than its entries
            self._index_ns = os.stat(index_file(repository)).st_mtime_ns

    @contextmanager
    def opened(self, path: str) -> Iterator[int]:
        """Open a regular file for reading, but nothing else in its place.

        Raises:
            OSError: the file cannot be opened, or is not a regular file.
        """
        descriptor = require_regular(self._folders.open(self._root, path))
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def look(self, path: str) -> OnDisk | None:
        """Return the file at a path; None if there is nothing that git would store."""
        try:
            mode = self._folders.status(self._root, path).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None  # behind a link it is the file of another path, perhaps outside
        except OSError as error:
            return None if error.errno == errno.ELOOP else self._found(path, _FILE)  # reading gives the reason
        if stat.S_ISDIR(mode):
            return self._found(path, SUBMODULE) if self._has_repository(path) else None
        if stat.S_ISLNK(mode):
            return self._found(path, stat.S_IFLNK)
        return self._found(path, _FILE) if stat.S_ISREG(mode) else None

    def _found(self, path: str, mode: int) -> OnDisk:
        return OnDisk(self._root + path, mode, self._root)

    def _has_repository(self, path: str) -> bool:
        try:
            self._folders.status(self._root, path + "/.git")
        except OSError:
            return False
        return True

    def is_clean(self, entry: Indexed) -> bool:
        """Return whether a file matches the index; it is only read if its metadata do not tell."""
        if entry.assumed or entry.blob.mode == SUBMODULE:
            return True
        found = self.look(entry.path)
        if found is None:
            return entry.absent
        return entry.stage == 0 and (self._is_as_noted(entry, found) or self._is_same(entry.path, found, entry.blob))

    def _is_as_noted(self, entry: Indexed, found: OnDisk) -> bool:
        """Return whether the metadata of a file are those that git recorded when the content matched the index.

        They are only trusted for files without conversion: otherwise the answer would depend on the git version that
        last compared them.
        """
        if found.mode != _FILE or not stat.S_ISREG(entry.blob.mode) or entry.path in self.conversions:
            return False
        try:
            status = self._folders.status(self._root, entry.path)
        except OSError:
            return False
        noted = (entry.size_bytes, entry.mtime_ns, entry.ctime_ns, entry.inode or status.st_ino % _MODULUS)
        now = (status.st_size % _MODULUS, status.st_mtime_ns, status.st_ctime_ns, status.st_ino % _MODULUS)
        # A file written no earlier than the index may have been written again since.
        return noted == now and entry.mtime_ns < self._index_ns

    def changed(self, one: RawChange, after: Blob | OnDisk | None) -> Iterator[Change]:
        """Yield the change from one side of a record to the current file, if there is any."""
        before = one.before
        if isinstance(after, OnDisk) and one.path == one.old_path and before and self._is_same(one.path, after, before):
            return
        if isinstance(after, OnDisk) and before is not None and self._has_crlf(one.path, after):
            before = replace(before, crlf=True)
        change = change_of(one.path, one.old_path, before, after)
        if change is not None:
            yield change

    def _has_crlf(self, path: str, found: OnDisk) -> bool:
        """Return whether a file has the line ends that git writes on checkout."""
        conversion = self.conversions.get(path)
        if found.mode != _FILE or conversion is None or not conversion.writes_crlf:
            return False
        with suppress(OSError), self.opened(path) as descriptor:
            return b"\r\n" in os.read(descriptor, _SEEN_BYTES)
        return False

    def _is_same(self, path: str, found: OnDisk, blob: Blob) -> bool:
        if stat.S_IFMT(found.mode) != stat.S_IFMT(blob.mode):
            return False
        try:
            if stat.S_ISLNK(found.mode):
                return is_target(self._folders.link(self._root, path), blob.id, self._object_format)
            if found.mode == SUBMODULE:
                return True
            with self.opened(path) as descriptor:
                return is_content(descriptor, blob.id, self._object_format, self.conversions.get(path))
        except OSError:
            return False
