"""What an API says that an answer took: usage objects, wherever a line keeps them.

A line may be an answer itself (Chat Completions, Responses, Anthropic
Messages), a line of a Batch output file, or a line of a log that holds one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

from ...pricing.price import Tier
from .charges import Answer, Usage

__all__ = ["NoUsage", "answers_in"]

_Json = Mapping[str, Any]

_MOST_TOKENS = 10**12

_MOST_STEPS = 8
"""So deep a log may hold an answer."""

_COUNTS = frozenset({"prompt_tokens", "completion_tokens", "input_tokens", "output_tokens"})
"""An object named usage without any of these is another one."""


class NoUsage(Exception):
    """A line of which it cannot be said what it cost."""

    def __init__(self, reason: str, *, expected: bool = False) -> None:
        """Keep the reason, and whether nothing is missing without the line."""
        super().__init__(reason)
        self.reason = reason
        self.expected = expected


def answers_in(value: object, place: str, tier: Tier | None = None) -> list[Answer]:
    """Return the answers that a line holds; several if it is a list of steps.

    Args:
        value: what the line stands for.
        place: where it is.
        tier: the price list of answers that do not say theirs; none: that of
            batches for a line of a Batch output file, else the standard one.

    Raises:
        NoUsage: it holds none, or one that contradicts itself.

    >>> line = {"model": "gpt-4.1", "created": 1763856000, "usage": {"prompt_tokens": 9, "completion_tokens": 2}}
    >>> [(one.day, one.usage.input_tokens) for one in answers_in(line, "log.jsonl:1")]
    [(datetime.date(2025, 11, 23), 9)]
    """
    if not isinstance(value, dict):
        message = f"expected an object, found {_kind(value)}"
        raise NoUsage(message)
    found = _with_usage(value)
    if not found:
        raise _none_in(value)
    return [_answer(chain, place, tier) for chain in found]


def _kind(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _with_usage(value: _Json) -> list[tuple[_Json, ...]]:
    """Return the nearest objects that have usage, each behind those that hold it.

    What lies deeper is summed up in what lies above it.
    """
    level: list[tuple[_Json, ...]] = [(value,)]
    for _ in range(_MOST_STEPS):
        if found := [chain for chain in level if _has_usage(chain[-1])]:
            return found
        level = [(*chain, inner) for chain in level for inner in _inside(chain[-1])]
    return []


def _has_usage(value: _Json) -> bool:
    usage = value.get("usage")
    return isinstance(usage, dict) and not _COUNTS.isdisjoint(usage)


def _inside(value: _Json) -> Iterator[_Json]:
    for inner in value.values():
        if isinstance(inner, dict):
            yield inner
        elif isinstance(inner, list):
            yield from (item for item in inner if isinstance(item, dict))


def _none_in(value: _Json) -> NoUsage:
    """Say why a line has no usage; a request that failed has none, nor has a part of a stream."""
    if (failure := _failure(value)) is not None:
        return NoUsage(f"failed: {failure}", expected=True)
    if value.get("object") == "chat.completion.chunk" or _text(value, "type").startswith("response."):
        return NoUsage("a part of a stream, without usage", expected=True)
    return NoUsage("no usage in it")


def _failure(value: _Json) -> str | None:
    """Return what went wrong with a request of a batch, or none if nothing did."""
    response, result = _object(value, "response"), _object(value, "result")
    for holder in (value, _object(response, "body"), _object(result, "error"), result):
        error = holder.get("error")
        if isinstance(error, dict):
            return str(error.get("message") or error.get("code") or error.get("type") or "no message")[:200]
        if isinstance(error, str) and error:
            return error[:200]
    ended = _text(result, "type")
    return ended if ended in {"canceled", "expired"} else None


def _object(value: _Json, key: str) -> _Json:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(value: _Json, key: str) -> str:
    inner = value.get(key)
    return inner if isinstance(inner, str) else ""


def _answer(chain: Sequence[_Json], place: str, tier: Tier | None) -> Answer:
    nearest = chain[-1]
    if any(_text(holder, "type") in {"message_start", "message_delta"} for holder in chain):
        raise NoUsage("an event of a stream: its usage is not whole")
    usage = _usage(nearest["usage"], is_message=nearest.get("type") == "message")
    custom_id = chain[0].get("custom_id")
    return Answer(
        place=place,
        model=_model(chain),
        tier=_tier(chain, tier),
        day=_day(chain),
        usage=usage,
        custom_id=custom_id if isinstance(custom_id, str) else None,
    )


def _model(chain: Sequence[_Json]) -> str:
    for holder in reversed(chain):
        for place in (holder, _object(holder, "request"), _object(_object(holder, "request"), "body")):
            name = place.get("model")
            if isinstance(name, str) and name:
                return name
    raise NoUsage("no model beside its usage")


_TIERS: Mapping[str, Tier] = {
    "default": "standard",
    "standard": "standard",
    "flex": "flex",
    "priority": "priority",
    "fast": "priority",
    "batch": "batch",
}
"""What answers call a tier."""


def _tier(chain: Sequence[_Json], otherwise: Tier | None) -> Tier:
    """Return the tier of an answer.

    A line of a Batch output file is charged as such, whatever its body says.
    """
    said = chain[-1].get("service_tier") or chain[-1]["usage"].get("service_tier")
    named = _TIERS.get(said) if isinstance(said, str) else None
    if named is None and said is not None and said != "auto":
        message = f"unknown service_tier '{said!s:.40}'"
        raise NoUsage(message)
    if named is not None and named != "standard":
        return named
    if _is_of_batch(chain[0]):
        return otherwise or "batch"
    return named or otherwise or "standard"


def _is_of_batch(line: _Json) -> bool:
    """Say whether a line is one of a Batch output file, of OpenAI's or of Anthropic's."""
    return "custom_id" in line and bool(_object(_object(line, "response"), "body") or _object(line, "result"))


_STATED = ("created", "created_at")
"""Where an answer says when it was made."""

_LOGGED = ("timestamp", "time", "date", "ts", "completed_at")
"""Where a log may say it."""

_EARLIEST, _LATEST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _day(chain: Sequence[_Json]) -> date | None:
    """Return the day, in UTC, on which an answer was made."""
    for keys in (_STATED, _LOGGED):
        for holder in reversed(chain):
            for key in keys:
                said = holder.get(key)
                when = _moment(said)
                if when is not None:
                    return when.date()
                if said is not None and keys is _STATED:
                    message = f"{key}: expected a time, found '{said!s:.40}'"
                    raise NoUsage(message)
    return None


def _moment(said: object) -> datetime | None:
    """Return a moment from seconds or milliseconds since 1970, or from a text such as 2026-11-22T10:00:00Z."""
    when = None
    if isinstance(said, str):
        try:
            when = datetime.fromisoformat(said)
        except ValueError:
            return None
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    elif isinstance(said, int | float) and not isinstance(said, bool):
        for scale in (1, 1000):
            if _EARLIEST.timestamp() <= said / scale < _LATEST.timestamp():
                when = datetime.fromtimestamp(said / scale, UTC)
    if when is None or not _EARLIEST <= when < _LATEST:
        return None
    return when.astimezone(UTC)


def _usage(raw: _Json, *, is_message: bool) -> Usage:
    if "prompt_tokens" in raw or "completion_tokens" in raw:
        if _count(raw, "cache_creation_input_tokens"):
            raise NoUsage("prompt_tokens beside cache_creation_input_tokens: it cannot be said what is in which")
        return _of_openai(raw, "prompt", "completion")
    is_anthropic = is_message or not {"cache_creation_input_tokens", "cache_read_input_tokens"}.isdisjoint(raw)
    return _of_anthropic(raw) if is_anthropic else _of_openai(raw, "input", "output")


def _of_openai(raw: _Json, prompt: Literal["prompt", "input"], answer: Literal["completion", "output"]) -> Usage:
    """Return a usage in which cached tokens are part of the prompt, and those of reasoning part of the answer."""
    read, written = _count(raw, f"{prompt}_tokens", needed=True), _count(raw, f"{answer}_tokens")
    of_prompt, of_answer = _object(raw, f"{prompt}_tokens_details"), _object(raw, f"{answer}_tokens_details")
    if _count(of_prompt, "audio_tokens") or _count(of_answer, "audio_tokens"):
        raise NoUsage("audio tokens, which the price table does not know")
    cached, reasoning = _count(of_prompt, "cached_tokens"), _count(of_answer, "reasoning_tokens")
    for part, what, whole in ((cached, "cached", read), (reasoning, "reasoning", written)):
        if part > whole:
            message = f"{part:,} {what} tokens are more than the {whole:,} they are part of"
            raise NoUsage(message)
    told = raw.get("total_tokens")
    if told is not None and _count(raw, "total_tokens") != read + written:
        message = f"total_tokens is {told:,}, but its parts add up to {read + written:,}"
        raise NoUsage(message)
    return Usage(fresh_tokens=read - cached, cached_tokens=cached, output_tokens=written, reasoning_tokens=reasoning)


def _of_anthropic(raw: _Json) -> Usage:
    """Return a usage in which what a cache served or kept is beside the rest of the prompt."""
    whole = _count(raw, "cache_creation_input_tokens")
    by_age = raw.get("cache_creation")
    short, long = whole, 0
    if isinstance(by_age, dict):
        short, long = _count(by_age, "ephemeral_5m_input_tokens"), _count(by_age, "ephemeral_1h_input_tokens")
        if short + long != whole:
            message = f"cache_creation_input_tokens is {whole:,}, but its parts add up to {short + long:,}"
            raise NoUsage(message)
    return Usage(
        fresh_tokens=_count(raw, "input_tokens", needed=True),
        cached_tokens=_count(raw, "cache_read_input_tokens"),
        written_tokens=short,
        written_1h_tokens=long,
        output_tokens=_count(raw, "output_tokens", needed=True),
    )


def _count(raw: _Json, key: str, *, needed: bool = False) -> int:
    """Return a number of tokens; what is not there, or null, is 0 unless it is needed."""
    number = raw.get(key)
    if number is None and not needed:
        return 0
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= _MOST_TOKENS:
        found = "nothing" if number is None else f"'{number!s:.40}'"
        message = f"{key}: expected a whole number from 0 to {_MOST_TOKENS:,}, found {found}"
        raise NoUsage(message)
    return number
