"""The records of the pricing table: a model with its limits, dates and prices, and the table of all of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self, get_args

from .anthropic_rules import AnthropicRules
from .fields import Cited, Constrained, Day, Line, Name, Record, Tokens
from .google_rules import GoogleRules
from .price import FineTuning, PriceRow
from .ratio import KindRatio, Ratio
from .token_rules import API, Chat, Images, TokenRules

__all__ = ["Caching", "Encoding", "Model", "Reconstructed", "Status", "distinct"]

Status = Literal["unreleased", "live", "deprecated", "retired"]
"""Status of a model on a day; ``deprecated`` means that a shutdown date is announced."""


Reconstructed = Literal["claude-3", "claude-4.7", "claude-4.8"]
"""Claude's tokenizers, as the package ``ctok`` reconstructs them: of Claude 3 to 4.6, of 4.7, and of all later ones."""

Encoding = Literal["o200k_base", "cl100k_base", "claude-3", "claude-4.7", "claude-4.8"]
"""The encodings in which text can be counted."""


class Caching(Record):
    """Rules of an automatic prompt cache."""

    minimum: Tokens
    """Shortest prompt that is cached, in tokens."""

    step: Tokens = 1
    """The length of a cached prefix is a multiple of this, in tokens."""


class Model(Record):
    """One model: tokenizer, limits, dates and prices."""

    id: Name
    """The identifier used in the API."""

    name: Line
    """The name used by people."""

    provider: Literal["openai", "anthropic", "google", "other"]
    """The vendor of the model."""

    kind: Literal["chat", "embedding"] = "chat"
    """Kind of the output: ``embedding`` returns vectors, and bills no output tokens."""

    aliases: tuple[Name, ...] = ()
    """Other identifiers of the same model, such as moving names. Names at other sellers are not listed: their dates and
    caps differ.
    """

    snapshots: tuple[Name, ...] = ()
    """Identifiers of dated snapshots with the same prices."""

    encoding: Encoding | None = None
    """The tokenizer, if it is public or reconstructed; with a public one, ``ratio`` is not used. None if tokens are
    estimated by ``ratio``.
    """

    ratio: Ratio | None = None
    """Ratio that estimates tokens if the tokenizer is not public, or if the reconstructed one is not installed. None if
    ``encoding`` counts them.
    """

    window: Tokens
    """Context window, in tokens: input and output of one request together."""

    max_output: Tokens | None = None
    """Longest answer, in tokens. None if only the window limits it."""

    max_input: Tokens | None = None
    """Longest prompt, in tokens, where it is shorter than the window. None if only the window limits it."""

    knowledge_cutoff: Line | None = None
    """End of the training data, as the vendor states it. None if the vendor states none."""

    released: Day
    """First day on which it was available."""

    deprecated: Day | None = None
    """Day on which its shutdown was announced. None if none is announced."""

    shutdown: Day | None = None
    """First day on which it can no longer be called. None if none is announced."""

    replacement: Name | None = None
    """Identifier of the model that the vendor recommends instead. None if it names none."""

    caching: Caching | None = None
    """Rules of its automatic prompt cache. None if it has none."""

    family: Name | None = None
    """Name of the counting rules that apply: a ``family`` of ``token_rules`` or of ``anthropic``; None if neither
    applies.
    """

    rules: tuple[TokenRules, ...] = ()
    """The rows of the family's counting rules; filled in when the table is loaded."""

    chat: Chat = Chat.of_checked(Chat.defaults())
    """Tokens around the texts of a chat."""

    google: GoogleRules | None = None
    """Tokens around the texts of a generateContent body. None for models that are not Google's."""

    images: Images | None = None
    """Tokens of pictures. None if the model takes none, or the rule is not published."""

    limits_source: Cited
    """Keys of the table's ``sources`` for window, output cap and dates."""

    note: Line | None = None
    """Remark on what is disputed or unusual about the model. None if there is nothing to say."""

    audited: bool = True
    """Whether its prices were checked against their sources in this project; imported ones were not."""

    imported: Line | None = None
    """The price database from which it was imported, with version and day. None if it was not imported."""

    price: Annotated[tuple[PriceRow, ...], Constrained(min_length=1)]
    """All its prices, past and present."""

    fine_tuning: FineTuning | None = None
    """Prices of fine-tuning and of the trained copy. None if the model cannot be fine-tuned."""

    fallback_encoding: Encoding | None = None
    """The reconstructed tokenizer that ``fallback`` replaces; not in the file, set when the table is loaded. None if
    the model has none.
    """

    fallback: Ratio | None = None
    """A ratio kept for a model that is counted by a reconstructed tokenizer; not in the file, set when the table is
    loaded. None for all other models.
    """

    kind_ratios: tuple[KindRatio, ...] = ()
    """What each kind of text takes, where ``fallback_encoding`` is not installed; not written, but set when it is
    loaded."""

    named_as: str | None = None
    """The name by which the user chose this model; not in the file, set when the model is found. None if it is a name
    of the table.
    """

    anthropic: AnthropicRules | None = None
    """The row of Anthropic's rules that ``family`` names; not in the file, set when the table is loaded. None if it
    names none.
    """

    uplift_percent: Decimal = Decimal(0)
    """Percentage added to its prices at the user's request; not in the file."""

    fee: Decimal = Decimal(0)
    """US dollars per request beside its tokens, added at the user's request; not in the file."""

    unknown_fees: tuple[str, ...] = ()
    """Names of requested fees that have no known price for this model; not in the file."""

    def __post_init__(self) -> None:
        """Refuse a model whose tokenizer, dates or prices are missing or contradictory."""
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
        """Whether its tokenizer is not public but reconstructed from its counts."""
        return self.encoding in get_args(Reconstructed)

    @property
    def text_exactness(self) -> Literal["exact", "reconstructed", "sampled", "estimated"]:
        """Exactness of a text count with this model."""
        if self.ratio is not None:
            return "sampled" if self.ratio.is_sampled else "estimated"
        return "reconstructed" if self.is_reconstructed else "exact"

    def counted_by(self, rules: AnthropicRules | None, kind_ratios: Sequence[KindRatio], *, reconstructs: bool) -> Self:
        """Return the model as it is counted here: by its reconstructed tokenizer, or by its ratio.

        Args:
            rules: the row that its family names.
            kind_ratios: what each kind of text takes in each reconstructed tokenizer.
            reconstructs: whether reconstructed tokenizers can be used here.
        """
        if not self.is_reconstructed:
            return self.altered(anthropic=rules) if rules else self
        if reconstructs:
            return self.altered(ratio=None, fallback=self.ratio, fallback_encoding=self.encoding, anthropic=rules)
        encoding = "claude-3" if self.encoding == "claude-3" else "claude-4.8"  # 4.7 counts as the later ones do
        ratios = tuple(ratio for ratio in kind_ratios if ratio.encoding == encoding)
        return self.altered(encoding=None, fallback_encoding=self.encoding, kind_ratios=ratios, anthropic=rules)

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
        """The encoding in which text is counted exactly before the model's ratio, if any, is applied."""
        if self.ratio is not None:
            return self.ratio.of
        if self.encoding is None:
            message = f"{self.id} has neither encoding nor ratio"
            raise ValueError(message)
        return self.encoding

    @property
    def names(self) -> tuple[str, ...]:
        """All identifiers of this model."""
        return (self.id, *self.aliases, *self.snapshots)

    def rules_for(self, endpoint: str) -> TokenRules | None:
        """Return the rules for counting a request body. None if there are none.

        Args:
            endpoint: the API that the body is written for; a body for another vendor's API is counted as Chat.
        """
        api: API = "responses" if endpoint == "responses" else "chat"
        return next((rules for rules in reversed(self.rules) if rules.api == api), None)

    def token_numbers(self, endpoint: str) -> dict[str, int]:
        """Return the named token numbers for counting a request body."""
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
        """Return the status of the model on a day."""
        if on < self.released:
            return "unreleased"
        if self.shutdown is None:
            return "live"
        if on >= self.shutdown:
            return "retired"
        return "live" if self.deprecated and on < self.deprecated else "deprecated"

    def row(self, *, on: date, input_tokens: int) -> PriceRow | None:
        """Return the price row for a request of this input length on a day.

        The whole request is charged by the row with the highest length step that its prompt exceeds; of several rows
        for that step, the newest one in force applies.
        """
        in_force = [
            row
            for row in self.price
            if row.since <= on and (input_tokens > row.above_input_tokens or not row.above_input_tokens)
        ]
        return max(in_force, key=lambda row: (row.above_input_tokens, row.since), default=None)


def distinct(models: Iterable[Model]) -> list[Model]:
    """Return the models without duplicates, in the order of their first occurrence."""
    found: dict[str, Model] = {}
    for model in models:
        found.setdefault(model.id, model)
    return list(found.values())
