"""A second process that counts beside this one.

Loading a vocabulary takes 0.25 to 0.4 s and counting holds the interpreter's
lock, so a second thread would wait for the first. A second *process* can be
started as soon as somebody names a folder: it loads the vocabulary while this
one still imports Typer, reads the price table and lists the files. While it is
at that, this one reads files ahead for it. Of a large folder both count until
they meet: this one from the first file on, the other from the last one back,
as neighbours have words in common, and each remembers the words it has met.

It can only ever save time: what it does not deliver is counted here.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .copies import are_possible, in_a_copy

if TYPE_CHECKING:
    from .sources.nouns import Source
    from .surveyor import Noted, Outcome, RecallContent, Surveyor

__all__ = ["Companion", "is_possible", "serve"]

_BATCHES = 256
"""Who takes a byte from the queue may count a batch more, this process from the first on, the other from the last."""

_JOB = _BATCHES
"""The number of the part that says what to count; the others are texts of the batches."""

_PLACE_BYTES = 16
"""The file begins with the place of every part: where, and how many bytes; no bytes: a batch was not read ahead."""

_MANY_SOURCES = 10_000
"""So many are surely worth a second vocabulary; of fewer it is seen how long they take."""

_AHEAD_BYTES = 32 << 20
"""So much is read for the other process, which has it counted in about half a second."""

_WORTH_JOINING_SECONDS = 1.0

_GLANCE_SECONDS = 0.01


class Companion:
    """The process, seen from the one that starts it: at once, or when there is something to do."""

    pid: int | None = None
    """The number of the process, once there is one."""

    def start(self) -> None:
        """Start it, at a cost of 1 ms, if there is a core for it and a way to share a pipe."""
        if self.pid is None and is_possible():
            with suppress(OSError):
                self.start_as(forks=sys.platform == "linux")

    def start_as(self, *, forks: bool) -> None:
        """Start it in one of two ways.

        Args:
            forks: whether it is a copy of this process, which takes 60 ms less to be ready than one of its own;
                elsewhere than on Linux, libraries of the system do not bear being copied.

        Raises:
            OSError: the system has no process, pipe or file to give.
        """
        # A file, not a pipe: a job may be larger than what a pipe holds while nobody reads.
        self._job = _nameless_file()
        self._end = (_JOB + 1) * _PLACE_BYTES
        self._queue, self._fill = os.pipe()
        read, write = os.pipe()
        self._results = open(read, "rb")  # noqa: SIM115 - open until the companion is dismissed
        shared = (self._queue, self._job.fileno(), write)
        self._offered = 0
        self._first_taken: float | None = None
        self.pid = in_a_copy(lambda: serve(*shared), shared) if forks else _spawned(*shared)
        os.close(write)

    def share(
        self,
        waiting: Sequence[Source],
        surveyor: Surveyor,
        cache_folder: Path | None,
        observe: Callable[[int], None],
    ) -> Iterator[tuple[Source, Outcome]]:
        """Count sources together; yield what comes of each, in any order.

        Args:
            waiting: the sources.
            surveyor: counts here, and says how to count there.
            cache_folder: where counts of earlier runs are; none: they are not used.
            observe: told how many are done or in hand.
        """
        both = [one for one in waiting if not one.named]
        if both:
            self.start()
        # What is named may be a pipe that only this process holds.
        here = [one for one in waiting if one.named or self.pid is None]
        for done, source in enumerate(here, 1):
            yield source, surveyor.count(source)
            observe(done)
        if len(here) == len(waiting):
            return
        folder = cache_folder and str(cache_folder)
        if self._put(_JOB, (surveyor.manner, [(one.name, one.path) for one in both], folder)):
            yield from self._shared(both, surveyor, lambda done: observe(len(here) + done))
        else:
            yield from ((source, surveyor.count(source)) for source in both)

    def _shared(
        self, both: list[Source], surveyor: Surveyor, observe: Callable[[int], None]
    ) -> Iterator[tuple[Source, Outcome]]:
        """Count with the other process what it was told of."""
        batches = _divided(both)
        ahead = self._read_ahead(batches, surveyor) if len(both) < _MANY_SOURCES else {}
        self._offer(_BATCHES - len(ahead))
        left = dict(enumerate(batches))
        if len(both) < _MANY_SOURCES:
            self._wait_until_worth_joining()
        for number, batch in enumerate(batches):
            if not os.read(self._queue, 1):
                break
            observe(len(both) * (_BATCHES - self._batches_left()) // _BATCHES)
            yield from ((source, surveyor.count(source)) for source in batch)
            del left[number]
        for number, counted in self._delivered() if left else ():
            noted = ahead.get(number) or [None] * len(batches[number])
            for source, known, outcome in zip(left.pop(number), noted, counted, strict=True):
                yield source, known.outcome(outcome) if known else surveyor.unpacked(source, outcome)
        for batch in left.values():  # the other process has died over these, or was never there
            for source in batch:
                yield source, surveyor.count(source)

    def _put(self, number: int, part: Any) -> bool:
        """Write a part of what the other process is to know; return whether there is room for it."""
        raw = marshal.dumps(part)
        place = self._end.to_bytes(8, "big") + len(raw).to_bytes(8, "big")
        try:
            for at, written in ((self._end, raw), (number * _PLACE_BYTES, place)):
                if os.pwrite(self._job.fileno(), written, at) < len(written):
                    return False
        except OSError:
            return False
        self._end += len(raw)
        return True

    def _offer(self, batches: int) -> None:
        """Let so many more batches be taken; after the last, no more will come."""
        os.write(self._fill, bytes(batches))
        self._offered += batches
        if self._offered == _BATCHES:
            os.close(self._fill)

    def _read_ahead(self, batches: Sequence[Sequence[Source]], surveyor: Surveyor) -> dict[int, list[Noted | None]]:
        """Read batches for the other process, until that is enough or it has nothing to do; return what is known."""
        ahead: dict[int, list[Noted | None]] = {}
        enough = self._end + _AHEAD_BYTES
        for number in range(_BATCHES - 1, 0, -1):
            if self._end > enough or (ahead and not self._batches_left()):
                break
            noted = [surveyor.note(source) for source in batches[number]]
            if not self._put(number, [one and one.texts for one in noted]):
                break
            self._offer(1)
            ahead[number] = noted
        return ahead

    def _wait_until_worth_joining(self) -> None:
        """Wait while the other process is expected to be done sooner than this one has loaded its vocabulary."""
        asked = time.monotonic()
        while (left := self._batches_left()) and not select.select([self._results], [], [], _GLANCE_SECONDS)[0]:
            now = time.monotonic()
            taken = _BATCHES - left
            spent = now - (self._first_taken or now)
            if spent * left > _WORTH_JOINING_SECONDS * taken and now - asked > _WORTH_JOINING_SECONDS / 2:
                return

    def _batches_left(self) -> int:
        """Return how many batches are offered and not taken."""
        import fcntl
        import termios

        left = int.from_bytes(fcntl.ioctl(self._queue, termios.FIONREAD, bytes(4)), sys.byteorder)
        if self._first_taken is None and left < self._offered:
            self._first_taken = time.monotonic()
        return left

    def _delivered(self) -> list[tuple[int, list[Any]]]:
        """Return the batches that were counted there, with their numbers."""
        try:
            return list(marshal.loads(self._results.read()))  # noqa: S302 - from a process of our own
        except (EOFError, ValueError, TypeError):
            return []

    def dismiss(self) -> None:
        """End it, whatever it does."""
        if self.pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        if self._offered < _BATCHES:
            os.close(self._fill)
        self._results.close()
        self._job.close()
        os.close(self._queue)


def _nameless_file() -> IO[bytes]:
    """Return a file that is gone when nobody has it open."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("gpt41calc"), "w+b", buffering=0)
    import tempfile

    return tempfile.TemporaryFile()


def _spawned(*shared: int) -> int:
    """Start a process of its own that serves, and return its number."""
    program = "import sys; from gpt41calc.companion import serve; serve(*map(int, sys.argv[1:]))"
    for descriptor in shared:
        os.set_inheritable(descriptor, True)  # noqa: FBT003 - it takes no names
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-P", "-c", program, *map(str, shared)],
        {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        file_actions=[(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)],
    )


def serve(queue: int, job: int, results: int) -> None:
    """Count beside the process that started this one.

    Args:
        queue: descriptor from which a byte is read for every batch, until there is none.
        job: descriptor of the file that holds what there is to know, once there is a first byte.
        results: descriptor to which everything is written when there is no batch left.
    """
    from .sources.nouns import Rules, Source
    from .surveyor import Surveyor
    from .tokenizer.engines import settled_counter, tokenizer
    from .tokenizer.vocabulary import DEFAULT_ENCODING

    tokenizer(DEFAULT_ENCODING, short=False).count(b"loads the vocabulary")
    if not os.read(queue, 1):
        return
    (encodings, rules), sources, cache_folder = _part(job, _JOB)
    recall = _recall_content(cache_folder) if cache_folder else None
    counters = {name: settled_counter(name) for name in encodings}
    surveyor = Surveyor({name: tokenizer(name, short=False) for name in encodings}, Rules(*rules), recall)
    batches = _divided([Source(name, path, named=False) for name, path in sources])
    done = []
    parent = os.getppid()
    for number, batch in reversed(list(enumerate(batches))):
        texts = _part(job, number) or [None] * len(batch)
        outcomes = [
            surveyor.count(source).packed()
            if read is None
            else {name: sum(map(count, read)) for name, count in counters.items()}
            for source, read in zip(batch, texts, strict=True)
        ]
        done.append((number, outcomes))
        if os.getppid() != parent or not os.read(queue, 1):
            break
    with open(results, "wb") as file:
        marshal.dump(done, file)


def _part(file: int, number: int) -> Any:
    """Return a part of what there is to know; none: it was not written."""
    # Read at places of its own: a copy of a process shares the position in a file with it.
    place = os.pread(file, _PLACE_BYTES, number * _PLACE_BYTES)
    start, size = int.from_bytes(place[:8], "big"), int.from_bytes(place[8:], "big")
    return marshal.loads(os.pread(file, size, start)) if size else None  # noqa: S302 - from who started this


def _divided(sources: list[Source]) -> list[list[Source]]:
    """Divide sources into batches, the same on both sides."""
    bounds = [len(sources) * number // _BATCHES for number in range(_BATCHES + 1)]
    return [sources[start:end] for start, end in pairwise(bounds)]


def _recall_content(folder: str) -> RecallContent:
    from .tokenizer.cache import CountCache

    return CountCache(Path(folder), lambda _warning: None).recall_content


def is_possible() -> bool:
    """Say whether there is a core for a companion, and a way to share a pipe."""
    return sys.platform != "win32" and not getattr(sys, "frozen", False) and bool(sys.executable) and are_possible()
