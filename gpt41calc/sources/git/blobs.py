"""Read the contents of git objects with a single git process."""

from __future__ import annotations

import stat
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from threading import Thread
from typing import IO

from ..decoding import Decoding, NotText
from ..read import BLOCK_BYTES, SNIFFED_BYTES
from ..source import Rules
from . import client
from .hashing import blob_digest
from .repository import Repository

__all__ = ["SUBMODULE", "Blob", "BlobReading", "Content", "contents", "why_no_file"]

SUBMODULE = 0o160000
"""File mode of a submodule, whose entry is a commit of another repository."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A git object at a path."""

    id: str
    """Its object id, a digest: equal ids mean equal contents."""

    mode: int
    """Its mode at the path: a file, a symbolic link, or a submodule."""

    size_bytes: int | None = field(default=None, compare=False)
    """Length in bytes. None if git was not asked for it."""

    crlf: bool = False
    """Whether it is read with CR LF line ends, as git checks it out, because it is compared with such a file."""

    @property
    def reason(self) -> str:
        """Why it is not counted, independent of its content; empty for a file."""
        return why_no_file(self.mode)


def why_no_file(mode: int) -> str:
    """Return why an object with this mode is not counted; empty for a file."""
    if mode == SUBMODULE:
        return "a submodule"
    return "a symbolic link" if stat.S_ISLNK(mode) else ""


@dataclass(frozen=True, slots=True)
class Content:
    """Git's answer to a request for a content."""

    blob: Blob
    """The requested object."""

    size_bytes: int | None
    """Length in bytes; None if it cannot be read."""

    blocks: Iterator[bytes]
    """Its bytes, in blocks of at most 4 MiB; to be read before the next content is requested, or not at all.

    Raises NotText if it cannot be read, or does not match its object id.
    """


class BlobReading:
    """One pass over a git object, by the rules for files; iterating yields valid UTF-8 without a byte order mark.

    Raises (while iterating):
        NotText: the content is binary, too large, or cannot be read.
    """

    def __init__(self, content: Content, rules: Rules) -> None:
        """Take the objects to read; nothing is read yet."""
        self._content = content
        self._rules = rules
        self._decoding = Decoding(as_text=rules.text, expected=True)
        self.bytes = 0
        """Number of bytes read so far."""

    @property
    def lossy(self) -> bool:
        """Whether some bytes were not valid text."""
        return self._decoding.lossy

    def __iter__(self) -> Iterator[bytes]:
        """Yield the text in blocks; no character is split between two blocks."""
        size, limit = self._content.size_bytes, self._rules.max_bytes
        if size is not None and limit is not None and size > limit:
            message = f"larger than {limit:,} bytes"
            raise NotText(message, expected=True)
        yield from self._decoding.decoded(self._blocks())

    def _blocks(self) -> Iterator[bytes]:
        blocks = self._content.blocks
        for block in _with_crlf(blocks) if self._content.blob.crlf else blocks:
            if not self.bytes:
                self._decoding.sniff(block[:SNIFFED_BYTES])
            self.bytes += len(block)
            yield block


def _with_crlf(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a content with CR LF as git checks it out; git does not change binary content or existing CR LF."""
    first = next(blocks, b"")
    is_converted = b"\r\n" not in first and b"\0" not in first
    for block in chain([first], blocks):
        yield block.replace(b"\n", b"\r\n") if is_converted else block


def contents(repository: Repository, blobs: Iterable[Blob]) -> Generator[Content]:
    """Yield the contents of object ids, in their order, with one git process."""
    wanted = list(blobs)
    if not wanted:
        return
    missing = _missing(repository, wanted) if repository.partial else frozenset()
    answerable = [blob.id for blob in wanted if blob.id not in missing]
    with client.start(repository.root, "cat-file", "--batch", "--buffer") as conversation:
        # Git answers while requests are still written: writing all and then reading all would block forever.
        telling = Thread(target=_tell, args=(conversation.questions, answerable), daemon=True)
        telling.start()
        answers = _Answers(conversation.answers, repository.object_format)
        try:
            for blob in wanted:
                yield _unreadable(blob, "not in this partial clone") if blob.id in missing else answers.next(blob)
        finally:
            conversation.end()
            telling.join()


def _missing(repository: Repository, blobs: Sequence[Blob]) -> frozenset[str]:
    """Return the missing objects. If git is asked for one, it tries to fetch it, and stops at the first."""
    ids = frozenset(blob.id for blob in blobs)
    given = "".join(f"{one}\n" for one in sorted(ids)).encode()
    arguments = ("rev-list", "--objects", "--no-walk", "--missing=print", "--ignore-missing", "--stdin")
    listed = client.answer(repository.root, *arguments, given=given).stdout.decode("ascii", "replace")
    return ids - {line.split(" ", 1)[0] for line in listed.splitlines()}


def _tell(questions: IO[bytes], ids: Sequence[str]) -> None:
    with suppress(OSError), questions:  # git has ended, and the reader will notice
        questions.writelines(b"%s\n" % one.encode() for one in ids)


def _unreadable(blob: Blob, reason: str) -> Content:
    return Content(blob, None, _refused(reason))


def _refused(reason: str) -> Iterator[bytes]:
    raise NotText(reason, expected=False)
    yield b""  # an iterator, so that the error is raised when it is read


class _Answers:
    """The output of ``git cat-file --batch``, one content after the other.

    Git does not verify a content against its id here. So this class does: a repository may contain anything in the
    place of an object.
    """

    def __init__(self, answers: IO[bytes], object_format: str) -> None:
        self._answers = answers
        self._object_format = object_format
        self._left_bytes = 0  # bytes left of the last answer, with the line end after it
        self._turn = 0

    def next(self, blob: Blob) -> Content:
        """Return the answer to the next request."""
        self._turn += 1
        with suppress(NotText):  # raised when it is read, if at all
            while self._left_bytes:
                self._take()
        try:
            words = self._answers.readline().split()
        except OSError:
            return _unreadable(blob, "git did not answer")
        if len(words) != len(("name", "kind", "size")) or not words[2].isdigit():
            return _unreadable(blob, "not in this repository" if words else "git could not read it")
        size = int(words[2])
        self._left_bytes = size + 1
        if words[1] != b"blob":
            return _unreadable(blob, "not the content of a file")
        return Content(blob, size, self._blocks(blob, size, self._turn))

    def _blocks(self, blob: Blob, size: int, turn: int) -> Iterator[bytes]:
        digest = blob_digest(size, self._object_format)
        while turn != self._turn or self._left_bytes:
            if turn != self._turn:
                raise ValueError("a content has to be read before the next one is asked for")
            block = self._take()
            digest.update(block)
            if not self._left_bytes and digest.hexdigest() != blob.id:
                raise NotText("its content is not the one that its name in git stands for", expected=False)
            yield block

    def _take(self) -> bytes:
        try:
            block = self._answers.read(self._left_bytes if self._left_bytes <= BLOCK_BYTES + 1 else BLOCK_BYTES)
        except OSError:
            self._left_bytes = 0
            raise NotText("git did not answer", expected=False) from None
        self._left_bytes -= len(block)
        if not block:
            self._left_bytes = 0
            raise NotText("git could not read it", expected=False)
        return block if self._left_bytes else block[:-1]
