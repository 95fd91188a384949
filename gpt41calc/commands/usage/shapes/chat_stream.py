"""Chunks of a Chat Completions stream: the last has the usage, if it was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....tally import Skipped
from ..charges import Answer
from ..json_values import Json, text_in
from ..no_usage import NoUsage
from .shape import FileContext

__all__ = ["ChatStream"]


class ChatStream:
    """Notes which streams end without a usage; chunks with one are read as any body."""

    def __init__(self, file: FileContext) -> None:
        """Begin a file."""
        self._file = file
        self._open: dict[str, str] = {}
        """Streams without a usage so far: where they begin, by their identifier."""

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Pass over chunks without a usage.

        Raises:
            NoUsage: it is such a chunk.
        """
        if line.get("object") != "chat.completion.chunk":
            return None
        stream = text_in(line, "id")
        if isinstance(line.get("usage"), dict):
            self._open.pop(stream, None)
            return None
        if line.get("choices"):  # Azure begins with a chunk that only has what its filters found
            self._open.setdefault(stream, place)
        raise NoUsage("a part of a stream, without usage", expected=True)

    def rest(self) -> Iterator[Answer | Skipped]:
        """Return the streams of which no chunk had a usage."""
        for place in self._open.values():
            reason = "a stream without usage: it is only sent with stream_options include_usage"
            yield Skipped(place, reason, expected=False)
