"""Tables of Delta and Iceberg: which of the files in their folder hold the rows that the table has now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from ..errors import MissingExtra, UsageError
from .arrow import pa, require
from .stores import open_store, shown, why

__all__ = ["TableKind", "table_files", "table_kind"]

TableKind = Literal["delta", "iceberg"]

_SPARK = "count it from a Spark job with its catalog: gpt41calc.dataset.tally_batches, see the guide on datasets"

_UNREAD = frozenset({"deletionVectors", "columnMapping"})
"""Features by which files hold other rows or names than the table."""

_VERSION = re.compile(r"/v?(\d+)[^/]*\.metadata\.json$")


def table_kind(url: str) -> TableKind | None:
    """Return what a folder is a table of. None if it is a folder of files.

    The files of a table are not to be read without its log: among them are those of earlier versions.
    """
    store, path = open_store(url)
    kinds = require("pyarrow.fs", "dataset", "read datasets").FileType
    root = path.rstrip("/")
    log, metadata = store.get_file_info([f"{root}/_delta_log", f"{root}/metadata"])
    if log.type == kinds.Directory:
        return "delta"
    return "iceberg" if metadata.type == kinds.Directory and _metadata_files(url) else None


def table_files(url: str, kind: TableKind) -> Iterator[tuple[str, int]]:
    """Yield address and size of the files of a table's present version.

    Raises:
        MissingExtra: the package that reads its log is not installed.
        UsageError: the log cannot be read, names a file outside the folder, or rows of the files are deleted elsewhere.
    """
    try:
        for address, size in _delta(url) if kind == "delta" else _iceberg(url):
            _require_inside(url, address)
            yield address, size
    except (UsageError, MissingExtra):
        raise
    except Exception as error:  # these packages have errors of their own, without a common base
        message = f"{shown(url)}: {why(error)}"
        raise UsageError(message, hint=_SPARK) from error


def _require_inside(url: str, address: str) -> None:
    """Refuse a file that is not below the folder of its table: the log comes with the data, and could name any file.

    Raises:
        UsageError: it is elsewhere.
    """
    (_, root), (_, path) = open_store(url), open_store(address)
    if not path.startswith(f"{root.rstrip('/')}/") or ".." in path.split("/"):
        message = f"{shown(url)}: its log names a file outside its folder: {shown(address)}"
        raise UsageError(message, hint=_SPARK)


def _delta(url: str) -> Iterator[tuple[str, int]]:
    deltalake = _required("deltalake", "delta", f"read the Delta table {shown(url)}")
    store, path = open_store(url)
    table = deltalake.DeltaTable(url if "://" in url else path)
    unread = _UNREAD.intersection(table.protocol().reader_features or ())
    if unread:
        message = f"{shown(url)}: a Delta table with {' and '.join(sorted(unread))}, which its files alone do not show"
        raise UsageError(message, hint=_SPARK)
    uris = sorted(table.file_uris())
    paths = [open_store(uri)[1] for uri in uris]
    for uri, info in zip(uris, store.get_file_info(paths), strict=True):
        yield uri, info.size or 0


def _iceberg(url: str) -> Iterator[tuple[str, int]]:
    tables = _required("pyiceberg.table", "iceberg", f"read the Iceberg table {shown(url)}")
    newest = max(_metadata_files(url))[1]
    address = newest if "://" in url else f"file://{newest}"
    for task in tables.StaticTable.from_metadata(address).scan().plan_files():
        if task.delete_files or task.file.file_format.value.lower() != "parquet":
            message = f"{shown(url)}: an Iceberg table with deleted rows, or with files that are no Parquet"
            raise UsageError(message, hint=_SPARK)
        yield task.file.file_path.removeprefix("file://"), task.file.file_size_in_bytes


def _metadata_files(url: str) -> list[tuple[int, str]]:
    """Return number and address of every version of an Iceberg table."""
    store, path = open_store(url)
    fs = require("pyarrow.fs", "dataset", "read datasets")
    try:
        infos = store.get_file_info(fs.FileSelector(f"{path.rstrip('/')}/metadata"))
    except (OSError, ValueError, pa().ArrowException) as error:
        message = f"{shown(url)}: {why(error)}"
        raise UsageError(message) from error
    scheme = f"{url.partition('://')[0]}://" if "://" in url else ""
    return [(int(found[1]), scheme + found.string) for info in infos if (found := _VERSION.search(info.path))]


def _required(module: str, extra: str, purpose: str) -> Any:
    try:
        return require(module, extra, purpose)
    except MissingExtra as error:
        raise MissingExtra(str(error), hint=f"{error.hint}; or {_SPARK}") from error
