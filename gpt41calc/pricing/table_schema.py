"""The record of ``pricing.toml`` as a whole, and the validation of its cross-references."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from .anthropic_rules import AnthropicRules
from .fields import Constrained, Day, Line, Name, Record
from .ratio import KindRatio
from .schema import Model
from .token_rules import TokenRules

__all__ = ["PricingTable"]


class PricingTable(Record):
    """The table of all models, with their sources."""

    schema_version: Literal[1]
    """Version of the table's format."""

    checked: Day
    """Day on which the table as a whole was last compared with its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and the page or document of each."""

    model: Annotated[tuple[Model, ...], Constrained(min_length=1)]
    """The models, in the order in which they are listed."""

    kind_ratio: tuple[KindRatio, ...] = ()
    """Ratios of Claude's tokens to o200k_base tokens, by kind of text."""

    anthropic: tuple[AnthropicRules, ...] = ()
    """Anthropic's token overheads, by model family."""
    token_rules: tuple[TokenRules, ...] = ()
    """Counting rules for request bodies, by model family and API."""

    def __post_init__(self) -> None:
        """Refuse a name that means two models, and a reference to a missing row."""
        self._has_unique_names()
        self._has_all_it_refers_to()
        self._has_rules_of_every_family()

    def _has_rules_of_every_family(self) -> None:
        seen: set[tuple[str, str]] = set()
        for row in self.token_rules:
            if (row.api, row.family) in seen:
                message = f"token_rules: two rows for {row.api} and {row.family}"
                raise ValueError(message)
            seen.add((row.api, row.family))
            for source in row.source:
                if source not in self.sources:
                    message = f"token_rules {row.api} {row.family}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)
        families = {row.family for row in self.token_rules} | {row.family for row in self.anthropic}
        for model in self.model:
            if model.family is not None and model.family not in families:
                message = f"model {model.id}: family: expected one of token_rules or anthropic, found {model.family}"
                raise ValueError(message)

    def with_rules(self) -> Self:
        """Return the table with the counting rules of its family stored in every model."""
        rows: dict[str | None, tuple[TokenRules, ...]] = {}
        for row in self.token_rules:
            rows[row.family] = (*rows.get(row.family, ()), row)
        models = tuple(
            model.altered(rules=rows[model.family]) if model.family in rows else model for model in self.model
        )
        return self.altered(model=models)

    def counted_here(self, *, reconstructs: bool) -> Self:
        """Return the table with every model as it can be counted here.

        Args:
            reconstructs: whether reconstructed tokenizers can be used here.
        """
        rows = {row.family: row for row in self.anthropic}
        models = tuple(
            model.counted_by(rows.get(model.family or ""), self.kind_ratio, reconstructs=reconstructs)
            if model.family or model.is_reconstructed
            else model
            for model in self.model
        )
        return self.altered(model=models)

    def _has_unique_names(self) -> None:
        owner: dict[str, str] = {}
        for model in self.model:
            for name in model.names:
                if name in owner:
                    message = f"model {model.id}: the name {name} already belongs to {owner[name]}"
                    raise ValueError(message)
                owner[name] = model.id

    def _has_all_it_refers_to(self) -> None:
        for row in self.anthropic:
            for source in row.source:
                if source not in self.sources:
                    message = f"anthropic {row.family}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)
        ids = {model.id for model in self.model}
        for model in self.model:
            if model.replacement and model.replacement not in ids:
                message = (
                    f"model {model.id}: replacement: expected the id of a model in the table, found {model.replacement}"
                )
                raise ValueError(message)
            for source in _cited(model):
                if source not in self.sources:
                    message = f"model {model.id}: source: expected a key of [sources], found {source}"
                    raise ValueError(message)


def _cited(model: Model) -> Iterator[str]:
    yield from model.limits_source
    for row in model.price:
        yield from row.source
    if model.fine_tuning:
        yield from model.fine_tuning.source
    if model.ratio:
        yield from model.ratio.source
    yield from model.chat.source
    if model.images:
        yield from model.images.source
    if model.google:
        yield from model.google.source
