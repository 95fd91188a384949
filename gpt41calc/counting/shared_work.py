"""Distribute parts of a work to forked workers, while this process reads the next part.

This process puts a part into shared memory; a free worker takes it and puts the result beside it. If no worker is free,
this process does the part itself. So reading never waits, memory is bounded, and a part that a worker took but did not
finish can still be done here.

Workers are forked when there is much to do and everything is loaded: a fork takes 5 ms, and shares the loaded data.
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
"""Most workers. Each takes 40 to 50 MB for the words that it has counted: six processes took 390 MB for 1 GB of prose,
and 400 MB are promised.
"""

_SLOTS_PER_WORKER = 2
"""One finished part and one waiting part per worker, so that no worker waits for this process."""

_LENGTH = struct.Struct("<I")

_DELIVERY = struct.Struct("<BI")
"""A message of a worker: the slot, and the length of the result."""

_NO_RESULT = 0xFFFF_FFFF
"""Length reported for a result that was too long for its slot."""


class SharedWork:
    """The workers for one work, and the memory that they share with this process."""

    def __init__(self, work: Callable[[bytes], bytes], *, part_bytes: int, result_bytes: int) -> None:
        """Allocate shared memory and pipes; if the system refuses them, there are no workers.

        Args:
            work: the function applied to a part; each worker has a copy of it from when it was forked.
            part_bytes: longest part that workers take.
            result_bytes: longest result that workers return; a part with a longer result is done here.
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
        """Fork another worker, if there are fewer than ``most``, a free core, and enough work."""
        workers = len(self._processes)
        if workers >= min(most, self._most):
            return
        # If this process had nothing else to do, it would do as many parts as each worker does.
        is_needed = self._refused * 4 * (workers + 1) > self._refused + self._handed_over
        if not workers or is_needed:
            self._refused = self._handed_over = 0
            try:
                self._start()
            except OSError:  # the existing workers are enough
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
        """Process parts in a worker until there are no more."""
        while number := self._next_slot():
            result = self._work(self._part(number[0]))
            length = _NO_RESULT
            if len(result) <= self._result_bytes:
                length = len(result)
                at = self._result_at(number[0])
                self._memory[at : at + length] = result
            os.write(self._deliver, _DELIVERY.pack(number[0], length))

    def _next_slot(self) -> bytes:
        """Return the number of a slot that no worker has taken; empty if there will be no more."""
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
        """Hand a part over and return True, if a worker is free and the part is short enough.

        Args:
            number: number that identifies the result.
            part: the part.
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
        """Return delivered results by number; empty if none arrives within the time."""
        if not self._taken:
            return []
        waiting = select.poll()
        waiting.register(self._results, select.POLLIN)
        if not waiting.poll(timeout_seconds * 1000):
            return []
        # Short data that is written at once is read at once: no message is ever split.
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
        """Process here a part that was handed over but not delivered; a later delivery of it is ignored."""
        slot = next((slot for slot, taken in self._taken.items() if taken == number), None)
        if slot is not None and number not in self._done_here:
            self._done_here.add(number)
            yield number, self._work(self._part(slot))

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """Yield the results of all outstanding parts, with their numbers."""
        if not self._taken:
            return
        slowest_seconds = 0.0
        for end in (self._fill, self._deliver):
            self._descriptors.remove(end)
            os.close(end)
        # Now the queue ends when it is empty, even if a worker was stopped before it could close its end.
        os.set_blocking(self._queue, False)
        while slot := self._next_slot():
            began = time.monotonic()
            yield from self._worked_off(slot[0])
            slowest_seconds = max(slowest_seconds, time.monotonic() - began)
        while self._taken and (found := self.received(max(SILENT_SECONDS, 4 * slowest_seconds))):
            yield from found
        for one in list(self._taken):  # the worker that had taken these has died or hangs
            yield from self._worked_off(one)

    def _worked_off(self, slot: int) -> Iterator[tuple[int, bytes]]:
        number = self._taken.pop(slot)
        if number not in self._done_here:
            yield number, self._work(self._part(slot))

    def end(self) -> None:
        """End the workers, whatever they are doing, and release the shared memory."""
        for process in self._processes:
            end_group(process)
        for descriptor in (*self._descriptors, *self._lifelines):
            with suppress(OSError):
                os.close(descriptor)
        self._descriptors, self._lifelines, self._processes = [], [], []
