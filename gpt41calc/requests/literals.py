"""Texts given on the command line, as inputs."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..sources.source import Source
from .inputs import BegunText, TextInput

__all__ = ["literal_inputs"]


def literal_inputs(texts: Sequence[str]) -> tuple[TextInput, ...]:
    """Return texts as inputs that are counted unchanged, each with a distinct name.

    >>> [one.source.name for one in literal_inputs(["Say hello.", "Say goodbye."])]
    ['<string>', '<string 2>']
    """
    return tuple(
        TextInput(
            Source("<string>" if number == 1 else f"<string {number}>", None, named=True),
            BegunText(os.fsencode(text), iter(()), as_text=True),
        )
        for number, text in enumerate(texts, 1)
    )
