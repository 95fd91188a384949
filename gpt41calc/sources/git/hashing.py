"""Say whether a file on disk is what a digest stands for."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..open_path import open_path

__all__ = ["holds", "is_content"]

_BLOCK_BYTES = 1 << 20


def is_content(path: str, name: str, object_format: str) -> bool:
    """Say whether git would keep a file, or the target of a link, under a name.

    A file is the same with the line endings of another system: on checking it
    out git may have written CR LF for LF.

    Args:
        path: where it is.
        name: the digest by which git names contents.
        object_format: which digest that is.

    Raises:
        OSError: the file cannot be read.
    """
    if os.path.islink(path):
        target = os.fsencode(os.readlink(path))
        return name == _git_digest([target], len(target), object_format)
    with _opened(path) as descriptor:
        size = os.fstat(descriptor).st_size
        if name == _git_digest(_blocks(descriptor), size, object_format):
            return True
        size_with_lf = sum(map(len, _with_lf(_blocks(descriptor))))
        if size_with_lf == size:
            return False
        return name == _git_digest(_with_lf(_blocks(descriptor)), size_with_lf, object_format)


def holds(path: str, sha256: str, size_bytes: int) -> bool:
    """Say whether a file has a digest and a length.

    Raises:
        OSError: the file cannot be read.
    """
    with _opened(path) as descriptor:
        if os.fstat(descriptor).st_size != size_bytes:
            return False
        digest = hashlib.sha256()
        for block in _blocks(descriptor):
            digest.update(block)
        return sha256 == digest.hexdigest()


def _git_digest(blocks: Iterable[bytes], size_bytes: int, object_format: str) -> str:
    digest = hashlib.new(object_format, b"blob %d\0" % size_bytes, usedforsecurity=False)
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


@contextmanager
def _opened(path: str) -> Iterator[int]:
    """Open a file, and nothing that was put in its place."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = open_path(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError
        yield descriptor
    finally:
        os.close(descriptor)
