"""The analytics log of aider: a ``message_send`` event per answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, dollars_in, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from ..token_fields import Field
from .build import answer_of
from .shape import FileContext

__all__ = ["AiderAnalytics"]

_FIELDS: Mapping[str, Field] = {
    "prompt_tokens": Field("input"),
    "completion_tokens": Field("output"),
    "total_tokens": Field("total"),
}


class AiderAnalytics:
    """``event`` beside ``properties``."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answer of an event.

        Raises:
            NoUsage: the event is of another kind.
        """
        properties = line.get("properties")
        if not isinstance(line.get("event"), str) or not isinstance(properties, dict):
            return None
        if line["event"] != "message_send":
            raise NoUsage("no answer", expected=True)
        counts = read_counts({key: properties[key] for key in _FIELDS if key in properties}, _FIELDS)
        answer = answer_of((line,), counts, place, self._file, model=text_in(properties, "main_model"))
        return [replace(answer, stated_cost=dollars_in(object_in(line, "properties").get("cost")))]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every event is complete."""
        return iter(())
