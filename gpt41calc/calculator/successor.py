"""The model that replaces another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ..pricing.schema import Model

__all__ = ["successor"]


def successor(model: Model, find: Callable[[str], Model], on: date) -> Model | None:
    """Return the first model in the chain of replacements that is not shut down. None if there is none.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> pricing = load_pricing()
    >>> successor(pricing.find("gpt-4.5-preview"), pricing.find, date(2026, 11, 22)).id
    'gpt-6-luna'
    """
    last, passed = model, {model.id}
    while last.replacement and last.replacement not in passed:
        last = find(last.replacement)
        passed.add(last.id)
        if last.status(on) == "live":
            break
    return None if last is model else last
