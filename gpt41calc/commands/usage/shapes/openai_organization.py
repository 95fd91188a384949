"""OpenAI's summaries of many requests: pages of the usage API, and Batch objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in, text_in, tokens_in
from ..moments import moment
from ..no_usage import NoUsage
from ..token_counts import read_counts
from ..token_fields import Field
from .build import answer_of
from .nested import counts_of
from .shape import FileContext

__all__ = ["OpenAIOrganization"]

_RESULT = "organization.usage.completions.result"

_FIELDS: Mapping[str, Field] = {
    "input_tokens": Field("input"),
    "output_tokens": Field("output"),
    "input_cached_tokens": Field("cached"),
    "input_audio_tokens": Field("audio"),
    "output_audio_tokens": Field("audio"),
    "input_cached_audio_tokens": Field("audio"),
    "service_tier": Field("mode"),
    **{f"{side}_{kind}_tokens": Field("part") for side in ("input", "output") for kind in ("text", "image")},
    **{f"input_cached_{kind}_tokens": Field("part") for kind in ("text", "image")},
    "input_uncached_tokens": Field("part"),
    **dict.fromkeys(("object", "num_model_requests", "model", "batch"), Field("note")),
    **dict.fromkeys(("project_id", "user_id", "api_key_id"), Field("note")),
}


class OpenAIOrganization:
    """Sums over requests: a daily bucket, or a whole batch."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return an answer per result, which stands for many requests.

        Raises:
            NoUsage: a result cannot be priced.
        """
        kind = line.get("object")
        if kind == "batch":
            return self._batch(line, place)
        if kind == "page":
            buckets = line.get("data")
            return [
                answer
                for bucket in (buckets if isinstance(buckets, list) else [])
                if isinstance(bucket, dict)
                for answer in self._bucket(bucket, place)
            ]
        if kind == "bucket":
            return self._bucket(line, place)
        return None

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every line is complete."""
        return iter(())

    def _batch(self, line: Json, place: str) -> Sequence[Answer]:
        if not isinstance(line.get("usage"), dict):
            message = "a batch that is not finished" if line.get("status") != "completed" else "a batch without usage"
            raise NoUsage(message, expected=line.get("status") != "completed")
        answer = answer_of((line,), counts_of(line), place, self._file)
        done = tokens_in(object_in(line, "request_counts").get("completed"), "request_counts.completed")
        return [replace(answer, requests=max(1, done))]

    def _bucket(self, bucket: Json, place: str) -> list[Answer]:
        results = bucket.get("results")
        return [
            self._result(bucket, result, place)
            for result in (results if isinstance(results, list) else [])
            if isinstance(result, dict)
        ]

    def _result(self, bucket: Json, result: Json, place: str) -> Answer:
        if result.get("object") != _RESULT:
            message = f"{result.get('object')!s:.60}, of which it is not known what it costs"
            raise NoUsage(message)
        if not text_in(result, "model"):
            raise NoUsage("no model beside its usage: ask for it with group_by=model")
        requests = tokens_in(result.get("num_model_requests"), "num_model_requests")
        counts = read_counts(result, _FIELDS)
        when = moment(bucket.get("start_time"))
        holder = {"timestamp": bucket.get("start_time"), "project_id": result.get("project_id")}
        answer = answer_of((holder, result), counts, place, self._file)
        is_batch = result.get("batch") is True
        return replace(
            answer,
            id=None,
            tier="batch" if is_batch else answer.tier,
            requests=max(1, requests),
            at=when,
            day=when.date() if when else None,
        )
