"""The pieces of Claude's tokenizers, as the package ``ctok`` reconstructs them, and what a marked text costs in them.

``ctok`` writes a text as a stream in which the borders of words and their
capitals are marks of their own, and covers the stream with as few pieces of
its vocabulary as possible. Loading its own index takes 0.35 s; reading only
the names of the pieces takes 0.05 s, and only those are needed to count.
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
"""The marks of a stream, as ``ctok.constants`` has them."""

FAMILIES = {"claude-3": "pieces_v3.json", "claude-4.7": "pieces_v4_7.json", "claude-4.8": "pieces_v4_7.json"}
"""The files of ``ctok``, by encoding."""

_SUPPORTED = re.compile(r"1\.(?:[3-9]|\d\d+)(?:\.|$)")
"""The versions that count as 1.3 does, which ``pyproject.toml`` asks for."""


@cache
def ctok_folder() -> Path | None:
    """Return where the package ``ctok`` is installed, or None if it is not or is not to be used; it is not imported."""
    if os.environ.get("GPT41CALC_CLAUDE") == "ratio":  # so that a report does not depend on what is installed
        return None
    spec = PathFinder.find_spec("ctok")
    return Path(spec.origin).parent if spec and spec.origin else None


@cache
def ctok_version() -> str | None:
    """Return the version of ``ctok`` if it is installed and one that counts as this module expects, else None."""
    folder = ctok_folder()
    if folder is None:
        return None
    # importlib.metadata would take 20 ms to import.
    found = [path.name.split("-")[1].removesuffix(".dist-info") for path in folder.parent.glob("ctok-*.dist-info")]
    return found[0] if len(found) == 1 and _SUPPORTED.match(found[0]) else None


def identity_of(encoding: str) -> str:
    """Return what counts in an encoding are known by: its name, and the version of ``ctok`` whose rules it follows."""
    return f"{encoding}:ctok-{ctok_version()}"


class Pieces:
    """One vocabulary: which stretches of a marked stream are one token."""

    def __init__(self, encoding: str) -> None:
        """Take its path; it is read by the first question.

        Args:
            encoding: a key of ``FAMILIES``.
        """
        self._encoding = encoding
        self._costs: dict[str, int] = {}

    def cost(self, stream: str) -> int:
        """Return how many tokens a stretch of a stream takes that begins and ends where no piece goes on.

        Args:
            stream: marked text.
        """
        known = self._costs.get(stream)
        if known is None:
            known = self._costs[stream] = 1 if stream in self._names else self._cover(stream)
        return known

    def _cover(self, stream: str) -> int:
        """Return the fewest pieces that a stretch can be cut into; a character in no piece is cut into bytes."""
        if len(stream) > _LONG:
            if len(set(stream)) == 1 and len(stream) > self._longest**2:
                return self._cover_repeated(stream)
            lengths = self._lengths
        else:  # is looked through faster than the lengths are found
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
        """Return the same for one character again and again, which may be a million blanks.

        Of the pieces that are not the longest, fewer are used than the longest
        has characters: some of so many would add up to a multiple of the
        longest, which takes no more. So every longer run begins with it.
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
        """Beginnings of characters, in UTF-8, that are one token, and whole characters."""
        single = {name.encode() for name in self._names if len(name) == 1 and name not in _ESCAPED.values()}
        return self._read[1] | single

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._names))

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """How long pieces of two and more characters are, by their last two."""
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
"""Stretches beyond this are covered by the lengths that pieces with their ends have."""

_ESCAPED = {chr(0xE000 + at): mark for at, mark in enumerate((WORD_START, WORD_END, "\ufdd2", SHIFT, CAPS))}
"""What ``ctok`` writes where a text itself has one of the marks."""

_MARKS = (("⟨bow⟩", WORD_START), ("⟨eow⟩", WORD_END), ("⟨shift⟩", SHIFT), ("⟨caps⟩", CAPS))


def _names_in(text: str) -> tuple[frozenset[str], frozenset[bytes]]:
    """Return the pieces of a vocabulary file and its parts of characters."""
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
