"""Convert models of other price databases to a table for ``--pricing``; these prices are not checked here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from ...errors import UnknownModel
from ...pricing.price import TIERS
from .databases import Kind, Listing, Period

__all__ = ["Found", "chosen", "encoding_of", "overlay_text"]

_KINDS: tuple[Kind, ...] = ("input", "cached_input", "cache_write", "cache_write_1h", "output")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model of another database."""

    id: str
    """Its name there, without the provider."""

    provider: str
    """Its provider, as in the database."""

    listing: Listing
    """Its facts in the database."""

    is_embedding: bool = False
    """Whether it is an embedding model, which returns vectors."""

    @property
    def is_priced(self) -> bool:
        """Whether it has a context window and a price for text."""
        charges = self.listing.periods[-1].charges if self.listing.periods else {}
        kinds = {kind for tier, kind in charges if tier == "standard"}
        needed = {"input"} if self.is_embedding else {"input", "output"}
        return self.listing.window is not None and needed <= kinds


def encoding_of(name: str) -> str | None:
    """Return the public tokenizer of a model, by its name. None if it is not public or not known.

    >>> encoding_of("gpt-4.1-turbo"), encoding_of("gpt-4-1106-preview"), encoding_of("mistral-large")
    ('o200k_base', 'cl100k_base', None)
    """
    return next((encoding for pattern, encoding in _ENCODINGS if pattern.match(name.rpartition("/")[2])), None)


_ENCODINGS = (
    (re.compile(r"gpt-oss-|gpt-(?:4o|4\.|5|6)|chatgpt-4o|o[134](?:-|$)"), "o200k_base"),
    (re.compile(r"gpt-(?:3\.5|35|4)(?:-|$)|text-embedding-(?:3|ada-002)"), "cl100k_base"),
)
"""Name patterns of models by encoding, from tiktoken 0.14; gpt-oss's ``o200k_harmony`` counts text like o200k_base."""


def overlay_text(models: Sequence[Found], database: str, version: str, day: date) -> str:
    """Return the models as a TOML table.

    Args:
        models: the models.
        database: name of their database.
        version: version or file name of the database.
        day: the current day.

    Raises:
        UnknownModel: a model has no price of text, or no window.
    """
    parts = [
        f"# Prices of {database} {version}, imported on {day} by `gpt41calc pricing import`, for --pricing.\n{_NOBODY}",
        f"checked = {day}\n\n[sources]\n{_quoted(database)} = {_quoted(f'{database} {version}, imported on {day}')}",
    ]
    parts += ["\n".join(_model(model, database, version, day)) for model in models]
    return "\n\n".join(parts) + "\n"


_NOBODY = "# Nobody held them against their sources here: reports say so of every model that is used."


def _model(model: Found, database: str, version: str, day: date) -> Iterator[str]:
    listing = model.listing
    rows = [row for period in listing.periods for row in _rows(period, model, database, day)]
    if not rows or listing.window is None:
        lacking = "price of text" if not rows else "window"
        message = f"{database} has no {lacking} for '{model.id:.80}'"
        raise UnknownModel(message, hint="a table of your own, for --pricing, can have a [[model]] with it")
    yield "[[model]]"
    yield f"id = {_quoted(model.id)}"
    yield f"provider = {_quoted(model.provider if model.provider in _PROVIDERS else 'other')}"
    yield "audited = false"
    yield f"imported = {_quoted(f'{database} {version}, {day}')}"
    if model.is_embedding:
        yield 'kind = "embedding"'
    encoding = encoding_of(model.id)
    if encoding:
        yield f"encoding = {_quoted(encoding)}"
    else:
        yield "# Its tokenizer is not known: the table is refused until one of these lines says how to count."
        yield '# encoding = "o200k_base"'
        yield '# ratio = { of = "o200k_base", low = 0.8, value = 1.1, high = 1.5 }'
    yield f"window = {listing.window}"
    if listing.max_output:
        yield f"max_output = {listing.max_output}"
    if listing.shutdown:
        yield f"shutdown = {listing.shutdown}"
    yield from rows


_PROVIDERS = frozenset({"openai", "anthropic", "google"})


def _rows(period: Period, model: Found, database: str, day: date) -> Iterator[str]:
    """Yield the rows of a period, one per length step; a row without an input price is left out."""
    for above in sorted({0} | period.lengths):
        tiers: dict[str, Mapping[str, Decimal]] = {}
        for tier in TIERS:
            stated: dict[str, Decimal] = {
                kind: price for kind in _KINDS if (price := period.price((tier, kind), above + 1)) is not None
            }
            if model.is_embedding:
                stated.setdefault("output", Decimal())
            if {"input", "output"} <= stated.keys():
                tiers[tier] = stated
        if "standard" not in tiers:
            return
        yield "[[model.price]]"
        if period.since:
            yield f"since = {period.since}"
        if above:
            yield f"above_input_tokens = {above}"
        for name, prices in tiers.items():
            yield f"{name} = {{ {', '.join(f'{kind} = {price.normalize():f}' for kind, price in prices.items())} }}"
        yield f"source = [{_quoted(database)}]"
        yield f"checked = {day}"


def _quoted(text: str) -> str:
    """Return a text as a TOML string; characters that identifiers cannot have are left out."""
    printable = "".join(letter for letter in text if letter.isprintable())
    return '"' + printable.replace("\\", "\\\\").replace('"', '\\"') + '"'


_MOST_COMPARED = 100
"""Characters of a name that are compared with names in the database."""


def chosen(names: Sequence[str], listed: Mapping[str, Any], database: str) -> list[str]:
    """Return the selected keys of a database: full keys, or endings that match only one key.

    Raises:
        UnknownModel: no key or several keys match; the message lists them.
    """
    found = []
    for name in names:
        ends = [key for key in listed if key == name] or [key for key in listed if key.endswith(f"/{name}")]
        if len(ends) != 1:
            message = f"{database} has no model '{name:.80}'" if not ends else f"'{name:.80}' is several in {database}"
            near = ends or get_close_matches(name[:_MOST_COMPARED], listed)
            hint = f"it has {', '.join(near[:8])}" if near else "names are written as it has them"
            raise UnknownModel(message, hint=hint)
        found.append(ends[0])
    return list(dict.fromkeys(found))
