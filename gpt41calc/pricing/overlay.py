"""Merge a user's price table into the shipped one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from ..errors import PricingError
from .table_schema import PricingTable
from .validate import unknown_key

__all__ = ["laid_over"]

_OVERLAY_SOURCE = "overlay"
"""The key of ``sources`` that the user's own prices cite."""


def laid_over(shipped: dict[str, Any], users: dict[str, Any], path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the content of the shipped table with that of a user's table merged into it, model by model.

    Args:
        shipped: the content of the shipped TOML file.
        users: the content of the user's TOML file, not validated yet.
        path: the user's file, for messages.

    Returns:
        The merged content, still to be validated, and the identifiers of the models that the user's table has.

    Raises:
        PricingError: the user's table has an unknown key, no model, or a model without an identifier or listed twice.
    """
    unknown = set(users) - set(PricingTable.__dataclass_fields__)
    if unknown:
        message = f"{path}: {unknown_key(min(unknown), PricingTable)}"
        raise PricingError(message)
    rows = users.get("model", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        message = f"{path}: model: expected at least one [[model]] table"
        raise PricingError(message)
    known = {model["id"]: model for model in shipped["model"]}
    merged = dict(known)
    changed = []
    for position, row in enumerate(rows):
        name = row.get("id")
        if not isinstance(name, str):
            message = f"{path}: model[{position}]: id: expected the identifier of a model"
            raise PricingError(message)
        if name in changed:
            message = f"{path}: model {name}: listed twice"
            raise PricingError(message)
        changed.append(name)
        base = known.get(name, _NEW_MODEL | {"name": name})
        tokenizer_chosen = {"encoding", "ratio"} & set(row)
        inherited = {
            key: value for key, value in base.items() if not (tokenizer_chosen and key in {"encoding", "ratio"})
        }
        merged[name] = inherited | _with_defaults(row, inherited, users.get("checked", shipped["checked"]))
    sources = users.get("sources", {})
    if not isinstance(sources, dict):
        message = f"{path}: sources: expected a table"
        raise PricingError(message)
    return {
        "schema_version": users.get("schema_version", 1),
        "checked": shipped["checked"],
        "sources": shipped["sources"] | {_OVERLAY_SOURCE: f"the table {path.name!r} given with --pricing"} | sources,
        "model": list(merged.values()),
        "anthropic": shipped["anthropic"],
        "kind_ratio": shipped["kind_ratio"],
        "token_rules": _rules(shipped, users, path),
    }, tuple(changed)


def _rules(shipped: dict[str, Any], users: dict[str, Any], path: Path) -> list[Any]:
    """Return the counting rules; a user's row replaces the shipped row of the same family."""
    rows = users.get("token_rules", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = f"{path}: token_rules: expected [[token_rules]] tables"
        raise PricingError(message)
    own = [{"source": [_OVERLAY_SOURCE], "held": 0, "exact": 0} | row for row in rows]
    replaced = {(row.get("api"), row.get("family")) for row in own}
    inherited = [row for row in shipped.get("token_rules", []) if (row["api"], row["family"]) not in replaced]
    return [*inherited, *own]


_NEW_MODEL: dict[str, Any] = {
    "provider": "other",
    "released": date(1970, 1, 1),
    "limits_source": [_OVERLAY_SOURCE],
}
"""Default values of a model that only the user's table has."""


def _with_defaults(row: dict[str, Any], base: dict[str, Any], checked: object) -> dict[str, Any]:
    """Return a user's price rows with defaults for the omitted keys: first day, source, day of the check."""
    ratio = row.get("ratio")
    if isinstance(ratio, dict):
        row = row | {"ratio": {"source": [_OVERLAY_SOURCE]} | ratio}
    prices = row.get("price")
    if not isinstance(prices, list):
        return row
    filled = [
        {"since": row.get("released", base.get("released")), "source": [_OVERLAY_SOURCE], "checked": checked} | price
        if isinstance(price, dict)
        else price
        for price in prices
    ]
    return row | {"price": filled}
