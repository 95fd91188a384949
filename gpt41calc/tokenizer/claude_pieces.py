"""Cache of the pieces of Claude's vocabularies, in a format that loads in a tenth of the time.

``ctok`` ships its pieces with the evidence for each, as 3.6 MB of JSON, which take 0.1 s to read: as long as all the
rest of a run on a prompt. A cached file belongs to one version of the JSON file, and is only used if it is complete.
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
"""Pieces as text, and pieces that are the first bytes of a character."""

_SUFFIX = ".pieces"


def read_pieces(path: Path, version: str, parse: Callable[[str], Names]) -> Names:
    """Return the pieces in a file of ``ctok``.

    Args:
        path: the file.
        version: version of ``ctok``.
        parse: parses the text of the file.

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
    """Delete the cached pieces."""
    with suppress(OSError):
        for path in cache_folder().glob(f"*{_SUFFIX}"):
            path.unlink(missing_ok=True)


def _cached_names(cache_file: Path, source: bytes) -> Names | None:
    """Return the cached pieces of a file; None if they are missing, outdated, damaged, or writable by others."""
    with suppress(OSError, ValueError):
        if not is_private(cache_file.parent):
            return None
        digest, found, payload = cache_file.read_bytes().split(b"\n", 2)
        if found == source and digest == hashlib.sha256(payload).hexdigest().encode():
            names, _, prefixes = payload.decode().rpartition("\0\0")
            return frozenset(names.split("\0")), frozenset(map(bytes.fromhex, prefixes.split()))
    return None


def _store(cache_file: Path, source: bytes, known: Names) -> None:
    """Store the pieces if possible, by replacing the cached file as a whole."""
    names, prefixes = known
    payload = ("\0".join(sorted(names)) + "\0\0" + " ".join(sorted(prefix.hex() for prefix in prefixes))).encode()
    digest = hashlib.sha256(payload).hexdigest().encode()
    temporary = cache_file.with_name(f"{cache_file.name}.{os.getpid()}")
    with suppress(OSError):
        cache_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_private(cache_file.parent):
            temporary.write_bytes(b"\n".join((digest, source, payload)))
            temporary.replace(cache_file)
