"""Notes on models that were chosen by a name that is not in the price table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..pricing.schema import Model
from .escape import as_unicode
from .numbers import plural

__all__ = ["model_name_keys", "model_name_notes", "model_names_in_short", "names_taken"]


def names_taken(models: Iterable[Model]) -> dict[str, Model]:
    """Return the models that were chosen by a name that is not in the table, by that name."""
    return {model.named_as: model for model in models if model.named_as is not None}


def model_name_notes(taken: Mapping[str, Model]) -> list[str]:
    """Return a sentence for each such name, with the model that was found."""
    if not taken:
        return []
    from ..pricing.names import taken_sentence

    return [taken_sentence(name, model) for name, model in taken.items()]


def model_names_in_short(taken: Mapping[str, Model]) -> list[str]:
    """Return short phrases for the first of such names, with the models that were found.

    >>> from ..pricing.table import load_pricing
    >>> model_names_in_short(names_taken([load_pricing().find("GPT-4.1")]))
    ["'GPT-4.1' was taken for gpt-4.1"]
    """
    sentences = [f"'{name}' was taken for {model.id}" for name, model in taken.items()]
    more = [plural(len(sentences) - _MOST_SHORT, "more name")] if len(sentences) > _MOST_SHORT else []
    return [*sentences[:_MOST_SHORT], *more]


_MOST_SHORT = 3


def model_name_keys(taken: Mapping[str, Model]) -> dict[str, Any]:
    """Return the keys for JSON: the identifier of the model by the name; no key if there is no such name."""
    return {"model_names": {as_unicode(name): model.id for name, model in taken.items()}} if taken else {}
