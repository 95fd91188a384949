"""Text as Markdown shows it."""

from __future__ import annotations

import re

__all__ = ["escaped"]


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    return re.sub(r"([\\`*_<>\[\]|$])", r"\\\1", " ".join(text.split()))
