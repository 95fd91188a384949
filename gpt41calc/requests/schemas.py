"""The text of an answer's JSON schema in OpenAI's prompts."""

from __future__ import annotations

import json
from typing import Any

from .request import AnswerSchema

__all__ = ["schema_text"]

_LEFT_OUT = {"additionalProperties", "required", "default", "minimum", "maximum", "minItems", "maxItems"}
"""Keys that are enforced but not in the prompt: no recorded call was billed for one of them."""


def schema_text(schema: AnswerSchema) -> str:
    r"""Return a schema as text: a heading, its name, its description as a comment, and the schema as compact JSON.

    Characters outside ASCII are escaped, as by Python's ``json`` module by default.

    >>> schema_text(AnswerSchema("place", "", {"type": "object", "required": []}))
    '# Response Formats\n\n## place\n\n{"type":"object"}'
    """
    description = f"// {schema.description}\n" if schema.description else ""
    return f"# Response Formats\n\n## {schema.name}\n\n{description}{_compact(_written(schema.schema))}"


def _written(value: Any) -> Any:
    """Return a schema without the keys that are not in the prompt, at any depth."""
    if isinstance(value, dict):
        return {key: _written(inner) for key, inner in value.items() if key not in _LEFT_OUT}
    return list(map(_written, value)) if isinstance(value, list) else value


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
