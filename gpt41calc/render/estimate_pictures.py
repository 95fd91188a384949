"""The pictures of an estimate, from its JSON document and the shipped benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..calculator.breakdown import Grouping, as_text, break_down
from ..calculator.estimate import Estimate
from ..guidance.load import load_benchmarks
from .json_fields import estimate_document
from .pictures.of_estimate import estimate_pictures
from .pictures.picture import Picture

__all__ = ["drawn_document", "pictures_of"]


def drawn_document(estimate: Estimate) -> dict[str, Any]:
    """Return the document of an estimate with every file, whatever parts were requested for tables."""
    inputs = as_text(estimate.inputs, estimate.encoding, estimate.models[0].model.id)
    return estimate_document(replace(estimate, breakdown=break_down(inputs, estimate.encoding, Grouping())))


def pictures_of(document: Mapping[str, Any]) -> list[Picture]:
    """Return the pictures of a document of ``estimate`` with every file."""
    return list(estimate_pictures(document, load_benchmarks()))
