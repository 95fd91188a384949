"""Counts by vendors' endpoints beside those made here, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .escape import as_unicode
from .json_fields import path_keys
from .numbers import number, plural

if TYPE_CHECKING:
    from ..calculator.endpoint_count import EndpointCount, EndpointCounts

__all__ = ["endpoint_keys", "endpoint_notes"]


def endpoint_notes(endpoints: EndpointCounts) -> Iterator[str]:
    """Yield a sentence per request with the vendor's count and its difference from the count in this report."""
    for one in endpoints.counts:
        yield f"{one.path}: {_sentence(one)}"


def _sentence(one: EndpointCount) -> str:
    translated = ", asked as a request of Responses" if one.is_translated else ""
    cached = ", from the cache" if one.is_cached else ""
    counted = f"{one.vendor} counts {plural(one.tokens, 'token')} for {one.model}{translated}{cached}"
    if not one.difference:
        return f"{counted}: as many as here"
    more = "more" if one.difference > 0 else "fewer"
    beyond = "" if one.is_within or one.offline.is_exact else ", outside of its range"
    return f"{counted}: {number(abs(one.difference))} {more} than here ({number(one.offline.value)}){beyond}"


def endpoint_keys(endpoints: EndpointCounts) -> dict[str, Any]:
    """Return the same for JSON, with the reason if a request has no count."""
    return {
        "counts": [_count(one) for one in endpoints.counts],
        "failure": None if endpoints.failure is None else as_unicode(endpoints.failure),
    }


def _count(one: EndpointCount) -> dict[str, Any]:
    return {
        **path_keys(one.path),
        "vendor": one.vendor,
        "model": as_unicode(one.model),
        "input_tokens": one.tokens,
        "offline": {"input_tokens": one.offline.value, "low": one.offline.low, "high": one.offline.high},
        "difference": one.difference,
        "within_range": one.is_within,
        "remembered": one.is_cached,
        "translated": one.is_translated,
    }
