"""Count a short text without loading a vocabulary: look the tokens up in its file.

Loading 200,000 ranks takes 0.25 to 0.4 s, which is more than all the rest of a
run on a prompt. Here the rank file is mapped into memory as it is, beside an
index of its lines, and only the lines that the text needs are ever read.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from binascii import a2b_base64, b2a_base64
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from ..errors import VocabularyError
from ..shipped import shipped_file
from .unsettled import is_unsettled
from .utf8 import as_utf8
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from regex import Pattern

    from .protocol import Tokenizer

__all__ = ["LookupEngine", "build_index"]

MAX_TEXT_BYTES = 64 << 10
"""Longest text that is worth it: 64 KiB take 20 ms, and all it saves is the loading."""

_MAX_PIECE_BYTES = 200
"""Longest piece that is merged here: the time grows with the square of its length."""

_SLOT = struct.Struct("<I")


class LookupEngine:
    """Counts short texts in place, and leaves everything else to a faster engine."""

    def __init__(self, vocabulary: Vocabulary, faster: Tokenizer) -> None:
        """Remember where to look; nothing is opened yet."""
        self._vocabulary = vocabulary
        self._faster = faster
        self._left = MAX_TEXT_BYTES
        self._known: dict[bytes, int] = {}

    @property
    def identity(self) -> str:
        """Encoding name and digest."""
        return self._vocabulary.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        raw = as_utf8(text)
        self._left -= len(raw)
        if self._left < 0 or is_unsettled(raw):
            return self._faster.count(raw)
        pieces = [piece.encode() for piece in self._pattern.findall(raw.decode())]
        if max(map(len, pieces), default=0) > _MAX_PIECE_BYTES:
            return self._faster.count(raw)
        return sum(map(self._count_piece, pieces))

    def _count_piece(self, piece: bytes) -> int:
        tokens = self._known.get(piece)
        if tokens is None:
            tokens = self._known[piece] = 1 if self._index.find(piece) else len(self._merged(piece))
        return tokens

    def _merged(self, piece: bytes) -> list[bytes]:
        """Merge neighbours, the pair of the lowest rank first, until no pair is a token."""
        parts = [piece[at : at + 1] for at in range(len(piece))]
        while True:
            lines = [(self._index.find(left + right), at) for at, (left, right) in enumerate(pairwise(parts))]
            _, at = min((found for found in lines if found[0]), default=(0, -1))
            if at < 0:
                return parts
            parts[at : at + 2] = [parts[at] + parts[at + 1]]

    @cached_property
    def _pattern(self) -> Pattern[str]:
        import regex

        # White space and the end of the text as the published patterns mean them;
        # to Python, \s holds four control characters more, and $ stops before a last newline.
        pattern = self._vocabulary.pattern.replace(r"[^\s", f"[^{_BLANK}").replace(r"\s", f"[{_BLANK}]")
        return regex.compile(pattern.replace(r"\S", f"[^{_BLANK}]").replace("$", r"\Z"))

    @cached_property
    def _index(self) -> _Index:
        return _Index(self._vocabulary)


_BLANK = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class _Index:
    """Where each token stands in the rank file.

    A hash table with open addressing: slot ``crc32(token)``, or the next free
    one, holds 1 + the offset of the token's line. The file is sorted by rank,
    so offsets compare as ranks do.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lines = _mapped(vocabulary.verified_path())
        path = shipped_file(f"{vocabulary.name}.index")
        self._slots = _mapped(path)
        if hashlib.sha256(self._slots).hexdigest() != vocabulary.index_sha256:
            message = f"the index {path} does not belong to its vocabulary"
            raise VocabularyError(message, hint="install gpt41calc again")
        self._mask = len(self._slots) // _SLOT.size - 1

    def find(self, token: bytes) -> int:
        """Return 1 + the offset of a token's line, or 0 if it is none."""
        line = b2a_base64(token, newline=False) + b" "
        slot = crc32(token) & self._mask
        while found := _SLOT.unpack_from(self._slots, slot * _SLOT.size)[0]:
            if self._lines[found - 1 : found - 1 + len(line)] == line:
                return int(found)
            slot = (slot + 1) & self._mask
        return 0


def build_index(vocabulary: Vocabulary) -> bytes:
    """Return the index that belongs to a vocabulary, as it is shipped."""
    lines = vocabulary.verified_path().read_bytes().splitlines(keepends=True)
    slots = [0] * (1 << len(lines).bit_length())
    offset = 0
    for line in lines:
        slot = crc32(a2b_base64(line.split()[0])) & (len(slots) - 1)
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = offset + 1
        offset += len(line)
    return struct.pack(f"<{len(slots)}I", *slots)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
