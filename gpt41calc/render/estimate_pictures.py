"""The pictures of an estimate, from its JSON document."""

from __future__ import annotations

from ..calculator.estimate import Estimate
from ..guidance.load import load_benchmarks
from .json_fields import estimate_document
from .pictures.of_estimate import estimate_pictures
from .pictures.picture import Picture

__all__ = ["pictures_of"]


def pictures_of(estimate: Estimate) -> list[Picture]:
    """Return the pictures of an estimate."""
    return list(estimate_pictures(estimate_document(estimate), load_benchmarks()))
