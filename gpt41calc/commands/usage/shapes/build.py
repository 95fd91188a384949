"""Build an answer from the objects around its usage: model, time, tier, identity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from ....pricing.price import Tier
from ..answer import Answer
from ..json_values import Json, dollars_in, found_kind, name_in, object_in, text_in
from ..moments import moment
from ..no_usage import NoUsage
from ..token_counts import Counts
from .server_tools import charged_calls
from .shape import FileContext

__all__ = ["answer_of", "time_in"]

_TIERS: dict[str, Tier] = {
    "default": "standard",
    "standard": "standard",
    "on_demand": "standard",  # Groq, Bedrock
    "flex": "flex",
    "priority": "priority",
    "fast": "priority",
    "batch": "batch",
}
"""Names of tiers in answers."""

_STATED = ("created", "created_at", "createTime")
"""Keys with the time in an answer itself."""

_LOGGED = (
    *("timestamp", "time", "date", "ts", "completed_at", "startTime", "start_time", "datetime_utc"),
    *("startTimeUnixNano", "endTime", "end_time"),
)
"""Keys with the time in a log."""

_SESSIONS = ("sessionId", "session_id", "session", "conversation_id", "thread_id", "threadId")
_PROJECTS = ("project", "project_id", "project_name", "projectId", "workspace", "workspace_id", "cwd")
_REQUESTS = ("requestId", "request_id", "_request_id", "x_request_id")
_STATED_COSTS = ("costUSD", "cost_usd", "response_cost", "spend", "total_cost_usd")


def answer_of(chain: Sequence[Json], counts: Counts, place: str, file: FileContext, *, model: str = "") -> Answer:
    """Return the answer whose usage is in the last of some nested objects.

    Args:
        chain: the objects from the line itself down to the one with the usage.
        counts: the numbers in its usage.
        place: location of the line.
        file: defaults for all answers in the file.
        model: the model, if the format stores it elsewhere.

    Raises:
        NoUsage: no model is named, or a tier, a time or a mode is unknown.
    """
    nearest = chain[-1]
    when = _when(chain)
    region, speed = _mode(counts, "inference_geo", _REGIONS), _mode(counts, "speed", _SPEEDS)
    calls = charged_calls(nearest)
    custom_id = chain[0].get("custom_id")
    return Answer(
        place=place,
        model=model or _model(chain) or _required(file.model),
        tier=_tier(chain, counts, file.tier),
        day=when.at.date() if when.at else None,
        at=when.at,
        is_dated=when.is_stated,
        usage=counts.usage,
        custom_id=custom_id if isinstance(custom_id, str) else None,
        id=text_in(nearest, "id") or text_in(object_in(nearest, "response"), "id") or None,
        request_id=_first(chain, _REQUESTS) or _batch_request(chain[0]),
        session=_first(chain, _SESSIONS),
        file=file.name,
        file_session=file.session,
        project=_first(chain, _PROJECTS) or file.project,
        stated_cost=_stated_cost(chain, counts),
        region=region,
        speed=speed,
        searches=calls.searches,
        uncharged=(*counts.uncharged, *calls.uncharged),
    )


def _required(model: str | None) -> str:
    if model is None:
        raise NoUsage("no model beside its usage; give it with --model")
    return model


def _first(chain: Sequence[Json], keys: tuple[str, ...]) -> str | None:
    for holder in reversed(chain):
        if found := text_in(holder, *keys):
            return found
    return None


def _batch_request(line: Json) -> str | None:
    """Return the identifier of the request in a line of a Batch output file."""
    return text_in(line, "id") or None if "custom_id" in line else None


_MODELS = ("model", "modelId", "modelVersion", "model_name", "model_id", "response_model")


def _model(chain: Sequence[Json]) -> str:
    for holder in reversed(chain):
        request, response = object_in(holder, "request"), object_in(holder, "response")
        for place in (holder, response, request, object_in(request, "body")):
            if name := text_in(place, *_MODELS):
                return name
    return ""


def _tier(chain: Sequence[Json], counts: Counts, otherwise: Tier | None) -> Tier:
    """Return the tier of an answer.

    A line of a Batch output file is charged as batch, whatever its body states.
    """
    raw = name_in(chain[-1], "service_tier") or name_in(counts.modes, "service_tier")
    named = _TIERS.get(raw) if raw else None
    if named is None and raw is not None and raw != "auto":
        message = f"unknown service_tier '{raw:.40}'"
        raise NoUsage(message)
    if named is not None and named != "standard":
        return named
    if _is_of_batch(chain):
        return otherwise or "batch"
    return named or otherwise or "standard"


def _is_of_batch(chain: Sequence[Json]) -> bool:
    """Return whether this is a Batch object, or a line of a Batch output file, of OpenAI or Anthropic."""
    if chain[-1].get("object") == "batch":
        return True
    line = chain[0]
    return "custom_id" in line and bool(object_in(line, "response", "body") or object_in(line, "result"))


_REGIONS = {"": None, "global": None, "not_available": None}
_SPEEDS = {"": None, "standard": None}
"""Speed modes without an additional charge."""


def _mode(counts: Counts, key: str, ordinary: dict[str, None]) -> str | None:
    raw = name_in(counts.modes, key)
    return None if raw is None or raw in ordinary else raw


class _When(NamedTuple):
    """The time of an answer."""

    at: datetime | None
    """The time in UTC; None if not known."""

    is_stated: bool
    """Whether it is in the answer itself, not only in the log that contains it."""


def _when(chain: Sequence[Json]) -> _When:
    for holder in reversed(chain):
        for key in _STATED:
            raw = holder.get(key)
            if raw is not None:
                if (at := moment(raw)) is not None:
                    return _When(at, is_stated=True)
                shown = found_kind(raw) if isinstance(raw, dict | list) else f"'{raw!s:.40}'"
                message = f"{key}: expected a time, found {shown}"
                raise NoUsage(message)
    return _When(time_in((*chain, object_in(chain[-1], "response"))), is_stated=False)


def time_in(chain: Sequence[Json], keys: tuple[str, ...] = _LOGGED) -> datetime | None:
    """Return the time of a log entry, from the nearest object that has one; None if none does."""
    for holder in reversed(chain):
        for key in keys:
            raw = holder.get(key)
            if raw is not None and (at := moment(raw)) is not None:
                return at
    return None


def _stated_cost(chain: Sequence[Json], counts: Counts) -> Decimal | None:
    """Return the cost stated by the source; None for a request with the user's own key, where it is only a fee."""
    if object_in(chain[-1], "usage").get("is_byok") is True:
        return None
    if counts.cost is not None:
        return counts.cost
    for holder in reversed(chain):
        for key in _STATED_COSTS:
            if key in holder and (cost := dollars_in(holder[key])) is not None:
                return cost
    return None
