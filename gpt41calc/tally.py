"""Results of counting: counted inputs, skipped inputs, and their sum."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["STDIN_NAME", "Counted", "Skipped", "Tally"]

STDIN_NAME = "<stdin>"
"""Name of standard input in reports."""

_NOTHING: Mapping[str, int] = MappingProxyType({})
_NO_MARGINS: Mapping[str, tuple[int, int]] = MappingProxyType({})


class Counted(NamedTuple):  # made for every file, in half the time of a dataclass
    """An input that was counted."""

    path: str
    """Its path as the user would write it; bytes that are not Unicode are surrogates, as in Python."""

    bytes: int
    """Number of bytes that were read."""

    tokens: Mapping[str, int]
    """Exact number of tokens of its text, by encoding."""

    lossy: bool = False
    """Whether some bytes were not valid text and were counted as U+FFFD."""

    added: Mapping[str, int] = _NOTHING
    """Tokens that rules add for a model, by identifier of the model; empty for text."""

    margins: Mapping[str, tuple[int, int]] = _NO_MARGINS
    """Tokens by which the billed count may be lower and higher, by identifier of the model; empty for text."""

    excerpts: tuple[builtins.bytes, ...] = ()
    """Parts of a text from a pipe, in UTF-8, from which the kind of the text is detected; empty for a file."""


class Skipped(NamedTuple):
    """An input that was found and not counted."""

    path: str
    """Its path as the user would write it, or ``<stdin>``."""

    reason: str
    """A lower-case phrase that completes "skipped: "."""

    expected: bool
    """Whether the user would expect this; if not, totals are lower bounds."""


class Tally(NamedTuple):
    """The sum of a set of inputs.

    ``Tally()`` is the empty sum, and ``+`` is associative: counts from worker processes, from the cache and from parts
    of the input can be added in any grouping.

    >>> parts = [Tally.of(Counted("a", 4, {"o200k_base": 1})), Tally.of(Skipped("b", "gone", expected=False))]
    >>> total = sum(parts, Tally())
    >>> total.files, total.tokens("o200k_base"), total.complete
    (1, 1, False)
    """

    counted: tuple[Counted, ...] = ()
    """The counted inputs, in the order of the report."""

    skipped: tuple[Skipped, ...] = ()
    """The skipped inputs."""

    token_sums: Mapping[str, int] = _NOTHING
    """Sum of the tokens, by encoding; computed once."""

    added_sums: Mapping[str, int] = _NOTHING
    """Sum of the tokens that rules add, by identifier of the model."""

    margin_sums: Mapping[str, tuple[int, int]] = _NO_MARGINS
    """Sums of the tokens by which billed counts may be lower and higher, by identifier of the model."""

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
            if not (one.added or one.margins):  # as of all text
                continue
            for model, tokens in one.added.items():
                added[model] = added.get(model, 0) + tokens
            for model, (below, above) in one.margins.items():
                fewer, more = margin.get(model, (0, 0))
                margin[model] = fewer + below, more + above
        return cls(counted, tuple(one for one in seen if isinstance(one, Skipped)), sums, added, margin)

    @classmethod
    def given(cls, tokens: Mapping[str, int]) -> Tally:
        """Return a tally without inputs, of given token counts by encoding."""
        return cls((), (), tokens, {}, {})

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]  # a sum is not a longer tuple
        """Return the sum of both."""
        sums = {
            encoding: self.tokens(encoding) + other.tokens(encoding)
            for encoding in {**self.token_sums, **other.token_sums}
        }
        added = {model: self.added(model) + other.added(model) for model in {**self.added_sums, **other.added_sums}}
        margin = {}
        for model in {**self.margin_sums, **other.margin_sums}:
            (below, above), (fewer, more) = self.margin(model), other.margin(model)
            margin[model] = below + fewer, above + more
        return Tally(self.counted + other.counted, self.skipped + other.skipped, sums, added, margin)

    def tokens(self, encoding: str) -> int:
        """Return the number of tokens in an encoding; 0 if nothing was counted."""
        return self.token_sums.get(encoding, 0)

    def added(self, model: str) -> int:
        """Return the number of tokens that rules add to the text for a model; 0 if all inputs are text."""
        return self.added_sums.get(model, 0)

    def margin(self, model: str) -> tuple[int, int]:
        """Return by how many tokens the billed count of a model may be lower and higher; (0, 0) for text."""
        return self.margin_sums.get(model, (0, 0))

    @property
    def is_modelled(self) -> bool:
        """Whether an input is counted by rules, as a request or a picture, and not as text."""
        return bool(self.added_sums)

    @property
    def paths(self) -> Iterator[str]:
        """The path of every counted input."""
        return (one.path for one in self.counted)

    @property
    def files(self) -> int:
        """Number of counted inputs."""
        return len(self.counted)

    @property
    def bytes(self) -> int:
        """Number of bytes that were read."""
        return sum(one.bytes for one in self.counted)

    @property
    def lossy(self) -> tuple[str, ...]:
        """Paths of inputs with bytes that are not valid text."""
        return tuple(one.path for one in self.counted if one.lossy)

    @property
    def complete(self) -> bool:
        """Whether every input that should be counted was counted."""
        return all(one.expected for one in self.skipped)
