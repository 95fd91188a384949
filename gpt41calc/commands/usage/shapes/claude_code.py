"""Session logs of Claude Code, and the JSON output of ``claude -p``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ....tally import Skipped
from ..answer import Answer
from ..json_values import Json, dollars_in, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import read_counts
from .build import answer_of
from .nested import counts_of
from .shape import FileContext

__all__ = ["ClaudeCodeLog"]

_NO_ANSWERS = frozenset(
    {"user", "summary", "system", "file-history-snapshot", "queue-operation", "attachment", "last-prompt", "ai-title"}
)
"""Types of lines that repeat or describe other lines, even if they contain a usage."""


class ClaudeCodeLog:
    """One session: every ``assistant`` line is a part of an answer, and ``result`` is the sum of a run."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file
        self._held: list[Answer] = []
        """Answers of a run that wait for its result, which has their final lengths."""

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the answers in a line.

        Raises:
            NoUsage: the line is not an answer, or waits for the result of its run.
        """
        kind = text_in(line, "type")
        if kind == "result" and ("modelUsage" in line or "total_cost_usd" in line):
            return self._result(line, place)
        is_printed = "session_id" in line and "sessionId" not in line
        if not (is_printed or "sessionId" in line or "uuid" in line or isinstance(line.get("message"), dict)):
            return None
        if kind in _NO_ANSWERS:
            raise NoUsage("no answer", expected=True)
        message = object_in(line, "message")
        if kind != "assistant" or not isinstance(message.get("usage"), dict):
            return None
        answer = answer_of((line, message), counts_of(message), place, self._file)
        if not is_printed:
            return [answer]
        self._held.append(answer)
        raise NoUsage("part of a run that its result sums up", expected=True, is_repeated=True)

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield the answers of a run that ended before its result."""
        yield from self._held

    def _result(self, line: Json, place: str) -> Sequence[Answer]:
        """Return the usage of a run, by model."""
        session = text_in(line, "session_id")
        self._held = [each for each in self._held if each.session != session]
        by_model = object_in(line, "modelUsage")
        if not by_model:
            return (
                [answer_of((line,), counts_of(line), place, self._file)] if isinstance(line.get("usage"), dict) else []
            )
        found = []
        for model, raw in by_model.items():
            if not isinstance(raw, dict):
                message = f"modelUsage.{model:.40}: expected an object"
                raise NoUsage(message)
            counts = read_counts(raw, cache="beside", where=f"modelUsage.{model:.40}.")
            lifetimes = object_in(line, "usage", "cache_creation") if len(by_model) == 1 else {}
            usage = counts.usage
            long = lifetimes.get("ephemeral_1h_input_tokens")
            if isinstance(long, int) and 0 < long <= usage.written_tokens:
                usage = replace(usage, written_tokens=usage.written_tokens - long, written_1h_tokens=long)
            named = {"id": f"{text_in(line, 'uuid') or session}:{model}", "session_id": session}
            answer = answer_of((line, named), replace(counts, usage=usage), place, self._file, model=model)
            found.append(replace(answer, stated_cost=dollars_in(raw.get("costUSD"))))
        return found
