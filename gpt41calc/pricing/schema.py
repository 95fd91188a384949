"""The nouns of the pricing table: a model with its limits, dates and prices, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Literal, get_args

from ..tokenizer.text_kind import TextKind
from .anthropic_rules import AnthropicRules
from .fields import Cited, Constrained, Day, Line, Name, Noun, PerMillion, Tokens
from .google_rules import GoogleRules
from .price import FineTuning, PriceRow
from .token_rules import API, Chat, Images, TokenRules

__all__ = ["Caching", "Encoding", "Model", "PricingTable", "PublicEncoding", "Ratio", "Reconstructed", "Status"]

Status = Literal["unreleased", "live", "deprecated", "retired"]
"""Where a model stands on a day; ``deprecated`` means that a shutdown date is announced."""

PublicEncoding = Literal["o200k_base", "cl100k_base"]
"""The public tokenizers whose vocabulary is in the package."""

Reconstructed = Literal["claude-3", "claude-4.7", "claude-4.8"]
"""Claude's tokenizers, as the package ``ctok`` reconstructs them: of Claude 3 to 4.6, of 4.7, and of all later ones."""

Encoding = Literal["o200k_base", "cl100k_base", "claude-3", "claude-4.7", "claude-4.8"]
"""What texts can be counted in."""


@dataclass(frozen=True, kw_only=True)
class Ratio(Noun):
    """Tokens of a tokenizer that is not public, per token of one that is."""

    of: PublicEncoding
    """The encoding that is counted exactly."""

    low: PerMillion
    """Smallest ratio that was published for any kind of text."""

    value: PerMillion
    """The ratio to expect."""

    high: PerMillion
    """Largest ratio that was published for any kind of text."""

    source: Cited
    """Keys of the table's ``sources`` that state the three numbers."""

    is_sampled: bool = False
    """Whether it was measured on a part of the very input that is counted."""

    def __post_init__(self) -> None:
        """Refuse a ratio that lies outside its own bounds."""
        if not 0 < self.low <= self.value <= self.high <= 10:  # noqa: PLR2004 - more than ten times the tokens is a typing error
            message = "expected 0 < low <= value <= high <= 10"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class KindRatio(Noun):
    """Tokens of a reconstructed tokenizer per token of o200k_base, of one kind of text."""

    encoding: Literal["claude-3", "claude-4.8"]
    """Which tokenizer; that of 4.7 counts as the later ones do."""

    kind: TextKind
    """Which kind of text."""

    low: PerMillion
    """The smallest ratio of 95 of 100 texts."""

    value: PerMillion
    """Of all texts of the kind together."""

    high: PerMillion
    """The largest ratio of 95 of 100 texts."""


@dataclass(frozen=True, kw_only=True)
class Caching(Noun):
    """When a prompt cache serves anything."""

    minimum: Tokens
    """Shortest prompt that is cached, in tokens."""

    step: Tokens = 1
    """Cached prefixes end at multiples of this many tokens."""


@dataclass(frozen=True, kw_only=True)
class Model(Noun):
    """One model: how it counts, what it takes, when it lives, what it costs."""

    id: Name
    """The identifier that is sent to the API."""

    name: Line
    """The name people use."""

    provider: Literal["openai", "anthropic", "google", "other"]
    """Who serves it."""

    aliases: tuple[Name, ...] = ()
    """Other identifiers of the same model: moving names, names on other clouds."""

    snapshots: tuple[Name, ...] = ()
    """Dated identifiers that are billed by this entry."""

    encoding: Encoding | None = None
    """Its tokenizer, if it is public or reconstructed; a public one leaves no use for ``ratio``."""

    ratio: Ratio | None = None
    """How to estimate its tokens when its tokenizer is not public, or the reconstructed one is not installed."""

    window: Tokens
    """Context window: input and output tokens of one request together."""

    max_output: Tokens | None = None
    """Longest answer, in tokens; none: limited by the window alone."""

    max_input: Tokens | None = None
    """Longest prompt, in tokens, where it is shorter than the window."""

    knowledge_cutoff: Line | None = None
    """Up to when the training data reaches, as the vendor puts it."""

    released: Day
    """First day on which it could be called."""

    deprecated: Day | None = None
    """Day on which its shutdown was announced."""

    shutdown: Day | None = None
    """First day on which it can no longer be called."""

    replacement: Name | None = None
    """What to move to."""

    caching: Caching | None = None
    """Rules of its automatic prompt cache; none: it has none."""

    family: Name | None = None
    """Whose rules of counting it follows: a ``family`` of ``token_rules`` or of ``anthropic``; None if of neither."""

    rules: tuple[TokenRules, ...] = ()
    """The rows of its family; filled in when the table is read."""

    chat: Chat = field(default=Chat())
    """Tokens around the text of a chat."""

    google: GoogleRules | None = None
    """Tokens around the texts of a generateContent body, of Google's models."""

    images: Images | None = None
    """How many tokens a picture takes; none: it takes none, or the rule is not published."""

    limits_source: Cited
    """Keys of the table's ``sources`` for window, output cap and dates."""

    note: Line | None = None
    """What is disputed or peculiar about the model."""

    price: Annotated[tuple[PriceRow, ...], Constrained(min_length=1)]
    """Every price it ever had."""

    fine_tuning: FineTuning | None = None
    """Training it, and serving the result."""

    fallback_encoding: Encoding | None = None
    """The tokenizer whose place ``fallback`` takes; not written, but set when it is loaded."""

    fallback: Ratio | None = None
    """The ratio of a model that a reconstructed tokenizer counts here; not written, but set when it is loaded."""

    anthropic: AnthropicRules | None = None
    """The row that ``family`` names; not written with the model, but found when the table is loaded."""

    def __post_init__(self) -> None:
        """Refuse a model that cannot be counted, dated or priced in one way."""
        self._has_one_tokenizer()
        self._has_its_dates_in_order()
        self._has_no_overlap()

    def _has_one_tokenizer(self) -> None:
        if self.is_reconstructed:
            return
        if (self.encoding is None) == (self.ratio is None):
            message = "expected either encoding or ratio"
            raise ValueError(message)

    @property
    def is_reconstructed(self) -> bool:
        """Whether its tokenizer is not public but rebuilt from its counts."""
        return self.encoding in get_args(Reconstructed)

    @property
    def text_exactness(self) -> Literal["exact", "reconstructed", "sampled", "estimated"]:
        """How good the count of a text is."""
        if self.ratio is not None:
            return "sampled" if self.ratio.is_sampled else "estimated"
        return "reconstructed" if self.is_reconstructed else "exact"

    def counted_by(self, rules: AnthropicRules | None, *, reconstructs: bool) -> Model:
        """Return the model as it is counted here: by its reconstructed tokenizer, or by its ratio.

        Args:
            rules: the row that its family names.
            reconstructs: whether reconstructed tokenizers can be used here.
        """
        if not self.is_reconstructed:
            return replace(self, anthropic=rules) if rules else self
        if reconstructs:
            return replace(self, ratio=None, fallback=self.ratio, fallback_encoding=self.encoding, anthropic=rules)
        return replace(self, encoding=None, fallback_encoding=self.encoding, anthropic=rules)

    def _has_its_dates_in_order(self) -> None:
        days = [day for day in (self.released, self.deprecated, self.shutdown) if day]
        if days != sorted(days):
            message = "expected released <= deprecated <= shutdown"
            raise ValueError(message)
        if self.deprecated and not self.shutdown:
            message = "expected a shutdown date beside deprecated"
            raise ValueError(message)

    def _has_no_overlap(self) -> None:
        seen: set[tuple[date, int]] = set()
        for row in self.price:
            key = (row.since, row.above_input_tokens)
            if key in seen:
                message = f"overlapping dates: two price rows since {row.since} above {row.above_input_tokens} tokens"
                raise ValueError(message)
            seen.add(key)
        if not any(row.above_input_tokens == 0 for row in self.price):
            message = "missing price: expected a price row without above_input_tokens"
            raise ValueError(message)

    @property
    def counted_in(self) -> Encoding:
        """The encoding whose exact count its own count is made of."""
        if self.ratio is not None:
            return self.ratio.of
        if self.encoding is None:
            message = f"{self.id} has neither encoding nor ratio"
            raise ValueError(message)
        return self.encoding

    @property
    def names(self) -> tuple[str, ...]:
        """Every identifier that means this model."""
        return (self.id, *self.aliases, *self.snapshots)

    def rules_for(self, endpoint: str) -> TokenRules | None:
        """Return how it counts a body. None if no rules are known.

        Args:
            endpoint: which API the body is written for; one that is another vendor's is read as Chat.
        """
        apis = {rules.api: rules for rules in self.rules}
        api: API = "responses" if endpoint == "responses" else "chat"
        return apis.get(api)

    def token_numbers(self, endpoint: str) -> dict[str, int]:
        """Return the named numbers by which it counts a body."""
        if (rules := self.rules_for(endpoint)) is not None:
            return rules.tokens
        chat = self.chat
        return {
            "message": chat.per_message,
            "name": chat.per_name,
            "reply": chat.per_reply,
            "tool_prompt": chat.tool_prompt,
            "forced_tool_prompt": chat.tool_prompt_forced,
        }

    def status(self, on: date) -> Status:
        """Return where the model stands on a day."""
        if on < self.released:
            return "unreleased"
        if self.shutdown is None:
            return "live"
        if on >= self.shutdown:
            return "retired"
        return "live" if self.deprecated and on < self.deprecated else "deprecated"

    def row(self, *, on: date, input_tokens: int) -> PriceRow | None:
        """Return the row that prices a request of this length on a day.

        The whole request is charged by the row of the highest step that its
        prompt exceeds, and by the newest such row in force.
        """
        in_force = [
            row
            for row in self.price
            if row.since <= on and (input_tokens > row.above_input_tokens or not row.above_input_tokens)
        ]
        return max(in_force, key=lambda row: (row.above_input_tokens, row.since), default=None)


@dataclass(frozen=True, kw_only=True)
class PricingTable(Noun):
    """Every model that can be priced, and where its numbers were read."""

    schema_version: Literal[1]
    """The form of the table."""

    checked: Day
    """Day on which the table as a whole was last read against its sources."""

    sources: dict[Name, Line]
    """Short names of the sources, and what they stand for."""

    model: Annotated[tuple[Model, ...], Constrained(min_length=1)]
    """The models, in the order in which they are listed."""

    kind_ratio: tuple[KindRatio, ...] = ()
    """What Claude makes of a token of o200k_base, by kind of text."""

    anthropic: tuple[AnthropicRules, ...] = ()
    """What Anthropic bills around texts, by family."""
    token_rules: tuple[TokenRules, ...] = ()
    """How families of models count bodies of requests, by API."""

    def __post_init__(self) -> None:
        """Refuse a name that means two models, and a reference to what is not there."""
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

    def with_rules(self) -> PricingTable:
        """Return the table with the rules of its family in every model."""
        rows: dict[str | None, tuple[TokenRules, ...]] = {}
        for row in self.token_rules:
            rows[row.family] = (*rows.get(row.family, ()), row)
        models = tuple(
            replace(model, rules=rows[model.family]) if model.family in rows else model for model in self.model
        )
        return replace(self, model=models)

    def counted_here(self, *, reconstructs: bool) -> PricingTable:
        """Return the table with every model as it is counted here.

        Args:
            reconstructs: whether reconstructed tokenizers can be used here.
        """
        rows = {row.family: row for row in self.anthropic}
        models = tuple(
            model.counted_by(rows.get(model.family or ""), reconstructs=reconstructs)
            if model.family or model.is_reconstructed
            else model
            for model in self.model
        )
        return replace(self, model=models)

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
