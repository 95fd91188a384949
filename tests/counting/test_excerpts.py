"""Parts of a text that is read once."""

from __future__ import annotations

from collections.abc import Iterator

from gpt41calc.counting.excerpts import Excerpted
from gpt41calc.tally import Counted

_BLOCK = 1 << 16


class Endless:
    """A text of so many blocks, each filled with one digit: the blocks count up from 0 to 9 and begin again."""

    lossy = False

    def __init__(self, blocks: int) -> None:
        """Take the number of blocks."""
        self.bytes = blocks * _BLOCK
        self._blocks = blocks

    def __iter__(self) -> Iterator[bytes]:
        """Yield the blocks."""
        return (b"%d" % (number % 10) * _BLOCK for number in range(self._blocks))


class LongThenShort:
    """A text of a block of 4 MiB and then 1 MiB in short ones."""

    lossy = False

    def __init__(self) -> None:
        """Start."""
        self.bytes = 5 << 20

    def __iter__(self) -> Iterator[bytes]:
        """Yield the blocks."""
        return iter([b"a" * (4 << 20), *[b"b" * 1024] * 1024])


def test_a_long_text_leaves_few_parts_from_everywhere() -> None:
    """However long a text is, what is stored of it stays small, and every place of it is in it alike."""
    watched = Excerpted(Endless(5000))
    assert 5000 == sum(1 for _ in watched)

    seen = watched.with_excerpts(Counted("x", watched.bytes, {}))
    assert isinstance(seen, Counted)
    digits = [excerpt[:1] for excerpt in seen.excerpts]
    shares = [digits.count(b"%d" % digit) / len(digits) for digit in range(10)]

    assert 512 <= len(seen.excerpts) <= 1024
    assert all(abs(share - 0.1) < 0.04 for share in shares)


def test_short_blocks_have_no_more_parts_than_their_share() -> None:
    """However a text is divided, each of its bytes has the same chance to be stored."""
    watched = Excerpted(LongThenShort())
    list(watched)
    seen = watched.with_excerpts(Counted("x", watched.bytes, {}))
    assert isinstance(seen, Counted)
    share = sum(excerpt[:1] == b"b" for excerpt in seen.excerpts) / len(seen.excerpts)

    assert abs(share - 0.2) < 0.02
