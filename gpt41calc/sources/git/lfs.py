"""Git LFS pointers: text files of three lines that stand for a large file."""

from __future__ import annotations

import re

__all__ = ["LONGEST_POINTER_BYTES", "is_lfs_pointer", "lfs_target"]

LONGEST_POINTER_BYTES = 1024
"""Longest pointer, in bytes, according to the specification."""

_BEGINNING = b"version https://git-lfs.github.com/spec/"
_TARGET = re.compile(rb"^oid sha256:([0-9a-f]{64})\nsize (\d{1,18})$", re.MULTILINE)


def is_lfs_pointer(first_block: bytes) -> bool:
    r"""Return whether a text is an LFS pointer, by its beginning.

    >>> is_lfs_pointer(b"version https://git-lfs.github.com/spec/v1\noid sha256:...")
    True
    """
    return first_block.startswith(_BEGINNING)


def lfs_target(pointer: bytes) -> tuple[str, int] | None:
    """Return the SHA-256 digest and the length in bytes of a pointer's content, or None if it is not a pointer."""
    found = _TARGET.search(pointer) if is_lfs_pointer(pointer) else None
    return (found[1].decode(), int(found[2])) if found else None
