"""Which requests a batch takes in one file, and which it does not take at all."""

from __future__ import annotations

from dataclasses import dataclass

from ...pricing.limits_schema import BatchLimits
from ...pricing.schema import Model
from ...requests.batch_lines import RequestLine

__all__ = ["Filling", "file_kind", "refusal_of_form"]

_VENDORS = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}
"""Vendors with a batch mode, as they are written."""


def file_kind(line: RequestLine) -> str:
    """Return what is equal for requests that may be in one file.

    A file of OpenAI's has one model and one endpoint, that of the batch (https://platform.openai.com/docs/guides/batch);
    requests in Anthropic's batch have any models; Google names the model beside the file.
    """
    if line.form in {"anthropic", "google"}:
        return line.form
    return f"{line.url or line.request.endpoint} {line.request.model}"


def refusal_of_form(line: RequestLine, named: Model | None) -> str | None:
    """Return why a batch would refuse the form of a line. None if it would not, or if it is a mere body.

    Args:
        line: the line.
        named: the model that the line itself names. None if it names none that is known.
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
    """Fills batch files within the limits, one after the other for each kind of requests."""

    def __init__(self, limits: BatchLimits) -> None:
        """Begin with no file."""
        self._limits = limits
        self._open: dict[str, _File] = {}
        self.files = 0
        """How many files have been begun."""

    def takes(self, size: int) -> bool:
        """Say whether any file takes a line of so many bytes, its ending included."""
        return size <= self._limits.file_bytes

    def add(self, size: int, kind: str = "") -> int:
        """Return the number of the file, from 1, that a line goes into.

        Args:
            size: how many bytes the line has.
            kind: lines of another kind go into other files.

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
