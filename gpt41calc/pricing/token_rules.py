"""How a model counts what is more than text: the frame of a chat, functions, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from .fields import Cited, Constrained, Line, Name, PerMillion, Record

__all__ = ["API", "BodyKind", "Chat", "ErrorRange", "Images", "TokenRules"]

_Few = Annotated[int, Constrained(strict=True, ge=0, le=100_000)]
"""A small number of tokens, pixels or patches; may be none."""


API = Literal["chat", "responses", "messages", "generate-content"]
"""Which API a rule is for."""

BodyKind = Literal["text", "names", "functions", "nested", "history", "parallel", "schema", "pictures"]
"""What bodies have in them that makes their count more or less sure: nothing but text; names of who says it; functions,
and such whose properties are nested or of several types; calls in the history, and several of them at once; a schema;
pictures."""

_Number = Annotated[int, Constrained(strict=True, ge=-1000, le=100_000)]
"""Tokens around something, or 1 for yes; negative where something is missing."""


@dataclass(frozen=True, kw_only=True)
class ErrorRange(Record):
    """How far billed tokens lie from the counts of one kind of body: at least 95 of 100 recorded ones are within."""

    kind: BodyKind
    """What the bodies have in them."""

    below: _Few = 0
    """Tokens by which the billed count may be lower."""

    above: _Few = 0
    """Tokens by which the billed count may be higher."""

    below_percent: PerMillion = Decimal(0)
    """The same in percent of the count, on top."""

    above_percent: PerMillion = Decimal(0)
    """The same in percent of the count, on top."""


@dataclass(frozen=True, kw_only=True)
class TokenRules(Record):
    """How a family of models counts a body of one API."""

    api: API
    """Which API the body is sent to."""

    family: Name
    """Which models: those that name it as their ``family``."""

    tokens: dict[Name, _Number]
    """Named numbers; the modules of :mod:`gpt41calc.requests` say what each is for."""

    error: tuple[ErrorRange, ...] = ()
    """How far billed tokens lie from counts, by kind of body; a kind that is missing was exact in 95 of 100."""

    held: _Few
    """Against how many recorded calls the rules were held."""

    exact: _Few
    """How many of those came out to the token."""

    source: Cited
    """Keys of the table's ``sources``."""

    note: Line | None = None
    """What is peculiar or not known."""


@dataclass(frozen=True, kw_only=True)
class Chat(Record):
    """Tokens around the text of a chat, of models without rules by API and family."""

    per_message: _Few = 3
    """Around every message."""

    per_name: _Number = 1
    """Beside the name of who says it."""

    per_reply: _Few = 3
    """Before the answer, once."""

    tool_prompt: _Few = 0
    """What the vendor says about tools, once, if there are any."""

    tool_prompt_forced: _Few = 0
    """The same, if one of them must be called."""

    source: tuple[Line, ...] = ()
    """Keys of the table's ``sources``. None if the rule is the one of OpenAI's cookbook."""


@dataclass(frozen=True, kw_only=True)
class Images(Record):
    """How many tokens a picture takes."""

    rule: Literal["tiles", "patches", "area", "crops", "grid", "fixed"]
    """``tiles`` of 512 pixels, ``patches`` of 32 pixels, ``area`` in pixels, ``crops`` of one size,
    a ``grid`` of the picture's own proportions, or ``fixed``: the same for every picture."""

    base: _Few = 0
    """Of tiles: tokens of any picture, and all there are at low detail."""

    tile: _Few = 0
    """Of tiles and crops: tokens of each; of ``fixed``: tokens of any picture."""

    multiplier: PerMillion = Decimal(1)
    """Of patches: tokens of each."""

    budget: _Few = 1536
    """Of patches and of a grid: the most there are; a picture with more patches is made smaller."""

    added: _Few = 0
    """For patches and area: tokens added to each picture. For crops: those of the whole picture too."""

    patch: _Few = 0
    """Of area: the edge of the squares that a picture is covered with, in pixels; 0: the area alone counts."""

    pixels_per_token: _Few = 750
    """Of area: pixels that make a token."""

    longest: _Few = 1568
    """Of area: the longest edge, in pixels; a larger picture is made smaller."""

    most: _Few = 1600
    """Of area: the most tokens a picture takes."""

    source: Cited
    """Keys of the table's ``sources`` that state the rule."""

    note: Line | None = None
    """What is disputed or peculiar."""

    def __post_init__(self) -> None:
        """Refuse a rule without the numbers that it needs."""
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
