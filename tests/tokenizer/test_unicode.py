"""Every code point of Unicode counts alike in both engines, or is left to the reference."""

from __future__ import annotations

import pytest
import tiktoken
from gigatoken.gigatoken_rs import BPETokenizer

from gpt41calc.tokenizer.engines import GigatokenEngine
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

BATCH = 64
"""Code points encoded in one call; nothing crosses the newline after each."""

CONTEXT = "a{0}/c {0}{0} 1{0}1 !{0}\n"
"""Places where the class of a character decides on where text is cut."""

CHARACTERS = [chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]


class Recorder:
    """A reference that remembers what it was given."""

    identity = "recorder"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.given: list[bytes] = []

    def count(self, text: str | bytes) -> int:
        """Remember the text."""
        self.given.append(text if isinstance(text, bytes) else text.encode())
        return 0


@pytest.mark.parametrize("encoding", VOCABULARIES)
def test_every_code_point_is_cut_alike_or_left_to_the_reference(encoding: str) -> None:
    """The engines make the same tokens of every character, but for those that the fast one never sees."""
    vocabulary = VOCABULARIES[encoding]
    reference = tiktoken.Encoding(
        encoding, pat_str=vocabulary.pattern, mergeable_ranks=vocabulary.ranks(), special_tokens={}
    )
    fast = BPETokenizer.from_tiktoken(vocabulary.verified_path(), vocabulary.gigatoken_scheme, None)

    def differing(texts: list[str]) -> list[int]:
        known = reference.encode_ordinary_batch(texts, num_threads=2)
        return [at for at, text in enumerate(texts) if known[at] != list(fast.encode(text.encode()))]

    batches = [CHARACTERS[at : at + BATCH] for at in range(0, len(CHARACTERS), BATCH)]
    suspects = [
        char for at in differing(["".join(map(CONTEXT.format, batch)) for batch in batches]) for char in batches[at]
    ]
    unequal = [suspects[at] for at in differing([CONTEXT.format(char) for char in suspects])]
    recorder = Recorder()
    engine = GigatokenEngine(vocabulary, recorder)
    for char in unequal:
        engine.count(CONTEXT.format(char))
    expected = [CONTEXT.format(char).encode() for char in unequal]
    actual = recorder.given

    assert expected == actual
