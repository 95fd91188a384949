"""The price list of litellm, a JSON file: ``model_prices_and_context_window.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ...errors import PricingError
from ...pricing.price import Tier
from ...pricing.schema import Model
from .databases import Charge, Database, Kind, Listing, Period

__all__ = ["read_litellm"]

_MAX_BYTES = 64 << 20

_KINDS: dict[str, Kind] = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cached_input",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
}
_TIERS: dict[str | None, Tier] = {None: "standard", "batches": "batch", "flex": "flex", "priority": "priority"}
_KEY = re.compile(
    r"(?P<kind>" + "|".join(sorted(_KINDS, key=len, reverse=True)) + r")"
    r"(?:_above_(?P<thousands>[0-9]{1,6})k_tokens)?(?:_(?P<tier>batches|flex|priority))?"
)
_MILLION = 1_000_000


def read_litellm(path: Path, models: Iterable[Model]) -> Database:
    """Read what a price list of litellm says of some models.

    Args:
        path: the JSON file.
        models: the models to look for.

    Raises:
        PricingError: it cannot be read, or is no such list.
    """
    listed = _parse(path)
    found = {model.id: entry for model in models if (entry := _entry(listed, model))}
    return Database(
        name="litellm",
        version=path.name,
        has_history=False,
        listings={name: _listing(entry) for name, entry in found.items()},
    )


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            message = f"{path}: larger than {_MAX_BYTES:,} bytes"
            raise PricingError(message)
        listed = json.loads(raw, parse_float=Decimal)
    except OSError as error:
        message = f"cannot read the price list {path}: {error.strerror}"
        raise PricingError(message) from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        message = f"{path}: not a price list in JSON: {error!s:.200}"
        raise PricingError(message) from error
    if not isinstance(listed, dict) or not all(isinstance(entry, dict) for entry in listed.values()):
        message = f"{path}: expected an object with a model in every key"
        raise PricingError(message, hint="litellm's is model_prices_and_context_window.json")
    return listed


def _entry(listed: dict[str, Any], model: Model) -> dict[str, Any] | None:
    """Return the prices of a model; of Google's models, those of the Gemini API and not of Vertex AI."""
    names = [model.id, *model.snapshots, *model.aliases]
    if model.provider == "google":
        names = [f"gemini/{model.id}", *names]
    return next((listed[name] for name in names if name in listed), None)


def _listing(entry: dict[str, Any]) -> Listing:
    charges: dict[Charge, dict[int, Decimal]] = {}
    for charge, above, price in _prices(entry):
        charges.setdefault(charge, {})[above] = price
    return Listing(
        periods=(Period(None, charges),),
        window=_count(entry.get("max_input_tokens")),
        max_output=_count(entry.get("max_output_tokens")),
        shutdown=_day(entry.get("deprecation_date")),
    )


def _prices(entry: dict[str, Any]) -> Iterator[tuple[Charge, int, Decimal]]:
    """Yield the prices of text, in dollars per million tokens."""
    for key, value in entry.items():
        match = _KEY.fullmatch(key)
        if match and isinstance(value, Decimal | int) and not isinstance(value, bool):
            above = int(match["thousands"] or 0) * 1000
            yield (_TIERS[match["tier"]], _KINDS[match["kind"]]), above, Decimal(value) * _MILLION


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(value) if isinstance(value, str) else None
    return None
