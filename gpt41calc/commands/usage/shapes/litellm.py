"""LiteLLM's spend logs and its standard logging payload: flat numbers, and the usage as it was sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from .build import answer_of
from .shape import FileContext

__all__ = ["LiteLLMLog"]

_FLAT = ("prompt_tokens", "completion_tokens", "total_tokens")


class LiteLLMLog:
    """``call_type`` beside ``spend`` or ``response_cost``."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answer in a line, from its full usage if there is one, else from the flat numbers.

        Raises:
            NoUsage: the request failed, or the gateway's own cache answered, which costs nothing.
        """
        if "call_type" not in line or not ("spend" in line or "response_cost" in line):
            return None
        if text_in(line, "status") == "failure":
            raise NoUsage("failed: as the gateway's log says", expected=True)
        if str(line.get("cache_hit")).lower() == "true":
            raise NoUsage("answered by the gateway's own cache", expected=True)
        whole = object_in(line, "metadata", "usage_object") or object_in(line, "response", "usage")
        usage = whole if "prompt_tokens" in whole else {key: line[key] for key in _FLAT if key in line}
        body = {
            "id": text_in(line, "request_id", "id"),
            "model": text_in(line, "model"),
            "usage": usage,
            "service_tier": object_in(line, "response").get("service_tier"),
        }
        return [answer_of((line, body), read_counts(usage), place, self._file)]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every line is complete."""
        return iter(())
