"""Load the schemas from the data files of the package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ...errors import UsageError
from ...locations import shipped_file
from .bundle import bundled

__all__ = ["Schema", "load_schema", "load_schemas", "schema_names"]

_COMMON = "common"
"""Name of the file with shared definitions."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The JSON Schema of one document."""

    name: str
    """Name of the document: usually the words of the command, joined by ``-``."""

    document: dict[str, Any]
    """The schema, without references to other files."""

    @property
    def id(self) -> str:
        """Its ``$id``, which ends with the ``schema_version`` of the document."""
        return str(self.document["$id"])

    @property
    def title(self) -> str:
        """Short title of the schema: the command that prints the document."""
        return str(self.document["title"])

    @property
    def description(self) -> str:
        """Description of the document."""
        return str(self.document["description"])


def schema_names() -> list[str]:
    """Return the names of all schemas, in alphabetical order."""
    return sorted(path.stem for path in shipped_file("schemas").glob("*.json") if path.stem != _COMMON)


def load_schema(name: str) -> Schema:
    """Return the schema of a document.

    Raises:
        UsageError: there is no schema with this name.
    """
    known = schema_names()
    if name not in known:
        near = get_close_matches(name[:_MOST_COMPARED], known, n=1)
        message = f"no schema is called '{name:.60}'"
        hint = f"did you mean '{near[0]}'?" if near else "'gpt41calc schema' lists the names"
        raise UsageError(message, hint=hint)
    return Schema(name, bundled(_read(name), _read(_COMMON)))


_MOST_COMPARED = 100
"""Characters of an unknown name that are compared with known names."""


def load_schemas() -> list[Schema]:
    """Return all schemas, in alphabetical order."""
    return [load_schema(name) for name in schema_names()]


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(shipped_file(f"schemas/{name}.json").read_text(encoding="utf-8"))
    return document
