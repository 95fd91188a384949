"""The price list of litellm: ``model_prices_and_context_window.json``, alone or in the wheel of a release."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from ...errors import PricingError, UnknownModel
from ...pricing.names import meant
from ...pricing.price import Tier
from ...pricing.schema import Model
from .databases import Charge, Database, Kind, Listing, Period
from .imported import Found

__all__ = ["everything_in_litellm", "read_entries", "read_litellm"]

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
    """Return the facts about some models in a price list of litellm.

    Args:
        path: the JSON file, or a wheel with it.
        models: the models to look for.

    Raises:
        PricingError: the file cannot be read, or is not such a list.
    """
    listed, ours = read_entries(path), list(models)
    index = _Index(ours)
    found: dict[str, list[Listing]] = {}
    for model in ours:
        names = [model.id, *model.snapshots, *model.aliases]
        if model.provider == "google":  # for the Gemini API, not for Google's cloud
            names = [f"gemini/{name}" for name in names] if f"gemini/{model.id}" in listed else names
        found[model.id] = [_listing(listed[name], index) for name in names if name in listed]
    return Database(
        name="litellm",
        version=_version(path),
        has_history=False,
        listings={name: each[0] for name, each in found.items() if each},
        snapshots={name: tuple(each[1:]) for name, each in found.items() if each[1:]},
        unlisted=tuple(_unlisted(listed, index)),
    )


def everything_in_litellm(path: Path, models: Iterable[Model]) -> tuple[str, dict[str, Found], list[str]]:
    """Return the version of a price list, all its models by key, and the keys of those that we lack.

    Raises:
        PricingError: the file cannot be read, or is not such a list.
    """
    listed, index = read_entries(path), _Index(list(models))
    lacking = set(_unlisted(listed, index))
    found = {
        key: Found(
            id=key.removeprefix("gemini/"),
            provider={"gemini": "google"}.get(vendor := str(entry.get("litellm_provider")), vendor),
            listing=_listing(entry, index),
            is_embedding=entry.get("mode") == "embedding",
        )
        for key, entry in listed.items()
        if key != "sample_spec"
    }
    return _version(path), found, [key for key in found if key.removeprefix("gemini/") in lacking]


class _Index:
    """Our models by any of their names."""

    def __init__(self, models: list[Model]) -> None:
        self._ids = {name: model.id for model in models for name in model.names}
        self._models = [model for model in models if not model.id.startswith("ft:")]

    def id_of(self, name: str) -> str | None:
        """Return the identifier of the model with a name. None if we have none or several."""
        own = name.rpartition("/")[2] if name.startswith(_PREFIXES) else name
        if own not in self._ids:
            with suppress(UnknownModel):
                model = meant(own, self._models)
                return model.id if model else None
        return self._ids.get(own)


def _unlisted(listed: dict[str, Any], index: _Index) -> Iterator[str]:
    """Yield the language and embedding models of the three vendors that we lack, each once."""
    seen = set()
    for key, entry in listed.items():
        name = key.rpartition("/")[2] if key.startswith(_PREFIXES) else key
        is_one = entry.get("litellm_provider") in _VENDORS and entry.get("mode") in _MODES
        if is_one and "/" not in name and not name.startswith("ft:") and name not in seen and index.id_of(name) is None:
            seen.add(name)
            yield name


_PREFIXES = ("openai/", "anthropic/", "gemini/")
_VENDORS = frozenset({"openai", "anthropic", "gemini"})
_MODES = frozenset({"chat", "responses", "embedding"})
_IN_WHEEL = "litellm/model_prices_and_context_window_backup.json"
_WHEEL_NAME = re.compile(r"litellm-(?P<version>[^-]+)-")


def _version(path: Path) -> str:
    """Return the version in a wheel's name, or the name of the file."""
    match = _WHEEL_NAME.match(path.name) if path.suffix == ".whl" else None
    return match["version"] if match else path.name


def read_entries(path: Path) -> dict[str, Any]:
    """Return the entries of a litellm price list, from the JSON file or from the wheel of a release.

    Raises:
        PricingError: the file cannot be read, or is not such a list.
    """
    try:
        raw = _raw(path)
        if len(raw) > _MAX_BYTES:
            message = f"{path}: larger than {_MAX_BYTES:,} bytes"
            raise PricingError(message)
        listed = json.loads(raw, parse_float=Decimal)
    except OSError as error:
        message = f"cannot read the price list {path}: {error.strerror}"
        raise PricingError(message) from error
    except (ValueError, RecursionError, ArithmeticError, BadZipFile, KeyError) as error:
        message = f"{path}: not a price list in JSON: {error!s:.200}"
        raise PricingError(message) from error
    if not isinstance(listed, dict) or not all(isinstance(entry, dict) for entry in listed.values()):
        message = f"{path}: expected an object with a model in every key"
        raise PricingError(message, hint="litellm's is model_prices_and_context_window.json")
    return listed


def _raw(path: Path) -> bytes:
    if path.suffix == ".whl":
        with ZipFile(path) as wheel, wheel.open(_IN_WHEEL) as packed:
            return packed.read(_MAX_BYTES + 1)
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1)


def _listing(entry: dict[str, Any], index: _Index) -> Listing:
    charges: dict[Charge, dict[int, Decimal]] = {}
    for charge, above, price in _prices(entry):
        charges.setdefault(charge, {})[above] = price
    return Listing(
        periods=(Period(None, charges),),
        window=_count(entry.get("max_input_tokens")),
        max_output=_count(entry.get("max_output_tokens")),
        shutdown=_day(entry.get("deprecation_date")),
        replacement=_successor(entry.get("successor_model"), index),
    )


def _prices(entry: dict[str, Any]) -> Iterator[tuple[Charge, int, Decimal]]:
    """Yield the prices of text, in US dollars per million tokens."""
    for key, value in entry.items():
        match = _KEY.fullmatch(key)
        if match and isinstance(value, Decimal | int) and not isinstance(value, bool):
            above = int(match["thousands"] or 0) * 1000
            yield (_TIERS[match["tier"]], _KINDS[match["kind"]]), above, Decimal(value) * _MILLION


def _successor(value: object, index: _Index) -> str | None:
    """Return the replacement of a model: our identifier, or theirs if we do not have it."""
    return (index.id_of(value) or value) if isinstance(value, str) and value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(value: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(value) if isinstance(value, str) else None
    return None
