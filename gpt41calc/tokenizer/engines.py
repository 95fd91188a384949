"""The programs that count, behind one seam.

tiktoken is the reference; gigatoken gives the same counts, about ten times
as fast (``benchmarks``), and counts wherever it can be installed; what is too short to load a
vocabulary for is looked up (``lookup``).
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
from array import array
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from ..errors import UnknownModel
from .chunks import pieces
from .lookup import Lookup, LookupEngine
from .protocol import Tokenizer
from .unicode_versions import is_unsettled
from .utf8 import as_utf8
from .vocabulary import VOCABULARIES, Vocabulary

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = ["GigatokenEngine", "TiktokenEngine", "tokenizer"]


@cache
def tokenizer(encoding: str, *, short: bool = True) -> Tokenizer:
    """Return the fastest engine there is for an encoding.

    Args:
        encoding: which one.
        short: whether the first texts may be few and short; then nothing is
            loaded before there are more.

    Raises:
        UnknownModel: there is no such encoding.
        VocabularyError: its vocabulary is missing or altered.

    >>> tokenizer("o200k_base").count("hello <|endoftext|>")
    8
    """
    vocabulary = VOCABULARIES.get(encoding)
    if vocabulary is None:
        message = f"unknown encoding '{encoding}'"
        raise UnknownModel(message, hint=f"known are {' and '.join(VOCABULARIES)}")
    reference = TiktokenEngine(vocabulary)
    lookup = Lookup(vocabulary)
    # Wheels of gigatoken exist for Linux (glibc), macOS and Windows; elsewhere tiktoken counts.
    fast = GigatokenEngine(vocabulary, lookup, reference) if importlib.util.find_spec("gigatoken") else reference
    return LookupEngine(lookup, fast) if short else fast


class GigatokenEngine:
    """Counts with gigatoken, all but what it would cut differently than the reference."""

    def __init__(self, vocabulary: Vocabulary, lookup: Lookup, reference: Tokenizer) -> None:
        """Remember what to load; the first count loads the vocabulary, which takes 0.25 to 0.4 s."""
        self._vocabulary = vocabulary
        self._lookup = lookup
        self._reference = reference

    @property
    def identity(self) -> str:
        """Encoding name and digest."""
        return self._vocabulary.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        if isinstance(text, bytes) and text.isascii():  # as most are; asked once, not twice
            return len(self._encode(text))
        raw = as_utf8(text)
        return self._count_unsettled(raw) if is_unsettled(raw) else len(self._encode(raw))

    def encode(self, text: str | bytes) -> array[int]:
        """Return the tokens themselves."""
        raw = as_utf8(text)
        found = array("I")
        for piece in _surroundings(raw) if is_unsettled(raw) else (raw,):
            if is_unsettled(piece):
                found += self._reference.encode(piece)
            else:
                found.frombytes(self._encode(piece).tobytes())
        return found

    def _count_unsettled(self, raw: bytes) -> int:
        """Count the surroundings of every unsettled character apart, and all the rest as ever.

        Loading tiktoken for them would take half a second: Django has one such file.
        """
        total = 0
        for piece in _surroundings(raw):
            tokens = self._lookup.count(piece) if is_unsettled(piece) else len(self._encode(piece))
            total += self._reference.count(piece) if tokens is None else tokens
        return total

    @cached_property
    def _encode(self) -> Callable[[bytes], Any]:
        path = self._vocabulary.verified_path()
        # No special tokens: "<|endoftext|>" in a file is ordinary text. An array of 32-bit numbers comes back.
        encode: Callable[[bytes], Any] = (
            _gigatoken().BPETokenizer.from_tiktoken(path, self._vocabulary.gigatoken_scheme, None).encode
        )
        return encode


def _surroundings(raw: bytes) -> Iterator[bytes]:
    """Yield a text in small pieces, cut where no token lies across."""
    blocks = (raw[at : at + _SURROUNDINGS_BYTES] for at in range(0, len(raw), _SURROUNDINGS_BYTES))
    return pieces(blocks, piece_bytes=_SURROUNDINGS_BYTES)


def _gigatoken() -> Any:
    """Return gigatoken's native module without what its package imports beside it, which takes 35 ms."""
    # For its arrays alone it imports numpy, whose OpenBLAS would start threads: 15 ms, and no copy would have them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    package = importlib.util.find_spec("gigatoken")
    places = package.submodule_search_locations if package else None
    spec = importlib.machinery.PathFinder.find_spec("gigatoken_rs", places)
    if spec is None or not isinstance(spec.loader, importlib.machinery.ExtensionFileLoader):
        from gigatoken import gigatoken_rs

        return gigatoken_rs
    native = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(native)
    return native


_SURROUNDINGS_BYTES = 1 << 10


class TiktokenEngine:
    """Counts with tiktoken, and keeps away from it the one kind of text it fails on."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Remember what to load; the first count loads the vocabulary, which takes 0.4 s."""
        self._vocabulary = vocabulary

    @property
    def identity(self) -> str:
        """Encoding name and digest."""
        return self._vocabulary.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        return sum(map(len, self._parts(text)))

    def encode(self, text: str | bytes) -> array[int]:
        """Return the tokens themselves."""
        return array("I", chain.from_iterable(reversed(list(self._parts(text)))))

    def _parts(self, text: str | bytes) -> Iterator[list[int]]:
        """Yield the tokens of the parts of a text, the last part first.

        tiktoken 0.14 fails on a run of about a million blanks that is not
        followed by a newline (tiktoken #15, #245, #400). Such a run, without
        its last blank if more text follows, is one piece in both patterns, and
        the text before it and after it splits as it would alone: so the three
        are counted apart.
        """
        rest = as_utf8(text).decode()
        for run in reversed(list(_LONG_BLANKS.finditer(rest))):
            end = run.end() if run.end() == len(rest) else run.end() - 1
            yield self._splitting.encode(rest[end:], disallowed_special=())
            yield self._merging.encode(rest[run.start() : end], disallowed_special=())
            rest = rest[: run.start()]
        yield self._splitting.encode(rest, disallowed_special=())

    @cached_property
    def _splitting(self) -> Encoding:
        return self._load(self._vocabulary.pattern)

    @cached_property
    def _merging(self) -> Encoding:
        """An encoding of the same ranks in which all text is one piece."""
        return self._load(r"(?s:.+)")

    def _load(self, pattern: str) -> Encoding:
        from tiktoken import Encoding

        # The specials are never matched; tiktoken only wants to know them.
        return Encoding(
            self._vocabulary.name, pat_str=pattern, mergeable_ranks=self._vocabulary.ranks(), special_tokens={}
        )


_BLANK = "[\\t\\v\\f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"
"""White space as Unicode has it, but for newlines."""

# Without the look-behind, a run before a newline is tried again from each of its blanks, for hours.
_LONG_BLANKS = re.compile(f"(?<!{_BLANK}){_BLANK}{{100000,}}+(?![\\r\\n])")
"""Blanks, a tenth as many as tiktoken fails on."""
