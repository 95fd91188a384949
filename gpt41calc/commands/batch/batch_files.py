"""Rules for batch files: which requests can share a file, and which are refused."""

from __future__ import annotations

from dataclasses import dataclass

from ...pricing.limits_schema import BatchLimits
from ...pricing.schema import Model
from ...requests.batch_lines import RequestLine

__all__ = ["Filling", "file_kind", "refusal_of_form"]

_VENDORS = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}
"""Vendors with a batch API, as shown in reports."""


def file_kind(line: RequestLine) -> str:
    """Return a key that is equal for requests that may share a file.

    A file of OpenAI's has one model and one endpoint, that of the batch (https://platform.openai.com/docs/guides/batch);
    requests in Anthropic's batch have any models; Google names the model beside the file.
    """
    if line.form in {"anthropic", "google"}:
        return line.form
    return f"{line.url or line.request.endpoint} {line.request.model}"


def refusal_of_form(line: RequestLine, named: Model | None) -> str | None:
    """Return why a batch API would refuse the form of a line. None if it would not, or for a plain body.

    Args:
        line: the line.
        named: the model named in the line. None if it names no known model.
    """
    if line.form == "body":
        return None
    if named is not None and named.provider in _VENDORS and named.provider != line.form:
        return f"written for {_VENDORS[line.form]}'s batches, and {named.name} is {_VENDORS[named.provider]}'s"
    if line.form == "openai" and not line.has_method:
        return "no method: a batch takes POST alone, and it has to be there"
    if line.form == "openai" and not line.url:
        return "no url: it has to be that of the batch"
    return None


@dataclass(slots=True)
class _File:
    """A file that is being filled."""

    number: int
    requests: int = 0
    bytes: int = 0


class Filling:
    """Assigns lines to batch files within the limits, separately for each kind of request."""

    def __init__(self, limits: BatchLimits) -> None:
        """Start without a file."""
        self._limits = limits
        self._open: dict[str, _File] = {}
        self.files = 0
        """Number of files begun so far."""

    def takes(self, size: int) -> bool:
        """Return whether a file accepts a line of this length in bytes, line end included."""
        return size <= self._limits.file_bytes

    def add(self, size: int, kind: str = "") -> int:
        """Return the number of the file, from 1, to which a line is assigned.

        Args:
            size: length of the line in bytes.
            kind: kind of the line; each kind has files of its own.

        >>> from gpt41calc.pricing.rate_limits import load_limits
        >>> filling = Filling(load_limits().table.batch)
        >>> [filling.add(90_000_000, kind) for kind in "aaba"]
        [1, 1, 2, 3]
        """
        file = self._open.get(kind)
        if file is None or file.requests >= self._limits.requests or file.bytes + size > self._limits.file_bytes:
            self.files += 1
            file = self._open[kind] = _File(self.files)
        file.requests += 1
        file.bytes += size
        return file.number
