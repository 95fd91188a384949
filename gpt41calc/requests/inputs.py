"""Detect the content of a named input: text, a request body, a file of requests, or a picture."""

from __future__ import annotations

import builtins
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import Gpt41calcError
from ..sources.decoding import Decoding, NotText
from ..sources.open_path import open_path
from ..sources.read import Reading
from ..sources.source import Rules, Source
from ..sources.strict_json import NotJson, parse_json
from ..tally import Skipped
from .detect import Kind, as_body, kind_of, parse_request

if TYPE_CHECKING:
    from .blocks import Measured
    from .pictures import Size

__all__ = ["BatchFile", "BegunText", "Detected", "RequestInput", "TextInput", "detect", "detect_picture"]

_MOST_BYTES = 64 << 20
"""A longer file is not treated as a request body."""

_PEEKED_BYTES = 4096

_LINES_ENDING = ".jsonl"

_FIRST_LINES = 5
"""Number of first lines from which the kind of a file of lines is detected."""


class BegunText:
    """A text whose first bytes were already read for detection; it can be read to its end once.

    Raises (while iterating):
        NotText: it is not text, or cannot be read.
    """

    def __init__(self, begun: builtins.bytes, rest: Iterator[builtins.bytes], *, as_text: bool) -> None:
        """Take the bytes already read, and the remaining blocks.

        Args:
            begun: the first bytes.
            rest: the blocks after them.
            as_text: whether binary content is also counted.
        """
        self._begun = begun
        self._rest = rest
        self._decoding = Decoding(as_text=as_text, expected=False)
        self.bytes = 0
        """Number of bytes read so far."""

    @property
    def lossy(self) -> bool:
        """Whether some bytes were not valid text."""
        return self._decoding.lossy

    def __iter__(self) -> Iterator[builtins.bytes]:
        """Yield the text as UTF-8; no character is split between two blocks."""
        self._decoding.sniff(self._begun)
        yield from self._decoding.decoded(self._counted())

    def _counted(self) -> Iterator[builtins.bytes]:
        for block in chain([self._begun], self._rest):
            self.bytes += len(block)
            yield block


class TextInput(NamedTuple):
    """An input that is counted as text."""

    source: Source
    """The input."""

    begun: BegunText | None = None
    """Its text, if the beginning was read from standard input, which can be read only once. None if the source is still
    to be opened.
    """

    hint: str = ""
    """A hint that another command suits this input better; empty if there is none."""


class RequestInput(NamedTuple):
    """A request body, or a picture treated as a part of a request."""

    source: Source
    """The input."""

    bytes: int
    """Length of the input, in bytes."""

    measured: Measured
    """The request with the sizes of its pictures."""

    body: Mapping[str, Any] | None = None
    """The body as parsed JSON. None for a picture."""


class BatchFile(NamedTuple):
    """A file with one request per line."""

    path: str
    """Path of the file; ``-`` for standard input."""


Detected = TextInput | RequestInput | BatchFile | Skipped
"""The content of an input, or the reason why it does not match its declared kind."""


def detect(
    source: Source,
    rules: Rules,
    *,
    kind: Kind | None = None,
    assumed: Size | None = None,
    partial: bool = False,
    stdin: int = 0,
) -> Detected:
    """Return the content of a named input.

    Args:
        source: the input.
        rules: the rules for reading it.
        kind: its declared kind; None to detect it.
        assumed: size of pictures that cannot be measured. None for the size that takes the most tokens.
        partial: whether parts of a request that cannot be counted are left out, instead of the whole request.
        stdin: descriptor of standard input.
    """
    if kind is Kind.BATCH:
        return BatchFile(source.path or "-")
    is_lines = kind is None and source.path is not None and source.path.lower().endswith(_LINES_ENDING)
    reader = _BodyReader(kind, assumed, partial, is_lines)
    if source.path is None:
        return _detect_stdin(source, rules, reader, stdin)
    raw = _beginning(source.path, is_forced=kind is not None or is_lines)
    if raw is None:
        return TextInput(source)
    first = _first_line_kind(raw) if kind is None else None
    if first in {Kind.BATCH, Kind.REQUEST} or (is_lines and _are_mostly_requests(raw)):
        return BatchFile(source.path)
    is_for_another = first in {Kind.FINETUNE, Kind.USAGE}
    hint = f"{source.name} is counted as text; 'gpt41calc {first}' says what is in it" if is_for_another else ""
    if kind is None and len(raw) > _MOST_BYTES:
        return TextInput(source, hint=hint)
    return reader.read(source, raw, TextInput(source, hint=hint))


class _BodyReader(NamedTuple):
    """Parses a request body; other content is text, unless it is declared as a request."""

    kind: Kind | None
    assumed: Size | None
    partial: bool
    is_lines: bool
    """Whether the file has one value per line, by its name: a conversation in it is a training example."""

    def read(self, source: Source, raw: bytes, otherwise: TextInput) -> RequestInput | TextInput | Skipped:
        try:
            value = parse_json(raw)
        except NotJson as error:
            return self._as_text(raw, error.reason, otherwise) if self.kind is None else _skipped(source, error.reason)
        if self.kind is None and kind_of(value, is_alone=not self.is_lines) is not Kind.REQUEST:
            from .near_request import why_no_request

            why = why_no_request(value)
            return _with_hint(otherwise, why) if why and kind_of(value) is Kind.TEXT else otherwise
        from .blocks import measured

        folder = os.path.dirname(source.path or "") or "."
        try:
            request = parse_request(value, partial=self.partial)
            return RequestInput(source, len(raw), measured(request, folder, self.assumed), as_body(value))
        except Gpt41calcError as error:
            return _skipped(source, str(error))

    def _as_text(self, raw: bytes, reason: str, otherwise: TextInput) -> TextInput:
        """Return content that is not valid JSON as text, with the reason as a hint if it looks like a request."""
        from .near_request import looks_like_request

        is_one = not self.is_lines and not otherwise.hint and looks_like_request(raw)
        return _with_hint(otherwise, reason) if is_one else otherwise


def _with_hint(text: TextInput, why: str) -> TextInput:
    """Return text that looks like a request, with a hint why it is not one."""
    hint = f"{text.source.name} looks like a request, but is counted as text: {why}"
    return text._replace(hint=text.hint or hint)


def _detect_stdin(source: Source, rules: Rules, reader: _BodyReader, stdin: int) -> RequestInput | TextInput | Skipped:
    """Return the content of standard input, which can be read only once."""
    blocks = Reading(source, Rules(text=True, max_bytes=rules.max_bytes), stdin=stdin).raw()
    try:
        begun = _begun(blocks, is_forced=reader.kind is not None)
    except NotText as error:
        return _skipped(source, error.reason)
    text = TextInput(source, BegunText(begun, blocks, as_text=rules.text))
    if reader.kind is None and not (begun.strip() and _may_be_body(begun)):
        return text
    return reader.read(source, begun, text)


def _begun(blocks: Iterator[bytes], *, is_forced: bool) -> bytes:
    """Return the blocks read until it is clear that they are not a request body: all blocks, if they may be one."""
    begun = bytearray()
    for block in blocks:
        begun += block
        if (not is_forced and not _may_be_body(begun)) or len(begun) > _MOST_BYTES:
            break
    return bytes(begun)


def _may_be_body(raw: bytes | bytearray) -> bool:
    begin = bytes(raw[:_PEEKED_BYTES]).removeprefix(b"\xef\xbb\xbf").lstrip()
    return not begin or begin.startswith(b"{") or (begin.startswith(b"[") and _MESSAGES.match(begin) is not None)


_MESSAGES = re.compile(
    rb'\[\s*(\{\s*("(role|content|parts|name|id|type|tool_calls|tool_call_id|function_call|refusal)"|\Z)|\Z)'
)
"""The possible beginnings of a bare list of messages; other lists are not read as a whole."""


def _beginning(path: str, *, is_forced: bool) -> bytes | None:
    """Return the content of a file that may be a request body; None if it is not one."""
    with suppress(OSError):
        if not os.path.isfile(path):
            return None
        with open(open_path(path, os.O_RDONLY), "rb") as file:
            begun = file.read(_PEEKED_BYTES)
            if is_forced or (begun.strip() and _may_be_body(begun)):
                return begun + file.read(_MOST_BYTES - len(begun) + 1)
    return None


def _first_line_kind(raw: bytes) -> Kind | None:
    """Return the kind of the first of many lines; a single line counts as such a file only if it is a batch line."""
    first, _, rest = raw.partition(b"\n")
    found = _line_kind(first)
    return found if found is Kind.BATCH or rest.strip() else None


def _are_mostly_requests(raw: bytes) -> bool:
    """Return whether most of the first lines are requests; a bad line among them is then an error, not text."""
    begun = list(islice(filter(bytes.strip, BytesIO(raw)), _FIRST_LINES))
    requests = sum(_line_kind(line) in {Kind.BATCH, Kind.REQUEST} for line in begun)
    return len(begun) > 1 and 2 * requests > len(begun)


def _line_kind(line: bytes) -> Kind | None:
    try:
        return kind_of(parse_json(line))
    except NotJson:
        return None


def detect_picture(source: Source, assumed: Size | None = None, *, follow: bool = False) -> RequestInput | Skipped:
    """Return a picture as a part of a request without a message frame.

    Args:
        source: the file.
        assumed: the size of a picture that cannot be measured.
        follow: whether to follow symbolic links found in folders.
    """
    from ..sources.folders import OpenFolders
    from .blocks import Measured, Picture
    from .pictures import measure_file
    from .request import Request

    path = source.path or ""
    try:
        with OpenFolders(follow=source.named or follow) as folders:
            descriptor = folders.open(*source.place)
        size = os.fstat(descriptor).st_size
        picture = Picture(path, measure_file(path, descriptor), low=False, where=source.name)
    except (OSError, ValueError) as error:
        return _skipped(source, str(error))
    blank = Request(endpoint="chat", model=None, messages=())
    return RequestInput(source, size, Measured(blank, (picture,), assumed, is_bare=True))


def _skipped(source: Source, reason: str) -> Skipped:
    return Skipped(source.name, reason, expected=False)
