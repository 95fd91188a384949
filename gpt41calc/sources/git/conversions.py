"""Git's conversions between the work tree and stored objects: filters, line ends, encodings.

None of them is run here (a filter is a program that the repository names). Exact conversions are undone; for the
others, a note says that such a file cannot be compared.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import client
from .repository import Repository

__all__ = ["Conversion", "conversions"]

_NO_VALUE = {"", "unset", "unspecified"}
_IDENT = re.compile(rb"\$Id:[^$\n]*\$")


@dataclass(frozen=True, slots=True)
class Conversion:
    """The conversions that the attributes of a path define."""

    filter: str = ""
    """Name of the filter driver; empty if there is none."""

    ident: bool = False
    """Whether ``$Id$`` is expanded on checkout."""

    encoding: str = ""
    """Encoding in the work tree, if it differs from the stored one; empty if it does not."""

    writes_crlf: bool = False
    """Whether LF becomes CR LF on checkout."""

    @property
    def is_beyond_bytes(self) -> bool:
        """Whether the work tree differs from the stored content in more than line ends."""
        return bool(self.filter or self.ident or self.encoding)

    def undone(self, content: bytes) -> bytes | None:
        """Return the content that git would store for a file, ignoring filters; None if it is not known."""
        if self.encoding:
            try:
                content = content.decode(_python_name(self.encoding)).encode()
            except (LookupError, ValueError):
                return None
        if self.writes_crlf:
            content = content.replace(b"\r\n", b"\n")
        return _IDENT.sub(b"$Id$", content) if self.ident else content

    @property
    def reason(self) -> str:
        """Why a differing file cannot be compared with its stored content: a lower-case phrase."""
        through = (
            f"the filter {self.filter}"
            if self.filter
            else f"the conversion from {self.encoding}"
            if self.encoding
            else "the attribute ident"
        )
        return f"a file behind {through}, which cannot be compared by its bytes"


def conversions(repository: Repository, paths: Iterable[str]) -> Mapping[str, Conversion]:
    """Return the conversions of those paths that have any.

    Args:
        repository: the repository.
        paths: paths relative to the root.

    Raises:
        UsageError: git fails.
    """
    given = b"".join(os.fsencode(path) + b"\0" for path in paths)
    if not given:
        return {}
    output = client.answer(repository.root, "check-attr", "-a", "-z", "--stdin", given=given).stdout.split(b"\0")
    attributes: dict[bytes, dict[str, str]] = {}
    with client.parsed("check-attr"):
        for path, name, value in zip(output[0:-1:3], output[1:-1:3], output[2:-1:3], strict=True):
            attributes.setdefault(path, {})[name.decode()] = os.fsdecode(value)
    settings = _settings(repository)
    found = {os.fsdecode(path): _conversion(given_to_it, settings) for path, given_to_it in attributes.items()}
    if settings.get("core.autocrlf") == "true":
        found = {path: found.get(path, Conversion(writes_crlf=True)) for path in paths}
    return {path: one for path, one in found.items() if one != Conversion()}


def _settings(repository: Repository) -> Mapping[str, str]:
    """Return git's settings for line ends."""
    output = client.run(repository.root, "config", "-z", "--get-regexp", r"^core\.(autocrlf|eol)$").stdout
    lines = [line.decode("utf-8", "replace").partition("\n") for line in output.split(b"\0") if line]
    return {name.lower(): value.lower() if is_given else "true" for name, is_given, value in lines}


def _conversion(attributes: Mapping[str, str], settings: Mapping[str, str]) -> Conversion:
    filter_name, encoding = attributes.get("filter", ""), attributes.get("working-tree-encoding", "")
    return Conversion(
        filter="" if filter_name in {*_NO_VALUE, "set"} else filter_name,
        ident=attributes.get("ident") == "set",
        encoding="" if encoding in {*_NO_VALUE, "set"} or _is_utf_8(encoding) else encoding,
        writes_crlf=_writes_crlf(attributes, settings),
    )


def _writes_crlf(attributes: Mapping[str, str], settings: Mapping[str, str]) -> bool:
    """Return whether CR LF is written, as in git's convert.c; "crlf" is the old name of "text"."""
    text = attributes.get("text", attributes.get("crlf", ""))
    eol = "lf" if text == "input" else attributes.get("eol", "")
    if text == "unset" or eol == "lf":
        return False
    if eol == "crlf":
        return True
    autocrlf = settings.get("core.autocrlf", "")
    if autocrlf == "true" or text not in {"set", "auto"}:
        return autocrlf == "true"
    native = "crlf" if sys.platform == "win32" else "lf"
    core_eol = settings.get("core.eol", "native")
    return autocrlf != "input" and (native if core_eol == "native" else core_eol) == "crlf"


def _is_utf_8(encoding: str) -> bool:
    return encoding.upper() in {"UTF-8", "UTF8"}


def _python_name(encoding: str) -> str:
    """Return Python's name of an encoding; git's UTF-16LE-BOM has a byte order mark that is not stored."""
    name = encoding.upper()
    return name.removesuffix("LE-BOM").removesuffix("BE-BOM") if name.endswith("-BOM") else codecs.lookup(name).name
