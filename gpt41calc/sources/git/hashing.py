"""Compare files on disk with digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conversions import Conversion

__all__ = ["blob_digest", "holds", "is_content", "is_target"]

_BLOCK_BYTES = 1 << 20


def is_content(descriptor: int, name: str, object_format: str, conversion: Conversion | None = None) -> bool:
    """Return whether a file has the content of a git object id.

    Different line ends do not matter: on checkout, git may have written CR LF for LF.

    Args:
        descriptor: the file, open for reading.
        name: the object id.
        object_format: the hash algorithm of the id.
        conversion: other conversions of the file.

    Raises:
        OSError: the file cannot be read.
    """
    size = os.fstat(descriptor).st_size
    if name == _git_digest(_blocks(descriptor), size, object_format):
        return True
    if conversion is not None and conversion.is_beyond_bytes:
        content = b"".join(_blocks(descriptor)) if size <= _MOST_UNDONE_BYTES else b""
        stored = conversion.undone(content)
        return stored is not None and name == _git_digest([stored], len(stored), object_format)
    size_with_lf = sum(map(len, _with_lf(_blocks(descriptor))))
    if size_with_lf == size:
        return False
    return name == _git_digest(_with_lf(_blocks(descriptor)), size_with_lf, object_format)


def is_target(target: str, name: str, object_format: str) -> bool:
    """Return whether the target of a symbolic link has a git object id."""
    raw = os.fsencode(target)
    return name == _git_digest([raw], len(raw), object_format)


def holds(descriptor: int, sha256: str, size_bytes: int) -> bool:
    """Return whether an open file has a given digest and length.

    Raises:
        OSError: the file cannot be read.
    """
    if os.fstat(descriptor).st_size != size_bytes:
        return False
    digest = hashlib.sha256()
    for block in _blocks(descriptor):
        digest.update(block)
    return sha256 == digest.hexdigest()


_MOST_UNDONE_BYTES = 64 << 20
"""Longest file, in bytes, for which a conversion of more than line ends is undone, since this needs memory."""


def blob_digest(size_bytes: int, object_format: str) -> hashlib._Hash:
    """Return a hash object for a git object id, to be updated with the content.

    Args:
        size_bytes: length of the content.
        object_format: ``sha1`` or ``sha256``.
    """
    return hashlib.new(object_format, b"blob %d\0" % size_bytes, usedforsecurity=False)


def _git_digest(blocks: Iterable[bytes], size_bytes: int, object_format: str) -> str:
    digest = blob_digest(size_bytes, object_format)
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _with_lf(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text with LF for CR LF, which may be split between two blocks."""
    held = b""
    for block in blocks:
        text = held + block
        held = b"\r" if text.endswith(b"\r") else b""
        yield text.removesuffix(held).replace(b"\r\n", b"\n")
    yield held


def _blocks(descriptor: int) -> Iterator[bytes]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    while block := os.read(descriptor, _BLOCK_BYTES):
        yield block
