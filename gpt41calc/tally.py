"""What was found and counted: the results that all other packages share."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["STDIN_NAME", "Counted", "Skipped", "Tally"]

STDIN_NAME = "<stdin>"
"""How standard input is shown."""

_NOTHING: Mapping[str, int] = MappingProxyType({})
_NO_MARGINS: Mapping[str, tuple[int, int]] = MappingProxyType({})


class Counted(NamedTuple):  # made for every file, in half the time of a dataclass
    """An input that was counted."""

    path: str
    """How the user would recognise it; bytes that are not Unicode are surrogates, as Python has them."""

    bytes: int
    """How many bytes were read."""

    tokens: Mapping[str, int]
    """Exact number of tokens, by encoding."""

    lossy: bool = False
    """Whether some bytes were not text and were counted as U+FFFD."""

    added: Mapping[str, int] = _NOTHING
    """Tokens that rules add for a model, by its identifier; empty: it is nothing but text."""

    margins: Mapping[str, tuple[int, int]] = _NO_MARGINS
    """By how many tokens the billed count may be lower and higher than what the rules add, by model; empty: by none."""

    excerpts: tuple[builtins.bytes, ...] = ()
    """Parts of a text that cannot be read again, in UTF-8, to see what kind of text it is; empty for a file."""


class Skipped(NamedTuple):
    """An input that was seen and was not counted."""

    path: str
    """How the user would recognise it: a path, or ``<stdin>``."""

    reason: str
    """A lower-case phrase that completes "skipped: "."""

    expected: bool
    """Whether skipping it is what the user would want; if not, totals are lower bounds."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a set of inputs adds up to.

    Tallies form a monoid: ``Tally()`` is the zero and ``+`` is associative, so
    counting in parallel, from a cache or in parts is one program.

    >>> parts = [Tally.of(Counted("a", 4, {"o200k_base": 1})), Tally.of(Skipped("b", "gone", expected=False))]
    >>> total = sum(parts, Tally())
    >>> total.files, total.tokens("o200k_base"), total.complete
    (1, 1, False)
    """

    counted: tuple[Counted, ...] = ()
    """Everything that was counted, in the order of the report."""

    skipped: tuple[Skipped, ...] = ()
    """Everything that was seen and not counted."""

    _tokens: Mapping[str, int] = field(default_factory=dict)
    """Sums by encoding, kept so that adding up happens once."""

    _added: Mapping[str, int] = field(default_factory=dict)
    """Sums of what rules add, by model."""

    _margin: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Sums of the tokens by which billed counts may be lower and higher, by model."""

    @classmethod
    def of(cls, *seen: Counted | Skipped) -> Tally:
        """Return the tally of some inputs."""
        counted = tuple(one for one in seen if isinstance(one, Counted))
        sums: dict[str, int] = {}
        added: dict[str, int] = {}
        margin: dict[str, tuple[int, int]] = {}
        for one in counted:
            for encoding, tokens in one.tokens.items():
                sums[encoding] = sums.get(encoding, 0) + tokens
            for model, tokens in one.added.items():
                added[model] = added.get(model, 0) + tokens
            for model, (below, above) in one.margins.items():
                fewer, more = margin.get(model, (0, 0))
                margin[model] = fewer + below, more + above
        return cls(counted, tuple(one for one in seen if isinstance(one, Skipped)), sums, added, margin)

    @classmethod
    def given(cls, tokens: Mapping[str, int]) -> Tally:
        """Return a tally of tokens that were counted elsewhere, by encoding; it holds no input."""
        return cls(_tokens=tokens)

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of both."""
        sums = {
            encoding: self.tokens(encoding) + other.tokens(encoding) for encoding in {**self._tokens, **other._tokens}
        }
        added = {model: self.added(model) + other.added(model) for model in {**self._added, **other._added}}
        margin = {}
        for model in {**self._margin, **other._margin}:
            (below, above), (fewer, more) = self.margin(model), other.margin(model)
            margin[model] = below + fewer, above + more
        return Tally(self.counted + other.counted, self.skipped + other.skipped, sums, added, margin)

    def tokens(self, encoding: str) -> int:
        """Return the number of tokens in an encoding; 0 if nothing was counted."""
        return self._tokens.get(encoding, 0)

    def added(self, model: str) -> int:
        """Return the number of tokens that rules add to the text for a model; 0 if it is nothing but text."""
        return self._added.get(model, 0)

    def margin(self, model: str) -> tuple[int, int]:
        """Return by how many tokens the billed count of a model may be lower and higher; (0, 0) for text alone."""
        return self._margin.get(model, (0, 0))

    @property
    def is_modelled(self) -> bool:
        """Whether something in it is counted by rules and not as text."""
        return bool(self._added)

    @property
    def paths(self) -> Iterator[str]:
        """The path of every counted input."""
        return (one.path for one in self.counted)

    @property
    def files(self) -> int:
        """How many inputs were counted."""
        return len(self.counted)

    @property
    def bytes(self) -> int:
        """How many bytes were read."""
        return sum(one.bytes for one in self.counted)

    @property
    def lossy(self) -> tuple[str, ...]:
        """Inputs in which some bytes were not text."""
        return tuple(one.path for one in self.counted if one.lossy)

    @property
    def complete(self) -> bool:
        """Whether nothing that should have been counted is missing."""
        return all(one.expected for one in self.skipped)
