"""What is counted at once: row groups of Parquet, ranges of lines, whole files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b

from .arrow import pa, require
from .files import DataFile
from .stores import open_store, why

__all__ = ["Part", "Unit", "Unreadable", "divide", "largest_undivided", "pack"]

_RANGE_BYTES = 1 << 20
"""A sample reads so much of a file of lines at a place."""

UNIT_BYTES = 128 << 20
"""About so much is one job of a worker: 1,000 workers then ask for 1,000 jobs a second."""

_FEWEST_UNITS = 32
"""A small dataset has smaller units, so that all workers end at about the same time."""

_LEAST_UNIT_BYTES = 8 << 20

_FOOTERS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file."""

    file: DataFile
    """The file."""

    groups: tuple[int, ...] = ()
    """Numbers of row groups, of Parquet."""

    start: int = 0
    """First byte of a range of lines."""

    end: int | None = None
    """The byte behind it; if it is None, to the end of the file."""

    size: int = 0
    """Bytes, as they weigh in a sample: of the columns that are read, unpacked; or of the range."""

    rows: int | None = None
    """Number of rows. None if the file does not state it."""

    @property
    def name(self) -> str:
        """How it is shown."""
        if self.groups:
            first, last = self.groups[0], self.groups[-1]
            return f"{self.file.name} row group {first}" + (f" to {last}" if last > first else "")
        return self.file.name if not self.start and self.end is None else f"{self.file.name} from byte {self.start:,}"


@dataclass(frozen=True, slots=True)
class Unit:
    """What one worker counts at once."""

    parts: tuple[Part, ...]
    """At least one."""

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)

    @property
    def key(self) -> str:
        """A name that no other unit has, and that is the same in the next run."""
        identity = repr([(part.file.url, part.file.size, part.groups, part.start, part.end) for part in self.parts])
        return blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of which nothing can be read."""

    file: DataFile
    """The file."""

    reason: str
    """Why not."""


def divide(files: Sequence[DataFile], columns: Sequence[str] | None) -> Iterator[Part | Unreadable]:
    """Yield the smallest parts of files that can be read by themselves, in the order of the files.

    Args:
        files: the files.
        columns: which columns of Parquet are read; if it is None, all.
    """
    with ThreadPoolExecutor(_FOOTERS_AT_ONCE) as threads:
        for parts in threads.map(lambda file: _parts(file, columns), files):
            yield from parts


def _parts(file: DataFile, columns: Sequence[str] | None) -> list[Part | Unreadable]:
    if file.format == "parquet":
        return _row_groups(file, columns)
    if file.format in {"jsonl", "lines"} and file.compression is None and file.size > _RANGE_BYTES:
        starts = range(0, file.size, _RANGE_BYTES)
        ends = [min(start + _RANGE_BYTES, file.size) for start in starts]
        return [Part(file, start=start, end=end, size=end - start) for start, end in zip(starts, ends, strict=True)]
    return [Part(file, size=file.size, rows=1 if file.format == "documents" else None)]


def _row_groups(file: DataFile, columns: Sequence[str] | None) -> list[Part | Unreadable]:
    parquet = require("pyarrow.parquet", "dataset", "read datasets")
    try:
        store, path = open_store(file.url)
        with store.open_input_file(path) as stream:
            footer = parquet.read_metadata(stream)
    except (OSError, ValueError, pa().ArrowException) as error:
        return [Unreadable(file, why(error))]
    parts: list[Part | Unreadable] = []
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        chunks = [group.column(at) for at in range(group.num_columns)]
        read = [one for one in chunks if columns is None or one.path_in_schema.split(".")[0] in columns] or chunks
        size = sum(one.total_uncompressed_size for one in read)
        parts.append(Part(file, groups=(number,), size=max(1, size), rows=group.num_rows))
    return parts


def largest_undivided(parts: Sequence[Part]) -> Part | None:
    """Return the largest file that one worker has to read alone, from its beginning. None if none takes it long."""
    alone = [part for part in parts if not part.groups and part.end is None and part.size > _LONG_BYTES]
    return max(alone, key=lambda part: part.size, default=None)


_LONG_BYTES = 512 << 20
"""So much of a packed file takes a worker about 20 s."""


def pack(parts: Sequence[Part]) -> list[Unit]:
    """Return units of about a size: neighbours of a file together, small files together, the largest unit first.

    They depend on nothing but the parts, so that a checkpoint is of use to another engine or number of workers.
    """
    unit_bytes = max(_LEAST_UNIT_BYTES, min(UNIT_BYTES, sum(part.size for part in parts) // _FEWEST_UNITS))
    units: list[Unit] = []
    held: list[Part] = []
    size = 0
    for part in parts:
        if held and size + part.size > unit_bytes:
            units.append(Unit(tuple(held)))
            held, size = [], 0
        if held and _joins(held[-1], part):
            held[-1] = _joined(held[-1], part)
        else:
            held.append(part)
        size += part.size
    if held:
        units.append(Unit(tuple(held)))
    return sorted(units, key=lambda unit: -unit.size)


def _joins(before: Part, part: Part) -> bool:
    if before.file != part.file:
        return False
    return bool(part.groups) or (before.end is not None and before.end == part.start)


def _joined(before: Part, part: Part) -> Part:
    rows = None if before.rows is None or part.rows is None else before.rows + part.rows
    return Part(before.file, before.groups + part.groups, before.start, part.end, before.size + part.size, rows)
