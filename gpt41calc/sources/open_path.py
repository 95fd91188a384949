"""Open files and folders whose paths may be too long for a single system call."""

from __future__ import annotations

import errno
import os
import stat

__all__ = ["open_path", "open_regular", "read_regular", "require_regular", "why"]

_CHUNK = 2000
"""Bytes of a path used at once; Linux refuses more than 4095 (PATH_MAX), macOS more than 1023."""

_CLOEXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_path(path: str, flags: int) -> int:
    """Return a descriptor for a path of any length.

    A path longer than PATH_MAX is opened folder by folder.

    Raises:
        OSError: as for ``os.open``.
    """
    try:
        return os.open(path, flags | _CLOEXEC)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG or os.open not in os.supports_dir_fd:
            raise
    return _open_in_steps(path, flags)


def open_regular(path: str, *, follow: bool = True) -> int:
    """Return a descriptor of a regular file that was found, not named, without blocking on a pipe or device.

    Args:
        path: its path.
        follow: whether it may be a symbolic link.

    Raises:
        OSError: the file cannot be opened, or is a pipe, a device or another special file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    return require_regular(open_path(path, flags))


def require_regular(descriptor: int) -> int:
    """Return the descriptor if it is of a regular file; otherwise close it.

    Raises:
        OSError: it is not a regular file.
    """
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def read_regular(path: str, max_bytes: int, *, follow: bool = True) -> bytes:
    """Return the content of a regular file that was found, not named, up to a number of bytes.

    Raises:
        OSError: the file cannot be read, or is not a regular file.
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
    """Split a path at folders into parts that are short enough for a system call."""
    steps: list[str] = []
    for folder in filter(None, folders.split("/")):
        if steps and len(steps[-1]) + len(folder) < _CHUNK // 4:
            steps[-1] += "/" + folder
        else:
            steps.append(folder)
    return steps


def why(error: OSError) -> str:
    """Return the system's error message, beginning in lower case.

    >>> why(PermissionError(13, "Permission denied"))
    'permission denied'
    """
    reason = error.strerror or type(error).__name__
    return reason[0].lower() + reason[1:]
