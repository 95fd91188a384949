"""Compare the price table with other price databases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...errors import UsageError
from ...pricing.schema import Model
from ...pricing.table import DEFAULT_MODELS, DEFAULT_VERSUS, Pricing
from .compare import MODEL, Disagreement, disagreements
from .databases import Database
from .genai import read_genai
from .known_differences import Known, KnownDifferences, NotInTable
from .litellm import read_litellm

__all__ = ["Compared", "compare_tables", "import_from"]

_INSTALL = "pip install 'gpt41calc[compare]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The results of comparing the price table with other databases."""

    databases: Sequence[Database]
    """The other databases."""

    found: Sequence[tuple[Disagreement, Known | NotInTable | None]]
    """The differences, each with its reason; the reason is None if it is not known."""

    missing: Mapping[str, Sequence[str]]
    """The models that a database does not list, by the name of the database."""

    on: date
    """The last day that was compared."""

    checked: date
    """Day on which the table was last compared with its sources."""

    overlay: str | None
    """Path of the user's price table that overlays the shipped one. None if there is none."""

    concerned: frozenset[str] = frozenset()
    """Models that we lack and that replace a variant of GPT-4.1 or a comparator, or are of the same series as one."""

    hints: tuple[str, ...] = ()
    """Hints on databases that could not be compared."""

    @property
    def unexplained(self) -> list[Disagreement]:
        """The differences without a known reason."""
        return [one for one, known in self.found if known is None]

    @property
    def failing(self) -> list[Disagreement]:
        """Unexplained differences that fail the run; of missing models, only those relevant to users of GPT-4.1."""
        return [one for one in self.unexplained if one.what != MODEL or one.model in self.concerned]


def compare_tables(table: Pricing, on: date, *, litellm: Path | None, known: KnownDifferences) -> Compared:
    """Compare the table with genai-prices, if it is installed, and with a price list of litellm.

    Args:
        table: the table.
        on: the last day to compare.
        litellm: litellm's ``model_prices_and_context_window.json``; None if it is not compared.
        known: the known differences.

    Raises:
        UsageError: there is nothing to compare with.
        PricingError: the price list cannot be read.
    """
    models = _with_tuned(table)
    databases, hints = _databases(litellm, models)
    return Compared(
        databases=databases,
        found=[(one, known.explanation(one)) for each in databases for one in disagreements(models, each, on)],
        missing={
            each.name: [model.id for model in table.models if model.id not in each.listings] for each in databases
        },
        concerned=frozenset(name for each in databases for name in _concerned(each, table)),
        on=on,
        checked=table.checked,
        overlay=table.overlay,
        hints=hints,
    )


def _concerned(database: Database, table: Pricing) -> Iterator[str]:
    """Yield the models we lack that the other database names as replacements, or that belong to the series of one.

    Names of one series differ only in numbers: gpt-5.6-luna, gpt-6-luna.
    """
    chosen_models = [table.find(name) for name in (*DEFAULT_MODELS, *DEFAULT_VERSUS)]
    after = [model.replacement for model in chosen_models if model.replacement]
    named = {each.replacement for model in chosen_models for each in database.of(model.id) if each.replacement}
    lines = {_line(name) for name in (*(model.id for model in chosen_models), *after, *named)}
    yield from (name for name in database.unlisted if name in named or _line(name) in lines)


def _line(name: str) -> tuple[str, ...]:
    """Return the words of a name without its numbers, in alphabetical order."""
    return tuple(sorted(re.findall(r"[a-z]{2,}", name.casefold())))


def _with_tuned(table: Pricing) -> list[Model]:
    """Return the models, followed by the fine-tuned copies of those that can be tuned."""
    return [*table.models, *(table.find(f"ft:{model.id}") for model in table.models if model.fine_tuning)]


def _databases(litellm: Path | None, models: list[Model]) -> tuple[list[Database], tuple[str, ...]]:
    """Return the databases to compare with, and hints on those that are missing."""
    installed = read_genai(models)
    listed = read_litellm(litellm, models) if litellm is not None else None
    found = [each for each in (installed, listed) if each]
    if not found:
        message = "no other price database to compare with"
        raise UsageError(message, hint=f"{_INSTALL} brings genai-prices; --litellm FILE reads a price list of litellm")
    return found, () if installed else (f"genai-prices is not installed: {_INSTALL}",)


def import_from(database: str, names: Sequence[str], day: date) -> tuple[str, list[str]]:
    """Return models of another database as a table for ``--pricing``, and those that cannot be counted yet.

    Args:
        database: ``genai-prices``, which has to be installed, or ``litellm``.
        names: for litellm the path of its price list first; then names of models in the database. Without names, those
            of
            OpenAI, Anthropic and Google that the shipped table does not have and whose tokenizer is known.
        day: the current day.

    Raises:
        UsageError: the database is not installed, or no list is named.
        PricingError: the price list cannot be read.
        UnknownModel: a model is not listed, or has no price of text.
    """
    from ...pricing.table import load_pricing
    from .genai import everything_in_genai
    from .imported import chosen, encoding_of, overlay_text
    from .litellm import everything_in_litellm

    models = load_pricing().models
    if database == "litellm":
        if not names:
            message = "--from litellm: name its price list: model_prices_and_context_window.json, or a wheel of litellm"
            raise UsageError(message, hint="'pip download --no-deps litellm' brings a wheel; nothing is fetched here")
        version, listed, lacking = everything_in_litellm(Path(names[0]), models)
        wanted_names = names[1:]
    else:
        everything = everything_in_genai(models)
        if everything is None:
            message = "genai-prices is not installed"
            raise UsageError(message, hint=f"{_INSTALL} brings it")
        version, listed, lacking = everything
        wanted_names = names
    keys = chosen(wanted_names, listed, database)
    if not wanted_names:
        keys = [key for key in lacking if encoding_of(key) and listed[key].is_priced]
    found = [listed[key] for key in keys]
    return overlay_text(found, database, version, day), [one.id for one in found if encoding_of(one.id) is None]
