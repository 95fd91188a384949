"""One run of the program as a value that can be kept in a file."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

__all__ = ["Case"]


@dataclass(frozen=True)
class Case:
    """What one run is given."""

    words: tuple[bytes, ...]
    """The command line without the name of the program."""

    files: Mapping[bytes, bytes] = field(default_factory=dict)
    """Content by relative path; a path that ends with a slash is an empty folder."""

    stdin: bytes = b""
    """Standard input, a pipe."""

    environ: Mapping[str, str] = field(default_factory=dict)
    """Environment variables on top of the ones that every run gets."""

    repository: bool = False
    """Whether the folder is a git repository with two commits, and the files are changes to it."""

    counts: bool = False
    """Whether the files under ``in/`` and standard input are also counted in every way and compared with tiktoken."""

    @property
    def size(self) -> int:
        """How many bytes of input it has."""
        return len(self.stdin) + sum(map(len, self.files.values()))

    def to_json(self) -> str:
        """Return it as a document, with bytes in base64 beside a readable form."""
        document = {
            "command": [word.decode(errors="backslashreplace") for word in self.words],
            "words": [_encoded(word) for word in self.words],
            "files": {_encoded(name): _encoded(content) for name, content in self.files.items()},
            "stdin": _encoded(self.stdin),
            "environ": dict(self.environ),
            "repository": self.repository,
            "counts": self.counts,
        }
        return json.dumps(document, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Case:
        """Return the case that a document describes."""
        document: dict[str, Any] = json.loads(text)
        return cls(
            words=tuple(map(_decoded, document["words"])),
            files={_decoded(name): _decoded(content) for name, content in document["files"].items()},
            stdin=_decoded(document["stdin"]),
            environ=document["environ"],
            repository=document["repository"],
            counts=document["counts"],
        )

    def keep(self, folder: Path, target: str) -> Path:
        """Write it to a folder of seeds, under a name that its content decides."""
        text = self.to_json()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{target}-{sha256(text.encode()).hexdigest()[:12]}.json"
        path.write_text(text, encoding="utf-8")
        return path


def _encoded(raw: bytes) -> str:
    """Return printable ASCII as it is, anything else in base64."""
    text = raw.decode("latin-1")
    if text.isascii() and text.isprintable() and not text.startswith("base64:"):
        return text
    return "base64:" + base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.removeprefix("base64:")) if text.startswith("base64:") else text.encode()
