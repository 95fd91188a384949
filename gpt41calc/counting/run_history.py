"""Whether it is to be expected that everything is remembered, before anything is looked at.

When the same is asked again, few files have changed. A companion is then only
in the way: loading its vocabulary makes the second run over Django 1.4 times
as long. What is remembered of this is a byte for every way of asking, in
a file of its own beside the counts. It can cost time, never a number: if there
is much to count after all, the companion is started later.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

from ..locations import cache_folder

__all__ = ["forget", "note", "remembers"]

_SLOTS = 1 << 16
"""So many ways of asking are told apart; two that share a slot cost each other time."""

_REMEMBERED = b"\1"
_MUCH_TO_COUNT = b"\0"


def remembers(words: Sequence[str]) -> bool:
    """Say whether these words, given in this folder, are likely to ask for what is remembered."""
    if "--no-cache" in words:
        return False
    with suppress(OSError), _opened(os.O_RDONLY) as descriptor:
        return os.pread(descriptor, 1, _slot(words)) == _REMEMBERED
    return False


def note(words: Sequence[str], *, remembers: bool) -> None:
    """Remember it for the next time."""
    if "--no-cache" in words:
        return
    with suppress(OSError), _opened(os.O_WRONLY | os.O_CREAT) as descriptor:
        os.pwrite(descriptor, _REMEMBERED if remembers else _MUCH_TO_COUNT, _slot(words))


def forget() -> None:
    """Forget it for all words."""
    with suppress(OSError):
        _path().unlink()


def _path() -> Path:
    return cache_folder() / "foreseen-v1"


@contextmanager
def _opened(flags: int) -> Iterator[int]:
    # Without waiting, and following no link: a pipe or a link in its place is left alone.
    path = _path()
    if not path.is_absolute():
        raise NotADirectoryError(path)
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _slot(words: Sequence[str]) -> int:
    return crc32("\0".join((os.getcwd(), *words)).encode(errors="surrogatepass")) % _SLOTS
