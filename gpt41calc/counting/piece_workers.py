"""Count one long text with several processes: pieces are handed to copies of this process, which counts as well.

A text may be cut at safe places, and the counts of its pieces add up (``tokenizer.chunks``). This process reads the
text, cuts it and puts pieces into memory that the copies share; each copy takes the next piece that nobody has taken.
Where no copy is free, this process counts the piece itself. So reading never waits, memory is bounded, and what a
copy takes and does not deliver is still there to be counted here.

Copies are made when the text is known to be long and the vocabulary is loaded: a copy takes 5 ms, and shares it.
"""

from __future__ import annotations

import mmap
import os
import select
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from ..tokenizer.chunks import pieces
from ..tokenizer.protocol import Counter
from .cores import usable_cores
from .delivery import SILENT_SECONDS
from .fork import are_possible, can_copy, end_group, in_a_copy

__all__ = ["COUNTED_ALONE_BYTES", "PieceWorkers"]

COUNTED_ALONE_BYTES = 8 << 20
"""So much is counted here before the first copy is made: it takes 40 to 80 ms, and most inputs end before."""

_BYTES_PER_WORKER = 30_000_000
"""Another copy is made for every so many bytes, up to the number of cores, as long as those that there are do not keep
up. Reading, checking and handing over takes this process 0.75 s for a GB, and counting takes 1.5 to 3 s: of prose,
three copies count what it can give."""

_PIECE_BYTES = 1 << 20
"""Length of a piece as a rule: short enough that all end at about the same time."""

_SLOT_BYTES = 2 << 20
"""Shared memory for one piece, with its length in front. A longer piece, of text without a cut, is counted here."""

_SLOTS_PER_WORKER = 2
"""One that is counted, and one that waits, so that a copy does not wait for this process."""

_MOST_WORKERS = 5
"""Each takes 40 to 50 MB for the words that it has met: six processes took 390 MB for 1 GB of prose, and 400 MB are
promised."""

_LENGTH = struct.Struct("<I")


class PieceWorkers:
    """Copies of this process that count pieces of a long text; there are none before there is such a text."""

    _team: _Team | None = None

    def count(self, blocks: Iterable[bytes], tokenizers: Mapping[str, Counter]) -> dict[str, int]:
        """Return the exact number of tokens of a text.

        Args:
            blocks: the text in any division.
            tokenizers: by the name of the encoding to report. Each is to count any piece as it counts it alone. One
                that counts no more than a number of first bytes may be among them, if they are fewer than
                ``COUNTED_ALONE_BYTES``: the beginning is counted here, in order.

        Raises:
            Uncountable: there is no place to cut for too long.
            MemoryError: there is too little memory to count a piece.
        """
        tokens = dict.fromkeys(tokenizers, 0)
        read_bytes = 0
        try:
            for piece in pieces(_shortened(blocks), piece_bytes=_PIECE_BYTES):
                if self._team is None and read_bytes >= COUNTED_ALONE_BYTES:
                    self._team = _Team(list(tokenizers.values()))
                read_bytes += len(piece)
                if self._team is not None:
                    self._team.grow(1 + (read_bytes - COUNTED_ALONE_BYTES) // _BYTES_PER_WORKER)
                    if self._team.takes(piece):
                        continue
                for name, tokenizer in tokenizers.items():
                    tokens[name] += tokenizer.count(piece)
            if self._team is not None:
                for name, counted in zip(tokenizers, self._team.sums(), strict=True):
                    tokens[name] += counted
        finally:
            self.dismiss()
        return tokens

    def dismiss(self) -> None:
        """End the copies, whatever they do."""
        if self._team is not None:
            self._team.end()
            self._team = None


def _shortened(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield blocks no longer than a piece."""
    for block in blocks:
        if len(block) <= _PIECE_BYTES:
            yield block
        else:
            yield from (block[at : at + _PIECE_BYTES] for at in range(0, len(block), _PIECE_BYTES))


class _Team:
    """The copies that count the pieces of one text, and the memory that they share with this process."""

    def __init__(self, tokenizers: list[Counter]) -> None:
        """Get shared memory and pipes; where the system has none to give, there will be no copies."""
        self._tokenizers = tokenizers
        self._result = struct.Struct(f"<B{len(tokenizers)}Q")
        self._sums = [0] * len(tokenizers)
        self._most = min(usable_cores() - 1, _MOST_WORKERS) if can_copy() and are_possible() else 0
        self._processes: list[int] = []
        self._lifelines: list[int] = []
        self._descriptors: list[int] = []
        self._free: list[int] = []
        self._taken: set[int] = set()
        self._handed_over = self._refused = 0
        try:
            self._memory = mmap.mmap(-1, max(1, self._most) * _SLOTS_PER_WORKER * _SLOT_BYTES)
            self._queue, self._fill = self._pipe()
            self._results, self._deliver = self._pipe()
        except (OSError, ValueError, MemoryError):
            self._most = 0

    def _pipe(self) -> tuple[int, int]:
        ends = os.pipe()
        self._descriptors += ends
        return ends

    def grow(self, most: int) -> None:
        """Make another copy, if there are fewer than so many, a core for it, and something for it to do."""
        workers = len(self._processes)
        if workers >= min(most, self._most):
            return
        # If all that this process does were counting, it would take one piece as often as every copy does.
        is_needed = self._refused * 4 * (workers + 1) > self._refused + self._handed_over
        if not workers or is_needed:
            self._refused = self._handed_over = 0
            try:
                self._start()
            except OSError:  # those that there are will do
                self._most = workers

    def _start(self) -> None:
        lifeline, held = os.pipe()
        try:
            kept = (lifeline, self._queue, self._deliver)
            self._processes.append(in_a_copy(self._serve, kept, lifeline=lifeline))
        except OSError:
            os.close(held)
            raise
        finally:
            os.close(lifeline)
        self._lifelines.append(held)
        first = (len(self._processes) - 1) * _SLOTS_PER_WORKER
        self._free += range(first, first + _SLOTS_PER_WORKER)

    def _serve(self) -> None:
        """Count, in a copy, until there is nothing left to count."""
        while number := os.read(self._queue, 1):
            os.write(self._deliver, self._result.pack(number[0], *self._counted(number[0])))

    def _counted(self, slot: int) -> list[int]:
        at = slot * _SLOT_BYTES
        (length,) = _LENGTH.unpack_from(self._memory, at)
        piece = self._memory[at + _LENGTH.size : at + _LENGTH.size + length]
        return [tokenizer.count(piece) for tokenizer in self._tokenizers]

    def takes(self, piece: bytes) -> bool:
        """Hand a piece over, if a copy is free for it and it is short enough."""
        if not self._free and self._taken:
            self._receive(0)
        if not self._free or len(piece) > _SLOT_BYTES - _LENGTH.size:
            self._refused += 1
            return False
        self._handed_over += 1
        slot = self._free.pop()
        at = slot * _SLOT_BYTES
        self._memory[at + _LENGTH.size : at + _LENGTH.size + len(piece)] = piece
        _LENGTH.pack_into(self._memory, at, len(piece))
        self._taken.add(slot)
        os.write(self._fill, bytes([slot]))
        return True

    def _receive(self, timeout_seconds: float) -> bool:
        """Add up what has been delivered; return False if nothing was, in this time."""
        waiting = select.poll()
        waiting.register(self._results, select.POLLIN)
        if not waiting.poll(timeout_seconds * 1000):
            return False
        # What is written at once is read at once, as long as it is short: no result is ever cut in two.
        results = os.read(self._results, self._result.size * 64)
        for slot, *counted in self._result.iter_unpack(results):
            self._taken.discard(slot)
            self._free.append(slot)
            self._sums = [have + more for have, more in zip(self._sums, counted, strict=True)]
        return bool(results)

    def sums(self) -> list[int]:
        """Return how many tokens all pieces have that were taken, by tokenizer, once each of them is counted."""
        if not self._taken:
            return self._sums
        slowest_seconds = 0.0
        for end in (self._fill, self._deliver):  # now the queue ends where it is empty
            self._descriptors.remove(end)
            os.close(end)
        while number := os.read(self._queue, 1):
            began = time.monotonic()
            self._count_here(number[0])
            slowest_seconds = max(slowest_seconds, time.monotonic() - began)
        while self._taken and self._receive(max(SILENT_SECONDS, 4 * slowest_seconds)):
            pass
        for slot in list(self._taken):  # who had taken these has died or hangs
            self._count_here(slot)
        return self._sums

    def _count_here(self, slot: int) -> None:
        self._sums = [have + more for have, more in zip(self._sums, self._counted(slot), strict=True)]
        self._taken.discard(slot)

    def end(self) -> None:
        """End the copies, whatever they do, and give back what they shared."""
        for process in self._processes:
            end_group(process)
        for descriptor in (*self._descriptors, *self._lifelines):
            with suppress(OSError):
                os.close(descriptor)
        self._descriptors, self._lifelines, self._processes = [], [], []
