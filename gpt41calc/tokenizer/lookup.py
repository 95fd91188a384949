"""Count a short text without loading a vocabulary: tokens are looked up in the rank file.

Loading 200,000 ranks takes 0.25 to 0.4 s, longer than all the rest of a run on a prompt. Here the rank file is
memory-mapped beside an index of its lines, and only the lines that the text needs are read. Without it, counting a
prompt of 8 kB takes 3.5 times as long, and pricing it 3 times.
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
from ..locations import shipped_file
from .unicode_versions import as_unassigned
from .utf8 import as_utf8
from .vocabulary import REINSTALL_HINT, Vocabulary

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

    from regex import Pattern

    from .protocol import Tokenizer

__all__ = ["Lookup", "LookupEngine", "build_index"]

_MAX_BYTES = 64 << 10
"""Most bytes of text counted here in one run: 64 KiB take 25 ms, and more would cost as much as loading a vocabulary.
"""

_MAX_PIECE_BYTES = 2000
"""Longest piece merged here, in bytes: the time grows with the square of its length."""

_SLOT = struct.Struct("<I")


class LookupEngine:
    """Counts short texts by look-up, and leaves all others to a faster tokenizer."""

    def __init__(self, lookup: Lookup, faster: Tokenizer) -> None:
        """Take the vocabulary; no file is opened yet."""
        self._lookup = lookup
        self._faster = faster
        self._left = _MAX_BYTES

    @property
    def identity(self) -> str:
        """Name and digest of the encoding."""
        return self._faster.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        raw = as_utf8(text)
        self._left -= len(raw)
        tokens = self._lookup.count(raw) if self._left >= 0 else None
        return self._faster.count(raw) if tokens is None else tokens

    def encode(self, text: str | bytes) -> array[int]:
        """Return the token ids, from the faster tokenizer: a caller of this has much to encode."""
        return self._faster.encode(text)


class Lookup:
    """Byte-pair merging over pieces cut by the ``regex`` package, with the ranks in a memory-mapped file."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take the vocabulary; its file is mapped by the first count."""
        self._vocabulary = vocabulary
        self._known: dict[str, int] = {}

    def count(self, raw: bytes) -> int | None:
        """Return the exact number of tokens of UTF-8 text; None if counting here would take too long."""
        text = raw.decode()
        total = 0
        for piece in self._pieces(text):
            tokens = self._known.get(piece)
            if tokens is None:
                encoded = piece.encode()
                if len(encoded) > _MAX_PIECE_BYTES:
                    return None
                tokens = self._known[piece] = len(self._parts(encoded))
            total += tokens
        return total

    def split(self, raw: bytes) -> list[bytes] | None:
        """Return the bytes of every token of UTF-8 text; None if to find them here would take too long."""
        known: dict[str, list[bytes]] = {}
        found: list[bytes] = []
        for piece in self._pieces(raw.decode()):
            parts = known.get(piece)
            if parts is None:
                encoded = piece.encode()
                if len(encoded) > _MAX_PIECE_BYTES:
                    return None
                parts = known[piece] = self._parts(encoded)
            found += parts
        return found

    def _pieces(self, text: str) -> Iterable[str]:
        settled = as_unassigned(text)
        if settled is text:
            return self._pattern.findall(text)
        return (text[piece.start() : piece.end()] for piece in self._pattern.finditer(settled))

    def _parts(self, piece: bytes) -> list[bytes]:
        """Merge neighbours, the pair with the lowest rank first, until no pair is a token; return the parts left."""
        find = self._index.find
        if find(piece):
            return [piece]
        parts = [piece[at : at + 1] for at in range(len(piece))]
        ranks = [find(left + right) or _NO_RANK for left, right in pairwise(parts)]
        while ranks and (lowest := min(ranks)) != _NO_RANK:
            at = ranks.index(lowest)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
            del ranks[at]
            for pair in (at - 1, at):
                if 0 <= pair < len(ranks):
                    ranks[pair] = find(parts[pair] + parts[pair + 1]) or _NO_RANK
        return parts

    @cached_property
    def _pattern(self) -> Pattern[str]:
        import regex

        # White space and the end of the text, as the published patterns define them: Python's \s also matches four
        # control characters, and its $ also matches before a last newline.
        pattern = self._vocabulary.pattern.replace(r"[^\s", f"[^{_BLANK}").replace(r"\s", f"[{_BLANK}]")
        return regex.compile(pattern.replace(r"\S", f"[^{_BLANK}]").replace("$", r"\Z"))

    @cached_property
    def _index(self) -> _Index:
        return _Index(self._vocabulary)


_NO_RANK = 1 << 32

_BLANK = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


class _Index:
    """The position of each token in the rank file.

    A hash table with open addressing: slot ``crc32(token)``, or the next free
    one, holds 1 + the offset of the token's line. The file is sorted by rank,
    so offsets compare as ranks do.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lines = _mapped(vocabulary.verified_path())
        path = shipped_file(f"{vocabulary.name}.index")
        try:
            self._slots = _mapped(path)
        except (OSError, ValueError) as error:  # an empty file cannot be mapped
            message = f"no index for {vocabulary.name}: {path}: {getattr(error, 'strerror', None) or error}"
            raise VocabularyError(message, hint=REINSTALL_HINT) from error
        if hashlib.sha256(self._slots).hexdigest() != vocabulary.index_sha256:
            message = f"the index {path} does not belong to its vocabulary"
            raise VocabularyError(message, hint=REINSTALL_HINT)
        self._mask = len(self._slots) // _SLOT.size - 1

    def find(self, token: bytes) -> int:
        """Return 1 + the offset of a token's line, or 0 if it is not a token."""
        line = b2a_base64(token, newline=False) + b" "
        slot = crc32(token) & self._mask
        while found := _SLOT.unpack_from(self._slots, slot * _SLOT.size)[0]:
            if self._lines[found - 1 : found - 1 + len(line)] == line:
                return int(found)
            slot = (slot + 1) & self._mask
        return 0


def build_index(vocabulary: Vocabulary) -> bytes:
    """Return the shipped index of a vocabulary."""
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
