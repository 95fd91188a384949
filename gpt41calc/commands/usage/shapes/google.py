"""Answers of Google's generateContent: ``usageMetadata``, as they are, in batch lines and in logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from ..token_fields import Field
from .build import answer_of
from .shape import FileContext

__all__ = ["GoogleAnswers"]

_FIELDS: Mapping[str, Field] = {
    "promptTokenCount": Field("input"),
    "cachedContentTokenCount": Field("cached"),
    "candidatesTokenCount": Field("output"),
    "thoughtsTokenCount": Field("reasoning"),
    "totalTokenCount": Field("total"),
    "trafficType": Field("note"),
    "serviceTier": Field("note"),
}
_DETAILS = ("promptTokensDetails", "cacheTokensDetails", "candidatesTokensDetails", "toolUsePromptTokensDetails")


class GoogleAnswers:
    """``usageMetadata`` beside ``modelVersion``."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answer in a line.

        Thoughts are added to the candidates, and tool input to the prompt, as the total shows.

        Raises:
            NoUsage: the numbers are contradictory, or include audio.
        """
        chain = next((each for each in _candidates(line) if isinstance(each[-1].get("usageMetadata"), dict)), None)
        if chain is None:
            return None
        raw = dict(chain[-1]["usageMetadata"])
        _refuse_sound(raw)
        tools = raw.pop("toolUsePromptTokenCount", None)
        if isinstance(tools, int) and isinstance(raw.get("promptTokenCount"), int):
            raw["promptTokenCount"] += tools
        counts = read_counts({key: value for key, value in raw.items() if key not in _DETAILS}, _FIELDS)
        body = {**chain[-1], "id": chain[-1].get("responseId")}
        model = text_in(body, "modelVersion", "model")
        return [answer_of((*chain[:-1], body), counts, place, self._file, model=model)]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every line is complete."""
        return iter(())


def _candidates(line: Json) -> Iterator[tuple[Json, ...]]:
    yield (line,)
    for key in ("response", "result", "body"):
        if inner := object_in(line, key):
            yield line, inner
            if answer := object_in(inner, "body"):
                yield line, inner, answer


def _refuse_sound(raw: Json) -> None:
    for key in _DETAILS:
        details = raw.get(key)
        for each in details if isinstance(details, list) else ():
            if isinstance(each, dict) and each.get("modality") == "AUDIO" and each.get("tokenCount"):
                raise NoUsage("audio tokens, which the price table does not know")
