"""The records of the pricing table: a model with its limits, dates and prices, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from .anthropic_rules import AnthropicRules
from .fields import Cited, Constrained, Day, Line, Name, Record, Tokens
from .google_rules import GoogleRules
from .price import FineTuning, PriceRow
from .ratio import KindRatio, Ratio
from .token_rules import API, Chat, Images, TokenRules

__all__ = ["Caching", "Encoding", "Model", "Reconstructed", "Status", "distinct"]

Status = Literal["unreleased", "live", "deprecated", "retired"]
"""Where a model stands on a day; ``deprecated`` means that a shutdown date is announced."""


Reconstructed = Literal["claude-3", "claude-4.7", "claude-4.8"]
"""Claude's tokenizers, as the package ``ctok`` reconstructs them: of Claude 3 to 4.6, of 4.7, and of all later ones."""

Encoding = Literal["o200k_base", "cl100k_base", "claude-3", "claude-4.7", "claude-4.8"]
"""What texts can be counted in."""


@dataclass(frozen=True, kw_only=True)
class Caching(Record):
    """When a prompt cache serves anything."""

    minimum: Tokens
    """Shortest prompt that is cached, in tokens."""

    step: Tokens = 1
    """Cached prefixes end at multiples of this many tokens."""


@dataclass(frozen=True, kw_only=True)
class Model(Record):
    """One model: how it counts, what it takes, when it lives, what it costs."""

    id: Name
    """The identifier that is sent to the API."""

    name: Line
    """The name people use."""

    provider: Literal["openai", "anthropic", "google", "other"]
    """Who serves it."""

    kind: Literal["chat", "embedding"] = "chat"
    """What it answers: ``embedding`` gives numbers for a text, and bills no output tokens."""

    aliases: tuple[Name, ...] = ()
    """Other identifiers of the same model: moving names; no names at other sellers, whose dates and caps differ."""

    snapshots: tuple[Name, ...] = ()
    """Dated identifiers that are billed by this entry."""

    encoding: Encoding | None = None
    """Its tokenizer, if it is public or reconstructed; a public one leaves no use for ``ratio``."""

    ratio: Ratio | None = None
    """How to estimate its tokens when its tokenizer is not public, or the reconstructed one is not installed."""

    window: Tokens
    """Context window: input and output tokens of one request together."""

    max_output: Tokens | None = None
    """Longest answer, in tokens. None if only the window limits it."""

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
    """Rules of its automatic prompt cache. None if it has none."""

    family: Name | None = None
    """Whose rules of counting it follows: a ``family`` of ``token_rules`` or of ``anthropic``; None if of neither."""

    rules: tuple[TokenRules, ...] = ()
    """The rows of its family; filled in when the table is read."""

    chat: Chat = field(default=Chat())
    """Tokens around the text of a chat."""

    google: GoogleRules | None = None
    """Tokens around the texts of a generateContent body, of Google's models."""

    images: Images | None = None
    """How many tokens a picture takes. None if it takes none, or the rule is not published."""

    limits_source: Cited
    """Keys of the table's ``sources`` for window, output cap and dates."""

    note: Line | None = None
    """What is disputed or peculiar about the model."""

    audited: bool = True
    """Whether its prices were checked against their sources here; those that were imported were not."""

    imported: Line | None = None
    """The price database that it was imported from, with its version and the day."""

    price: Annotated[tuple[PriceRow, ...], Constrained(min_length=1)]
    """Every price it ever had."""

    fine_tuning: FineTuning | None = None
    """Training it, and serving the result."""

    fallback_encoding: Encoding | None = None
    """The tokenizer whose place ``fallback`` takes; not written, but set when it is loaded."""

    fallback: Ratio | None = None
    """The ratio of a model that a reconstructed tokenizer counts here; not written, but set when it is loaded."""

    kind_ratios: tuple[KindRatio, ...] = ()
    """What each kind of text takes, where ``fallback_encoding`` is not installed; not written, but set when it is
    loaded."""

    named_as: str | None = None
    """The name that was taken for this model, where it is none of its own; not written, but set when it is found."""

    anthropic: AnthropicRules | None = None
    """The row that ``family`` names; not written with the model, but found when the table is loaded."""

    uplift_percent: Decimal = Decimal(0)
    """By how many percent its prices were raised, as was asked; not written."""

    fee: Decimal = Decimal(0)
    """US dollars for each request beside its tokens, as was asked; not written."""

    unknown_fees: tuple[str, ...] = ()
    """Fees that were asked for by name and have no price with it; not written."""

    def __post_init__(self) -> None:
        """Refuse a model that cannot be counted, dated or priced in one way."""
        self._has_one_tokenizer()
        self._has_its_dates_in_order()
        self._has_no_overlap()

    def _has_one_tokenizer(self) -> None:
        if self.is_reconstructed:
            return
        if (self.encoding is None) == (self.ratio is None):
            message = "expected either encoding or ratio" + ("" if self.audited else ": its tokenizer is not known")
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

    def counted_by(
        self, rules: AnthropicRules | None, kind_ratios: Sequence[KindRatio], *, reconstructs: bool
    ) -> Model:
        """Return the model as it is counted here: by its reconstructed tokenizer, or by its ratio.

        Args:
            rules: the row that its family names.
            kind_ratios: what each kind of text takes in each reconstructed tokenizer.
            reconstructs: whether reconstructed tokenizers can be used here.
        """
        if not self.is_reconstructed:
            return replace(self, anthropic=rules) if rules else self
        if reconstructs:
            return replace(self, ratio=None, fallback=self.ratio, fallback_encoding=self.encoding, anthropic=rules)
        encoding = "claude-3" if self.encoding == "claude-3" else "claude-4.8"  # 4.7 counts as the later ones do
        ratios = tuple(ratio for ratio in kind_ratios if ratio.encoding == encoding)
        return replace(self, encoding=None, fallback_encoding=self.encoding, kind_ratios=ratios, anthropic=rules)

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
        api: API = "responses" if endpoint == "responses" else "chat"
        return next((rules for rules in reversed(self.rules) if rules.api == api), None)

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


def distinct(models: Iterable[Model]) -> list[Model]:
    """Return models, each once, as it was first asked for."""
    found: dict[str, Model] = {}
    for model in models:
        found.setdefault(model.id, model)
    return list(found.values())
