"""The pictures of an estimate, from its JSON document and the shipped benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..guidance.load import load_benchmarks
from .pictures.of_estimate import estimate_pictures
from .pictures.picture import Picture

__all__ = ["pictures_of"]


def pictures_of(document: Mapping[str, Any]) -> list[Picture]:
    """Return the pictures of a document of ``estimate``."""
    return list(estimate_pictures(document, load_benchmarks()))
