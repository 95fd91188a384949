"""Find the model that a gateway or a cloud means: its name with a provider, a region or a version around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ...errors import UnknownModel
from ...pricing.schema import Model
from ...pricing.table import Pricing

__all__ = ["model_finder"]

_BEDROCK = re.compile(r"^(?:[a-z-]+\.)?(?:anthropic|openai)\.|-v\d+(?::\d+)?$")
_DOTTED = re.compile(r"(?<=\d)\.(?=\d)")


def model_finder(table: Pricing) -> Callable[[str], Model]:
    """Return what finds models in a table by any of their names.

    >>> from ...pricing.table import load_pricing
    >>> find = model_finder(load_pricing())
    >>> find("openai/gpt-4.1").id, find("anthropic/claude-3.7-sonnet").id
    ('gpt-4.1', 'claude-3-7-sonnet')
    """

    def find(name: str) -> Model:
        try:
            return table.find(name)
        except UnknownModel as unknown:
            for other in _spellings(name):
                try:
                    return table.find(other)
                except UnknownModel:
                    continue
            raise unknown from None

    return find


def _spellings(name: str) -> Iterator[str]:
    """Yield what a name may mean, the nearest first."""
    bare = name.rpartition("/")[2].lower()
    for each in (bare, bare.partition(":")[0], _BEDROCK.sub("", bare), bare.replace("@", "-")):
        yield each
        if each.startswith("claude"):  # OpenRouter writes claude-3.7-sonnet
            yield _DOTTED.sub("-", each)
