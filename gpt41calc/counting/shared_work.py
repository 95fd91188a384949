"""Work in parts that forked workers do, while it reads what the next part is about.

This process puts a part into memory that the workers share; each worker takes the next part that nobody has taken, and
puts what comes of it beside it. Where no worker is free, this process does the part itself. So reading never waits,
memory is bounded, and what a worker takes and does not deliver is still there to be done here.

Workers are forked when there is much to do and everything is loaded: a fork takes 5 ms, and shares what is loaded.
"""

from __future__ import annotations

import mmap
import os
import select
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from .cores import usable_cores
from .delivery import SILENT_SECONDS
from .fork import are_possible, can_fork, end_group, start_forked

__all__ = ["SharedWork"]

_MOST_WORKERS = 5
"""Each takes 40 to 50 MB for the words that it has met: six processes took 390 MB for 1 GB of prose, and 400 MB are
promised."""

_SLOTS_PER_WORKER = 2
"""One part that is done, and one that waits, so that a worker does not wait for this process."""

_LENGTH = struct.Struct("<I")

_DELIVERY = struct.Struct("<BI")
"""Which slot, and how long the result is."""

_NO_RESULT = 0xFFFF_FFFF
"""The length of a result for which there was no room."""


class SharedWork:
    """The workers that do parts of one work, and the memory that they share with this process."""

    def __init__(self, work: Callable[[bytes], bytes], *, part_bytes: int, result_bytes: int) -> None:
        """Get shared memory and pipes; where the system has none to give, there will be no workers.

        Args:
            work: what is done with a part; each worker has it as it is when it is forked.
            part_bytes: the longest part that is handed over.
            result_bytes: the longest result that is handed back; what has a longer one is done here.
        """
        self._work = work
        self._part_bytes = part_bytes
        self._result_bytes = result_bytes
        self._slot_bytes = 2 * _LENGTH.size + part_bytes + result_bytes
        self._most = min(usable_cores() - 1, _MOST_WORKERS) if can_fork() and are_possible() else 0
        self._processes: list[int] = []
        self._lifelines: list[int] = []
        self._descriptors: list[int] = []
        self._free: list[int] = []
        self._taken: dict[int, int] = {}
        self._done_here: set[int] = set()
        self._handed_over = self._refused = 0
        try:
            self._memory = mmap.mmap(-1, max(1, self._most) * _SLOTS_PER_WORKER * self._slot_bytes)
            self._queue, self._fill = self._pipe()
            self._results, self._deliver = self._pipe()
        except (OSError, ValueError, MemoryError):
            self._most = 0

    def _pipe(self) -> tuple[int, int]:
        ends = os.pipe()
        self._descriptors += ends
        return ends

    def grow(self, most: int) -> None:
        """Fork another worker, if there are fewer than so many, a core for it, and something for it to do."""
        workers = len(self._processes)
        if workers >= min(most, self._most):
            return
        # If all that this process does were such work, it would do one part as often as every worker does.
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
            needed = (lifeline, self._queue, self._deliver)
            self._processes.append(start_forked(self._serve, needed, lifeline=lifeline))
        except OSError:
            os.close(held)
            raise
        finally:
            os.close(lifeline)
        self._lifelines.append(held)
        first = (len(self._processes) - 1) * _SLOTS_PER_WORKER
        self._free += range(first, first + _SLOTS_PER_WORKER)

    def _serve(self) -> None:
        """Do parts, in a worker, until there is nothing left to do."""
        while number := self._next_slot():
            result = self._work(self._part(number[0]))
            length = _NO_RESULT
            if len(result) <= self._result_bytes:
                length = len(result)
                at = self._result_at(number[0])
                self._memory[at : at + length] = result
            os.write(self._deliver, _DELIVERY.pack(number[0], length))

    def _next_slot(self) -> bytes:
        """Return the number of a slot that nobody has taken; nothing if there will be no more."""
        try:
            return os.read(self._queue, 1)
        except BlockingIOError:
            return b""

    def _part(self, slot: int) -> bytes:
        at = slot * self._slot_bytes
        (length,) = _LENGTH.unpack_from(self._memory, at)
        return self._memory[at + _LENGTH.size : at + _LENGTH.size + length]

    def _result_at(self, slot: int) -> int:
        return slot * self._slot_bytes + _LENGTH.size + self._part_bytes

    def takes(self, number: int, part: bytes) -> bool:
        """Hand a part over, if a worker is free for it and it is short enough.

        Args:
            number: by which its result is known.
            part: what the work is done with.
        """
        if not self._free or len(part) > self._part_bytes:
            self._refused += 1
            return False
        self._handed_over += 1
        slot = self._free.pop()
        at = slot * self._slot_bytes
        self._memory[at + _LENGTH.size : at + _LENGTH.size + len(part)] = part
        _LENGTH.pack_into(self._memory, at, len(part))
        self._taken[slot] = number
        os.write(self._fill, bytes([slot]))
        return True

    def received(self, timeout_seconds: float = 0) -> list[tuple[int, bytes]]:
        """Return what has been delivered, by number; nothing if nothing was, in this time."""
        if not self._taken:
            return []
        waiting = select.poll()
        waiting.register(self._results, select.POLLIN)
        if not waiting.poll(timeout_seconds * 1000):
            return []
        # What is written at once is read at once, as long as it is short: no delivery is ever cut in two.
        found = []
        for slot, length in _DELIVERY.iter_unpack(os.read(self._results, _DELIVERY.size * 64)):
            at = self._result_at(slot)
            result = self._work(self._part(slot)) if length == _NO_RESULT else self._memory[at : at + length]
            self._free.append(slot)
            number = self._taken.pop(slot)
            if number not in self._done_here:
                found.append((number, result))
        return found

    def done_here(self, number: int) -> Iterator[tuple[int, bytes]]:
        """Do a part here that was handed over and has not been delivered; what is delivered later is left alone."""
        slot = next((slot for slot, taken in self._taken.items() if taken == number), None)
        if slot is not None and number not in self._done_here:
            self._done_here.add(number)
            yield number, self._work(self._part(slot))

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """Yield the results of all parts that were handed over and not received yet, with their numbers."""
        if not self._taken:
            return
        slowest_seconds = 0.0
        for end in (self._fill, self._deliver):
            self._descriptors.remove(end)
            os.close(end)
        # Now the queue ends where it is empty, even if a worker has it open that was stopped before it could close it.
        os.set_blocking(self._queue, False)
        while slot := self._next_slot():
            began = time.monotonic()
            yield from self._worked_off(slot[0])
            slowest_seconds = max(slowest_seconds, time.monotonic() - began)
        while self._taken and (found := self.received(max(SILENT_SECONDS, 4 * slowest_seconds))):
            yield from found
        for one in list(self._taken):  # who had taken these has died or hangs
            yield from self._worked_off(one)

    def _worked_off(self, slot: int) -> Iterator[tuple[int, bytes]]:
        number = self._taken.pop(slot)
        if number not in self._done_here:
            yield number, self._work(self._part(slot))

    def end(self) -> None:
        """End the workers, whatever they do, and give back what they shared."""
        for process in self._processes:
            end_group(process)
        for descriptor in (*self._descriptors, *self._lifelines):
            with suppress(OSError):
                os.close(descriptor)
        self._descriptors, self._lifelines, self._processes = [], [], []
