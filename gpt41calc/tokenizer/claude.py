"""Claude's text, counted as the package ``ctok`` counts it, ten times as fast.

``ctok`` covers a marked stream of a whole text with pieces of its vocabulary.
No piece crosses the end of a word, the start of one, or the border between
white space and anything else; so a text is the sum of its words, and what a
word costs is stored. Words of ASCII are marked here; what is more is
marked by ``ctok.normalize`` itself, word by word. ``tests/tokenizer`` holds
both against ``ctok`` on texts of every script.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from functools import cache, cached_property
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from zlib import crc32

from .claude_vocabulary import CAPS, SHIFT, WORD_END, WORD_START, Pieces, identity_of
from .utf8 import as_utf8

__all__ = ["ClaudeEngine"]


class ClaudeEngine:
    """Counts a text as it stands in a message, without the frame of the message."""

    def __init__(self, encoding: str) -> None:
        """Take the name of the tokenizer; the first count reads its vocabulary, which takes 0.05 s.

        Args:
            encoding: ``claude-3``, ``claude-4.7`` or ``claude-4.8``.
        """
        self._encoding = encoding
        self._pieces = Pieces(encoding)
        self._is_old = encoding == "claude-3"
        self._follows_mark = encoding != "claude-4.8"
        self._words: dict[str, int] = {}
        self._foreign_words: dict[tuple[str, bool, bool], tuple[int, str]] = {}

    @property
    def identity(self) -> str:
        """Encoding and the version of ``ctok`` whose rules it follows."""
        return identity_of(self._encoding)

    def count(self, text: str | bytes) -> int:
        """Return the number of tokens as ``ctok`` reconstructs it."""
        raw = as_utf8(text)
        written = raw.decode()
        if raw.isascii():  # all that ctok's normalization does here is to take control characters away
            plain = written.translate(_PLAIN) if _CONTROL.search(written) else written
        else:
            plain = _normalize().nfc(written, fold_quotes=self._is_old)
        body = plain.rstrip("\n")
        tokens = self._body(body, begins_with_blank=written[:1] == " ")
        if len(body) == len(plain):
            return tokens
        # Two more newlines follow every message; one token of theirs is its frame's.
        return tokens + self._pieces.cost("\n" * (len(plain) - len(body) + 2)) - 1

    def encode(self, text: str | bytes) -> array[int]:
        """Return as many numbers as there are tokens, which have none of their own: equal lines have equal numbers.

        So a prompt cache, which serves what two texts begin with alike, is predicted to the line.
        """
        lines = as_utf8(text).splitlines(keepends=True)
        numbers = array("I")
        for line in lines:
            numbers.extend([crc32(line)] * self.count(line))
        tokens = self.count(text)
        # A line that ends the text may take a token less than among others.
        del numbers[tokens:]
        numbers.extend([_NO_LINE] * (tokens - len(numbers)))
        return numbers

    def _body(self, body: str, *, begins_with_blank: bool) -> int:
        """Return what a text takes without the newlines at its end.

        Up to 4.7, a message begins with the mark of a word: a blank, in effect.
        What begins with such a mark of its own takes it over; else it is a token.
        """
        if not self._follows_mark:
            return self._sum(body)[0]
        if begins_with_blank and body[:1] == " " and body[1:2] != " ":
            body = body[1:]
        if not body:
            return 1
        if body[0] in _WHITE:
            return self._sum(body)[0] + (body[0] != " ")
        total, starts_word = self._sum(" " + body)
        return total - starts_word

    def _sum(self, body: str) -> tuple[int, bool]:
        """Return what words and white space take, and whether a word starts after a first blank."""
        total = 0
        if not body.isascii():
            total, body = self._without_foreign(body)
        cost = self._pieces.cost
        for word, times in Counter(_WORD.findall(body)).items():
            tokens = self._words.get(word)
            if tokens is None:
                tokens = self._words[word] = cost(self._marked(word))
            total += tokens * times
        for digits, times in Counter(_DIGITS.findall(body)).items():
            total += cost(digits) * times
        for (before, signs, after), times in Counter(_SIGNS.findall(body)).items():
            total += cost((before and WORD_START) + signs + (after and WORD_END)) * times
        for blanks, times in Counter(_BLANKS.findall(body)).items():
            total += cost(blanks) * times
        total -= len(_BORDER.findall(body))
        if "'" in body:
            total += self._apostrophes(body)
        return total, bool(_STARTS.match(body))

    def _marked(self, word: str) -> str:
        """Return a word of ASCII letters with its marks."""
        if self._is_old and len(word) >= _SHORTEST_CAPITALS and word.isupper():
            return CAPS + WORD_START + word.lower() + WORD_END
        if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
            return SHIFT + WORD_START + word.lower() + WORD_END
        return WORD_START + word + WORD_END

    def _apostrophes(self, body: str) -> int:
        """Return what apostrophes add: one alone before a word has no start mark, and replaces that of a suffix."""
        cost = self._pieces.cost
        opening = len(_OPENING.findall(body)) * (cost("'") - cost(WORD_START + "'"))
        suffixes = Counter(_SUFFIX.findall(body)).items()
        return opening + sum(
            (cost(f"'{suffix}{WORD_END}") - cost("'") - cost(WORD_START + suffix + WORD_END)) * times
            for suffix, times in suffixes
        )

    def _without_foreign(self, body: str) -> tuple[int, str]:
        """Return what words that are not ASCII take, and the text with a placeholder for each of them."""
        total = 0

        def replaced(match: re.Match[str]) -> str:
            nonlocal total
            unit = match[0]
            if match.lastgroup == "ideographs":
                total += sum(map(self._pieces.cost, unit))
                return _PLACEHOLDERS[False, False]
            start, end = match.span()
            after_blank = body[start - 1 : start] == " "
            before_blank = body[end : end + 1] == " " and body[end : end + 2] != "  "
            tokens, placeholder = self._foreign(unit, after_blank, before_blank)
            total += tokens
            return placeholder

        rest = _FOREIGN.sub(replaced, body)
        return total, rest

    def _foreign(self, unit: str, after_blank: bool, before_blank: bool) -> tuple[int, str]:  # noqa: FBT001 - a key
        """Return what a word takes that is not ASCII, and its placeholder; ``ctok`` marks it."""
        key = (unit, after_blank, before_blank)
        known = self._foreign_words.get(key)
        if known is None:
            before, after = "\t " if after_blank else "\t", " \t" if before_blank else "\t"
            stream = _normalize().stream_norm(before + unit + after, self._rules, raw_head_space=False)
            stream = stream[len(before) : len(stream) - len(after)]
            tokens = sum(map(self._pieces.cost, _STRETCH.findall(stream)))
            starts = stream.lstrip(SHIFT + CAPS).startswith(WORD_START)
            known = self._foreign_words[key] = tokens, _PLACEHOLDERS[starts, stream.endswith(WORD_END)]
        return known

    @cached_property
    def _rules(self) -> SimpleNamespace:
        """What ``ctok.normalize`` asks of a model; without a mark before the text, so that only the word is marked."""
        return SimpleNamespace(frame_bow=False, allcaps_min=_SHORTEST_CAPITALS if self._is_old else None)


@cache
def _normalize() -> Any:
    """Return ctok's marking of texts, imported by the first text that is not ASCII."""
    return import_module("ctok.normalize")  # ctok itself gives this name to a function


_NO_LINE = 0
"""Stands for tokens of newlines between lines."""

_SHORTEST_CAPITALS = 4
"""Claude 3 marks a word in capitals from this length on."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PLAIN = {0: " "} | dict.fromkeys((*range(1, 9), *range(11, 32), 127))
"""What becomes of control characters."""

_WHITE = " \t\n\u3000"
"""All white space that normalization leaves."""

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
"""Han and Hangul: in no piece with anything else, and without marks."""

_SELECTOR = "\ufe00-\ufe0f"
"""What varies the character before it."""

_VARIED = f"[{_IDEOGRAPH}](?=[{_SELECTOR}])"

_FOREIGN = re.compile(
    f"(?P<ideographs>(?:[{_IDEOGRAPH}](?![{_SELECTOR}]))+)"
    # Only where such a word begins: tried at each letter of a long line of ASCII, it would take hours.
    f"|(?<![!-~])(?:[!-~]*+(?:[^\\x00-\\x7f\u3000{_IDEOGRAPH}]|{_VARIED})(?:[^{_WHITE}{_IDEOGRAPH}]|{_VARIED})*)"
)
"""Ideographs, or a word with anything else that is not ASCII."""

_PLACEHOLDERS = {(False, False): "\1", (True, False): "\2", (False, True): "\3", (True, True): "\4"}
"""What stands for words that are counted already, by whether marks begin and end them; no text has these any more."""

_SIGN = r"!-/:-@\[-`{-~"

_WORD = re.compile("[A-Za-z]+")
_DIGITS = re.compile("[0-9]+")
_SIGNS = re.compile(rf"( ?)([{_SIGN}]+)(?=( (?! ))?)")
_BLANKS = re.compile(f"[{_WHITE}]+")

_BORDER = re.compile(rf"(?<=[A-Za-z{_SIGN}\3\4]) (?=(?!'[A-Za-z])[A-Za-z{_SIGN}\2\4])")
"""One blank between the end of a word and the start of the next is no token."""

_STARTS = re.compile(rf" (?!'[A-Za-z])[A-Za-z{_SIGN}\2\4]")
_OPENING = re.compile("(?<= )'(?=[A-Za-z])")
_SUFFIX = re.compile(rf"(?<![{_SIGN}])'(s|t|d|m|ll|re|ve)(?![A-Za-z])")

_STRETCH = re.compile(
    f"[{SHIFT}{CAPS}]*{WORD_START}[^{WORD_START}{WORD_END}{SHIFT}{CAPS}]*{WORD_END}?"
    f"|[^{WORD_START}{WORD_END}{SHIFT}{CAPS}]+{WORD_END}?"
    f"|{WORD_END}"
)
"""What no piece goes beyond: up to the end of a word, or to the start of the next."""
