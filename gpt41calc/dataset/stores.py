"""Where datasets lie: folders of this machine, and the stores that pyarrow and fsspec reach."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any

from ..errors import MissingExtra, UsageError
from .arrow import pa, require

__all__ = ["open_store", "shown", "why"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@|\?[^\s]*")
_SECRETS = re.compile(r"(?i)((?:secret|session|access|token|key|password|signature)[\w-]*\s*[=:]\s*)[^\s,;&'\"]+")

_ARROWS_OWN = frozenset({"s3", "gs", "gcs", "hdfs", "viewfs", "file"})

_MOST_REASON = 300


def shown(url: str) -> str:
    """Return a URL as it may be printed: without a user's name, password or query.

    >>> shown("s3://KEY:SECRET@bucket/rows?region=eu-west-1"), shown("rows/a.parquet")
    ('s3://bucket/rows', 'rows/a.parquet')
    """
    return _CREDENTIALS.sub("", url) if _SCHEME.match(url) else url


def why(error: BaseException) -> str:
    """Return the sentence of an error on one line, without what may be a key."""
    text = " ".join(str(error).split()) or type(error).__name__
    return _SECRETS.sub(r"\1***", _CREDENTIALS.sub("", text))[:_MOST_REASON]


@cache
def open_store(url: str) -> tuple[Any, str]:
    """Return the file system of a path or URL, and the path within it.

    Credentials are found as every tool finds them: in the environment, in the files of the vendor's tools, or in the
    URL itself.

    Raises:
        UsageError: the scheme is not known, the store cannot be reached, or it refuses.
        MissingExtra: what reaches it is not installed.
    """
    arrow_fs = require("pyarrow.fs", "dataset", "read datasets")
    scheme = _SCHEME.match(url)
    if scheme is None:
        return arrow_fs.LocalFileSystem(), os.path.abspath(url)
    try:
        if scheme[1].lower() in _ARROWS_OWN:
            found: tuple[Any, str] = arrow_fs.FileSystem.from_uri(url.replace("gcs://", "gs://", 1))
            return found
        fsspec = require("fsspec", "dataset", f"read {scheme[1]}:// addresses")
        remote, path = fsspec.core.url_to_fs(url)
        return arrow_fs.PyFileSystem(arrow_fs.FSSpecHandler(remote)), path
    except MissingExtra:
        raise
    except ImportError as error:
        message = f"{shown(url)}: {why(error)}"
        raise MissingExtra(message, hint="install the package that the message names") from error
    except (OSError, ValueError, NotImplementedError, pa().ArrowException) as error:
        message = f"{shown(url)}: {why(error)}"
        raise UsageError(
            message, hint="known are paths, s3://, gs://, hdfs:// and what fsspec knows, as hf://"
        ) from error
