"""Sort inputs by the kind of their content."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...counting.runtime import Runtime
from ...errors import UsageError
from ...requests.content_kind import PICTURE_ENDINGS, Kind
from ...requests.inputs import BatchFile, Detected, RequestInput, TextInput, detect, detect_picture
from ...sources.source import Source
from ...tally import Skipped
from .request_inputs import RequestInputs

if TYPE_CHECKING:
    from .options import EstimateOptions

__all__ = ["detect_inputs"]


def detect_inputs(
    found: Sequence[Source | Skipped], options: EstimateOptions, runtime: Runtime
) -> RequestInputs | BatchFile:
    """Separate requests and pictures from text; files found in folders are text, unless pictures are requested.

    Returns:
        The inputs, sorted by how they are counted; or the file of requests, if that is the only input.

    Raises:
        UsageError: a file is declared as a kind for another command, or a file of requests is not the only input.
    """
    if options.kind in {Kind.FINETUNE, Kind.USAGE}:
        message = f"--kind {options.kind}: 'estimate' does not price this"
        raise UsageError(message, hint=f"gpt41calc {options.kind} FILE")
    texts: list[Source | Skipped] = []
    others: list[Detected] = []
    for one in found:
        held = None if isinstance(one, Skipped) else _detected(one, options, runtime)
        if isinstance(held, TextInput) and held.hint:
            runtime.hint(held.hint)
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


def _detected(source: Source, options: EstimateOptions, runtime: Runtime) -> Detected | None:
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
        stdin=runtime.stdin,
    )


def _is_picture(path: str) -> bool:
    return os.path.splitext(path)[1].lower() in PICTURE_ENDINGS
