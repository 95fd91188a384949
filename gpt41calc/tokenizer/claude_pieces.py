"""The names of pieces, kept in the cache folder in a form that is read in a tenth of the time.

``ctok`` ships its pieces with the evidence for each of them, as 3.6 MB of JSON: 0.1 s, which is as much as all the
rest of a run on a prompt. What is kept belongs to one version of the file, and is only used if it is whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ..locations import cache_folder, is_private

__all__ = ["forget_pieces", "read_pieces"]

Names = tuple[frozenset[str], frozenset[bytes]]
"""Pieces, and beginnings of characters."""

_SUFFIX = ".pieces"


def read_pieces(path: Path, version: str, parse: Callable[[str], Names]) -> Names:
    """Return the pieces that a file of ``ctok`` holds.

    Args:
        path: the file.
        version: of ``ctok``.
        parse: reads the text of the file.

    Raises:
        OSError: the file cannot be read.
    """
    status = path.stat()
    cache_file = cache_folder() / f"{path.stem}-ctok-{version}{_SUFFIX}"
    source = f"{status.st_size} {status.st_mtime_ns}".encode()
    known = _cached_names(cache_file, source)
    if known is None:
        known = parse(path.read_text("utf-8"))
        _store(cache_file, source, known)
    return known


def forget_pieces() -> None:
    """Remove what is kept."""
    with suppress(OSError):
        for path in cache_folder().glob(f"*{_SUFFIX}"):
            path.unlink(missing_ok=True)


def _cached_names(cache_file: Path, source: bytes) -> Names | None:
    """Return what is kept of a file; None if that is nothing, of another file, damaged, or others may write to it."""
    with suppress(OSError, ValueError):
        if not is_private(cache_file.parent):
            return None
        digest, found, payload = cache_file.read_bytes().split(b"\n", 2)
        if found == source and digest == hashlib.sha256(payload).hexdigest().encode():
            names, _, prefixes = payload.decode().rpartition("\0\0")
            return frozenset(names.split("\0")), frozenset(map(bytes.fromhex, prefixes.split()))
    return None


def _store(cache_file: Path, source: bytes, known: Names) -> None:
    """Keep the pieces, if that is possible: the file takes its place as a whole."""
    names, prefixes = known
    payload = ("\0".join(sorted(names)) + "\0\0" + " ".join(sorted(prefix.hex() for prefix in prefixes))).encode()
    digest = hashlib.sha256(payload).hexdigest().encode()
    temporary = cache_file.with_name(f"{cache_file.name}.{os.getpid()}")
    with suppress(OSError):
        cache_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_private(cache_file.parent):
            temporary.write_bytes(b"\n".join((digest, source, payload)))
            temporary.replace(cache_file)
