"""Parse a usage object: each number by its name, and by the total which numbers include others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from .answer import Usage
from .json_values import Json, dollars_in, found_kind, tokens_in
from .no_usage import NoUsage
from .token_fields import API_FIELDS, HARMLESS, Field, Fields, Role, Side

__all__ = ["Counts", "read_counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The content of a usage object."""

    usage: Usage
    """Its tokens, each counted once."""

    cost: Decimal | None
    """Cost stated by the source, in US dollars; None if it states none."""

    modes: Json
    """``service_tier``, ``inference_geo`` and ``speed``, unchanged."""

    uncharged: tuple[str, ...]
    """Separately charged items without a known price: ``2 code_execution_requests``."""


class _Found(NamedTuple):
    """One number with its path."""

    path: str
    """Keys joined by dots."""

    value: int
    """Number of tokens or calls."""

    side: Side
    """Whether its API counts it inside or beside the input tokens."""


def read_counts(raw: Json, fields: Fields = API_FIELDS, *, cache: Side | None = None, where: str = "") -> Counts:
    """Return the content of a usage object.

    Args:
        raw: the object.
        fields: the meaning of its names.
        cache: where cached and written tokens are counted if there is no
            total that says so; None to go by the names.
        where: prefix of paths in reasons, such as ``usage.``.

    Raises:
        NoUsage: a name is unknown, a value is of the wrong type, or the numbers contradict one another.

    >>> chat = {"prompt_tokens": 10, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    >>> read_counts(chat).usage.fresh_tokens
    6
    >>> claude = {"input_tokens": 10, "output_tokens": 2, "cache_read_input_tokens": 4}
    >>> read_counts(claude).usage.fresh_tokens, read_counts(claude | {"total_tokens": 12}).usage.fresh_tokens
    (10, 6)
    """
    found: dict[Role, list[_Found]] = {}
    cost, modes, uncharged = None, {}, []
    for path, value, field in _scalars(raw, fields, where):
        if field.role == "cost":
            cost = dollars_in(value) if cost is None else cost
        elif field.role == "mode":
            modes[path] = value
        elif field.role != "note":
            number = tokens_in(value, where + path)
            if field.role == "audio" and number:
                raise NoUsage("audio tokens, which the price table does not know")
            if field.role == "uncharged" and number:
                uncharged.append(f"{number:,} {path.rpartition('.')[2]}")
            if value is not None:
                found.setdefault(field.role, []).append(_Found(where + path, number, field.side))
    return Counts(usage=_usage(raw, found, cache), cost=cost, modes=modes, uncharged=tuple(uncharged))


def _scalars(raw: Json, fields: Fields, where: str, prefix: str = "") -> Iterator[tuple[str, object, Field]]:
    """Yield every value with its path and meaning; an unknown name is an error."""
    for key, value in raw.items():
        path = f"{prefix}{key}"
        field = fields.get(path)
        if field is not None:
            yield path, value, field
        elif isinstance(value, dict):
            yield from _scalars(value, fields, where, f"{path}.")
        elif any(known.startswith(f"{path}.") for known in fields):
            if value is not None:
                message = f"{where}{path}: expected an object, found {found_kind(value)}"
                raise NoUsage(message)
        elif value and not HARMLESS.search(key):
            shown = found_kind(value) if isinstance(value, list) else f"'{value!s:.40}'"
            message = f"{where}{path}: {shown}, of which it is not known whether it is charged"
            raise NoUsage(message)


def _usage(raw: Json, found: dict[Role, list[_Found]], cache: Side | None) -> Usage:
    read = _agreed(found, "input")
    if read is None:
        raise NoUsage(_missing(raw))
    output = _agreed(found, "output") or _Found("", 0, "inside")
    cached, written = _agreed(found, "cached"), _written(found)
    reasoning = _number(_agreed(found, "reasoning"))
    parts = _number(cached) + written.short + written.long
    total = _agreed(found, "total")
    defaults: tuple[Side, Side] = (cache or _side(read, cached, written.side, has_total=total is not None), "inside")
    if total is None:
        cache_side, reasoning_side = defaults
    else:
        cache_side, reasoning_side = _decided(
            total, read.value, output.value, parts=parts, reasoning=reasoning, defaults=defaults
        )
    if cache_side == "inside":
        _require_inside(_number(cached), "cached", read.value)
        _require_inside(parts, "cached and written", read.value)
    if reasoning_side == "inside":
        _require_inside(reasoning, "reasoning", output.value)
    return Usage(
        fresh_tokens=read.value - (parts if cache_side == "inside" else 0),
        cached_tokens=_number(cached),
        written_tokens=written.short,
        written_1h_tokens=written.long,
        output_tokens=output.value + (reasoning if reasoning_side == "beside" else 0),
        reasoning_tokens=reasoning,
        web_searches=_number(_agreed(found, "searches")),
    )


def _missing(raw: Json) -> str:
    name = "prompt_tokens" if "completion_tokens" in raw else "input_tokens"
    return f"{name}: expected a whole number from 0 to 1,000,000,000,000, found nothing"


def _agreed(found: dict[Role, list[_Found]], role: Role) -> _Found | None:
    """Return the number that all names of a role agree on; gateways set unused names to 0.

    Raises:
        NoUsage: two of them differ.
    """
    numbers = found.get(role)
    if not numbers:
        return None
    if len(numbers) == 1:
        return numbers[0]
    stated = [each for each in numbers if each.value] or numbers
    # ``inside`` takes precedence: a usage object with the API's own names counts as that API does.
    first = next((each for each in stated if each.side == "inside"), stated[0])
    for other in stated:
        if other.value != first.value:
            one, two = stated[0], next(each for each in stated if each.value != stated[0].value)
            message = f"{one.path} is {one.value:,}, but {two.path} is {two.value:,}"
            raise NoUsage(message)
    return first


def _number(found: _Found | None) -> int:
    return found.value if found else 0


class _Written(NamedTuple):
    """Tokens written to a cache, by lifetime of the entry."""

    short: int
    """Tokens with a lifetime of five minutes, or the only lifetime of the API."""

    long: int
    """Tokens with a lifetime of an hour."""

    side: Side | None
    """Whether they are counted inside or beside the input tokens; None if there are none."""


def _written(found: dict[Role, list[_Found]]) -> _Written:
    whole, short, long = (_agreed(found, role) for role in ("written", "written_5m", "written_1h"))
    by_lifetime = _number(short) + _number(long)
    side = next((each.side for each in (whole, short, long) if each and each.value), None)
    if short is None and long is None:
        return _Written(_number(whole), 0, side)
    if whole is not None and whole.value != by_lifetime:
        message = f"{whole.path} is {whole.value:,}, but its parts add up to {by_lifetime:,}"
        raise NoUsage(message)
    return _Written(_number(short), _number(long), side)


def _side(read: _Found, cached: _Found | None, written: Side | None, *, has_total: bool) -> Side:
    """Return whether cached and written tokens are counted inside or beside the input tokens, by the names used."""
    side = cached.side if cached and cached.value else written
    if side == "beside" and read.path.endswith("prompt_tokens") and not has_total:
        raise NoUsage("prompt_tokens beside cache tokens in Anthropic's words: it cannot be said what is in which")
    return side or "inside"


def _decided(
    total: _Found, read: int, output: int, *, parts: int, reasoning: int, defaults: tuple[Side, Side]
) -> tuple[Side, Side]:
    """Return where cached and where reasoning tokens are counted, such that the total is correct.

    Raises:
        NoUsage: no combination gives the total.
    """

    def added_up(sides: tuple[Side, Side]) -> int:
        return read + output + (parts if sides[0] == "beside" else 0) + (reasoning if sides[1] == "beside" else 0)

    for sides in (defaults, *product(_SIDES, _SIDES)):
        if added_up(sides) == total.value:
            return sides
    name = total.path.rpartition(".")[2]
    message = f"{name} is {total.value:,}, but its parts add up to {added_up(defaults):,}"
    raise NoUsage(message)


_SIDES: tuple[Side, ...] = ("inside", "beside")


def _require_inside(part: int, what: str, whole: int) -> None:
    if part > whole:
        message = f"{part:,} {what} tokens are more than the {whole:,} they are part of"
        raise NoUsage(message)
