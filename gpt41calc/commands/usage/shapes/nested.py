"""API bodies at any place in a line; this format is tried last.

A line may be an answer (Chat Completions, Responses, Anthropic Messages, Bedrock Converse, the AI SDK, OpenRouter), a
line of a Batch output file, or a log line that contains one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ....tally import Skipped
from ..answer import Answer, Usage
from ..json_values import Json, found_kind, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import Counts, read_counts
from .build import answer_of
from .shape import FileContext

__all__ = ["NestedBodies", "counts_of", "failure_in"]

_MAX_STEPS = 8
"""Deepest nesting of an answer in a log line."""

_COUNTS = frozenset(
    {"prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "inputTokens", "outputTokens"}
)
"""Keys of which every usage object has at least one."""


class NestedBodies:
    """Finds the nearest objects with a usage."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer]:
        """Return the answers in a line; several if it is a list of steps.

        Raises:
            NoUsage: there is none, or its numbers are contradictory.
        """
        found = _with_usage(line)
        if not found:
            raise _none_in(line)
        return [answer_of(chain, counts_of(chain[-1]), place, self._file) for chain in found]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every line is complete."""
        return iter(())


def _with_usage(value: Json) -> list[tuple[Json, ...]]:
    """Return the nearest objects with a usage, each preceded by the objects that contain it.

    A usage inside such an object is already included in it.
    """
    level: list[tuple[Json, ...]] = [(value,)]
    for _ in range(_MAX_STEPS):
        if found := [chain for chain in level if _has_usage(chain[-1])]:
            return found
        level = [(*chain, inner) for chain in level for inner in _inside(chain[-1])]
    return []


def _has_usage(value: Json) -> bool:
    usage = value.get("usage")
    return isinstance(usage, dict) and not _COUNTS.isdisjoint(usage)


def _inside(value: Json) -> Iterator[Json]:
    for inner in value.values():
        if isinstance(inner, dict):
            yield inner
        elif isinstance(inner, list):
            yield from (item for item in inner if isinstance(item, dict))


def counts_of(body: Json) -> Counts:
    """Return the numbers in the usage of a body, plus the separate iterations that Anthropic lists.

    Raises:
        NoUsage: the numbers are contradictory.
    """
    usage = dict(body["usage"])
    iterations = usage.pop("iterations", None)
    counts = read_counts(usage, cache="beside" if body.get("type") == "message" else None)
    if not iterations:
        return counts
    return _with_iterations(counts, iterations)


def _with_iterations(counts: Counts, iterations: object) -> Counts:
    """Add the tokens for compacting a conversation, which are billed but not included in the other numbers.

    Source: Anthropic's guide to compaction, which sums all iterations up.
    """
    if not isinstance(iterations, list) or not all(isinstance(each, dict) for each in iterations):
        message = f"iterations: expected a list of objects, found {found_kind(iterations)}"
        raise NoUsage(message)
    whole, extra = Usage(), Usage()
    for position, each in enumerate(iterations):
        kind = each.get("type")
        numbers = {key: value for key, value in each.items() if key != "type"}
        usage = read_counts(numbers, cache="beside", where=f"iterations[{position}].").usage
        if kind == "message":
            whole += usage
        elif kind == "compaction":
            extra += usage
        else:
            message = f"iterations[{position}]: unknown type '{kind!s:.40}'"
            raise NoUsage(message)
    if (whole.input_tokens, whole.output_tokens) != (counts.usage.input_tokens, counts.usage.output_tokens):
        message = (
            f"the iterations take {whole.input_tokens:,} input and {whole.output_tokens:,} output tokens, "
            f"but the usage {counts.usage.input_tokens:,} and {counts.usage.output_tokens:,}"
        )
        raise NoUsage(message)
    return Counts(usage=counts.usage + extra, cost=counts.cost, modes=counts.modes, uncharged=counts.uncharged)


def _none_in(value: Json) -> NoUsage:
    """Return why a line has no usage, and whether an answer may be missing."""
    if (failure := failure_in(value)) is not None:
        return NoUsage(f"failed: {failure}", expected=True)
    if value.get("object") == "chat.completion.chunk" or text_in(value, "type").startswith("response."):
        return NoUsage("a part of a stream, without usage", expected=True)
    if _looks_like_answer(value):
        return NoUsage("an answer without usage")
    return NoUsage("no answer", expected=True)


_ANSWERS = frozenset({"chat.completion", "text_completion", "response"})


def _looks_like_answer(value: Json) -> bool:
    """Return whether an object, or one inside it, is an API answer, not a request or a user's line."""
    level: list[Json] = [value]
    for _ in range(3):
        for each in level:
            if text_in(each, "object") in _ANSWERS or isinstance(each.get("choices"), list):
                return True
            if each.get("type") == "message" and each.get("role") == "assistant" and "model" in each:
                return True
        level = [inner for each in level for inner in _inside(each)]
    return False


def failure_in(value: Json) -> str | None:
    """Return the failure of a request; None if it did not fail."""
    response, result = object_in(value, "response"), object_in(value, "result")
    for holder in (value, object_in(response, "body"), object_in(result, "error"), result):
        error = holder.get("error")
        if isinstance(error, dict):
            return str(error.get("message") or error.get("code") or error.get("type") or "no message")[:200]
        if isinstance(error, str) and error:
            return error[:200]
    ended = text_in(result, "type")
    return ended if ended in {"canceled", "expired"} else None
