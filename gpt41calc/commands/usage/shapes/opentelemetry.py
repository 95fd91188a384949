"""Spans of OpenTelemetry by the conventions for generative AI, and of OpenInference, OpenLLMetry and Logfire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, dollars_in, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from ..token_fields import Field
from .build import answer_of
from .shape import FileContext

__all__ = ["OpenTelemetrySpans"]

_USAGE, _COUNT = "gen_ai.usage.", "llm.token_count."

_FIELDS: Mapping[str, Field] = {
    # In the conventions, tokens read from and written to the cache are part of the prompt.
    **dict.fromkeys((f"{_USAGE}input_tokens", f"{_USAGE}prompt_tokens", f"{_COUNT}prompt"), Field("input")),
    **dict.fromkeys((f"{_USAGE}output_tokens", f"{_USAGE}completion_tokens", f"{_COUNT}completion"), Field("output")),
    **dict.fromkeys((f"{_USAGE}total_tokens", "llm.usage.total_tokens", f"{_COUNT}total"), Field("total")),
    **dict.fromkeys(
        (
            *(f"{_USAGE}cache_read.input_tokens", f"{_USAGE}cache_read_input_tokens"),
            *(f"{_USAGE}details.cache_read_tokens", f"{_USAGE}details.cache_read_input_tokens"),
            *(f"{_USAGE}details.cached_tokens", f"{_USAGE}cached_tokens", f"{_COUNT}prompt_details.cache_read"),
        ),
        Field("cached"),
    ),
    **dict.fromkeys(
        (
            *(f"{_USAGE}cache_creation.input_tokens", f"{_USAGE}cache_creation_input_tokens"),
            *(f"{_USAGE}details.cache_write_tokens", f"{_USAGE}details.cache_creation_input_tokens"),
            f"{_COUNT}prompt_details.cache_write",
        ),
        Field("written"),
    ),
    **dict.fromkeys(
        (
            *(f"{_USAGE}reasoning.output_tokens", f"{_USAGE}reasoning_tokens"),
            *(f"{_USAGE}details.reasoning_tokens", f"{_COUNT}completion_details.reasoning"),
        ),
        Field("reasoning"),
    ),
    **dict.fromkeys((f"{_USAGE}details.input_tokens", f"{_USAGE}details.output_tokens"), Field("part")),
    **dict.fromkeys((f"{_USAGE}details.accepted_prediction_tokens",), Field("part")),
    **dict.fromkeys((f"{_USAGE}details.rejected_prediction_tokens",), Field("part")),
    **dict.fromkeys(
        (
            *(f"{_USAGE}details.audio_tokens", f"{_USAGE}details.input_audio_tokens"),
            *(f"{_USAGE}details.output_audio_tokens", f"{_COUNT}prompt_details.audio"),
            f"{_COUNT}completion_details.audio",
        ),
        Field("audio"),
    ),
    f"{_USAGE}cost": Field("cost"),
}
_MODELS = ("gen_ai.response.model", "gen_ai.request.model", "llm.response.model", "llm.model_name")
_SESSIONS = ("gen_ai.conversation.id", "session.id")
_TIERS = (
    *("gen_ai.openai.response.service_tier", "openai.response.service_tier"),
    "gen_ai.response.service_tier",
)
_SUMMARIES = frozenset({"invoke_agent", "create_agent", "invoke_workflow", "execute_tool"})
"""Operations whose span is the sum of the calls below it."""


class OpenTelemetrySpans:
    """One span per line, or an OTLP export request with many."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answers in spans; a span that sums up others is not one.

        Raises:
            NoUsage: the line has none.
        """
        if isinstance(line.get("resourceSpans"), list):
            answers = [answer for span in _spans(line) for answer in self._span(span, place)]
            if not answers:
                raise NoUsage("no answer", expected=True)
            return answers
        attributes = _attributes(line)
        if not any(key.startswith((_USAGE, _COUNT, "gen_ai.", "llm.")) for key in attributes):
            return None
        found = self._span(line, place)
        if not found:
            raise NoUsage("no answer", expected=True)
        return found

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every span is complete."""
        return iter(())

    def _span(self, span: Json, place: str) -> list[Answer]:
        attributes = _attributes(span)
        raw = {key: _number(value) for key, value in attributes.items() if key.startswith((_USAGE, _COUNT))}
        raw |= {key: _number(value) for key, value in attributes.items() if key == "llm.usage.total_tokens"}
        if not raw or text_in(attributes, "gen_ai.operation.name") in _SUMMARIES:
            return []
        if text_in(attributes, "openinference.span.kind") not in {"", "LLM"}:
            return []
        context = object_in(span, "context")
        named = {
            "id": text_in(attributes, "gen_ai.response.id")
            or text_in(span, "spanId", "span_id")
            or context.get("span_id"),
            "session_id": next((attributes[key] for key in _SESSIONS if key in attributes), None),
            "service_tier": next((attributes[key] for key in _TIERS if key in attributes), None),
        }
        model = text_in(attributes, *_MODELS)
        answer = answer_of((span, named), read_counts(raw, _FIELDS), place, self._file, model=model)
        cost = dollars_in(attributes.get("operation.cost"))
        return [answer if cost is None else replace(answer, stated_cost=cost)]


def _spans(export: Json) -> Iterator[Json]:
    """Yield the spans in an OTLP export request."""
    for resource in _objects(export, "resourceSpans"):
        for scope in _objects(resource, "scopeSpans"):
            yield from _objects(scope, "spans")


def _objects(value: Json, key: str) -> Iterator[Json]:
    inner = value.get(key)
    yield from (each for each in (inner if isinstance(inner, list) else ()) if isinstance(each, dict))


def _attributes(span: Json) -> dict[str, Any]:
    """Return the attributes of a span, from an object or from OTLP's list of keys and typed values."""
    raw = span.get("attributes")
    if isinstance(raw, dict):
        return raw
    found = {}
    for each in raw if isinstance(raw, list) else ():
        if isinstance(each, dict) and isinstance(each.get("key"), str) and isinstance(each.get("value"), dict):
            found[each["key"]] = next(iter(each["value"].values()), None)
    return found


def _number(value: object) -> object:
    """Return a number that OTLP writes as text, since JSON has no 64-bit integers."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else value  # noqa: PLR2004 - as many digits as 64 bits have
