"""Where the files that come with the package are."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped_file"]


def shipped_file(name: str) -> Path:
    """Return the path of a data file: inside the package, or beside it in a checkout.

    A wheel holds the files as ``gpt41calc/data/``; an editable install sees
    only the checkout, where they are in ``data/``.
    """
    package = Path(__file__).parent
    inside = package / "data" / name
    return inside if inside.exists() else package.parent / "data" / name
