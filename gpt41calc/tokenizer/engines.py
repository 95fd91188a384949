"""The tokenizer implementations, behind one interface.

tiktoken is the reference. gigatoken gives the same counts about ten times as fast (``benchmarks``; a cold run over
Django takes twice as long without it), and is used wherever it can be installed. Text that is too short to load a
vocabulary for is counted by ``lookup``.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from array import array
from collections.abc import Callable, Iterator
from functools import cache, cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from ..errors import UnknownModel
from ..resources import NativeExits, has_memory, require_memory
from .chunks import pieces
from .claude_vocabulary import FAMILIES
from .lookup import Lookup, LookupEngine
from .protocol import Tokenizer
from .unicode_versions import is_unsettled
from .utf8 import as_utf8
from .vocabulary import VOCABULARIES, Vocabulary

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = ["GigatokenEngine", "TiktokenEngine", "has_numpy", "tokenizer"]


def tokenizer(encoding: str, *, short: bool = True) -> Tokenizer:
    """Return the fastest available tokenizer for an encoding.

    Args:
        encoding: name of the encoding.
        short: whether the first texts may be few and short; then no vocabulary is
            loaded before there are more.

    Raises:
        UnknownModel: the encoding is unknown.
        VocabularyError: its vocabulary file is missing or altered.

    >>> tokenizer("o200k_base").count("hello <|endoftext|>")
    8
    """
    return _engine(encoding, is_short=short)


@cache
def _engine(encoding: str, *, is_short: bool) -> Tokenizer:
    """Return the one engine of this process, however its caller wrote the arguments; both kinds share a vocabulary."""
    if encoding in FAMILIES:
        from .claude import ClaudeEngine

        return ClaudeEngine(encoding)
    vocabulary = VOCABULARIES.get(encoding)
    if vocabulary is None:
        message = f"unknown encoding '{encoding}'"
        raise UnknownModel(message, hint=f"known are {' and '.join(VOCABULARIES)}")
    if is_short:
        return LookupEngine(_lookup(encoding), _engine(encoding, is_short=False))
    reference = TiktokenEngine(vocabulary)
    # Wheels of gigatoken exist for Linux (glibc), macOS and Windows; on other systems tiktoken counts.
    has_fast = importlib.util.find_spec("gigatoken")
    return GigatokenEngine(vocabulary, _lookup(encoding), reference) if has_fast else reference


@cache
def _lookup(encoding: str) -> Lookup:
    return Lookup(VOCABULARIES[encoding])


class GigatokenEngine:
    """Counts with gigatoken, except for characters at which it would cut differently from the reference."""

    def __init__(self, vocabulary: Vocabulary, lookup: Lookup, reference: Tokenizer) -> None:
        """Take the vocabulary; the first count loads it, which takes 0.25 to 0.4 s."""
        self._vocabulary = vocabulary
        self._lookup = lookup
        self._reference = reference
        self._unproved_bytes = 0

    @property
    def identity(self) -> str:
        """Name and digest of the encoding."""
        return self._vocabulary.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        if isinstance(text, bytes) and text.isascii():  # as most are; asked once, not twice
            return len(self._encode(text))
        raw = as_utf8(text)
        return self._count_unsettled(raw) if is_unsettled(raw) else len(self._encode(raw))

    def encode(self, text: str | bytes) -> array[int]:
        """Return the token ids."""
        raw = as_utf8(text)
        if not is_unsettled(raw):
            return self._encoded(raw)
        found = array("I")
        for piece in _surroundings(raw):
            found += self._reference.encode(piece) if is_unsettled(piece) else self._encoded(piece)
        return found

    def _encoded(self, raw: bytes) -> array[int]:
        tokens = self._encode(raw)
        return array("I", tokens if isinstance(tokens, list) else tokens.tobytes())

    def count_rows(self, offsets: Any, data: Any) -> Any:
        """Return the tokens of many texts, as an array: 262 to 296 MB/s, where a call a text does 185 to 204.

        Args:
            offsets: where each text begins, and where the last one ends; 64-bit numbers.
            data: the bytes of all texts: UTF-8 without unsettled characters.

        Raises:
            MemoryError: there is too little to count this.
        """
        import awkward
        import numpy

        require_memory(_COUNTING_BYTES + _BYTES_PER_BYTE * int(offsets[-1] - offsets[0]))
        text = awkward.contents.NumpyArray(data, parameters={"__array__": "char"})
        texts = awkward.contents.ListOffsetArray(
            awkward.index.Index64(offsets), text, parameters={"__array__": "string"}
        )
        tokens = self._native.encode_batch(awkward.Array(texts), parallel=False)
        return numpy.asarray(awkward.num(tokens), dtype="int64")

    def _count_unsettled(self, raw: bytes) -> int:
        """Count the surroundings of every character in dispute separately, and all other text as usual.

        Loading tiktoken for these characters would take half a second: Django has one such file.
        """
        total = 0
        for piece in _surroundings(raw):
            tokens = self._lookup.count(piece) if is_unsettled(piece) else len(self._encode(piece))
            total += self._reference.count(piece) if tokens is None else tokens
        return total

    def _encode(self, raw: bytes) -> Any:
        """Return token ids: an array of 32-bit numbers, or a list if there is too little memory for numpy.

        Raises:
            MemoryError: there is too little memory to count this text.
        """
        self._unproved_bytes += len(raw)
        if self._unproved_bytes > _PROVED_BYTES:
            require_memory(_COUNTING_BYTES + _BYTES_PER_BYTE * len(raw))
            self._unproved_bytes = 0
        return self._encoder(raw)

    @cached_property
    def _native(self) -> Any:
        require_memory(_LOADING_BYTES)
        from gigatoken.gigatoken_rs import BPETokenizer

        path = self._vocabulary.verified_path()
        # No special tokens: "<|endoftext|>" in a file is ordinary text.
        return BPETokenizer.from_tiktoken(path, self._vocabulary.gigatoken_scheme, None)

    @cached_property
    def _encoder(self) -> Callable[[bytes], Any]:
        engine = self._native
        arrays: Callable[[bytes], Any] = engine.encode
        return arrays if has_numpy() else partial(_encoded_as_list, engine)


def _surroundings(raw: bytes) -> Iterator[bytes]:
    """Yield a text in small pieces, cut where no token crosses the cut."""
    blocks = (raw[at : at + _SURROUNDINGS_BYTES] for at in range(0, len(raw), _SURROUNDINGS_BYTES))
    return pieces(blocks, piece_bytes=_SURROUNDINGS_BYTES)


def _encoded_as_list(engine: Any, raw: bytes) -> list[int]:
    """Return token ids as a list, without numpy: gigatoken looks for numpy in every call, and works without it."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # how Python writes that there is none
    try:
        tokens: list[int] = engine.encode_batch_list([raw], parallel=False)[0]
        return tokens
    finally:
        del sys.modules["numpy"]


def has_numpy() -> bool:
    """Import numpy if there is enough memory: its arrays take a third of the time of lists.

    Without enough memory its OpenBLAS ends the process with status 1. It would also start threads, which takes 15 ms,
    and which a forked process would not have.
    """
    if "numpy" in sys.modules:
        return True
    if not has_memory(_NUMPY_BYTES):
        return False
    NativeExits.become_internal_errors()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        importlib.import_module("numpy")
    except (ImportError, OSError, MemoryError):
        return False
    return True


_SURROUNDINGS_BYTES = 1 << 10

_LOADING_BYTES = 160 << 20
"""Free address space, in bytes, needed to load a vocabulary: o200k_base takes 85 MB."""

_NUMPY_BYTES = 512 << 20
"""Free address space, in bytes, needed to load numpy: it takes 110 MB, and counting then takes more."""

_PROVED_BYTES = 64 << 10
"""After this many bytes of text, free memory is checked again: the cache of word counts grows."""

_COUNTING_BYTES = 64 << 20
"""Free address space, in bytes, needed to count a text: the word cache doubles, 16 MB at a time."""

_BYTES_PER_BYTE = 48
"""Address space per byte of text, in bytes: up to one token per byte, in a list and in intermediate form."""


class TiktokenEngine:
    """Counts with tiktoken, and splits the one kind of text on which it fails."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Take the vocabulary; the first count loads it, which takes 0.4 s."""
        self._vocabulary = vocabulary

    @property
    def identity(self) -> str:
        """Name and digest of the encoding."""
        return self._vocabulary.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        return sum(map(len, self._parts(text)))

    def encode(self, text: str | bytes) -> array[int]:
        """Return the token ids."""
        return array("I", chain.from_iterable(reversed(list(self._parts(text)))))

    def _parts(self, text: str | bytes) -> Iterator[list[int]]:
        """Yield the tokens of the parts of a text, last part first.

        tiktoken 0.14 fails on a run of about a million blanks that is not followed by a newline (tiktoken #15, #245,
        #400). Such a run, without its last blank if more text follows, is one piece in both patterns, and the text
        before and after it splits as it would alone. So the three parts are counted separately.
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
        """An encoding with the same ranks, whose pattern takes the whole text as one piece."""
        return self._load(r"(?s:.+)")

    def _load(self, pattern: str) -> Encoding:
        require_memory(_LOADING_BYTES)
        from tiktoken import Encoding

        # Special tokens never match; tiktoken only requires the argument.
        return Encoding(
            self._vocabulary.name, pat_str=pattern, mergeable_ranks=self._vocabulary.ranks(), special_tokens={}
        )


_BLANK = "[\\t\\v\\f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"
"""Unicode white space except newlines."""

# Without the look-behind, a run before a newline would be tried again from each of its blanks, for hours.
_LONG_BLANKS = re.compile(f"(?<!{_BLANK}){_BLANK}{{100000,}}+(?![\\r\\n])")
"""Runs of blanks, from a tenth of the length on which tiktoken fails."""
