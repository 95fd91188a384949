"""Amazon Bedrock's invocation log: the body of the answer, the events of a stream, or only numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from ..token_fields import Field
from .build import answer_of
from .nested import counts_of
from .shape import FileContext

__all__ = ["BedrockInvocations"]

_FIELDS = {
    "inputTokenCount": Field("input"),
    "outputTokenCount": Field("output"),
    "cacheReadInputTokenCount": Field("cached", "beside"),
    "cacheWriteInputTokenCount": Field("written", "beside"),
}


class BedrockInvocations:
    """``modelId`` beside ``output``."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answer of an invocation.

        Raises:
            NoUsage: the invocation failed, or has no usage.
        """
        if "modelId" not in line or not isinstance(line.get("output"), dict):
            return None
        if error := text_in(line, "errorCode"):
            message = f"failed: {error:.100}"
            raise NoUsage(message, expected=True)
        body = line["output"].get("outputBodyJson")
        usage = _usage(body)
        model = text_in(line, "modelId").rpartition("/")[2]
        request = {"request_id": line.get("requestId")}
        if usage:
            known = {**(body if isinstance(body, dict) else {}), "usage": usage, "id": text_in(line, "requestId")}
            return [answer_of((line, request, known), counts_of(known), place, self._file, model=model)]
        numbers = {key: value for part in ("input", "output") for key, value in object_in(line, part).items()}
        counted = {key: numbers[key] for key in _FIELDS if key in numbers}
        if not counted:
            return None
        known = {"id": text_in(line, "requestId")}
        return [answer_of((line, request, known), read_counts(counted, _FIELDS), place, self._file, model=model)]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every invocation is complete."""
        return iter(())


def _usage(body: object) -> Json:
    """Return the usage in a body, or the combined usage of the events of a stream."""
    if isinstance(body, dict):
        return object_in(body, "usage")
    whole: dict[str, object] = {}
    for event in body if isinstance(body, list) else ():
        if isinstance(event, dict):
            for part in (
                object_in(event, "message", "usage"),
                object_in(event, "usage"),
                object_in(event, "metadata", "usage"),
            ):
                whole |= {key: value for key, value in part.items() if value is not None}
    return whole
