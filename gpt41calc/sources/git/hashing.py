"""Say whether a file on disk is what a digest stands for."""

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
    """Say whether git would keep a file under a name.

    A file is the same with the line endings of another system: on checking it
    out git may have written CR LF for LF.

    Args:
        descriptor: the file, open for reading.
        name: the digest by which git names contents.
        object_format: which digest that is.
        conversion: what git does to the file besides.

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
    """Say whether git would keep the target of a symbolic link under a name."""
    raw = os.fsencode(target)
    return name == _git_digest([raw], len(raw), object_format)


def holds(descriptor: int, sha256: str, size_bytes: int) -> bool:
    """Say whether a file that is open for reading has a digest and a length.

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
"""A conversion of more than line endings is undone in memory."""


def blob_digest(size_bytes: int, object_format: str) -> hashlib._Hash:
    """Return the beginning of the digest by which git names a content, to be updated with the content.

    Args:
        size_bytes: how long the content is.
        object_format: ``sha1`` or ``sha256``.
    """
    return hashlib.new(object_format, b"blob %d\0" % size_bytes, usedforsecurity=False)


def _git_digest(blocks: Iterable[bytes], size_bytes: int, object_format: str) -> str:
    digest = blob_digest(size_bytes, object_format)
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _with_lf(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text with LF for CR LF, which may lie across two blocks."""
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
