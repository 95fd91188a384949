"""Split a text, and write its pieces to files."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...errors import CannotWrite, UsageError
from ...tokenizer.engines import tokenizer
from ...tokenizer.split import At, Indivisible, Part, Splitting, split

__all__ = ["At", "Part", "PartFile", "Splitting", "part_file", "split_text", "write_parts"]

_LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class PartFile:
    """Where a piece was written."""

    path: str | None
    """The file. None if the pieces were not written to files."""

    bytes: int
    """Length of the piece in UTF-8, in bytes."""

    tokens: int
    """Tokens of the piece, encoded alone."""

    start: int
    """Bytes of the whole text before it."""

    end: int
    """Bytes of the whole text up to its end."""


def part_file(part: Part, path: str | None = None) -> PartFile:
    """Return what is known of a piece."""
    return PartFile(path, part.end - part.start, part.tokens, part.start, part.end)


def split_text(blocks: Iterable[bytes], encoding: str, how: Splitting) -> Iterator[Part]:
    """Yield the pieces of a text, in order; without an overlap, they joined are the text.

    Args:
        blocks: the text as UTF-8, in any division; little more than a piece is held.
        encoding: name of the encoding.
        how: how to split it.

    Raises:
        UsageError: a character has more tokens than the limit, or the overlap is not smaller than it.
        VocabularyError: a vocabulary is missing or altered.
        Uncountable: more than 256 MiB without a place to cut.
    """
    if how.limit < 1:
        message = f"a piece of at most {how.limit:,} tokens holds nothing"
        raise UsageError(message)
    if not 0 <= how.overlap < how.limit:
        message = f"an overlap of {how.overlap:,} tokens leaves nothing of a piece with at most {how.limit:,}"
        raise UsageError(message, hint="take an overlap that is smaller than a piece")
    try:
        yield from split(tokenizer(encoding), encoding, blocks, how)
    except Indivisible as error:
        message = f"{error}, and a piece may have {how.limit:,}"
        raise UsageError(message, hint="no character is divided; allow more tokens with -t") from error


def write_parts(parts: Iterable[Part], folder: str, name: str) -> list[PartFile]:
    """Write pieces to new files of a folder; all of them, or none.

    Args:
        parts: the pieces.
        folder: the folder; it is made if there is none.
        name: the name of a piece without its number, such as ``report.md`` for ``report-001.md``.

    Raises:
        CannotWrite: a file cannot be written.
        UsageError: the folder has pieces of this name already, or is a file.
    """
    stem, suffix = os.path.splitext(name)
    try:
        with _folder(folder) as made:
            _refuse_old(folder, stem, suffix)
            with tempfile.TemporaryDirectory(prefix=".split-", dir=folder) as hidden:
                written = list(_write(parts, hidden))
                digits = max(_LEAST_DIGITS, len(str(len(written))))
                names = [f"{stem}-{number:0{digits}}{suffix}" for number in range(1, len(written) + 1)]
                for number, new in enumerate(names):
                    target = os.path.join(folder, new)
                    _move(os.path.join(hidden, str(number)), target)
                    made.append(target)
    except OSError as error:
        if isinstance(error, UsageError):
            raise
        message = f"cannot write to {folder}: {error.strerror or error}"
        raise CannotWrite(message) from error
    return [part_file(part, path) for part, path in zip(written, made, strict=True)]


def _write(parts: Iterable[Part], folder: str) -> Iterator[Part]:
    """Write pieces, and yield them without their text."""
    for number, part in enumerate(parts):
        Path(folder, str(number)).write_bytes(part.text.encode())
        yield Part("", part.tokens, part.start, part.end)


@contextmanager
def _folder(folder: str) -> Iterator[list[str]]:
    """Make a folder; if what follows fails, remove it and the files that were entered into the list."""
    is_new = not os.path.lexists(folder)
    os.makedirs(folder, exist_ok=True)
    made: list[str] = []
    try:
        yield made
    except BaseException:
        for path in made:
            os.unlink(path)
        if is_new:
            os.rmdir(folder)
        raise


def _refuse_old(folder: str, stem: str, suffix: str) -> None:
    """Refuse a folder in which old pieces would be mixed with new ones."""
    numbered = re.compile(re.escape(f"{stem}-") + "[0-9]+" + re.escape(suffix))
    old = sorted(name for name in os.listdir(folder) if numbered.fullmatch(name))
    if old:
        message = f"{os.path.join(folder, old[0])} is there already, and is not overwritten"
        raise UsageError(message, hint="name another folder with -o, or remove the old pieces")


def _move(source: str, target: str) -> None:
    """Give a file its name, and never take that of another file."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        os.rename(source, target)
