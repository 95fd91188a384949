"""What is on disk against a commit, without running the filters that git would run.

A repository may name programs that translate files between disk and index
(``filter.*.clean``), and git runs them whenever it has to compare the two.
So git is asked only what is in the index, and the disk is looked at here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress

from ..decoding import NotText
from .blobs import SUBMODULE, Blob, contents
from .change import Change, OnDisk, change_of
from .client import Listing
from .hashing import holds, is_content
from .index import Indexed, index_file, indexed, untracked
from .lfs import LONGEST_POINTER_BYTES, lfs_target
from .raw_diff import RawChange, staged_changes
from .repository import Repository
from .revisions import Commit

__all__ = ["work_tree_changes"]

_FILE = stat.S_IFREG | 0o644
_SIZE_MODULUS = 1 << 32
_UNLISTED = re.compile(rb"could not open directory '(.*?)/?': ")


def work_tree_changes(repository: Repository, before: Commit, below: tuple[str, ...]) -> Iterator[Change]:
    """Yield what the work tree holds that a commit does not, and the other way round."""
    disk = _Disk(repository)
    staged = {one.path: one for one in staged_changes(repository, before, below)}
    listed = indexed(repository, below)
    entries = {entry.path: entry for entry in listed if not entry.announced}
    modified = _modified(repository, disk, entries)
    for path, entry in entries.items():
        one = staged.pop(path, RawChange("", path, path, entry.blob, entry.blob))
        yield from disk.changed(one, modified.get(path, one.after))
    others = untracked(repository, below)
    announced = [entry.path for entry in listed if entry.announced]
    for path in (*announced, *(name.rstrip("/") for name in others.paths)):
        # Removed from the index, and still on disk?
        one = staged.pop(path, RawChange("", path, path, None, None))
        yield from disk.changed(one, disk.look(path))
    for one in staged.values():
        yield from disk.changed(one, None)
    yield from _unlisted(repository, others)


def _modified(repository: Repository, disk: _Disk, entries: Mapping[str, Indexed]) -> dict[str, OnDisk | None]:
    """Return what is on disk where that is not what the index holds."""
    modified = {path: disk.look(path) for path, entry in entries.items() if not disk.is_clean(entry)}
    regular = [path for path, found in modified.items() if found is not None and found.mode == _FILE]
    asked = contents(repository, [entries[path].blob for path in regular])
    for path, content in zip(regular, asked, strict=True):
        if content.size_bytes is not None and content.size_bytes <= LONGEST_POINTER_BYTES:
            with suppress(NotText, OSError):
                target = lfs_target(b"".join(content.blocks))
                if target is not None and holds(disk.place(path), *target):
                    del modified[path]
    return modified


def _unlisted(repository: Repository, others: Listing) -> Iterator[Change]:
    """Yield the folders in which git could not look for files to add: reading one says why."""
    for complaint in others.complaints:
        named = _UNLISTED.search(complaint)
        path = os.fsdecode(named[1]) if named else "."
        yield Change("added", path, None, None, OnDisk(os.path.join(repository.root, path), stat.S_IFDIR))


class _Disk:
    """The files of a work tree."""

    def __init__(self, repository: Repository) -> None:
        self._root = os.path.realpath(repository.root)
        self._object_format = repository.object_format
        self._links: dict[str, bool] = {"": False}
        self._index_ns = 0
        with suppress(OSError):  # before the index is read, so that it is no older than its entries
            self._index_ns = os.stat(index_file(repository)).st_mtime_ns

    def place(self, path: str) -> str:
        """Return where to open a file."""
        return os.path.join(self._root, path)

    def look(self, path: str) -> OnDisk | None:
        """Return what is at a path; none if that is nothing that git would keep."""
        place = self.place(path)
        if self._is_behind_link(os.path.dirname(path)):
            return None  # it is the file of another path, perhaps outside
        try:
            mode = os.lstat(place).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return OnDisk(place, _FILE)  # reading says why
        if stat.S_ISDIR(mode):
            return OnDisk(place, SUBMODULE) if os.path.lexists(os.path.join(place, ".git")) else None
        if stat.S_ISLNK(mode):
            return OnDisk(place, stat.S_IFLNK)
        return OnDisk(place, _FILE) if stat.S_ISREG(mode) else None

    def is_clean(self, entry: Indexed) -> bool:
        """Say whether a file is what the index holds, reading it only if the system does not tell."""
        if entry.assumed or entry.blob.mode == SUBMODULE:
            return True
        found = self.look(entry.path)
        if found is None:
            return entry.absent
        if entry.stage == 0 and found.mode == _FILE and stat.S_ISREG(entry.blob.mode):
            with suppress(OSError):
                status = os.lstat(found.path)
                is_as_noted = (entry.size_bytes, entry.mtime_ns) == (
                    status.st_size % _SIZE_MODULUS,
                    status.st_mtime_ns,
                )
                # What was written no earlier than the index may have been written again since.
                if is_as_noted and entry.mtime_ns < self._index_ns:
                    return True
        return entry.stage == 0 and self._is_same(found, entry.blob)

    def changed(self, one: RawChange, after: Blob | OnDisk | None) -> Iterator[Change]:
        """Yield the change from one side of a record to what is there now, if there is any."""
        if isinstance(after, OnDisk) and one.path == one.old_path and one.before and self._is_same(after, one.before):
            return
        change = change_of(one.path, one.old_path, one.before, after)
        if change is not None:
            yield change

    def _is_same(self, found: OnDisk, blob: Blob) -> bool:
        if stat.S_IFMT(found.mode) != stat.S_IFMT(blob.mode):
            return False
        try:
            return found.mode == SUBMODULE or is_content(found.path, blob.id, self._object_format)
        except OSError:
            return False

    def _is_behind_link(self, folder: str) -> bool:
        """Say whether a link is on the way to a folder."""
        known = self._links.get(folder)
        if known is None:
            known = os.path.islink(self.place(folder)) or self._is_behind_link(os.path.dirname(folder))
            self._links[folder] = known
        return known
