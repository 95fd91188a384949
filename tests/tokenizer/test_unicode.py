"""Every code point of Unicode is cut alike by all engines, but for those that are known to be newer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import tiktoken
from gigatoken.gigatoken_rs import BPETokenizer

from gpt41calc.tokenizer.lookup import Lookup
from gpt41calc.tokenizer.unicode_versions import is_unsettled
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

CONTEXT = "{0}/c x{0}/c {0}2345 {0}'s\n"
"""Places where the class of a character decides on where text is cut: letter, digit, mark, blank or other."""

SHORT_CONTEXT = "x{0}/c {0}2\n"

Check = Callable[[str], bool]


@pytest.fixture(scope="module")
def characters() -> list[str]:
    """Return all that text can hold."""
    return [chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]


def varied(characters: list[str]) -> list[str]:
    """Return the first two planes, everything newer than the reference, and some of the ideographs and empty rest."""
    return [char for char in characters if ord(char) < 0x20000 or ord(char) % 61 == 0 or is_unsettled(char.encode())]


def reference(encoding: str) -> tiktoken.Encoding:
    """Return the encoding as tiktoken has it."""
    vocabulary = VOCABULARIES[encoding]
    return tiktoken.Encoding(
        encoding, pat_str=vocabulary.pattern, mergeable_ranks=vocabulary.ranks(), special_tokens={}
    )


def failing(characters: list[str], context: str, batch: int, alike: Check) -> list[str]:
    """Return the characters that fail; nothing crosses the newline after each, so batches find their suspects."""
    batches = [characters[at : at + batch] for at in range(0, len(characters), batch)]
    suspects = [char for each in batches if not alike("".join(map(context.format, each))) for char in each]
    return [char for char in suspects if not alike(context.format(char))]


@pytest.mark.exhaustive
@pytest.mark.parametrize("encoding", VOCABULARIES)
def test_every_code_point_is_cut_alike_or_is_unsettled(encoding: str, characters: list[str]) -> None:
    """The fast engine makes the same tokens of every character, but for those that it never sees."""
    vocabulary = VOCABULARIES[encoding]
    known = reference(encoding)
    fast = BPETokenizer.from_tiktoken(vocabulary.verified_path(), vocabulary.gigatoken_scheme, None)

    def alike(text: str) -> bool:
        return known.encode_ordinary(text) == list(fast.encode(text.encode()))

    expected: list[str] = []
    actual = [char for char in failing(characters, CONTEXT, 256, alike) if not is_unsettled(char.encode())]

    assert expected == actual


@pytest.mark.exhaustive
@pytest.mark.parametrize("encoding", VOCABULARIES)
def test_every_code_point_is_looked_up_alike(encoding: str, characters: list[str]) -> None:
    """What is looked up has the count of the reference for every character, the newest included."""
    known = reference(encoding)
    lookup = Lookup(VOCABULARIES[encoding])

    def alike(text: str) -> bool:
        return lookup.count(text.encode()) == len(known.encode_ordinary(text))

    expected: list[str] = []
    actual = failing(varied(characters), SHORT_CONTEXT, 256, alike)

    assert expected == actual
