"""How a model counts what is more than text: the frame of a chat, functions, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from .fields import Cited, Constrained, Line, Noun, PerMillion

__all__ = ["Chat", "Images"]

_Few = Annotated[int, Constrained(strict=True, ge=0, le=100_000)]
"""A small number of tokens, pixels or patches; may be none."""


@dataclass(frozen=True, kw_only=True)
class Chat(Noun):
    """Tokens around the text of a chat."""

    per_message: _Few = 3
    """Around every message."""

    per_name: _Few = 1
    """Beside the name of who says it."""

    per_reply: _Few = 3
    """Before the answer, once."""

    per_function: _Few = 7
    """Before every function, where functions are flat."""

    tool_prompt: _Few = 0
    """What the vendor says about tools, once, if there are any."""

    tool_prompt_forced: _Few = 0
    """The same, if one of them must be called."""

    source: tuple[Line, ...] = ()
    """Keys of the table's ``sources``; none: what OpenAI's cookbook says of its models."""


@dataclass(frozen=True, kw_only=True)
class Images(Noun):
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
    """Of patches: tokens on top, as bills show; of crops: those of the whole picture beside several crops."""

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
