"""The output of ``llm logs --json``: a list of responses with their tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, object_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from .build import answer_of
from .shape import FileContext

__all__ = ["LLMLogs"]


class LLMLogs:
    """``datetime_utc`` beside ``input_tokens`` and ``token_details``."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answer in a row.

        Raises:
            NoUsage: the model's plugin does not report tokens.
        """
        if "datetime_utc" not in line or not {"conversation_id", "response_json", "input_tokens"} & set(line):
            return None
        usage = {key: line[key] for key in ("input_tokens", "output_tokens") if line.get(key) is not None}
        if not usage:
            if object_in(line, "response_json", "usage"):
                return None
            raise NoUsage("an answer without usage")
        details = line.get("token_details")
        if isinstance(details, str):
            try:
                details = json.loads(details)
            except ValueError:
                raise NoUsage("token_details: not JSON") from None
        more = details if isinstance(details, dict) else {}
        return [answer_of((line,), read_counts(usage | dict(more)), place, self._file)]

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every row is complete."""
        return iter(())
