"""Find the model for a name that is not in the price table exactly as written.

Differences that do not change the price are ignored: case, blanks, dots and dashes, word order, the seller, the
snapshot date. A part that may change the price is never ignored: such a name is refused with the reason. A name that
can mean several models is refused with a list of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ..errors import UnknownModel
from .schema import Model, distinct
from .spelling import Spelling, spelling

if TYPE_CHECKING:
    from .sellers import Sold

__all__ = ["meant", "taken_sentence", "unknown"]

_LONG_WINDOW = 1_000_000

_REGIONAL_SINCE = date(2025, 9, 29)
"""Release day of Claude Sonnet 4.5; it and all later models cost more in a region (Anthropic's price list)."""

_EARLIEST = timedelta(days=90)
"""A snapshot date may be this much earlier than the release: claude-opus-4-5-20251101 was released on 2025-11-24."""

_MOST_COMPARED = 100
"""Characters of an unknown name that are compared with known names; the comparison takes quadratic time."""

_MOST_LISTED = 12
"""Most models listed when a name can mean several."""


def meant(written: str, models: Sequence[Model]) -> Model | None:
    """Return the one model that a name can mean. None if there is none.

    Args:
        written: the name, which is not in the table as written.
        models: the models of the table.

    Raises:
        UnknownModel: the name can mean several models, or contains a part that changes the price.
    """
    folded = written.strip().casefold()
    if exact := [model for model in models if any(name.casefold() == folded for name in model.names)]:
        return exact[0]
    parts = spelling(written)
    candidates = [model for model in models if not parts.vendors or model.provider in parts.vendors]
    index = _Index(candidates)
    found = _spelled(written, parts, index) or _without_family(parts, index)
    if not found:
        found = index.part_of(parts.core)
        if found and parts.is_moving:
            raise _ambiguous(written, found, "'latest' is another model after each release")
    if len(found) > 1:
        raise _ambiguous(written, found, "it can mean several models")
    if not found:
        return None
    _require_list_price(written, parts, found[0])
    if parts.seller is None:
        return found[0]
    from .sellers import load_sellers

    return load_sellers().as_sold(found[0], parts.seller)


def _spelled(written: str, parts: Spelling, index: _Index) -> list[Model]:
    """Return the models of which a name is another spelling, by the strictest rule that finds any."""
    core = parts.core
    if parts.is_moving and (named := index.spelled(f"{parts.whole}-latest")):
        return named
    for name in dict.fromkeys((parts.whole, core, _EFFORT.sub("", core), _GOOGLE_VERSION.sub("", core))):
        if found := index.spelled(name):
            if name != parts.whole and parts.day is not None:
                _require_possible_day(written, parts.day, found)
            return found
    return []


def _without_family(parts: Spelling, index: _Index) -> list[Model]:
    """Return the models for a name that begins with the version: ``4.1-mini``, ``2.5-pro``."""
    return distinct(model for family in _FAMILIES for model in index.spelled(f"{family}-{parts.core}"))


def _require_possible_day(written: str, day: date, models: Sequence[Model]) -> None:
    if all(day < model.released - _EARLIEST for model in models):
        model = models[0]
        message = f"unknown model '{written:.80}': {model.id} was released on {model.released}, after {day}"
        raise UnknownModel(message, hint=f"known are {_listed(model.snapshots or (model.id,))}")


def _require_list_price(written: str, parts: Spelling, model: Model) -> None:
    """Refuse a name with a part that changes the price.

    Raises:
        UnknownModel: the price differs, or may differ, from that of the model; the message says why.
    """
    reason = parts.refused
    if parts.is_long and model.window < _LONG_WINDOW:
        reason = f"with [1m], {model.name} charges more for long prompts, which the price table does not have"
    elif parts.region and (parts.seller == "Azure" or model.released >= _REGIONAL_SINCE or "gov" in parts.region):
        reason = f"{parts.seller} charges more in a region ('{parts.region}') than {model.id} costs elsewhere"
    elif parts.seller and (sold := _sold(parts.seller, model)):
        reason = sold.refused
    other = "--uplift PERCENT adds what a region costs" if parts.region else "--pricing FILE has a table with others"
    hint = f"-m {model.id} has the list price; {other}"
    if reason is None and parts.tier:
        reason, hint = f"'{parts.tier}' is another price list", f"-m {model.id} --tier {parts.tier}"
    if reason:
        message = f"'{written:.80}' is not priced as {model.id}: {reason}"
        raise UnknownModel(message, hint=hint)


def _ambiguous(written: str, models: Sequence[Model], why: str) -> UnknownModel:
    message = f"unknown model '{written:.80}': {why}"
    return UnknownModel(message, hint=f"one of {_listed([model.id for model in models])}")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


_FAMILIES = ("gpt", "claude", "gemini")

_EFFORT = re.compile(r"-(?:thinking|minimal|low|medium|high|xhigh)$")
"""Reasoning effort that some tools write as a part of the name; it does not change the price of a token."""

_GOOGLE_VERSION = re.compile(r"(?<=[a-z])-00\d$")
"""The number of a stable Google version, for example in gemini-2.0-flash-001."""

_GLUED = re.compile(r"(?<![a-z])(gpt|claude|gemini|sonnet|opus|haiku|flash|fable)(?=\d)")
_DIGITS = re.compile(r"\d+")

_Key = tuple[tuple[str, ...], tuple[str, ...]]
"""The words of a name in alphabetical order, and its numbers in their original order."""


def _key(name: str) -> _Key:
    """Return a key that is equal for all spellings of a name.

    >>> _key("claude-3.7-sonnet") == _key("claude-sonnet-3-7")
    True
    >>> _key("gpt-4o-mini") == _key("o4-mini")
    False
    """
    parts = re.split(r"[-. @/]+", _GLUED.sub(r"\1-", name.casefold()))
    words = sorted(part for part in parts if part and not _DIGITS.fullmatch(part))
    numbers = "-".join(part for part in parts if _DIGITS.fullmatch(part))
    # A date counts as one number in any notation.
    return tuple(words), tuple(re.sub(r"(20\d\d)-(\d\d)-(\d\d)$", r"\1\2\3", numbers).split("-"))


class _Index:
    """An index of model names by their spelling-independent key."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._models = list(models)
        self._by_key: dict[_Key, list[Model]] = {}
        self._run_together: dict[str, list[Model]] = {}
        for model in self._models:
            for name in model.names:
                self._by_key.setdefault(_key(name), []).append(model)
                self._run_together.setdefault(_run_together(name), []).append(model)

    def spelled(self, name: str) -> list[Model]:
        """Return the models of which a name is another spelling."""
        return distinct(self._by_key.get(_key(name), ())) or distinct(self._run_together.get(_run_together(name), ()))

    def part_of(self, name: str) -> list[Model]:
        """Return the models whose identifier has all words of a name and, if the name has numbers, the same numbers."""
        words, numbers = _key(name)
        if not words and numbers == ("",):
            return []
        keys = [(model, _key(model.id)) for model in self._models]
        return [model for model, (own, version) in keys if set(words) <= set(own) and numbers in {version, ("",)}]


def _run_together(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def unknown(written: str, models: Sequence[Model]) -> UnknownModel:
    """Return the error for a name that matches no model, with the most similar names of the same vendor."""
    from difflib import get_close_matches

    parts = spelling(written)
    vendors = parts.vendors if len(parts.vendors) == 1 else _vendors_of(parts.core)
    known = [model.id for model in models if not vendors or model.provider in vendors]
    version = [name for name in known if _key(name)[1] == _key(parts.core)[1]]
    core = parts.core[:_MOST_COMPARED]
    near = get_close_matches(core, version) or get_close_matches(core, known, cutoff=0.6 if vendors else 0.75)
    # A letter in the place of a digit: gpt-4.l is nearer to gpt-4.1 than to gpt-4.
    near = list(dict.fromkeys([*get_close_matches(core, known, n=1, cutoff=0.85), *near]))
    nearest = f"did you mean {' or '.join(near)}? " if near else "'gpt41calc models' lists the known ones; "
    own = f"a name of your own is given with --alias '{written:.40}=gpt-4.1' or [alias] in the project file"
    return UnknownModel(f"unknown model '{written:.80}'", hint=nearest + own)


def _vendors_of(core: str) -> frozenset[str]:
    """Return the vendors whose models have names that begin like this one. Empty if none is known."""
    words = set(re.split(r"[^a-z]+", core))
    return frozenset(vendor for vendor, own in _WORDS.items() if words & own)


_WORDS = {
    "openai": {"gpt", "chatgpt", "o", "davinci", "codex", "turbo", "luna", "sol", "terra", "astra"},
    "anthropic": {"claude", "sonnet", "opus", "haiku", "fable"},
    "google": {"gemini", "gemma", "flash"},
}
"""Words by which the models of a vendor are recognised."""


def taken_sentence(written: str, model: Model) -> str:
    """Return a sentence that says which model a name was taken for, and whose prices apply.

    >>> from .table import load_pricing
    >>> taken_sentence("GPT-4.1 mini", load_pricing().find("gpt-4.1-mini"))
    "'GPT-4.1 mini' was taken for gpt-4.1-mini"
    """
    taken, seller = f"'{written}' was taken for {model.id}", spelling(written).seller
    if seller is None:
        return taken
    maker, sold = _MAKERS.get(model.provider, "its vendor"), _sold(seller, model)
    if sold is None:
        return f"{taken}; prices, dates and caps are those of {maker}, and may differ at {seller}"
    until = f"is shut down on {sold.shutdown}" if sold.shutdown else ""
    capped = f"answers at most {sold.max_output:,} tokens" if sold.max_output else ""
    there = " and ".join(filter(None, (until, capped)))
    return f"{taken}, which {there} at {seller}; prices are those of {maker}"


def _sold(seller: str, model: Model) -> Sold | None:
    from .sellers import load_sellers

    return load_sellers().find(seller, model.id)


_MAKERS = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}
