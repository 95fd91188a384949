"""The counts of one line of a batch file: plain values, which one process can send to another."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["Weighed", "WeighedLine"]


class Weighed(NamedTuple):
    """The counts of a request with one model, in types that ``marshal`` supports."""

    model: str
    """Identifier of the model."""

    is_alike: bool
    """Whether models with the same counting rules share one count; else each has a count of its own."""

    counts: tuple[tuple[int, int, int, int], ...]
    """One entry per model, or per group of models with the same rules, the request's model first: tokens of text,
    tokens around it, and the tokens by which the billed count may be lower and higher than their sum.
    """

    output: int
    """Tokens of its answer."""

    is_capped: bool
    """Whether these are the limit set in its body."""

    assumed: int
    """Number of pictures counted with an assumed size."""

    prefixes: tuple[int, ...]
    """Digests of the prefixes of its prompt, the shortest first."""

    parts: tuple[tuple[int, int], ...]
    """Digest and tokens of each part that could be reordered."""

    max_output: int | None
    """Output limit set in the body, in tokens. None if there is none."""


class WeighedLine(NamedTuple):
    """The result for one line, in types that ``marshal`` supports."""

    reason: str | None
    """Why the line is left out; None if it is a request."""

    kind: str = ""
    """Key that is equal for requests that may share a file."""

    named: tuple[int, str] | None = None
    """Digest and beginning of its name; None if it has no name."""

    form: str | None = None
    """Why a batch API would refuse its form; None if it would not."""

    left_out: tuple[str, ...] = ()
    """Parts of it that cannot be counted and are left out."""

    named_as: str | None = None
    """The name of its model, if the price table has another one. None if it does not."""

    weighed: tuple[tuple[Any, ...], ...] = ()
    """Counts with every model that it is run with: fields of ``Weighed``."""
