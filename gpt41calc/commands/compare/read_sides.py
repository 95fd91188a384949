"""Find, count and read the inputs that are compared."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from ...calculator.forecast import OutputForecast
from ...counting.excerpts import Text, WatchedText
from ...counting.runtime import Runtime, count_sources
from ...errors import UsageError
from ...pricing.schema import Model
from ...requests.detect_inputs import Detection, detect_inputs
from ...requests.inputs import BatchFile
from ...requests.request_inputs import RequestInputs
from ...sources.find import as_shown, gather
from ...sources.read import NotText, Reading
from ...sources.source import Rules, Source
from ...tally import STDIN_NAME, Counted, Skipped, Tally
from .sections import Divided, Section, divide
from .wording import MOST_BYTES

if TYPE_CHECKING:
    from ...requests.inputs import RequestInput
    from ...tokenizer.protocol import Tokenizer
    from .comparison import SideKind

__all__ = ["ReadFile", "ReadSide", "read_side"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """One file of an input, counted; its text is read when it is needed."""

    seen: Counted | Skipped
    """The counted file, or why it was skipped."""

    source: Source | None = None
    """Where it is read again. None if it can be read only once."""

    stored: bytes | None = None
    """Its text in UTF-8, if it could be read only once and was not too long. None otherwise."""

    digest: bytes | None = None
    """Digest of a text that could be read only once. None if the file can be read again."""

    parts: Divided | None = None
    """Its sections, if they were found in another way than by its name: the messages of a request. None otherwise."""

    rules: Detection
    """How it is read."""

    def text(self) -> bytes | None:
        """Return its text in UTF-8; None if it is too long to be compared line by line, or gone."""
        if self.source is None:
            return self.stored
        if not isinstance(self.seen, Counted) or self.seen.bytes > MOST_BYTES:
            return None
        storing = _Storing(Reading(self.source, self.rules.rules, stdin=self.rules.stdin))
        try:
            for _ in storing:
                pass
        except NotText:
            return None
        return storing.stored

    def content(self) -> bytes:
        """Return a digest of its text; two files are the same if their digests are.

        Raises:
            NotText: it can no longer be read.
        """
        if self.digest is not None or self.source is None:
            return self.digest or b""
        storing = _Storing(Reading(self.source, self.rules.rules), most_bytes=0)
        for _ in storing:
            pass
        return storing.digest

    def raw_digest(self) -> bytes:
        """Return a digest of its bytes, whatever they are; empty if it cannot be read, as a link that is not followed."""
        digest = blake2b()
        if self.source is not None:
            try:
                for block in Reading(self.source, Rules(text=True)).raw():
                    digest.update(block)
            except NotText:
                return b""
        return digest.digest()

    def divided(self, text: bytes) -> Divided:
        """Return its sections.

        Args:
            text: its text.
        """
        return self.parts or divide("" if self.seen.path == STDIN_NAME else self.seen.path, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSide:
    """An input that was counted."""

    name: str
    """Its path as the user would write it, or ``<stdin>``."""

    kind: SideKind
    """What it is."""

    inputs: Tally
    """What was counted of it."""

    files: Mapping[str, ReadFile] = field(default_factory=dict)
    """Its files by their path relative to it; of a single file, by its name."""

    sources: Sequence[Source | Skipped] = ()
    """Its sources of text."""


class _Storing(WatchedText):
    """A text that is stored while it is read, if it is not too long."""

    def __init__(self, text: Text, most_bytes: int = MOST_BYTES) -> None:
        """Take the text; nothing is read yet."""
        super().__init__(text)
        self._most_bytes = most_bytes
        self._blocks: list[builtins.bytes] | None = []
        self._size = 0
        self._digest = blake2b()

    def __iter__(self) -> Iterator[builtins.bytes]:
        """Yield the text."""
        for block in self._text:
            self._size += len(block)
            self._digest.update(block)
            if self._size > self._most_bytes:
                self._blocks = None
            if self._blocks is not None:
                self._blocks.append(block)
            yield block

    @property
    def stored(self) -> builtins.bytes | None:
        """The text; None if it was too long."""
        return None if self._blocks is None else b"".join(self._blocks)

    @property
    def digest(self) -> builtins.bytes:
        """Digest of the text."""
        return self._digest.digest()


def read_side(path: str, detection: Detection, models: Sequence[Model], runtime: Runtime) -> ReadSide:
    """Return an input, counted for all models.

    Raises:
        UsageError: the path does not exist, or holds a request a line.
        VocabularyError: a vocabulary is missing or altered.
    """
    found = gather([path], detection.rules)
    is_folder = not any(isinstance(one, Source) and one.named for one in found) and path != "-"
    detected = RequestInputs(texts=tuple(found)) if is_folder else detect_inputs(found, detection, runtime.hint)
    if isinstance(detected, BatchFile):
        message = f"{path} holds a request a line: one request is compared with another"
        raise UsageError(message, hint="'--kind text' compares it as text; 'gpt41calc batch' prices all of it")
    name = STDIN_NAME if path == "-" else as_shown(path)
    if is_folder:
        tally = count_sources(found, [model.counted_in for model in models], detection.rules, runtime)
        files = _files_of(path, found, tally, detection)
        return ReadSide(name=name, kind="folder", inputs=tally, files=files, sources=found)
    return _single(name, detected, detection, models, runtime)


def _files_of(
    folder: str, found: Sequence[Source | Skipped], tally: Tally, detection: Detection
) -> dict[str, ReadFile]:
    """Return the files of a folder by their path below it."""
    found_all: list[Counted | Skipped] = [*tally.counted, *tally.skipped]
    seen = {one.path: one for one in found_all}
    sources = {one.name: one for one in found if isinstance(one, Source)}
    shown = as_shown(folder).rstrip("/")
    below = "" if shown == "." else f"{shown}/"
    return {
        name.removeprefix(below): ReadFile(seen=one, source=sources.get(name), rules=detection)
        for name, one in seen.items()
    }


def _single(
    name: str, detected: RequestInputs, detection: Detection, models: Sequence[Model], runtime: Runtime
) -> ReadSide:
    """Return an input that is one file, one pipe or one request."""
    key = os.path.basename(name)
    if detected.requests:
        return _request(name, detected, detection, models)
    if detected.skipped:
        (skipped,) = detected.skipped
        return ReadSide(
            name=name,
            kind="request",
            inputs=Tally.of(skipped),
            files={key: ReadFile(seen=skipped, rules=detection)},
        )
    (source,) = detected.texts or (None,)
    if isinstance(source, Source) and source.path is not None and os.path.isfile(source.path):
        tally = count_sources([source], [model.counted_in for model in models], detection.rules, runtime)
        seen_all: list[Counted | Skipped] = [*tally.counted, *tally.skipped]
        file = ReadFile(seen=seen_all[0], source=source, rules=detection)
        return ReadSide(name=name, kind="text", inputs=tally, files={key: file}, sources=[source])
    return _read_once(name, source, detected, detection, models)


def _read_once(
    name: str, source: Source | Skipped | None, detected: RequestInputs, detection: Detection, models: Sequence[Model]
) -> ReadSide:
    """Return a pipe, which can be read only once: its text is stored while it is counted."""
    from ...counting.counter import SourceCounter

    key = os.path.basename(name)
    begun = next((one.begun for one in detected.begun if one.begun is not None), None)
    if begun is None and not isinstance(source, Source):
        seen: Counted | Skipped = source or Skipped(name, "nothing to read", expected=False)
        file = ReadFile(seen=seen, rules=detection)
        return ReadSide(name=name, kind="text", inputs=Tally.of(seen), files={key: file})
    text: Text = begun if begun is not None else Reading(_source(source), detection.rules, stdin=detection.stdin)
    storing = _Storing(text)
    seen = SourceCounter(_tokenizers(models), detection.rules).count_text(name, storing)
    file = ReadFile(seen=seen, stored=storing.stored, digest=storing.digest, rules=detection)
    return ReadSide(name=name, kind="text", inputs=Tally.of(seen), files={key: file})


def _source(source: Source | Skipped | None) -> Source:
    assert isinstance(source, Source)  # noqa: S101 - the caller looked
    return source


def _request(name: str, detected: RequestInputs, detection: Detection, models: Sequence[Model]) -> ReadSide:
    """Return the body of a request, with its messages as sections."""
    seen = detected.counted(models, _tokenizers(models), OutputForecast())
    (request,) = detected.requests
    messages = _messages(request)
    text = b"\n".join(section.text for section in messages)
    counted = seen[0]
    file = ReadFile(
        seen=counted,
        stored=text,
        digest=_body_digest(request),
        parts=Divided("messages", tuple(messages)),
        rules=detection,
    )
    return ReadSide(name=name, kind="request", inputs=Tally.of(*seen), files={os.path.basename(name): file}, sources=())


def _messages(request: RequestInput) -> list[Section]:
    """Return the text of every message of a request."""
    from ...requests.parts import Text as TextPart

    found = []
    for number, message in enumerate(request.measured.request.messages, 1):
        text = "".join(part.text for part in message.parts if isinstance(part, TextPart))
        found.append(Section(f"message {number} ({message.role})", text.encode("utf-8", "replace")))
    return found


def _body_digest(request: RequestInput) -> bytes:
    """Return a digest of a body that does not depend on its blanks."""
    import json

    return blake2b(json.dumps(request.body, sort_keys=True, default=str).encode("utf-8", "surrogatepass")).digest()


def _tokenizers(models: Sequence[Model]) -> dict[str, Tokenizer]:
    from ...tokenizer.engines import tokenizer

    names = [*(model.counted_in for model in models), *(model.fallback.of for model in models if model.fallback)]
    return {name: tokenizer(name) for name in names}
