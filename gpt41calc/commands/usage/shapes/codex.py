"""Session logs of Codex, and the output of ``codex exec --json``: running totals, whose differences are the steps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ....tally import Skipped
from ..answer import Answer, Usage
from ..json_values import Json, object_in, text_in
from ..no_usage import NoUsage
from ..token_counts import Counts, read_counts
from .build import answer_of
from .shape import FileContext

__all__ = ["CodexLog"]

_LINES = frozenset({"session_meta", "turn_context", "event_msg", "response_item", "compacted", "world_state"})
_EXEC = ("thread.", "turn.", "item.")


class CodexLog:
    """One session. Lines that a forked session repeats have the identity of their parent session."""

    def __init__(self, file: FileContext) -> None:
        """Start a file."""
        self._file = file
        self._model = ""
        self._session = ""
        self._root = ""
        """The session with which this log begins."""
        self._project: str | None = None
        self._before: Json | None = None
        """The running totals of the previous step. None if there is none."""
        self._identity = b""
        """Digest of all steps so far; equal in a log and in a copy of it."""
        self._is_fork = False

    def read(self, line: Json, place: str) -> Sequence[Answer] | None:
        """Return the step that ends with a line.

        Raises:
            NoUsage: the line does not end a step.
        """
        kind = text_in(line, "type")
        if kind in _LINES and isinstance(line.get("payload"), dict):
            return self._of_session(kind, line, place)
        if kind.startswith(_EXEC):
            return self._of_exec(kind, line, place)
        return None

    def rest(self) -> Iterator[Answer | Skipped]:
        """Yield nothing: every step is complete."""
        return iter(())

    def _of_session(self, kind: str, line: Json, place: str) -> Sequence[Answer]:
        payload = line["payload"]
        if kind == "session_meta":
            self._begin(payload)
        elif kind == "turn_context":
            self._model = text_in(payload, "model") or self._model
        elif payload.get("type") == "token_count" and isinstance(payload.get("info"), dict):
            info = payload["info"]
            self._model = text_in(info, "model") or text_in(payload, "model") or self._model
            return self._step(line, object_in(info, "total_token_usage"), object_in(info, "last_token_usage"), place)
        raise NoUsage("no answer", expected=True)

    def _begin(self, payload: Json) -> None:
        """Read the first lines of a log: its own and, in a fork, those repeated from its parent.

        A subagent has a log of its own; it repeats its parent only if the log states or shows a fork.
        """
        session, parent = text_in(payload, "id", "session_id"), text_in(payload, "forked_from_id")
        self._is_fork = self._is_fork or bool(parent) or (bool(self._session) and session != self._session)
        self._session = self._session or session
        self._project = self._project or text_in(payload, "cwd") or None
        self._root = parent or session
        if self._before is None:
            self._identity = self._root.encode()

    def _of_exec(self, kind: str, line: Json, place: str) -> Sequence[Answer]:
        if kind == "thread.started":
            thread = text_in(line, "thread_id")
            if thread != self._session:
                self._session = self._root = thread
                self._identity, self._before = thread.encode(), None
        if kind == "turn.completed" and isinstance(line.get("usage"), dict):
            return self._step(line, line["usage"], {}, place)
        if kind == "turn.failed":
            message = f"failed: {text_in(object_in(line, 'error'), 'message') or 'no message':.200}"
            raise NoUsage(message, expected=True)
        raise NoUsage("no answer", expected=True)

    def _step(self, line: Json, totals: Json, last: Json, place: str) -> Sequence[Answer]:
        """Return the usage since the previous step.

        Raises:
            NoUsage: there is none.
        """
        if totals == self._before:
            raise NoUsage("running totals that did not change", expected=True, is_repeated=True)
        counts = read_counts(totals, where="total_token_usage.") if totals else read_counts(last)
        usage = self._since(totals, last, counts.usage)
        self._before = totals
        self._identity = hashlib.blake2b(
            self._identity + repr(sorted(totals.items())).encode(), digest_size=16
        ).digest()
        named: dict[str, object] = {"id": self._session, "session_id": self._session}
        own = Counts(usage=usage, cost=None, modes=counts.modes, uncharged=counts.uncharged)
        answer = answer_of((line, named), own, place, self._context(), model=self._model)
        return [_known_by(answer, self._identity)]

    def _since(self, totals: Json, last: Json, now: Usage) -> Usage:
        before = self._before
        if before is None:
            # A fork that does not repeat its parent begins with the parent's totals.
            return read_counts(last, where="last_token_usage.").usage if self._is_fork and last else now
        if not totals:
            return now
        difference = {key: _minus(value, before.get(key)) for key, value in totals.items()}
        if any(isinstance(value, int) and value < 0 for value in difference.values()):
            # The totals start again, for example after a session is compacted.
            return read_counts(last, where="last_token_usage.").usage if last else now
        return read_counts(difference, where="total_token_usage.").usage

    def _context(self) -> FileContext:
        return FileContext(
            name=self._file.name,
            tier=self._file.tier,
            model=self._file.model,
            session=self._session or self._file.session,
            project=self._project or self._file.project,
        )


def _minus(now: object, before: object) -> object:
    is_number = isinstance(now, int) and not isinstance(now, bool)
    return now - before if is_number and isinstance(before, int) and isinstance(now, int) else now


def _known_by(answer: Answer, identity: bytes) -> Answer:
    return replace(answer, id=None, key=f"codex:{identity.hex()}")
