"""Find, count and read the inputs that are compared."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from ...calculator.forecast import OutputForecast
from ...counting.excerpts import Text
from ...counting.runtime import Runtime, count_sources
from ...errors import UsageError
from ...pricing.schema import Model
from ...requests.detect_inputs import Detection, detect_inputs
from ...requests.inputs import BatchFile
from ...requests.request_inputs import RequestInputs
from ...sources.find import as_shown, gather
from ...sources.read import Reading
from ...sources.source import Source
from ...tally import STDIN_NAME, Counted, Skipped, Tally
from .read_file import ReadFile, StoringText
from .sections import Divided, Section

if TYPE_CHECKING:
    from ...requests.inputs import RequestInput
    from ...tokenizer.protocol import Tokenizer
    from .comparison import SideKind

__all__ = ["ReadSide", "read_sides"]


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


def read_sides(paths: Sequence[str], detection: Detection, models: Sequence[Model], runtime: Runtime) -> list[ReadSide]:
    """Return inputs, counted for all models.

    Raises:
        UsageError: a path does not exist, or holds a request a line.
        VocabularyError: a vocabulary is missing or altered.
    """
    sides = [_found(path, detection, runtime) for path in paths]
    # All at once, since the worker processes take one job; and each file once, also if it is in two inputs.
    sources = {one.name: one for side in sides for one in side.texts if _is_read_again(one)}
    tally = count_sources(list(sources.values()), [model.counted_in for model in models], detection.rules, runtime)
    seen: dict[str, Counted | Skipped] = {one.path: one for one in tally.counted}
    seen.update({one.path: one for one in tally.skipped})
    return [_read(side, seen, detection, models) for side in sides]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An input that was found, and not yet counted."""

    path: str
    """Its path as it was given."""

    is_folder: bool
    """Whether it is a folder."""

    inputs: RequestInputs
    """What it holds, by how it is counted."""

    @property
    def name(self) -> str:
        """Its name in reports."""
        return STDIN_NAME if self.path == "-" else as_shown(self.path)

    @property
    def texts(self) -> list[Source]:
        """Its sources of text."""
        return [one for one in self.inputs.texts if isinstance(one, Source)]


def _found(path: str, detection: Detection, runtime: Runtime) -> _Found:
    """Find an input.

    Raises:
        UsageError: the path does not exist, or holds a request a line.
    """
    if path != "-" and os.path.isdir(path):
        found = gather([path], detection.rules)
        return _Found(path=path, is_folder=True, inputs=RequestInputs(texts=tuple(found)))
    detected = detect_inputs(gather([path], detection.rules), detection, runtime.hint)
    if isinstance(detected, BatchFile):
        message = f"{path} holds a request a line: one request is compared with another"
        raise UsageError(message, hint="'--kind text' compares it as text; 'gpt41calc batch' prices all of it")
    return _Found(path=path, is_folder=False, inputs=detected)


def _is_read_again(source: Source) -> bool:
    """Return whether a source can be read twice: a pipe cannot."""
    return source.path is not None and (not source.named or os.path.isfile(source.path))


def _read(
    side: _Found, seen: Mapping[str, Counted | Skipped], detection: Detection, models: Sequence[Model]
) -> ReadSide:
    """Return an input with its counts."""
    if side.is_folder:
        return _folder(side, seen, detection)
    if side.inputs.requests:
        return _request(side.name, side.inputs, detection, models)
    source = next(iter(side.texts), None)
    if source is not None and source.name in seen:
        return _single(side, seen[source.name], detection, source)
    if side.inputs.skipped:
        return _single(side, side.inputs.skipped[0], detection)
    return _read_once(side, source, detection, models)


def _folder(side: _Found, seen: Mapping[str, Counted | Skipped], detection: Detection) -> ReadSide:
    """Return a folder with its files by their path below it."""
    shown = side.name.rstrip("/")
    below = "" if shown == "." else f"{shown}/"
    files: dict[str, ReadFile] = {}
    for one in side.inputs.texts:
        name = one.name if isinstance(one, Source) else one.path
        counted = seen[name] if isinstance(one, Source) else one
        source = one if isinstance(one, Source) else None
        files[name.removeprefix(below)] = ReadFile(seen=counted, source=source, rules=detection)
    tally = Tally.of(*(file.seen for file in files.values()))
    return ReadSide(name=side.name, kind="folder", inputs=tally, files=files, sources=side.inputs.texts)


def _single(side: _Found, seen: Counted | Skipped, detection: Detection, source: Source | None = None) -> ReadSide:
    """Return an input that is one file."""
    file = ReadFile(seen=seen, source=source, rules=detection)
    return ReadSide(
        name=side.name,
        kind="request" if side.inputs.skipped else "text",
        inputs=Tally.of(seen),
        files={os.path.basename(side.name): file},
        sources=[source] if source else (),
    )


def _read_once(side: _Found, source: Source | None, detection: Detection, models: Sequence[Model]) -> ReadSide:
    """Return a pipe, which can be read only once: its text is stored while it is counted."""
    from ...counting.counter import SourceCounter

    begun = next((one.begun for one in side.inputs.begun if one.begun is not None), None)
    if begun is None and source is None:
        return _single(side, Skipped(side.name, "nothing to read", expected=False), detection)
    text: Text = begun or Reading(source or side.texts[0], detection.rules, stdin=detection.stdin)
    storing = StoringText(text)
    seen = SourceCounter(_tokenizers(models), detection.rules).count_text(side.name, storing)
    file = ReadFile(seen=seen, stored=storing.stored, digest=storing.digest, rules=detection)
    files = {os.path.basename(side.name): file}
    return ReadSide(name=side.name, kind="text", inputs=Tally.of(seen), files=files)


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
