"""Results of promptfoo: one evaluated prompt each, with its token usage and its cost."""

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

__all__ = ["PromptfooResults"]

_FIELDS: Mapping[str, Field] = {
    "prompt": Field("input"),
    "completion": Field("output"),
    "total": Field("total"),
    "cached": Field("part"),
    "numRequests": Field("note"),
    "completionDetails.reasoning": Field("reasoning"),
    "completionDetails.cacheReadInputTokens": Field("cached"),
    "completionDetails.cacheCreationInputTokens": Field("written"),
    "completionDetails.acceptedPrediction": Field("part"),
    "completionDetails.rejectedPrediction": Field("part"),
    "assertions": Field("note"),
}
_ENDPOINTS = frozenset({"chat", "messages", "responses", "completion"})


class PromptfooResults:
    """``provider`` beside ``response.tokenUsage``, alone on a line or in the list of a whole evaluation."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answers in an evaluation, or in one of its results.

        Raises:
            NoUsage: all of them came from promptfoo's own cache, or failed.
        """
        when = object_in(line, "results")
        results = when.get("results")
        if isinstance(results, list) and any(isinstance(each, dict) and _is_result(each) for each in results):
            answers = [a for each in results if isinstance(each, dict) for a in self._result((when, each), place)]
        elif _is_result(line):
            answers = self._result((line,), place)
        else:
            return None
        if not answers:
            raise NoUsage("answered by promptfoo's own cache, or failed", expected=True)
        return answers

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every result is complete."""
        return iter(())

    def _result(self, chain: tuple[Json, ...], place: str) -> list[Answer]:
        response = object_in(chain[-1], "response")
        usage = object_in(response, "tokenUsage")
        if response.get("cached") is True or not usage:
            return []
        graded = object_in(chain[-1], "gradingResult", "tokensUsed").get("total")
        answer = answer_of((*chain, {}), read_counts(usage, _FIELDS), place, self._file, model=_model(chain[-1]))
        more = (
            (f"{graded:,} tokens of a grader whose model is not named",) if isinstance(graded, int) and graded else ()
        )
        cost = dollars_in(response.get("cost"))
        return [replace(answer, stated_cost=cost, uncharged=(*answer.uncharged, *more))]


def _is_result(value: Json) -> bool:
    return "provider" in value and "tokenUsage" in object_in(value, "response")


def _model(result: Json) -> str:
    """Return the model of a provider such as ``openai:chat:gpt-4.1``."""
    provider = result.get("provider")
    provider_id = (
        text_in(provider, "id") if isinstance(provider, dict) else provider if isinstance(provider, str) else ""
    )
    vendor, colon, rest = provider_id.partition(":")
    if not colon:
        return vendor
    endpoint, colon, model = rest.partition(":")
    return model if colon and endpoint in _ENDPOINTS else rest
