"""Split a text into pieces that have no more tokens than a limit, each counted as it is encoded alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .borders import CONTEXT_CHARACTERS, At, beside_headings, first_character, written_ends, written_starts
from .chunks import pieces
from .cutting import Cutter, Pieces
from .protocol import Tokenizer
from .token_bytes import token_bytes
from .truncate import MAX_TOKEN_BYTES, STEP_BYTES, in_steps

__all__ = ["At", "Indivisible", "Part", "Splitting", "split"]

_FINER: Mapping[At, Sequence[At]] = {
    At.HEADING: (At.HEADING, At.PARAGRAPH, At.SENTENCE, At.WORD, At.TOKEN),
    At.PARAGRAPH: (At.PARAGRAPH, At.SENTENCE, At.WORD, At.TOKEN),
    At.SENTENCE: (At.SENTENCE, At.WORD, At.TOKEN),
    At.LINE: (At.LINE, At.WORD, At.TOKEN),
    At.WORD: (At.WORD, At.TOKEN),
    At.TOKEN: (At.TOKEN,),
}
"""What is tried in turn where a unit alone has too many tokens."""

_SLACK_TOKENS = 16
_CHARACTERS_PER_TOKEN = 5


class Indivisible(ValueError):
    """One character, as readers see it, has more tokens than the limit."""

    def __init__(self, character: str, tokens: int, start: int) -> None:
        """Take the character, its tokens, and the bytes before it."""
        super().__init__(f"the character at byte {start:,} has {tokens:,} tokens")
        self.character = character
        self.tokens = tokens
        self.start = start


@dataclass(frozen=True, slots=True)
class Splitting:
    """How to split a text."""

    limit: int
    """Most tokens of a piece."""

    overlap: int = 0
    """Most tokens of the text before a piece that are repeated at its start; less than the limit."""

    at: At = At.PARAGRAPH
    """Where a piece ends; in a unit that alone has too many tokens, between smaller ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text."""

    text: str
    """The piece."""

    tokens: int
    """Tokens of ``text``, encoded alone."""

    start: int
    """Bytes of the whole text before it."""

    end: int
    """Bytes of the whole text up to its end."""


def split(tokenizer: Tokenizer, encoding: str, blocks: Iterable[bytes], how: Splitting) -> Iterator[Part]:
    """Yield the pieces of a text, in order. Without an overlap, they joined are the text.

    Little more than a piece is held at once.

    Args:
        tokenizer: the tokenizer.
        encoding: the name of its encoding.
        blocks: the text as UTF-8, in any division.
        how: how to split it.

    Raises:
        Indivisible: a character has more tokens than the limit.
        Uncountable: more than ``chunks.MAX_PIECE_BYTES`` bytes without a place to cut.
    """
    return _Splitter(tokenizer, encoding, blocks, how).parts()


def _split_ends(text: str, at: At) -> list[int]:
    """Return where a piece may end: before the next unit, so that the blanks between them stay with the first."""
    if at is At.WORD:
        return written_ends(text, at)
    inside = {place for start, end in beside_headings(text) for place in range(start + 1, end + 1)}
    return [place for place in written_starts(text, at) if place not in inside]


class _Splitter:
    """One pass over a text."""

    def __init__(self, tokenizer: Tokenizer, encoding: str, blocks: Iterable[bytes], how: Splitting) -> None:
        """Take what :func:`split` takes; nothing is read yet."""
        self._tokenizer = tokenizer
        self._how = how
        self._stream = pieces(in_steps(blocks), piece_bytes=STEP_BYTES)
        known = token_bytes(encoding)
        self._cutters = [Cutter(tokenizer, known, at, _split_ends) for at in _FINER[how.at]]
        self._text = ""  # what was read and is in no piece yet, after what is repeated
        self._repeated = 0  # characters of it that the piece before has
        self._start = 0  # bytes before it

    def parts(self) -> Iterator[Part]:
        """Yield the pieces."""
        while True:
            window, is_rest = self._window()
            if is_rest:
                if len(window.texts[0]) > self._repeated:
                    yield self._part(len(window.texts[0]), window.counts[0])
                return
            end, tokens = self._longest(window)
            part = self._part(end, tokens)
            yield part
            repeated = self._overlap(part)
            self._start = part.end - len(repeated.encode())
            self._text = repeated + self._text[end:]
            self._repeated = len(repeated)

    def _part(self, end: int, tokens: int) -> Part:
        text = self._text[:end]
        return Part(text, tokens, self._start, self._start + len(text.encode()))

    def _window(self) -> tuple[Pieces, bool]:
        """Return a start of the text with more tokens than the limit, or all that is left, and whether it is that."""
        most = self._how.limit * MAX_TOKEN_BYTES + 1
        size = min(most, self._how.limit * _CHARACTERS_PER_TOKEN + CONTEXT_CHARACTERS)
        while True:
            is_all = not self._read(size + CONTEXT_CHARACTERS)
            if is_all and len(self._text) <= size:
                count = self._tokenizer.count(self._text)
                return Pieces([self._text], [count]), count <= self._how.limit
            text = self._text[:size]
            count = self._tokenizer.count(text)
            if count > self._how.limit + _SLACK_TOKENS or size >= most:
                return Pieces([text, self._text[size : size + CONTEXT_CHARACTERS]], [count, 0]), False
            size = min(most, size * 2)

    def _read(self, characters: int) -> bool:
        """Read until that many characters are held; return whether there are as many."""
        held, length = [self._text], len(self._text)
        while length < characters and (block := next(self._stream, None)) is not None:
            held.append(block.decode())
            length += len(held[-1])
        self._text = "".join(held)
        return length >= characters

    def _longest(self, window: Pieces) -> tuple[int, int]:
        """Return where the next piece ends, and its tokens; what is repeated is given up where nothing else fits."""
        for cutter in self._cutters:
            place, tokens = cutter.longest_start(window, "", self._how.limit, window.end)
            if place is not None and place.character > self._repeated:
                return place.character, tokens
        if not self._repeated:
            character = window.texts[0][: first_character(window.texts[0])]
            tokens = self._tokenizer.count(character)
            if tokens > self._how.limit:
                raise Indivisible(character, tokens, self._start)
            return len(character), tokens  # no token ends with it
        self._start += len(self._text[: self._repeated].encode())
        self._text = self._text[self._repeated :]
        self._repeated = 0
        window, is_rest = self._window()
        return (len(window.texts[0]), window.counts[0]) if is_rest else self._longest(window)

    def _overlap(self, part: Part) -> str:
        """Return the end of a piece that is repeated: from the largest unit that fits."""
        if self._how.overlap:
            for cutter in self._cutters:
                place = cutter.longest_end(Pieces([part.text], [part.tokens]), "", self._how.overlap).place
                if place is not None and place.character < len(part.text):
                    return part.text[place.character :]
        return ""
