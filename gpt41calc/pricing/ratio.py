"""Token ratios to a public encoding, for tokenizers that are not public."""

from typing import Literal

from ..tokenizer.text_kind import TextKind
from .fields import Cited, PerMillion, Record

__all__ = ["KindRatio", "PublicEncoding", "Ratio"]

PublicEncoding = Literal["o200k_base", "cl100k_base"]
"""The public tokenizers whose vocabulary is in the package."""


class Ratio(Record):
    """Tokens of a non-public tokenizer per token of a public encoding."""

    of: PublicEncoding
    """The public encoding, which is counted exactly."""

    low: PerMillion
    """Smallest published ratio for any kind of text."""

    value: PerMillion
    """Expected ratio."""

    high: PerMillion
    """Largest published ratio for any kind of text."""

    source: Cited
    """Keys of the table's ``sources`` that state the three numbers."""

    is_sampled: bool = False
    """Whether it was measured on a sample of the input that is being counted."""

    def __post_init__(self) -> None:
        """Refuse an expected ratio outside its bounds."""
        if not 0 < self.low <= self.value <= self.high <= 10:  # noqa: PLR2004 - more than ten times the tokens is a typing error
            message = "expected 0 < low <= value <= high <= 10"
            raise ValueError(message)


class KindRatio(Record):
    """Tokens of a reconstructed tokenizer per token of o200k_base, for one kind of text."""

    encoding: Literal["claude-3", "claude-4.8"]
    """The tokenizer; the rows of ``claude-4.8`` also apply to ``claude-4.7``."""

    kind: TextKind
    """The kind of text."""

    low: PerMillion
    """Lower bound of the ratio, which holds for 95 of 100 texts."""

    value: PerMillion
    """Ratio over all texts of the kind together."""

    high: PerMillion
    """Upper bound of the ratio, which holds for 95 of 100 texts."""
