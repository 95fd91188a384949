"""Select models of the price table by name, provider, pattern, ``all``, or a list of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ..errors import UnknownModel
from .schema import Model, distinct

if TYPE_CHECKING:
    from .table import Pricing

__all__ = ["select"]

_ALL = "all"


def select(wanted: Iterable[str], table: Pricing) -> list[Model]:
    """Return the selected models without duplicates, in the order of the words.

    Within a word they are in the order of the table, retired ones last.


    Args:
        wanted: names, ``all``, providers such as ``openai``, patterns such as ``gpt-4*``; each may be several with
            commas between them.
        table: the price table.

    Raises:
        UnknownModel: a word selects no model, or a name can mean several models.

    >>> from .table import load_pricing
    >>> [model.id for model in select(["GPT-4.1,gpt-4.1-*"], load_pricing())]
    ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano']
    """
    words = (word.strip() for each in wanted for word in each.split(","))
    chosen = distinct(model for word in filter(None, words) for model in _chosen(word, table))
    if not chosen:
        message = "expected the name of a model, found nothing"
        raise UnknownModel(message, hint="'gpt41calc models' lists the known ones")
    return chosen


def _chosen(word: str, table: Pricing) -> Sequence[Model]:
    if any(word in model.names for model in table.models):
        return [table.find(word)]
    folded = word.casefold()
    if folded == _ALL:
        return _living_first(table.models, table)
    if found := [model for model in table.models if model.provider == folded]:
        return _living_first(found, table)
    if "*" not in folded and "?" not in folded:
        return [table.find(word)]
    found = [model for model in table.models if any(fnmatchcase(name.casefold(), folded) for name in model.names)]
    if not found:
        message = f"no model matches '{word:.80}'"
        raise UnknownModel(message, hint="'gpt41calc models' lists the known ones")
    return _living_first(found, table)


def _living_first(found: Iterable[Model], table: Pricing) -> list[Model]:
    """Return models with those last that were retired when the table was checked: reports answer for the first."""
    return sorted(found, key=lambda model: model.status(table.checked) == "retired")
