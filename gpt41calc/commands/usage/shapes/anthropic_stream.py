"""Events of an Anthropic Messages stream: the first has the prompt tokens, the last the output tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in, text_in
from ..no_usage import NoUsage
from .build import answer_of
from .nested import counts_of
from .shape import FileContext

__all__ = ["AnthropicStream"]

_WITHOUT_USAGE = frozenset({"content_block_start", "content_block_delta", "content_block_stop", "message_stop", "ping"})


class _Begun(NamedTuple):
    """A message whose stream has begun."""

    message: Json
    """The message in its first event."""

    holder: Json
    """The line with this event."""

    place: str
    """Location of the line."""


class AnthropicStream:
    """Combines ``message_start`` and ``message_delta``, either plain or inside the lines of a log."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file
        self._begun: _Begun | None = None
        self._is_whole = True
        """Whether the end of that message was read."""

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answer completed by an event.

        Raises:
            NoUsage: the event does not complete an answer.
        """
        event = line if text_in(line, "type") != "stream_event" else object_in(line, "event")
        kind = text_in(event, "type")
        if kind in _WITHOUT_USAGE:
            raise NoUsage("a part of a stream, without usage", expected=True)
        if kind == "message_start" and isinstance(event.get("message"), dict):
            lost = self._lost()
            self._begun, self._is_whole = _Begun(event["message"], line, place), False
            if lost:
                reason = f"before it, {lost.path}: {lost.reason}"
                raise NoUsage(reason)
            raise NoUsage("the beginning of a stream", expected=True, is_repeated=True)
        if kind != "message_delta" or not isinstance(event.get("usage"), dict):
            return None
        if self._begun is None:
            raise NoUsage("the end of a stream whose beginning is not there: its usage is not whole")
        message, holder = self._begun.message, self._begun.holder
        final_counts: dict[str, object] = {key: value for key, value in event["usage"].items() if value is not None}
        whole: dict[str, object] = {**message, "usage": {**object_in(message, "usage"), **final_counts}}
        self._is_whole = True
        return [answer_of((holder, whole), counts_of(whole), place, self._file)]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield the message whose end is missing."""
        if lost := self._lost():
            yield lost

    def _lost(self) -> Skipped | None:
        if self._begun is None or self._is_whole:
            return None
        return Skipped(
            self._begun.place, "a stream that breaks off: how long its answer was is not known", expected=False
        )
