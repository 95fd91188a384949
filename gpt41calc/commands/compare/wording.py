"""The lines and words that one text has more often than another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["MOST_BYTES", "Wording", "changed_lines", "changed_words"]

MOST_BYTES = 8 << 20
"""Most bytes of text whose lines are compared, on each side."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A line or word that one text has more often than the other."""

    text: str
    """The line without its end, or the word."""

    times: int
    """How many times more often it is there after the change; negative if less often."""

    tokens: int
    """The tokens that this adds; negative if it takes some away."""


def changed_lines(before: Iterable[bytes], after: Iterable[bytes]) -> Counter[bytes]:
    r"""Return how many times more often each line is in the second texts; negative if less often.

    A line that only moved is not among them: it costs as much as before. So no line is searched for in the other text,
    and the time grows with the length of the texts alone, whatever they hold.

    >>> sorted(changed_lines([b"a b\nc\n"], [b"c\na b\nc\nd"]).items())
    [(b'c', 1), (b'd', 1)]
    """
    changed = _lines(after)
    changed.subtract(_lines(before))
    return Counter({line: times for line, times in changed.items() if times and line.strip()})


def _lines(texts: Iterable[bytes]) -> Counter[bytes]:
    return Counter(line for text in texts for line in text.splitlines())


def changed_words(lines: Counter[bytes]) -> Counter[bytes]:
    """Return how many times more often each word is in changed lines; a word has no blanks or punctuation around it.

    >>> sorted(changed_words(changed_lines([b"Answer briefly."], [b"Answer briefly, in short."])).items())
    [(b'in', 1), (b'short', 1)]
    """
    changed: Counter[bytes] = Counter()
    for line, times in lines.items():
        for word in _WORD.findall(line.decode("utf-8", "replace")):
            changed[word.encode("utf-8", "replace")] += times
    return Counter({word: times for word, times in changed.items() if times})


_WORD = re.compile(r"\w+(?:['’-]\w+)*")
