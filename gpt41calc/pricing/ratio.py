"""Ratios of tokens to those of a public encoding, for tokenizers that are not public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..tokenizer.text_kind import TextKind
from .fields import Cited, PerMillion, Record

__all__ = ["KindRatio", "PublicEncoding", "Ratio"]

PublicEncoding = Literal["o200k_base", "cl100k_base"]
"""The public tokenizers whose vocabulary is in the package."""


@dataclass(frozen=True, kw_only=True)
class Ratio(Record):
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
class KindRatio(Record):
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
