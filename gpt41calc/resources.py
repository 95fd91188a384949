"""Detect that the system refuses memory, descriptors or processes.

A library that gets no memory may end the process (OpenBLAS with status 1, Rust with SIGABRT) or wait for ever. So
there is a check before such a library is called.
"""

from __future__ import annotations

import errno
import mmap
import sys
from contextlib import suppress
from typing import ClassVar

from .errors import ExitCode

__all__ = ["NativeExits", "Refusals", "has_memory", "is_refusal", "require_memory"]

_REFUSALS = frozenset({errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN})


def has_memory(memory_bytes: int) -> bool:
    """Return whether this many bytes of address space are available; takes 2 µs."""
    try:
        # Private, as what is allocated is: what is shared does not count against RLIMIT_DATA.
        (
            mmap.mmap(-1, memory_bytes) if sys.platform == "win32" else mmap.mmap(-1, memory_bytes, mmap.MAP_PRIVATE)
        ).close()
    except (OSError, ValueError, MemoryError):
        return False
    return True


def require_memory(memory_bytes: int) -> None:
    """Check that this many bytes of address space are available.

    Raises:
        MemoryError: they are not.
    """
    if not has_memory(memory_bytes):
        raise MemoryError


def is_refusal(error: BaseException | None) -> bool:
    """Return whether an error, or one of its causes, is the system's refusal of memory, descriptors or processes.

    >>> is_refusal(OSError(errno.EMFILE, "")), is_refusal(OSError(errno.ENOENT, "")), is_refusal(MemoryError())
    (True, False, True)
    """
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _REFUSALS):
            return True
        error = error.__cause__ or error.__context__
    return False


class Refusals:
    """Refusals of the system that this process got over, so that it may have found less than another would."""

    were_ignored: ClassVar[bool] = False
    """Whether there was one."""

    @classmethod
    def ignore(cls, error: BaseException) -> None:
        """Note that an error is ignored, if it is a refusal."""
        cls.were_ignored = cls.were_ignored or is_refusal(error)


class NativeExits:
    """Replace the exit code if a native library calls ``exit(1)``: here, 1 is only for a broken budget."""

    are_ours: ClassVar[bool] = False
    """Whether this process runs only the program, and not another one that uses the library."""

    @classmethod
    def become_internal_errors(cls) -> None:
        """From now on, end this process with exit code 70 if native code calls ``exit``.

        The program itself ends with ``os._exit``, which this does not affect. Takes 2 ms to import ctypes.
        """
        if not cls.are_ours or sys.platform == "win32":
            return
        cls.are_ours = False  # once is enough
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            libc = ctypes.CDLL(None)
            # Called with one argument, which is what _exit takes: no Python runs while the process ends.
            libc["__cxa_atexit"](libc["_exit"], ctypes.c_void_p(ExitCode.INTERNAL), None)
