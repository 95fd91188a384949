"""Token counts of Claude's text, equal to those of the package ``ctok`` and computed ten times as fast.

``ctok`` covers the marked stream of a whole text with pieces of its vocabulary. No piece crosses the start or end of a
word, or the border between white space and anything else. So the count of a text is the sum over its words, and the
count of a word can be cached. ASCII words are marked here; other words are marked one by one by ``ctok.normalize``.
``tests/tokenizer`` compares both with ``ctok`` on texts of every script.
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
    """Counts the tokens of a text inside a message, without the frame of the message."""

    def __init__(self, encoding: str) -> None:
        """Take the name of the encoding; the first count reads its vocabulary, which takes 0.05 s.

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
        """Name of the encoding, and the version of ``ctok`` whose rules it follows."""
        return identity_of(self._encoding)

    def count(self, text: str | bytes) -> int:
        """Return the number of tokens, as reconstructed by ``ctok``."""
        raw = as_utf8(text)
        written = raw.decode()
        if raw.isascii():  # all that ctok's normalization does here is to remove control characters
            plain = written.translate(_PLAIN) if _CONTROL.search(written) else written
        else:
            plain = _normalize().nfc(written, fold_quotes=self._is_old)
        body = plain.rstrip("\n")
        tokens = self._body(body, begins_with_blank=written[:1] == " ")
        if len(body) == len(plain):
            return tokens
        # Every message is followed by two newlines; one token for them belongs to its frame.
        return tokens + self._pieces.cost("\n" * (len(plain) - len(body) + 2)) - 1

    def encode(self, text: str | bytes) -> array[int]:
        """Return a number per token: these tokens have no ids of their own, but equal lines get equal numbers.

        This allows a prompt cache, which serves the common beginning of two texts, to be predicted line by line.
        """
        lines = as_utf8(text).splitlines(keepends=True)
        numbers = array("I")
        for line in lines:
            numbers.extend([crc32(line)] * self.count(line))
        tokens = self.count(text)
        # The last line of a text may take one token less than the same line inside a text.
        del numbers[tokens:]
        numbers.extend([_NO_LINE] * (tokens - len(numbers)))
        return numbers

    def _body(self, body: str, *, begins_with_blank: bool) -> int:
        """Return the tokens of a text without its final newlines.

        Up to 4.7, a message begins with a word-start mark, in effect a blank. A text that begins with such a mark of
        its own uses it; otherwise it is one more token.
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
        """Return the tokens of words and white space, and whether a word starts after a first blank."""
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
        """Return an ASCII word with its marks."""
        if self._is_old and len(word) >= _SHORTEST_CAPITALS and word.isupper():
            return CAPS + WORD_START + word.lower() + WORD_END
        if word[0].isupper() and (len(word) == 1 or word[1:].islower()):
            return SHIFT + WORD_START + word.lower() + WORD_END
        return WORD_START + word + WORD_END

    def _apostrophes(self, body: str) -> int:
        """Return the tokens added by apostrophes: one before a word has no start mark, and replaces a suffix's mark."""
        cost = self._pieces.cost
        opening = len(_OPENING.findall(body)) * (cost("'") - cost(WORD_START + "'"))
        suffixes = Counter(_SUFFIX.findall(body)).items()
        return opening + sum(
            (cost(f"'{suffix}{WORD_END}") - cost("'") - cost(WORD_START + suffix + WORD_END)) * times
            for suffix, times in suffixes
        )

    def _without_foreign(self, body: str) -> tuple[int, str]:
        """Return the tokens of non-ASCII words, and the text with a placeholder for each of them."""
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
        """Return the tokens of a non-ASCII word, marked by ``ctok``, and its placeholder."""
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
        """The rules of a model for ``ctok.normalize``, without a mark before the text: only the word is marked."""
        return SimpleNamespace(frame_bow=False, allcaps_min=_SHORTEST_CAPITALS if self._is_old else None)


@cache
def _normalize() -> Any:
    """Return ctok's function that marks texts, imported at the first non-ASCII text."""
    return import_module("ctok.normalize")  # ctok itself uses this name for a function


_NO_LINE = 0
"""Stands for newline tokens between lines."""

_SHORTEST_CAPITALS = 4
"""Shortest word in capitals that Claude 3 marks, in letters."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_PLAIN = {0: " "} | dict.fromkeys((*range(1, 9), *range(11, 32), 127))
"""Replacements of control characters."""

_WHITE = " \t\n\u3000"
"""The white space that is left after normalization."""

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3"
"""Han and Hangul characters: they share no piece with other characters, and get no marks."""

_SELECTOR = "\ufe00-\ufe0f"
"""Variation selectors, which change the character before them."""

_VARIED = f"[{_IDEOGRAPH}](?=[{_SELECTOR}])"

_FOREIGN = re.compile(
    f"(?P<ideographs>(?:[{_IDEOGRAPH}](?![{_SELECTOR}]))+)"
    # Only tried where such a word begins: tried at each letter of a long ASCII line, it would take hours.
    f"|(?<![!-~])(?:[!-~]*+(?:[^\\x00-\\x7f\u3000{_IDEOGRAPH}]|{_VARIED})(?:[^{_WHITE}{_IDEOGRAPH}]|{_VARIED})*)"
)
"""Ideographs, or a word with any other non-ASCII character."""

_PLACEHOLDERS = {(False, False): "\1", (True, False): "\2", (False, True): "\3", (True, True): "\4"}
"""Placeholders for words that are already counted, by whether marks begin and end them; no text contains them by now.
"""

_SIGN = r"!-/:-@\[-`{-~"

_WORD = re.compile("[A-Za-z]+")
_DIGITS = re.compile("[0-9]+")
_SIGNS = re.compile(rf"( ?)([{_SIGN}]+)(?=( (?! ))?)")
_BLANKS = re.compile(f"[{_WHITE}]+")

_BORDER = re.compile(rf"(?<=[A-Za-z{_SIGN}\3\4]) (?=(?!'[A-Za-z])[A-Za-z{_SIGN}\2\4])")
"""A blank between the end of a word and the start of the next; a single one is not a token."""

_STARTS = re.compile(rf" (?!'[A-Za-z])[A-Za-z{_SIGN}\2\4]")
_OPENING = re.compile("(?<= )'(?=[A-Za-z])")
_SUFFIX = re.compile(rf"(?<![{_SIGN}])'(s|t|d|m|ll|re|ve)(?![A-Za-z])")

_STRETCH = re.compile(
    f"[{SHIFT}{CAPS}]*{WORD_START}[^{WORD_START}{WORD_END}{SHIFT}{CAPS}]*{WORD_END}?"
    f"|[^{WORD_START}{WORD_END}{SHIFT}{CAPS}]+{WORD_END}?"
    f"|{WORD_END}"
)
"""A unit that no piece crosses: up to the end of a word, or to the start of the next."""
