"""Sort inputs by the kind of their content."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..sources.source import Source
from ..tally import Skipped
from .content_kind import PICTURE_ENDINGS, Kind
from .inputs import BatchFile, Detected, RequestInput, TextInput, detect, detect_picture
from .request_inputs import RequestInputs

if TYPE_CHECKING:
    from ..sources.source import Rules
    from .pictures import Size

__all__ = ["Detection", "detect_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How inputs are told apart."""

    rules: Rules
    """Rules for files in folders."""

    kind: Kind | None = None
    """Declared kind of named files. None to detect it."""

    images: bool = False
    """Whether pictures in folders are also counted."""

    assumed_image: Size | None = None
    """Size of pictures that cannot be measured. None for the size that takes the most tokens."""

    partial: bool = False
    """Whether parts of a request that cannot be counted are left out, instead of the whole request."""

    stdin: int = 0
    """File descriptor of standard input."""


def detect_inputs(
    found: Sequence[Source | Skipped], options: Detection, hint: Callable[[str], None]
) -> RequestInputs | BatchFile:
    """Separate requests and pictures from text; files found in folders are text, unless pictures are requested.

    Args:
        found: the inputs.
        options: how they are told apart.
        hint: called with a hint that another command suits an input better.

    Returns:
        The inputs, sorted by how they are counted; or the file of requests, if that is the only input.

    Raises:
        UsageError: a file of requests is not the only input.
    """
    texts: list[Source | Skipped] = []
    others: list[Detected] = []
    for one in found:
        held = None if isinstance(one, Skipped) else _detected(one, options)
        if isinstance(held, TextInput) and held.hint:
            hint(held.hint)
        if held is None:
            texts.append(one)
        elif isinstance(held, TextInput) and held.begun is None:
            texts.append(held.source)
        else:
            others.append(held)
    batch = next((one for one in others if isinstance(one, BatchFile)), None)
    if batch is not None:
        if len(found) > 1:
            message = f"{batch.path} holds a request a line, and is estimated by itself"
            raise UsageError(message, hint="'--kind text' counts it as text")
        return batch
    return RequestInputs(
        texts=tuple(texts),
        begun=tuple(one for one in others if isinstance(one, TextInput)),
        requests=tuple(one for one in others if isinstance(one, RequestInput)),
        skipped=tuple(one for one in others if isinstance(one, Skipped)),
    )


def _detected(source: Source, options: Detection) -> Detected | None:
    """Return the content of an input; None if it is certainly text."""
    if options.kind is Kind.TEXT:
        return None
    if options.images and source.path is not None and _is_picture(source.path):
        return detect_picture(source, options.assumed_image, follow=options.rules.follow)
    if not source.named:
        return None
    return detect(
        source,
        options.rules,
        kind=options.kind,
        assumed=options.assumed_image,
        partial=options.partial,
        stdin=options.stdin,
    )


def _is_picture(path: str) -> bool:
    return os.path.splitext(path)[1].lower() in PICTURE_ENDINGS
