"""Decide which file systems report reliably when a file was changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

__all__ = ["FileSystems", "is_trusted_mount"]

_SETTLING_SECONDS = 70
"""Seconds until a write is visible in the times of a file, if the kernel does not tell: twice Linux's default."""

_TRUSTED = frozenset({"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "overlay"})
"""Linux file systems on which ctime is set by the kernel, already at the first write through a shared mapping.

Not reliable: tmpfs (never writes pages back, so later writes never show: measured, Linux 6.18), ZFS (writes show when
they reach the disk), FUSE, NFS, SMB, 9p and virtiofs (the clock of another machine, or a time that a program may set),
FAT (has no ctime).
"""


class FileSystems:
    """The file systems of a run; each is inspected once.

    This takes 0.2 ms per file system: one open, and the list of mounts.
    """

    def __init__(self) -> None:
        """Read the kernel's write-back delay."""
        self._identities: dict[int, int | None] = {}
        self.settling_ns = _settling_seconds() * 1_000_000_000
        """Time after which every write to a mapped file is visible in its times, in nanoseconds."""

    def identity(self, device: int, path: str) -> int | None:
        """Return an identifier of a file system, beside its device number; None if the file system is not trusted.

        Args:
            device: its device number.
            path: a file in it.
        """
        try:
            return self._identities[device]
        except KeyError:
            pass
        try:
            return self._identities.setdefault(device, _identity(device, path))
        except OSError:  # there is no /proc, or the file is gone: the next file may tell
            return None


def _identity(device: int, path: str) -> int | None:
    if sys.platform == "win32":
        return None  # no ctime that programs cannot set
    if sys.platform != "linux":
        status = os.statvfs(path)
        return None if status.f_flag & os.ST_RDONLY else status.f_fsid
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        with open(f"/proc/self/fdinfo/{descriptor}", "rb") as file:
            mount = next((line.split()[1] for line in file if line.startswith(b"mnt_id:")), None)
        with open("/proc/self/mountinfo", "rb") as file:
            is_trusted = is_trusted_mount(file, mount)
        is_there = os.fstat(descriptor).st_dev == device
        return os.fstatvfs(descriptor).f_fsid if is_trusted and is_there else None
    finally:
        os.close(descriptor)


def is_trusted_mount(mounts: Iterable[bytes], mount: bytes | None) -> bool:
    """Return whether a mount is of a trusted type, and its file system is not itself read-only.

    A read-only mount of a file system that is writable elsewhere, as in containers, is trusted.

    Args:
        mounts: the lines of ``/proc/self/mountinfo``, see proc_pid_mountinfo(5).
        mount: the number of the mount.
    """
    for line in mounts:
        place, _, system = line.rstrip(b"\n").partition(b" - ")
        if place.partition(b" ")[0] == mount:
            kind, options = system.split(b" ", 1)[0], system.rpartition(b" ")[2]
            return kind.decode("ascii", "replace") in _TRUSTED and b"ro" not in options.split(b",")
    return False


def _settling_seconds() -> int:
    """Return twice the time within which the kernel writes changes of a mapped file to the disk."""
    hundredths = []
    for name in ("dirty_expire_centisecs", "dirty_writeback_centisecs"):
        with suppress(OSError, ValueError), open(f"/proc/sys/vm/{name}", "rb") as file:
            hundredths.append(int(file.read()))
    if len(hundredths) < 2:  # noqa: PLR2004 - both
        return _SETTLING_SECONDS
    # Without periodic writing (0) there is no such time: no file is old enough.
    return max(sum(hundredths) * 2 // 100, 2) if hundredths[1] else _NEVER_SECONDS


_NEVER_SECONDS = 10**9
