"""What the system may refuse: memory, descriptors, processes.

A library that gets no memory may end the process in its own way (OpenBLAS with
status 1, Rust with SIGABRT), or wait for ever. So it is asked for before.
"""

from __future__ import annotations

import errno
import mmap
import sys
from contextlib import suppress
from typing import ClassVar

from .errors import ExitCode

__all__ = ["NativeExits", "has_memory", "is_refusal", "require_memory"]

_REFUSALS = frozenset({errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN})


def has_memory(memory_bytes: int) -> bool:
    """Say whether so much address space can be had; takes 2 µs."""
    try:
        # Private, as what is allocated is: what is shared does not count against RLIMIT_DATA.
        (
            mmap.mmap(-1, memory_bytes) if sys.platform == "win32" else mmap.mmap(-1, memory_bytes, mmap.MAP_PRIVATE)
        ).close()
    except (OSError, ValueError, MemoryError):
        return False
    return True


def require_memory(memory_bytes: int) -> None:
    """Do nothing if so much address space can be had.

    Raises:
        MemoryError: it cannot.
    """
    if not has_memory(memory_bytes):
        raise MemoryError


def is_refusal(error: BaseException | None) -> bool:
    """Say whether an error, or one that it comes from, is the system's refusal of memory or descriptors.

    >>> is_refusal(OSError(errno.EMFILE, "")), is_refusal(OSError(errno.ENOENT, "")), is_refusal(MemoryError())
    (True, False, True)
    """
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _REFUSALS):
            return True
        error = error.__cause__ or error.__context__
    return False


class NativeExits:
    """What becomes of the process if a native library calls ``exit``, which means 1 to it and a verdict to us."""

    are_ours: ClassVar[bool] = False
    """Whether the process is the program, and not somebody's who uses the library."""

    @classmethod
    def become_internal_errors(cls) -> None:
        """From now on, end this process with status 70 if native code ends it.

        The program itself never does: it ends by ``os._exit``. Takes 2 ms, for ctypes.
        """
        if not cls.are_ours or sys.platform == "win32":
            return
        cls.are_ours = False  # once is enough
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            libc = ctypes.CDLL(None)
            # Called with one argument, which is what _exit takes: no Python runs while the process ends.
            libc["__cxa_atexit"](libc["_exit"], ctypes.c_void_p(ExitCode.INTERNAL), None)
