"""Inputs that are not text: bodies of requests, and pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated

import typer

from ...cli.options import Pictures, assumed_size
from ...errors import Gpt41calcError, UsageError

if TYPE_CHECKING:
    import builtins

    from ...calculator.estimate import RequestSeen
    from ...cli.calibration import Foresight
    from ...pricing.schema import Model
    from ...requests.blocks import Measured
    from ...requests.detect import Kind as HeldKind
    from ...requests.pictures import Size
    from ...sources.source import Rules, Source
    from ...tally import Counted, Skipped
    from ...tokenizer.protocol import Tokenizer

__all__ = ["Content", "Kind", "Special", "special_inputs"]

_MOST_BYTES = 64 << 20
"""A longer file is no body of a request."""

_PEEKED_BYTES = 4096

_LINES_ENDING = ".jsonl"

_FIRST_LINES = 5
"""So many lines of such a file say what it holds."""


class Kind(StrEnum):
    """What an input holds."""

    TEXT = "text"
    REQUEST = "request"
    BATCH = "batch"
    FINETUNE = "finetune"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Content(Pictures):
    """What inputs hold."""

    kind: Annotated[
        Kind | None,
        typer.Option("--kind", help="What a named file holds. Default: what its content says.", show_default=False),
    ] = None
    images: Annotated[
        bool, typer.Option("--images", help="Count pictures in folders, too, each as a part of the request.")
    ] = False


@dataclass(slots=True)
class Special:
    """Inputs that are not counted as text, until it is known with which models."""

    requests: list[tuple[Source, int, Measured]] = field(default_factory=list)
    """Sources, how long they are, and the requests in them."""

    skipped: list[Skipped] = field(default_factory=list)
    """What could not be read as what it is."""

    texts: list[Source | Skipped] = field(default_factory=list)
    """What is left: text."""

    batch: str | None = None
    """The file that holds a request a line, if that is all there is."""

    hints: list[str] = field(default_factory=list)
    """What is worth knowing of files that are counted as text."""

    held: list[tuple[Source, _Begun]] = field(default_factory=list)
    """What was read from standard input to see what it is, and is text."""

    foresight: Foresight | None = None
    """What an earlier run has taught, if it is to be used."""

    @property
    def models(self) -> list[str]:
        """The models that the requests name."""
        names = (measured.request.model for _, _, measured in self.requests)
        return [name for name in names if name is not None]

    def counted(self, models: Sequence[Model], tokenizers: Mapping[str, Tokenizer]) -> list[Counted]:
        """Count the requests for every model."""
        from ...requests.tokens import text_tokens
        from ...tally import Counted

        return [
            Counted(
                source.name,
                size,
                {name: text_tokens(measured, tokenizer) for name, tokenizer in tokenizers.items()},
                added={model.id: self._added(model, measured, tokenizers[model.counted_in]) for model in models},
            )
            for source, size, measured in self.requests
        ]

    def _added(self, model: Model, measured: Measured, tokenizer: Tokenizer) -> int:
        """Return the tokens that are no text, as an earlier run has shown them to be."""
        from ...requests.tokens import request_overhead

        request, known = measured.request, self.foresight
        extra = known.extra_tokens(model, len(request.messages), len(request.tools)) if known else 0
        around = request_overhead(measured, model, tokenizer) + extra
        return around if measured.request.google else max(0, around)

    def seen(self, models: Sequence[Model]) -> tuple[RequestSeen, ...]:
        """Return what is worth saying of them."""
        return tuple(_seen(source.name, measured, models) for source, _, measured in self.requests)


def special_inputs(found: Sequence[Source | Skipped], content: Content, rules: Rules, stdin: int) -> Special:
    """Tell requests and pictures from text.

    Raises:
        UsageError: a file is said to hold what another command reads.
    """
    from ...tally import Skipped

    if content.kind in {Kind.FINETUNE, Kind.USAGE}:
        message = f"--kind {content.kind}: 'estimate' does not price this"
        raise UsageError(message, hint=f"gpt41calc {content.kind} FILE")
    special = Special()
    assumed = assumed_size(content)
    for one in found:
        if isinstance(one, Skipped) or content.kind is Kind.TEXT:
            special.texts.append(one)
        elif content.images and one.path is not None and _is_picture(one.path):
            _take_picture(one, special, assumed)
        elif not one.named:
            special.texts.append(one)
        else:
            _take_named(one, special, content.kind, assumed, rules, stdin)
    if special.batch is not None and len(found) > 1:
        message = f"{special.batch} holds a request a line, and is estimated by itself"
        raise UsageError(message, hint="'--kind text' counts it as text")
    return special


def _take_named(
    source: Source, special: Special, kind: Kind | None, assumed: Size | None, rules: Rules, stdin: int
) -> None:
    """See what a file that was named holds."""
    from ...requests.detect import Kind as HeldKind
    from ...requests.detect import kind_of
    from ...sources.strict_json import NotJson, parse_json

    if kind is Kind.BATCH:
        special.batch = source.path or "-"
        return
    if source.path is None:
        _take_stdin(source, special, kind, assumed, rules, stdin)
        return
    is_lines = kind is None and source.path.lower().endswith(_LINES_ENDING)
    raw = _beginning(source.path, is_forced=kind is not None or is_lines)
    if raw is None:
        special.texts.append(source)
        return
    told = _first_line_kind(raw) if kind is None else None
    if told in {HeldKind.BATCH, HeldKind.REQUEST} or (is_lines and _are_mostly_requests(raw)):
        special.batch = source.path
        return
    if told in {HeldKind.FINETUNE, HeldKind.USAGE}:
        special.hints.append(f"{source.name} is counted as text; 'gpt41calc {told}' says what is in it")
    if kind is None and len(raw) > _MOST_BYTES:
        special.texts.append(source)
        return
    try:
        value = parse_json(raw)
    except NotJson as error:
        if kind is None:
            special.texts.append(source)
        else:
            special.skipped.append(_skipped(source, error.reason))
        return
    if kind is None and kind_of(value) is not HeldKind.REQUEST:
        special.texts.append(source)
    else:
        _take_request(source, value, len(raw), special, assumed)


def _take_request(source: Source, value: object, size: int, special: Special, assumed: Size | None) -> None:
    from ...requests.blocks import measured
    from ...requests.detect import parse_request

    folder = os.path.dirname(source.path or "") or "."
    try:
        special.requests.append((source, size, measured(parse_request(value), folder, assumed)))
    except Gpt41calcError as error:
        special.skipped.append(_skipped(source, str(error)))


def _take_stdin(
    source: Source, special: Special, kind: Kind | None, assumed: Size | None, rules: Rules, stdin: int
) -> None:
    """See what standard input holds, which can be read only once."""
    from ...sources.read import NotText, Reading
    from ...sources.source import Rules as Read

    reading = Reading(source, Read(text=True, max_bytes=rules.max_bytes), stdin=stdin)
    blocks = reading.raw()
    try:
        begun = _begun(blocks, is_forced=kind is not None)
    except NotText as error:
        special.skipped.append(_skipped(source, error.reason))
        return
    if kind is None and not (begun.strip() and _may_be_object(begun)):
        special.held.append((source, _Begun(begun, blocks, rules)))
        return
    _take_begun(source, begun, _Begun(begun, blocks, rules), special, kind, assumed)


def _begun(blocks: Iterator[bytes], *, is_forced: bool) -> bytes:
    """Return the blocks until it is clear that they are no body: all of them, if they may be one."""
    begun = bytearray()
    for block in blocks:
        begun += block
        if (not is_forced and not _may_be_object(begun)) or len(begun) > _MOST_BYTES:
            break
    return bytes(begun)


def _take_begun(
    source: Source, begun: bytes, held: _Begun, special: Special, kind: Kind | None, assumed: Size | None
) -> None:
    """See whether what begins like an object is the body of a request."""
    from ...requests.detect import Kind as Told
    from ...requests.detect import kind_of
    from ...sources.strict_json import NotJson, parse_json

    try:
        value = parse_json(begun)
    except NotJson as error:
        if kind is not None:
            special.skipped.append(_skipped(source, error.reason))
            return
        value = None
    if kind is None and kind_of(value) is not Told.REQUEST:
        special.held.append((source, held))
    else:
        _take_request(source, value, len(begun), special, assumed)


class _Begun:
    """Text of which the beginning was read already."""

    def __init__(self, begun: builtins.bytes, rest: Iterator[builtins.bytes], rules: Rules) -> None:
        from ...sources.decoding import Decoding

        self._begun = begun
        self._rest = rest
        self._decoding = Decoding(as_text=rules.text, expected=False)
        self.bytes = 0

    @property
    def lossy(self) -> bool:
        return self._decoding.lossy

    def __iter__(self) -> Iterator[builtins.bytes]:
        self._decoding.sniff(self._begun)
        yield from self._decoding.decoded(self._counted())

    def _counted(self) -> Iterator[builtins.bytes]:
        for block in chain([self._begun], self._rest):
            self.bytes += len(block)
            yield block


def _may_be_object(raw: bytes | bytearray) -> bool:
    begin = bytes(raw[:_PEEKED_BYTES]).removeprefix(b"\xef\xbb\xbf").lstrip()
    return not begin or begin.startswith(b"{")


def _beginning(path: str, *, is_forced: bool) -> bytes | None:
    """Return what is in a file that may be a body; none: it is not."""
    from ...sources.open_path import open_path

    with suppress(OSError):
        if not os.path.isfile(path):
            return None
        with open(open_path(path, os.O_RDONLY), "rb") as file:
            begun = file.read(_PEEKED_BYTES)
            if is_forced or (begun.strip() and _may_be_object(begun)):
                return begun + file.read(_MOST_BYTES - len(begun) + 1)
    return None


def _first_line_kind(raw: bytes) -> HeldKind | None:
    """Return what the first of many lines is; a single line is no file of many, unless it is of a batch."""
    from ...requests.detect import Kind as HeldKind

    first, _, rest = raw.partition(b"\n")
    found = _line_kind(first)
    return found if found is HeldKind.BATCH or rest.strip() else None


def _are_mostly_requests(raw: bytes) -> bool:
    """Say whether most of the first lines are requests, so that a bad one among them is a bad line and no text."""
    from ...requests.detect import Kind as HeldKind

    begun = list(islice(filter(bytes.strip, BytesIO(raw)), _FIRST_LINES))
    requests = sum(_line_kind(line) in {HeldKind.BATCH, HeldKind.REQUEST} for line in begun)
    return len(begun) > 1 and 2 * requests > len(begun)


def _line_kind(line: bytes) -> HeldKind | None:
    from ...requests.detect import kind_of
    from ...sources.strict_json import NotJson, parse_json

    try:
        return kind_of(parse_json(line))
    except NotJson:
        return None


def _is_picture(path: str) -> bool:
    from ...requests.pictures import PICTURE_ENDINGS

    return os.path.splitext(path)[1].lower() in PICTURE_ENDINGS


def _take_picture(source: Source, special: Special, assumed: Size | None) -> None:
    """Take a picture as a part of a request, which has no frame of its own."""
    from ...requests.blocks import Block, Measured, Picture
    from ...requests.pictures import measure_file
    from ...requests.request import Request

    path = source.path or ""
    try:
        picture = Picture(path, measure_file(path), low=False, where=source.name)
        size = os.stat(path).st_size
    except (OSError, ValueError) as error:
        special.skipped.append(_skipped(source, str(error)))
        return
    blank = Request(endpoint="chat", model=None, messages=())
    special.requests.append((source, size, Measured(blank, (Block(picture=picture),), assumed, (picture,))))


def _skipped(source: Source, reason: str) -> Skipped:
    from ...tally import Skipped

    return Skipped(source.name, reason, expected=False)


def _seen(name: str, measured: Measured, models: Sequence[Model]) -> RequestSeen:
    from ...calculator.estimate import RequestSeen

    request = measured.request
    pictures = len(measured.pictures)
    return RequestSeen(
        path=name,
        endpoint=request.endpoint if request.messages else None,
        model=request.model,
        messages=len(request.messages),
        tools=len(request.tools),
        pictures=pictures,
        assumed=measured.assumptions(models[0]),
        unknown=tuple(model.name for model in models if pictures and model.images is None),
        max_output=request.max_output,
        choices=request.choices,
    )
