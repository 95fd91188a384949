"""The files of a dataset: what they are, and how long."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..errors import NoSuchPath, UsageError
from .arrow import pa, require
from .stores import how_to_reach, open_store, shown, why
from .tables import table_files, table_kind

__all__ = ["DataFile", "Format", "find_files"]

Format = Literal["parquet", "jsonl", "csv", "lines", "documents"]
"""How rows are stored: in columns, an object a line, with commas or tabs, a row a line, or a row a file."""

Compression = Literal["gz", "zst", "bz2"]

_FORMATS: dict[str, Format] = {
    "parquet": "parquet",
    "pq": "parquet",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "csv",
    "txt": "lines",
    "md": "documents",
}

_COMPRESSIONS: dict[str, Compression] = {"gz": "gz", "gzip": "gz", "zst": "zst", "zstd": "zst", "bz2": "bz2"}

_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a dataset."""

    url: str
    """Where it is: a path, or an address that ``open_store`` takes."""

    format: Format
    """How its rows are stored."""

    compression: Compression | None
    """How it is packed as a whole; None if it is not. Parquet packs its pages itself."""

    size: int
    """How long it is, in bytes, as it is stored."""

    @property
    def name(self) -> str:
        """How it is shown, without credentials."""
        return shown(self.url)

    @property
    def is_tabbed(self) -> bool:
        """Whether its cells are divided by tabs."""
        return _endings(self.url)[0] == "tsv"


def find_files(urls: Sequence[str], format: Format | None = None) -> list[DataFile]:  # noqa: A002 - the word of the option
    """Return the files of paths, folders, globs and URLs, in the order of their paths, each once.

    Args:
        urls: what was named.
        format: how rows are stored; if it is None, what the names end in says so.

    Raises:
        NoSuchPath: there is no such path.
        UsageError: a store refuses, a named file has an ending that is not known, or nothing was found.
    """
    found: dict[str, DataFile] = {}
    for url in urls:
        files = list(_of(url, format))
        if not files:
            message = f"{shown(url)}: no file of rows was found"
            raise UsageError(message, hint="known endings: " + ", ".join(f".{ending}" for ending in _FORMATS))
        found.update((file.url, file) for file in files)
    return sorted(found.values(), key=lambda file: file.url)


def _of(url: str, format_: Format | None) -> Iterator[DataFile]:
    exists_as_named = "://" not in url and os.path.lexists(url)
    # Behind the question mark of an address is no glob but an option of the store.
    address, mark, query = url.partition("?") if "://" in url else (url, "", "")
    if (first := _GLOB.search(address)) and not exists_as_named:
        folder = address[: address.rfind("/", 0, first.start()) + 1]
        base = folder or "./"
        pattern = re.compile(_translated(address[len(folder) :]))
        for path, size in _listed(base, mark + query):
            below = path.removeprefix(base)
            if pattern.fullmatch(below) and (file := _file(path + mark + query, size, format_)):
                yield file
        return
    info = _info(url)
    kinds = require("pyarrow.fs", "dataset", "read datasets").FileType
    if info.type == kinds.NotFound:
        message = f"{shown(url)} does not exist"
        raise NoSuchPath(message)
    if info.type == kinds.Directory and (kind := table_kind(url)):
        yield from (DataFile(path, "parquet", None, size) for path, size in table_files(url, kind))
        return
    if info.type == kinds.Directory:
        for path, size in _listed(address.rstrip("/") + "/", mark + query):
            if file := _file(path + mark + query, size, format_):
                yield file
        return
    file = _file(url, info.size or 0, format_)
    if file is None:
        message = f"{shown(url)}: how rows are stored in it is not known"
        raise UsageError(message, hint=f"say so with --rows: {', '.join(get_args(Format))}")
    yield file


def _info(url: str) -> Any:
    store, path = open_store(url)
    try:
        return store.get_file_info(path)
    except (OSError, ValueError, pa().ArrowException) as error:
        message = f"{shown(url)}: {why(error)}"
        raise UsageError(message, hint=how_to_reach(url)) from error


def _listed(base: str, query: str) -> Iterator[tuple[str, int]]:
    """Yield the files below a folder with their sizes; what begins with a dot or an underscore is no data."""
    store, path = open_store(base + query)
    fs = require("pyarrow.fs", "dataset", "read datasets")
    root = path.rstrip("/")
    try:
        infos = store.get_file_info(fs.FileSelector(root or "/", recursive=True))
    except (OSError, ValueError, pa().ArrowException) as error:
        if isinstance(error, FileNotFoundError):
            message = f"{shown(base)} does not exist"
            raise NoSuchPath(message) from error
        message = f"{shown(base)}: {why(error)}"
        raise UsageError(message, hint=how_to_reach(base)) from error
    prefix = "" if base == "./" else base
    for info in infos:
        below = info.path[len(root) :].lstrip("/")
        if info.is_file and not any(step.startswith((".", "_")) for step in below.split("/")):
            yield prefix + below, info.size


def _file(url: str, size: int, format_: Format | None) -> DataFile | None:
    kind, compression = _endings(url)
    chosen = format_ or _FORMATS.get(kind)
    return DataFile(url, chosen, None if chosen == "parquet" else compression, size) if chosen else None


def _endings(url: str) -> tuple[str, Compression | None]:
    """Return what a name ends in before its compression, and the compression.

    >>> _endings("s3://bucket/rows.JSONL.gz"), _endings("rows/a.parquet")
    (('jsonl', 'gz'), ('parquet', None))
    """
    name = shown(url).rpartition("/")[2].lower()
    compression = _COMPRESSIONS.get(name.rpartition(".")[2])
    if compression:
        name = name.rpartition(".")[0]
    return name.rpartition(".")[2], compression


def _translated(pattern: str) -> str:
    """Return a glob as a pattern: ``*`` stays within a folder, ``**/`` goes through folders.

    >>> [bool(re.fullmatch(_translated(pattern), "a/b/c.jsonl")) for pattern in ("**/*.jsonl", "*.jsonl")]
    [True, False]
    """
    translated = "".join(
        "(?:[^/]+/)*" if part == "**/" else "[^/]*" if part == "*" else fnmatch.translate(part)[4:-3]
        for part in re.split(r"(\*\*/|\*)", pattern)
        if part
    )
    return f"(?s:{translated})"
