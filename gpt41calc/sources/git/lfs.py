"""Git LFS: what git keeps of a large file is a text of three lines that points to it."""

from __future__ import annotations

import re

__all__ = ["LONGEST_POINTER_BYTES", "is_lfs_pointer", "lfs_target"]

LONGEST_POINTER_BYTES = 1024
"""What is longer is none, says the specification."""

_BEGINNING = b"version https://git-lfs.github.com/spec/"
_TARGET = re.compile(rb"^oid sha256:([0-9a-f]{64})\nsize (\d{1,18})$", re.MULTILINE)


def is_lfs_pointer(first_block: bytes) -> bool:
    r"""Say whether a text, by its beginning, only points to the content it stands for.

    >>> is_lfs_pointer(b"version https://git-lfs.github.com/spec/v1\noid sha256:...")
    True
    """
    return first_block.startswith(_BEGINNING)


def lfs_target(pointer: bytes) -> tuple[str, int] | None:
    """Return the SHA-256 digest and the length in bytes of what a pointer points to, or none if it is no pointer."""
    found = _TARGET.search(pointer) if is_lfs_pointer(pointer) else None
    return (found[1].decode(), int(found[2])) if found else None
