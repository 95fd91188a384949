"""The pieces of Claude's tokenizers, as reconstructed by the package ``ctok``, and the token count of marked text.

``ctok`` writes a text as a stream in which word borders and capitals are separate marks, and covers the stream with as
few pieces of its vocabulary as possible. Loading its own index takes 0.35 s; reading only the names of the pieces takes
0.05 s, and counting needs nothing else.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache, cached_property
from importlib.machinery import PathFinder
from pathlib import Path

from ..errors import VocabularyError
from .claude_pieces import read_pieces

__all__ = [
    "CAPS",
    "FAMILIES",
    "SHIFT",
    "WORD_END",
    "WORD_START",
    "Pieces",
    "ctok_folder",
    "ctok_version",
    "identity_of",
]

WORD_START, WORD_END, SHIFT, CAPS = "\ufdd0", "\ufdd1", "\ufdd3", "\ufdd4"
"""The marks of a stream, as in ``ctok.constants``."""

FAMILIES = {"claude-3": "pieces_v3.json", "claude-4.7": "pieces_v4_7.json", "claude-4.8": "pieces_v4_7.json"}
"""The vocabulary files of ``ctok``, by encoding."""

_SUPPORTED = re.compile(r"1\.(?:[3-9]|\d\d+)(?:\.|$)")
"""Versions of ``ctok`` that count like 1.3, the version in ``pyproject.toml``."""


@cache
def ctok_folder() -> Path | None:
    """Return the folder of the installed package ``ctok``, without importing it; None if it is missing or disabled."""
    if os.environ.get("GPT41CALC_CLAUDE") == "ratio":  # so that a report does not depend on installed packages
        return None
    spec = PathFinder.find_spec("ctok")
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def ctok_version() -> str | None:
    """Return the version of ``ctok`` if it is installed and counts as this module expects, else None."""
    folder = ctok_folder()
    if folder is None:
        return None
    # importlib.metadata would take 20 ms to import.
    found = [path.name.split("-")[1].removesuffix(".dist-info") for path in folder.parent.glob("ctok-*.dist-info")]
    return found[0] if len(found) == 1 and _SUPPORTED.match(found[0]) else None


def identity_of(encoding: str) -> str:
    """Return the identity of a count: the encoding and the version of ``ctok`` whose rules it follows."""
    return f"{encoding}:ctok-{ctok_version()}"


class Pieces:
    """One vocabulary: the substrings of a marked stream that are one token."""

    def __init__(self, encoding: str) -> None:
        """Take the encoding; its file is read at the first count.

        Args:
            encoding: a key of ``FAMILIES``.
        """
        self._encoding = encoding
        self._costs: dict[str, int] = {}

    def cost(self, stream: str) -> int:
        """Return the tokens of a section of a stream; no piece may cross its start or end.

        Args:
            stream: marked text.
        """
        known = self._costs.get(stream)
        if known is None:
            known = self._costs[stream] = 1 if stream in self._names else self._cover(stream)
        return known

    def _cover(self, stream: str) -> int:
        """Return the fewest pieces that cover a section; a character in no piece is split into bytes."""
        if len(stream) > _LONG:
            if len(set(stream)) == 1 and len(stream) > self._longest**2:
                return self._cover_repeated(stream)
            lengths = self._lengths
        else:  # is searched faster than the lengths are found
            lengths = None
        names, best = self._names, [0]
        for end in range(1, len(stream) + 1):
            fewest = best[end - 1] + self._character(stream[end - 1])
            some = range(2, end + 1) if lengths is None else lengths.get(stream[max(0, end - 2) : end], ())
            for length in some:
                if length <= end and best[end - length] + 1 < fewest and stream[end - length : end] in names:
                    fewest = best[end - length] + 1
            best.append(fewest)
        return best[-1]

    def _cover_repeated(self, stream: str) -> int:
        """Return the same for a run of one repeated character, which may be a million blanks long.

        Fewer shorter pieces are used than the longest piece has characters: any more would contain some that add up to
        a multiple of the longest piece, which takes no more tokens. So every longer run begins with the longest piece.
        """
        longest = max(
            (length for length in self._lengths.get(stream[:2], ()) if stream[:length] in self._names), default=1
        )
        spared = max(0, -(-(len(stream) - longest**2) // longest))
        return spared * (1 if longest > 1 else self._character(stream[0])) + self.cost(stream[spared * longest :])

    def _character(self, character: str) -> int:
        if character in self._names:
            return 1
        raw = _ESCAPED.get(character, character).encode()
        best = [0]
        for end in range(1, len(raw) + 1):
            best.append(
                1 + min(best[start] for start in range(end) if start == end - 1 or raw[start:end] in self._prefixes)
            )
        return best[-1]

    @cached_property
    def _names(self) -> frozenset[str]:
        return self._read[0]

    @cached_property
    def _prefixes(self) -> frozenset[bytes]:
        """Pieces that are the first UTF-8 bytes of a character, and whole characters."""
        single = {name.encode() for name in self._names if len(name) == 1 and name not in _ESCAPED.values()}
        return self._read[1] | single

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._names))

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """Lengths of pieces with two and more characters, by their last two characters."""
        found: dict[str, set[int]] = {}
        for name in self._names:
            if len(name) > 1:
                found.setdefault(name[-2:], set()).add(len(name))
        return {ending: sorted(lengths) for ending, lengths in found.items()}

    @cached_property
    def _read(self) -> tuple[frozenset[str], frozenset[bytes]]:
        folder = ctok_folder()
        path = (folder or Path()) / "data" / FAMILIES[self._encoding]
        try:
            return read_pieces(path, ctok_version() or "", _names_in)
        except OSError as error:
            message = f"no vocabulary for {self._encoding}: {path}: {error.strerror}"
            raise VocabularyError(message, hint="install it again with 'pip install --force-reinstall ctok'") from error


_LONG = 48
"""Sections longer than this are covered by the lengths of pieces with the same ending."""

_ESCAPED = {chr(0xE000 + at): mark for at, mark in enumerate((WORD_START, WORD_END, "\ufdd2", SHIFT, CAPS))}
"""What ``ctok`` writes if the text itself contains one of the marks."""

_MARKS = (("⟨bow⟩", WORD_START), ("⟨eow⟩", WORD_END), ("⟨shift⟩", SHIFT), ("⟨caps⟩", CAPS))


def _names_in(text: str) -> tuple[frozenset[str], frozenset[bytes]]:
    """Return the pieces in a vocabulary file, and the pieces that are parts of characters."""
    groups: dict[str, dict[str, object]] = json.loads(text)["tokens"]
    prefixes = frozenset(bytes.fromhex(prefix) for prefix in groups.pop("bytes_fallback"))
    names = "\0".join(name for group in groups.values() for name in group)
    for written, mark in _MARKS:
        names = names.replace(written, mark)
    names = _ESCAPED_BYTES.sub(lambda run: bytes.fromhex(_NO_HEX.sub("", run[0])).decode(), names)
    glued = (suffix + WORD_END for suffix in groups["contractions"])
    return frozenset(names.split("\0")).union(glued), prefixes


_ESCAPED_BYTES = re.compile("(?:⟨0x[0-9A-Fa-f]{2}⟩)+")
_NO_HEX = re.compile("[⟨⟩]|0x")
