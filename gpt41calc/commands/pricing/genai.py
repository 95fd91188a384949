"""The prices of the PyPI package genai-prices, if it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib import import_module, metadata
from typing import Any

from ...pricing.price import Tier
from ...pricing.schema import Model
from .databases import Charge, Database, Kind, Listing, Period
from .imported import Found

__all__ = ["everything_in_genai", "read_genai"]

_KINDS: dict[str, Kind] = {
    "input_mtok": "input",
    "cache_read_mtok": "cached_input",
    "cache_write_mtok": "cache_write",
    "output_mtok": "output",
}

_VENDORS = ("openai", "anthropic", "google")

_CONTEXTS: dict[Tier, dict[str, str] | None] = {
    "standard": None,
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
}
"""The request context by which genai-prices selects a tier."""


def read_genai(models: Iterable[Model]) -> Database | None:
    """Return the prices of some models in genai-prices; None if it is not installed."""
    try:
        providers = {provider.id: provider for provider in import_module("genai_prices.data").providers}
    except ImportError:
        return None
    listings, ours = {}, list(models)
    for model in ours:
        provider = providers.get(model.provider)
        found = provider.find_model(model.id) if provider else None
        if found:
            listings[model.id] = _listing(found)
    return Database(
        name="genai-prices",
        version=metadata.version("genai-prices"),
        has_history=True,
        listings=listings,
        unlisted=tuple(_unlisted(providers, ours)),
    )


def everything_in_genai(models: Iterable[Model]) -> tuple[str, dict[str, Found], list[str]] | None:
    """Return its version, all its models as provider/model, and those that we lack. None if it is not installed."""
    try:
        providers = {provider.id: provider for provider in import_module("genai_prices.data").providers}
    except ImportError:
        return None
    lacking = set(_unlisted(providers, list(models)))
    found = {
        f"{provider.id}/{one.id}": Found(
            id=one.id, provider=provider.id, listing=_listing(one), is_embedding="embedding" in one.id
        )
        for provider in providers.values()
        for one in provider.models
    }
    ours = [f"{vendor}/{one.id}" for vendor in _VENDORS for one in providers[vendor].models if one.id in lacking]
    return metadata.version("genai-prices"), found, ours


def _unlisted(providers: dict[str, Any], models: list[Model]) -> Iterator[str]:
    """Yield the models of the three vendors that match none of our models."""
    names = {name for model in models for name in model.names}
    for vendor in _VENDORS:
        found = {each.id for model in models if (each := providers[vendor].find_model(model.id))}
        for one in providers[vendor].models:
            if one.id not in found and one.id not in names and not one.id.startswith("ft:"):
                yield one.id


def _listing(found: Any) -> Listing:
    days: list[date | None] = [None, *sorted(set(_starts(found)))]
    return Listing(
        periods=tuple(Period(day, dict(_charges(found, day or date.min))) for day in days),
        window=found.context_window,
    )


def _starts(found: Any) -> Iterator[date]:
    """Yield the days on which a price of a model begins to apply."""
    conditional = found.prices if isinstance(found.prices, list) else []
    for part in (*conditional, *(found.price_variants or ())):
        start = getattr(part.constraint, "start_date", None)
        if start is not None:
            yield start


def _charges(found: Any, day: date) -> Iterator[tuple[Charge, dict[int, Decimal]]]:
    """Yield the prices on a day, for the tiers known by then."""
    noon = datetime.combine(day, time(12), UTC)
    for tier, context in _CONTEXTS.items():
        if context is not None and not any(
            each.when == context and (each.constraint is None or each.constraint.active(noon))
            for each in found.price_variants or ()
        ):
            continue
        prices = found.get_prices(noon, context)
        for key, kind in _KINDS.items():
            price = getattr(prices, key, None)
            if price is not None:
                yield (tier, kind), _steps(price)


def _steps(price: Any) -> dict[int, Decimal]:
    if isinstance(price, Decimal):
        return {0: price}
    return {0: price.base, **{tier.start: tier.price for tier in price.tiers}}
