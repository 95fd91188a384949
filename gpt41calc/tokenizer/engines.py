"""The programs that count, behind one seam.

tiktoken is the reference; gigatoken gives the same counts, 10 to 20 times
faster, and counts wherever it can be installed.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Callable, Sized
from functools import cache, cached_property
from typing import TYPE_CHECKING, Protocol

from ..errors import UnknownModel
from .vocabulary import VOCABULARIES, Vocabulary

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = ["GigatokenEngine", "TiktokenEngine", "Tokenizer", "as_utf8", "tokenizer"]


class Tokenizer(Protocol):
    """Turns text into a number of tokens."""

    @property
    def identity(self) -> str:
        """Encoding name and digest; equal identities count alike."""

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens of any text whatsoever.

        Bytes are read as UTF-8, with U+FFFD for what is not; special tokens
        such as ``<|endoftext|>`` are ordinary text.
        """


@cache
def tokenizer(encoding: str) -> Tokenizer:
    """Return the fastest engine there is for an encoding.

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
    # Wheels of gigatoken exist for Linux (glibc), macOS and Windows; elsewhere tiktoken counts.
    return GigatokenEngine(vocabulary, reference) if importlib.util.find_spec("gigatoken") else reference


def as_utf8(text: str | bytes) -> bytes:
    r"""Return text as an API would receive it: valid UTF-8, with U+FFFD for what cannot be sent.

    >>> as_utf8("caf\u00e9 \ud800").decode()
    'café �'
    >>> as_utf8(b"\xff").decode()
    '�'
    """
    if isinstance(text, str):
        try:
            return text.encode()
        except UnicodeEncodeError:  # lone surrogates; a pair of them is one character
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    if text.isascii():
        return text
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode(errors="replace").encode()
    return text


class GigatokenEngine:
    """Counts with gigatoken, and leaves to the reference what the two might see differently."""

    def __init__(self, vocabulary: Vocabulary, reference: Tokenizer) -> None:
        """Remember what to load; the first count loads the vocabulary, which takes 0.4 s."""
        self._vocabulary = vocabulary
        self._reference = reference
        self._assigned: set[str] = set()

    @property
    def identity(self) -> str:
        """Encoding name and digest."""
        return self._vocabulary.identity

    def count(self, text: str | bytes) -> int:
        """Return the exact number of tokens."""
        raw = as_utf8(text)
        if not raw.isascii() and self._may_differ(raw.decode()):
            return self._reference.count(raw)
        return len(self._encode(raw))

    def _may_differ(self, text: str) -> bool:
        """Say whether text holds a character that is not assigned in the Unicode known here.

        The engines carry Unicode tables of different age, so they may class a
        new character differently and then cut the text around it differently.
        In gigatoken 0.10 and tiktoken 0.14 no code point does
        (tests/tokenizer/test_unicode.py compares every one).
        """
        new = set(text) - self._assigned
        if any(unicodedata.category(char) == "Cn" for char in new):
            return True
        self._assigned |= new
        return False

    @cached_property
    def _encode(self) -> Callable[[bytes], Sized]:
        from gigatoken.gigatoken_rs import BPETokenizer

        path = self._vocabulary.verified_path()
        # No special tokens: "<|endoftext|>" in a file is ordinary text.
        encode: Callable[[bytes], Sized] = BPETokenizer.from_tiktoken(
            path, self._vocabulary.gigatoken_scheme, None
        ).encode
        return encode


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
        """Return the exact number of tokens.

        tiktoken 0.14 fails on a run of about a million blanks that is not
        followed by a newline (tiktoken #15, #245, #400). Such a run, without
        its last blank if more text follows, is one piece in both patterns, and
        the text before it and after it splits as it would alone: so the three
        are counted apart.
        """
        rest = as_utf8(text).decode()
        total = 0
        for run in reversed(list(_LONG_BLANKS.finditer(rest))):
            end = run.end() if run.end() == len(rest) else run.end() - 1
            total += len(self._merging.encode(rest[run.start() : end], disallowed_special=()))
            total += len(self._splitting.encode(rest[end:], disallowed_special=()))
            rest = rest[: run.start()]
        return total + len(self._splitting.encode(rest, disallowed_special=()))

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


_LONG_BLANKS = re.compile("[\t\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]{100000,}+(?![\r\n])")
"""White space as Unicode has it, but for newlines, a tenth as long as what tiktoken fails on."""
