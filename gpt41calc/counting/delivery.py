"""Messages from processes that work for this one, and how long it waits for them.

A message is its length in 8 bytes and then so many bytes; a length of 0 says that
its sender is still at work.
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
"""What a pipe holds."""

SILENT_SECONDS = 5.0
"""Who says nothing for so long is taken for stalled. It costs time only: somebody else does the work."""


def send(pipe: int, message: bytes) -> None:
    """Send a message that is not empty."""
    _write(pipe, len(message).to_bytes(_LENGTH_BYTES, "big") + message)


def send_heartbeat(pipe: int) -> None:
    """Say that something is being done, where nothing else is reported for a while."""
    _write(pipe, bytes(_LENGTH_BYTES))


def _write(pipe: int, raw: bytes) -> None:
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def received(pipes: Collection[int], silent_seconds: float = SILENT_SECONDS) -> Iterator[bytes]:
    """Yield messages as they come in, until nobody is left to send one, or nobody says anything for too long.

    Args:
        pipes: descriptors to read from. Never more is read than there is: a sender may stop in the middle.
        silent_seconds: how long that is.
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
    """Take the messages out of a buffer that are there as a whole."""
    while len(buffer) >= _LENGTH_BYTES:
        end = _LENGTH_BYTES + int.from_bytes(buffer[:_LENGTH_BYTES], "big")
        if len(buffer) < end:
            return
        message = bytes(buffer[_LENGTH_BYTES:end])
        del buffer[:end]
        if message:
            yield message


class HeartbeatCounter:
    """Counts, and says now and then that it is at work: a batch may be one large file."""

    def __init__(self, tokenizer: Counter, pipe: int) -> None:
        """Take the counter, and the descriptor to report to."""
        self._tokenizer = tokenizer
        self._pipe = pipe
        self._last_heartbeat_seconds = time.monotonic()

    @property
    def identity(self) -> str:
        """Encoding name and digest."""
        return self._tokenizer.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        if time.monotonic() - self._last_heartbeat_seconds > SILENT_SECONDS / 10:
            self._last_heartbeat_seconds = time.monotonic()
            send_heartbeat(self._pipe)
        return self._tokenizer.count(text)
