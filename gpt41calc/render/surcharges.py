"""Charges on top of list prices, and prices that were not checked: in words and in JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..pricing.schema import Model
from .numbers import dollars

__all__ = ["charge_keys", "surcharge_keys", "surcharge_notes", "surcharge_summary", "surcharges_key", "unaudited_keys"]


def surcharge_summary(models: Iterable[Model]) -> list[str]:
    """Return short phrases on charges on top of list prices, and on models whose prices were not checked.

    >>> from ..pricing.table import load_pricing
    >>> table = load_pricing().with_surcharges(["fedramp"], ["0.5"])
    >>> surcharge_summary([table.find("gpt-4.1"), table.find("claude-opus-5")])
    ['with 10 % uplift: gpt-4.1', 'with a fee of $0.50 a request']
    """
    groups: dict[str, list[str]] = {}
    fees = set()
    for model in models:
        if model.uplift_percent:
            groups.setdefault(f"with {model.uplift_percent.normalize():f} % uplift", []).append(model.id)
        if model.fee:
            fees.add(f"with a fee of {dollars(model.fee)} a request")
        for name in model.unknown_fees:
            groups.setdefault(f"without {name}, whose price is not known", []).append(model.id)
        if not model.audited:
            groups.setdefault("not audited", []).append(model.id)
    return [*(f"{what}: {', '.join(names)}" for what, names in groups.items()), *sorted(fees)]


def surcharge_notes(models: Iterable[Model]) -> list[str]:
    """Return sentences on charges on top of list prices, and on models whose prices were not checked."""
    sentences = []
    for model in models:
        parts = [
            f"an uplift of {model.uplift_percent.normalize():f} %" if model.uplift_percent else "",
            f"a fee of {dollars(model.fee)} a request" if model.fee else "",
        ]
        if any(parts):
            sentences.append(f"{model.id}: with {' and '.join(filter(None, parts))}")
        sentences += [f"{model.id}: {name} has no price with it and is not in its cost" for name in model.unknown_fees]
        if not model.audited:
            sentences.append(f"{model.id}: not audited: prices imported from {model.imported or 'another database'}")
    return sentences


def unaudited_keys(model: Model) -> dict[str, Any]:
    """Return where the prices of a model were imported from, if nobody checked them."""
    return {} if model.audited else {"audited": False, "imported": model.imported}


def surcharge_keys(model: Model) -> dict[str, Any]:
    """Return the charges on top of list prices but the fee, which a cost has a key for, and unchecked prices."""
    return {
        **({"uplift_percent": model.uplift_percent} if model.uplift_percent else {}),
        **({"unknown_fees": list(model.unknown_fees)} if model.unknown_fees else {}),
        **unaudited_keys(model),
    }


def charge_keys(model: Model) -> dict[str, Any]:
    """Return all charges on top of list prices, for documents whose costs are not split into their parts."""
    return {**({"fee_per_request": model.fee} if model.fee else {}), **surcharge_keys(model)}


def surcharges_key(models: Iterable[Model]) -> dict[str, Any]:
    """Return the key ``surcharges``, which lists the models that have any, each once; no key if no model has."""
    found = {model.id: keys for model in models if (keys := charge_keys(model))}
    return {"surcharges": [{"model": name, **keys} for name, keys in found.items()]} if found else {}
