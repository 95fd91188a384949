"""What the numbers of ``dataset`` rest on, for ``--explain``: ratios, ends of models, prices and their sources."""

from __future__ import annotations

from collections.abc import Iterator

from ...render.sentences import endings, estimated_sentence
from .run import DatasetPrice

__all__ = ["explained"]


def explained(found: DatasetPrice) -> Iterator[str]:
    """Yield sentences on how numbers were made, and where prices are from."""
    for one in found.models:
        if one.is_by_ratio:
            yield f"~ {estimated_sentence(one.model)}"
    yield from endings((one.model for one in found.models), found.as_of)
    cited: set[str] = set()
    for one in found.models:
        row = one.model.row(on=found.as_of, input_tokens=0)
        if row is not None:
            cited.update(row.source)
            yield f"{one.model.name}: prices since {row.since} ({', '.join(row.source)}, checked {row.checked})"
    for key, text in found.options.pricing.table.sources.items():
        if key in cited:
            yield f"{key}: {text}"
