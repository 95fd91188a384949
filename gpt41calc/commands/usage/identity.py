"""Detect lines with the same answer: written several times while streaming, stored in two files, or copied by a fork.

An answer is recognised by its identifiers. Two with the same identifiers are one if they have the same session (the
same file, if there is none) or the same time: the log of another session repeats the time, and another answer has a
different one. Only a digest of each is stored, so memory grows with the number of answers and not with their length.
"""

from __future__ import annotations

import hashlib
from struct import Struct
from typing import NamedTuple

from .answer import Answer, Usage

__all__ = ["Billed", "Identities", "Match"]

_DIGEST_BYTES = 12
"""Length of a digest in bytes: with a billion answers, the probability of a collision is 1 in 10^11."""

_ROW = Struct("<II7QQQqB")
"""Stored data of an answer: indexes, seven numbers of a usage, requests, session, cost, whether it was repeated."""


class Billed(NamedTuple):
    """The contribution of an answer to the sums, so that it can be subtracted again."""

    group: int
    """Index of its row in the report."""

    terms: int
    """Index of its model, tier and day, which define the price."""

    usage: Usage
    """Its tokens."""

    requests: int
    """Number of requests."""

    session: int
    """Digest of its session."""

    stated_pico: int
    """Cost stated by its source, in picodollars (10^-12 US dollars); -1 if it states none."""

    is_repeated: bool
    """Whether another line was merged into it."""


class Match(NamedTuple):
    """An answer found again."""

    position: int
    """Index of the stored answer."""

    billed: Billed
    """Its contribution to the sums."""

    is_replay: bool
    """Whether it is repeated by the log of another session."""


class Identities:
    """All answers so far that can be recognised."""

    def __init__(self) -> None:
        """Create an empty collection."""
        self._positions: dict[bytes, int] = {}
        self._rows: list[bytes] = []

    def find(self, answer: Answer) -> Match | None:
        """Return the stored answer that equals a new one; None if there is none, or it has no identifiers."""
        keys = _keys(answer)
        for key in keys:
            position = self._positions.get(key)
            if position is not None:
                for other in keys:  # a log that repeats this one may begin with any of its lines
                    self._positions.setdefault(other, position)
                billed = _unpacked(self._rows[position])
                return Match(position, billed, is_replay=billed.session != session_digest(answer))
        return None

    def add(self, answer: Answer, billed: Billed) -> int | None:
        """Store a new answer and return its index; None if it has no identifiers."""
        keys = _keys(answer)
        if not keys:
            return None
        position = len(self._rows)
        self._rows.append(_packed(billed))
        for key in keys:
            self._positions.setdefault(key, position)
        return position

    def change(self, position: int, billed: Billed) -> None:
        """Replace a stored answer by the version in another line."""
        self._rows[position] = _packed(billed)


def session_digest(answer: Answer) -> int:
    """Return a number that identifies the session of an answer; 0 if it has none."""
    return int.from_bytes(_digest(answer.session)[:8], "little") if answer.session else 0


def _keys(answer: Answer) -> list[bytes]:
    """Return the digests that identify an answer; empty if it has no identifier.

    An answer in a stream grows, but its prompt does not: without a request's
    identifier, another prompt is another answer. A gateway may give all answers
    one identifier (ccusage issue 1635).
    """
    if answer.key is not None:
        return [_digest(answer.key)]
    name = answer.id or answer.request_id
    if not name:
        return []
    prompt = "" if answer.request_id else str(answer.usage.input_tokens)
    known = (answer.model, name, answer.request_id or "", answer.custom_id or "", prompt)
    at = answer.at.isoformat() if answer.at else ""
    session = answer.session or answer.file if at else ""
    same_session = _digest(*known, "session", session, at if answer.is_dated else "")
    return [same_session, _digest(*known, "time", at)] if session else [same_session]


def _digest(*parts: str | None) -> bytes:
    text = "\0".join(part or "" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _packed(billed: Billed) -> bytes:
    return _ROW.pack(
        billed.group,
        billed.terms,
        *billed.usage.numbers,
        billed.requests,
        billed.session,
        billed.stated_pico,
        billed.is_repeated,
    )


def _unpacked(row: bytes) -> Billed:
    group, terms, *numbers, requests, session, stated, is_repeated = _ROW.unpack(row)
    return Billed(group, terms, Usage.of(numbers), requests, session, stated, bool(is_repeated))
