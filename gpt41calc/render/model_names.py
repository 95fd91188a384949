"""What reports say of names that were taken for a model, because they are none of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..pricing.schema import Model
from .escape import as_unicode
from .numbers import plural

__all__ = ["model_name_keys", "model_name_notes", "model_names_in_short", "names_taken"]


def names_taken(models: Iterable[Model]) -> dict[str, Model]:
    """Return the models that were asked for by another name than their own, by that name."""
    return {model.named_as: model for model in models if model.named_as is not None}


def model_name_notes(taken: Mapping[str, Model]) -> list[str]:
    """Say which model each name was taken for."""
    if not taken:
        return []
    from ..pricing.names import taken_sentence

    return [taken_sentence(name, model) for name, model in taken.items()]


def model_names_in_short(taken: Mapping[str, Model]) -> list[str]:
    """Say which model each name was taken for, of a few of them, where there is little room.

    >>> from ..pricing.table import load_pricing
    >>> model_names_in_short(names_taken([load_pricing().find("GPT-4.1")]))
    ["'GPT-4.1' was taken for gpt-4.1"]
    """
    sentences = [f"'{name}' was taken for {model.id}" for name, model in taken.items()]
    more = [plural(len(sentences) - _MOST_SHORT, "more name")] if len(sentences) > _MOST_SHORT else []
    return [*sentences[:_MOST_SHORT], *more]


_MOST_SHORT = 3


def model_name_keys(taken: Mapping[str, Model]) -> dict[str, Any]:
    """Return the same for a document: the identifier of the model by the name; nothing if there is no such name."""
    return {"model_names": {as_unicode(name): model.id for name, model in taken.items()}} if taken else {}
