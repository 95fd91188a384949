"""Where datasets lie: folders of this machine, and the stores that pyarrow and fsspec reach."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any

from ..errors import MissingExtra, UsageError
from .arrow import pa, require

__all__ = ["how_to_reach", "open_store", "shown", "why"]

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
    text = " ".join(str(error).split()).partition(" error_info={")[0].partition(" dlopen(")[0] or type(error).__name__
    return _SECRETS.sub(r"\1***", _CREDENTIALS.sub("", text))[:_MOST_REASON]


def how_to_reach(url: str) -> str:
    """Return what a store needs before it answers, as a hint; nothing if it is this machine, or not known."""
    scheme = _SCHEME.match(url)
    return _NEEDS.get(scheme[1].lower(), "") if scheme else ""


_GCS = (
    "log in with 'gcloud auth application-default login', or name GOOGLE_APPLICATION_CREDENTIALS; "
    "what is public is read as gs://anonymous@BUCKET/…"
)
_HADOOP = "install Hadoop's client with Java, set HADOOP_HOME, and CLASSPATH to what 'hadoop classpath --glob' prints"

_NEEDS = {
    "s3": "credentials are those of AWS's tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws",
    "gs": _GCS,
    "gcs": _GCS,
    "hdfs": _HADOOP,
    "viewfs": _HADOOP,
    "hf": "what is not public needs HF_TOKEN, or 'hf auth login'",
}


def _patient(url: str) -> str:
    """Return an address as pyarrow takes it: Google's client would try for 15 minutes, and hear no Ctrl-C."""
    url = url.replace("gcs://", "gs://", 1)
    if not url.startswith("gs://") or "retry_limit_seconds=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}retry_limit_seconds={_GCS_SECONDS}"


_GCS_SECONDS = 20


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
            found: tuple[Any, str] = arrow_fs.FileSystem.from_uri(_patient(url))
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
        known = "known are paths, s3://, gs://, hdfs:// and what fsspec knows, as hf://"
        raise UsageError(message, hint=how_to_reach(url) or known) from error
