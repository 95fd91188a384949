"""Chunks of OpenAI's streams: the last one has the usage, in Chat Completions only if it was requested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in, text_in
from ..no_usage import NoUsage
from .shape import FileContext

__all__ = ["OpenAIStream"]


class OpenAIStream:
    """Records streams without a usage; chunks with one are read like any body."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file
        self._open: dict[str, str] = {}
        """Location where each stream without a usage so far begins, by its identifier."""

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Skip chunks without a usage.

        Raises:
            NoUsage: the line is such a chunk.
        """
        if line.get("object") == "chat.completion.chunk":
            # Azure begins with a chunk that has no choices, only the results of its content filters.
            self._part(line, place, is_open=bool(line.get("choices")))
        if text_in(line, "type").startswith("response."):
            body = object_in(line, "response")
            if text_in(body, "status") in {"failed", "cancelled"} and not isinstance(body.get("usage"), dict):
                self._open.pop(text_in(body, "id"), None)
                message = f"failed: {text_in(object_in(body, 'error'), 'message') or 'no message':.200}"
                raise NoUsage(message, expected=True)
            self._part(body, place, is_open=bool(body))
        return None

    def _part(self, body: Json, place: str, *, is_open: bool) -> None:
        stream = text_in(body, "id")
        if isinstance(body.get("usage"), dict):
            self._open.pop(stream, None)
            return
        if is_open:
            self._open.setdefault(stream, place)
        raise NoUsage("a part of a stream, without usage", expected=True)

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield the streams without a usage in any chunk."""
        for place in self._open.values():
            reason = "a stream without usage: it breaks off, or was not asked for with stream_options include_usage"
            yield Skipped(place, reason, expected=False)
