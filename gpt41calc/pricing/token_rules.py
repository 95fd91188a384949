"""Rules for counting chat frames, functions and pictures."""

from decimal import Decimal
from typing import Annotated, Literal

from .fields import Cited, Constrained, Line, Name, PerMillion, Record

__all__ = ["API", "BodyKind", "Chat", "ErrorRange", "Images", "TokenRules"]

_Few = Annotated[int, Constrained(strict=True, ge=0, le=100_000)]
"""A small number of tokens, pixels or patches; 0 is allowed."""


API = Literal["chat", "responses", "messages", "generate-content"]
"""The API that a rule applies to."""

BodyKind = Literal["text", "names", "functions", "nested", "history", "parallel", "schema", "pictures"]
"""Features of a request body that affect how exactly it is counted: only text; names of speakers; functions; functions
with nested properties or union types; calls in the history; several calls at once; a schema; pictures.
"""

_Number = Annotated[int, Constrained(strict=True, ge=-1000, le=100_000)]
"""Tokens around a part, or 1 for yes; negative if tokens are saved."""


class ErrorRange(Record):
    """Range of billed minus counted tokens for one kind of body; at least 95 of 100 recorded bodies are within it."""

    kind: BodyKind
    """Kind of the bodies."""

    below: _Few = 0
    """Tokens by which the billed count may be lower."""

    above: _Few = 0
    """Tokens by which the billed count may be higher."""

    below_percent: PerMillion = Decimal(0)
    """Percentage of the count by which the billed count may be lower, in addition to ``below``."""

    above_percent: PerMillion = Decimal(0)
    """Percentage of the count by which the billed count may be higher, in addition to ``above``."""


class TokenRules(Record):
    """Rules for counting a request body of one API with one family of models."""

    api: API
    """Which API the body is sent to."""

    family: Name
    """The family; a model refers to it by its ``family``."""

    tokens: dict[Name, _Number]
    """Named numbers of tokens; the modules of :mod:`gpt41calc.requests` define each name."""

    error: tuple[ErrorRange, ...] = ()
    """Ranges of billed minus counted tokens by kind of body; a kind without a range was exact in 95 of 100 bodies."""

    held: _Few
    """Number of recorded calls that the rules were tested with."""

    exact: _Few
    """Number of those calls whose count was exact."""

    source: Cited
    """Keys of the table's ``sources``."""

    note: Line | None = None
    """Remark on what is unusual or unknown. None if there is nothing to say."""


class Chat(Record):
    """Token overheads of a chat, for models without rules by API and family."""

    per_message: _Few = 3
    """Tokens around every message."""

    per_name: _Number = 1
    """Tokens for the name of a speaker."""

    per_reply: _Few = 3
    """Tokens before the answer, once per request."""

    tool_prompt: _Few = 0
    """Tokens of the vendor's prompt about tools, once per request with tools."""

    tool_prompt_forced: _Few = 0
    """Tokens of that prompt if the model must call a tool."""

    source: tuple[Line, ...] = ()
    """Keys of the table's ``sources``; empty if the rule is the one in OpenAI's cookbook."""


class Images(Record):
    """The rule for the tokens of a picture."""

    rule: Literal["tiles", "patches", "area", "crops", "grid", "fixed"]
    """Kind of the rule: ``tiles`` of 512 pixels, ``patches`` of 32 pixels, ``area`` in pixels, ``crops`` of one size, a
    ``grid`` with the picture's proportions, or ``fixed``, the same for every picture.
    """

    base: _Few = 0
    """For tiles: tokens of every picture, and all its tokens at low detail."""

    tile: _Few = 0
    """For tiles and crops: tokens of each; for ``fixed``: tokens of every picture."""

    multiplier: PerMillion = Decimal(1)
    """For patches: tokens of each."""

    budget: _Few = 1536
    """For patches and grids: their largest number; a picture with more is made smaller."""

    added: _Few = 0
    """For patches and area: tokens added to each picture. For crops: also the tokens of the whole picture."""

    patch: _Few = 0
    """For area: edge of the squares that cover the picture, in pixels; 0 if only the area counts."""

    pixels_per_token: _Few = 750
    """For area: pixels per token."""

    longest: _Few = 1568
    """For area: longest allowed edge, in pixels; a larger picture is made smaller."""

    most: _Few = 1600
    """For area: most tokens of one picture."""

    source: Cited
    """Keys of the table's ``sources`` that state the rule."""

    note: Line | None = None
    """Remark on what is disputed or unusual. None if there is nothing to say."""

    def __post_init__(self) -> None:
        """Refuse a rule that lacks one of its numbers."""
        needed = {
            "tiles": ("base", "tile"),
            "crops": ("tile",),
            "fixed": ("tile",),
            "grid": ("budget",),
            "patches": ("budget", "multiplier"),
        }
        needed["area"] = ("pixels_per_token", "longest", "most")
        for name in needed[self.rule]:
            if not getattr(self, name):
                message = f"the rule {self.rule} needs {name}"
                raise ValueError(message)
