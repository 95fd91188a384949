"""Open files below a folder without following symbolic links on the way.

Between finding and reading a path, any folder on it may be replaced by a symbolic link; in a git repository a tracked
path may even contain a link from the start. So every component after the named folder is opened relative to the one
before it, and must not be a link.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import OrderedDict
from typing import Self

from .open_path import open_path

__all__ = ["MOST_OPEN", "OpenFolders"]

MOST_OPEN = 32
"""Most open folders. Files are read in path order, so that few folders are needed at once."""

_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_HAS_DESCRIPTORS = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd
_NONE = "\0"
"""A name that no folder has."""

_OUT_OF_DESCRIPTORS = {errno.EMFILE, errno.ENFILE}


class OpenFolders:
    """Open folders; the least recently used ones are closed again.

    The descriptors belong to one process: a forked process that closes all descriptors needs a new object.
    """

    def __init__(self, *, follow: bool = False) -> None:
        """Start with no open folder.

        Args:
            follow: whether symbolic links below the folder are followed (``--follow``).
        """
        self._follow = follow
        self._open: OrderedDict[tuple[str, str], int] = OrderedDict()
        # The folder used last, which is closed last.
        self._last_root, self._last_folder, self._last = _NONE, "", -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all folders."""
        self._last_root = _NONE
        while self._open:
            os.close(self._open.popitem()[1])

    def open(self, root: str, path: str, flags: int = 0) -> int:
        """Return a descriptor of a file or folder, opened for reading without waiting.

        Args:
            root: the named folder; ends in a slash, or is empty.
            path: the path below it, with forward slashes.
            flags: further flags for ``os.open``, such as ``O_DIRECTORY``.

        Raises:
            OSError: as for ``os.open``; NotADirectoryError or ELOOP if a component is a link.
        """
        flags |= os.O_RDONLY | _NO_WAIT
        if self._follow:
            return open_path(root + path, flags)
        if not _HAS_DESCRIPTORS:
            _refuse_links(root, path)
            return open_path(root + path, flags)
        folder, _, name = path.rpartition("/")
        flags |= _NO_LINK | getattr(os, "O_CLOEXEC", 0)
        return self._opened(name or ".", flags, self._folder(root, folder))

    def status(self, root: str, path: str) -> os.stat_result:
        """Return the status of a file; of a link itself, unless links are followed.

        Raises:
            OSError: as for ``os.stat``; NotADirectoryError or ELOOP if a component is a link.
        """
        folder, _, name = path.rpartition("/")
        if folder == self._last_folder and root == self._last_root:  # as for most files, of which there are many
            return os.stat(name or ".", dir_fd=self._last, follow_symlinks=False)
        if self._follow:
            return os.stat(root + path)
        if not _HAS_DESCRIPTORS:
            _refuse_links(root, folder)
            return os.lstat(root + path)
        return os.stat(name or ".", dir_fd=self._folder(root, folder), follow_symlinks=False)

    def link(self, root: str, path: str) -> str:
        """Return the target of a symbolic link.

        Raises:
            OSError: as for ``os.readlink``; NotADirectoryError or ELOOP if a component is a link.
        """
        if self._follow or not _HAS_DESCRIPTORS:
            return os.readlink(root + path)
        folder, _, name = path.rpartition("/")
        return os.readlink(name, dir_fd=self._folder(root, folder))

    def _folder(self, root: str, folder: str) -> int:
        """Return the descriptor of a folder."""
        key = (root, folder)
        at = self._open.get(key)
        if at is None:
            at = self._descend(root, folder)
        else:
            self._open.move_to_end(key)
        self._last_root, self._last_folder, self._last = root, folder, at
        return at

    def _descend(self, root: str, folder: str) -> int:
        """Open a folder, starting from its nearest open parent."""
        self._last_root = _NONE  # it may have to be closed
        missing = []
        above = folder
        while above and (root, above) not in self._open:
            above, _, name = above.rpartition("/")
            missing.append(name)
        at = self._open.get((root, above))
        if at is None:
            at = self._keep((root, ""), self._opened_root(root))
        for name in reversed(missing):
            above = f"{above}/{name}" if above else name
            at = self._keep((root, above), self._opened(name, _FOLDER | _NO_LINK, at))
        return at

    def _keep(self, key: tuple[str, str], descriptor: int) -> int:
        self._open[key] = descriptor
        if len(self._open) > MOST_OPEN:
            os.close(self._open.popitem(last=False)[1])
        return descriptor

    def _opened_root(self, root: str) -> int:
        try:
            return open_path(root or ".", _FOLDER)
        except OSError as error:
            if error.errno not in _OUT_OF_DESCRIPTORS or not self._open:
                raise
        self.close()
        return open_path(root or ".", _FOLDER)

    def _opened(self, name: str, flags: int, above: int) -> int:
        """Open a path in a folder; if the process has no free descriptor, other folders are closed."""
        try:
            return os.open(name, flags, dir_fd=above)
        except OSError as error:
            if error.errno not in _OUT_OF_DESCRIPTORS or len(self._open) <= 1:
                raise
        self._last_root = _NONE
        for key in [key for key, descriptor in self._open.items() if descriptor != above]:
            os.close(self._open.pop(key))
        return os.open(name, flags, dir_fd=above)


def _refuse_links(root: str, path: str) -> None:
    """Check for links on systems where folders cannot be opened by descriptors (Windows).

    Raises:
        OSError: a component is a link or a junction.
    """
    at = root
    for name in filter(None, path.split("/")):
        at = os.path.join(at, name)
        status = os.lstat(at)
        is_reparse_point = getattr(status, "st_reparse_tag", 0) in _LINK_TAGS
        if stat.S_ISLNK(status.st_mode) or is_reparse_point:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), at)


_LINK_TAGS = {
    getattr(stat, "IO_REPARSE_TAG_SYMLINK", -1),
    getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1),
}
