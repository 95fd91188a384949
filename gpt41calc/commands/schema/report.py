"""The list of schemas, shown by ``schema`` without a name."""

from __future__ import annotations

from collections.abc import Sequence

from ...render.json_fields import header
from ...render.sheet import Sheet
from .run import Schema

__all__ = ["schemas_sheet"]


def schemas_sheet(schemas: Sequence[Schema]) -> Sheet:
    """Return a row per schema: its name and its document."""
    return Sheet(
        title="JSON Schemas of the documents that gpt41calc prints",
        columns=("Name", "Document", "Content"),
        rows=tuple((one.name, one.title, one.description) for one in schemas),
        document={
            **header(),
            "schemas": [
                {"name": one.name, "id": one.id, "title": one.title, "description": one.description} for one in schemas
            ],
        },
        quiet=tuple(one.name for one in schemas),
        notes=("'gpt41calc schema NAME' prints one",),
    )
