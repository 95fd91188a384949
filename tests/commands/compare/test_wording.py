"""Lines and words that one text has more often than another."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.compare.wording import changed_lines, changed_words

TEXTS = st.lists(st.text("ab '’\n-é", max_size=20).map(str.encode), max_size=3)


@given(TEXTS, TEXTS)
def test_there_and_back(before: list[bytes], after: list[bytes]) -> None:
    """What is added one way is taken away the other way."""
    there, back = changed_lines(before, after), changed_lines(after, before)

    assert there == Counter({line: -times for line, times in back.items()})
    assert changed_words(there) == Counter({word: -times for word, times in changed_words(back).items()})


@given(TEXTS)
def test_moved_lines(texts: list[bytes]) -> None:
    """Lines in another order are no change."""
    assert Counter() == changed_lines(texts, list(reversed(texts)))
