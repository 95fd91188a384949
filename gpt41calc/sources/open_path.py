"""Open files and folders whose path may be longer than the system takes at once."""

from __future__ import annotations

import errno
import os
import stat

__all__ = ["open_path", "open_regular", "read_regular", "require_regular", "why"]

_CHUNK = 2000
"""Bytes of a path handed over at once; Linux refuses more than 4095 (PATH_MAX), macOS more than 1023."""

_CLOEXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_path(path: str, flags: int) -> int:
    """Return a descriptor for a path of any length.

    A path longer than PATH_MAX is opened folder by folder.

    Raises:
        OSError: as ``os.open`` does.
    """
    try:
        return os.open(path, flags | _CLOEXEC)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG or os.open not in os.supports_dir_fd:
            raise
    return _open_in_steps(path, flags)


def open_regular(path: str, *, follow: bool = True) -> int:
    """Return a descriptor for a regular file that nobody named, without waiting for what only looks like one.

    Args:
        path: where it is.
        follow: whether it may be a symbolic link.

    Raises:
        OSError: it cannot be opened, or is a pipe, a device or another special file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    return require_regular(open_path(path, flags))


def require_regular(descriptor: int) -> int:
    """Return the descriptor of a regular file, or close it.

    Raises:
        OSError: it is not one.
    """
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def read_regular(path: str, max_bytes: int, *, follow: bool = True) -> bytes:
    """Return what is in a regular file that nobody named, up to a number of bytes.

    Raises:
        OSError: it cannot be read, or is not a regular file.
    """
    with open(open_regular(path, follow=follow), "rb") as file:
        return file.read(max_bytes)


def _open_in_steps(path: str, flags: int) -> int:
    folders, _, last = path.rpartition("/")
    at = os.open("/" if path.startswith("/") else ".", os.O_RDONLY | os.O_DIRECTORY | _CLOEXEC)
    try:
        for step in _steps(folders):
            below = os.open(step, os.O_RDONLY | os.O_DIRECTORY | _CLOEXEC, dir_fd=at)
            os.close(at)
            at = below
        return os.open(last, flags | _CLOEXEC, dir_fd=at)
    finally:
        os.close(at)


def _steps(folders: str) -> list[str]:
    """Divide a path between folders into parts that the system takes at once."""
    steps: list[str] = []
    for folder in filter(None, folders.split("/")):
        if steps and len(steps[-1]) + len(folder) < _CHUNK // 4:
            steps[-1] += "/" + folder
        else:
            steps.append(folder)
    return steps


def why(error: OSError) -> str:
    """Return the system's reason in the lower case of our messages.

    >>> why(PermissionError(13, "Permission denied"))
    'permission denied'
    """
    reason = error.strerror or type(error).__name__
    return reason[0].lower() + reason[1:]
