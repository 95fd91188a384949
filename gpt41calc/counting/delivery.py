"""Messages from worker processes, and the time limit for waiting for them.

A message is its length in 8 bytes, followed by that many bytes; a length of 0 is a heartbeat: the sender is still
working.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..tokenizer.protocol import Counter

__all__ = ["SILENT_SECONDS", "HeartbeatCounter", "received", "send", "send_heartbeat"]

_LENGTH_BYTES = 8

_READ_BYTES = 1 << 16
"""Bytes read at once: the capacity of a pipe."""

SILENT_SECONDS = 5.0
"""A worker that sends nothing for this long counts as stalled. This only costs time: another process does its work."""


def send(pipe: int, message: bytes) -> None:
    """Send a message that is not empty."""
    _write(pipe, len(message).to_bytes(_LENGTH_BYTES, "big") + message)


def send_heartbeat(pipe: int) -> None:
    """Send a heartbeat, during a long time without results."""
    _write(pipe, bytes(_LENGTH_BYTES))


def _write(pipe: int, raw: bytes) -> None:
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def received(pipes: Collection[int], silent_seconds: float = SILENT_SECONDS) -> Iterator[bytes]:
    """Yield messages as they arrive, until all senders have ended or none sends anything for too long.

    Args:
        pipes: descriptors to read from, without blocking: a sender may stop in the middle of a message.
        silent_seconds: the longest silence.
    """
    waiting = select.poll()
    held = {pipe: bytearray() for pipe in pipes}
    for pipe in held:
        waiting.register(pipe, select.POLLIN)
    while held and (ready := waiting.poll(silent_seconds * 1000)):
        for pipe, _ in ready:
            part = os.read(pipe, _READ_BYTES)
            if not part:
                waiting.unregister(pipe)
                del held[pipe]
                continue
            buffer = held[pipe]
            buffer += part
            yield from _whole(buffer)


def _whole(buffer: bytearray) -> Iterator[bytes]:
    """Remove all complete messages from a buffer and return them."""
    while len(buffer) >= _LENGTH_BYTES:
        end = _LENGTH_BYTES + int.from_bytes(buffer[:_LENGTH_BYTES], "big")
        if len(buffer) < end:
            return
        message = bytes(buffer[_LENGTH_BYTES:end])
        del buffer[:end]
        if message:
            yield message


class HeartbeatCounter:
    """Counts, and sends heartbeats while it works: a batch may be one large file."""

    def __init__(self, tokenizer: Counter, pipe: int) -> None:
        """Take the counter, and the descriptor for heartbeats."""
        self._tokenizer = tokenizer
        self._pipe = pipe
        self._last_heartbeat_seconds = time.monotonic()

    @property
    def identity(self) -> str:
        """Name and digest of the encoding."""
        return self._tokenizer.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        if time.monotonic() - self._last_heartbeat_seconds > SILENT_SECONDS / 10:
            self._last_heartbeat_seconds = time.monotonic()
            send_heartbeat(self._pipe)
        return self._tokenizer.count(text)
