"""JSONL is read line by line, and no line takes another one with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import pytest
from conftest import Spawn
from hypothesis import given
from hypothesis import strategies as st
from limits import limited, needs_limits

from gpt41calc.sources.jsonl import _MAX_LINES, Line, Parsed, lines, parsed_lines
from gpt41calc.tally import Skipped


def cut(raw: bytes, size: int) -> list[bytes]:
    """Return bytes as blocks of one size."""
    return [raw[at : at + size] for at in range(0, len(raw), size)]


@given(st.lists(st.text(st.sampled_from("ab\r\u2028\u0085 ")).map(str.encode)), st.integers(1, 9), st.booleans())
def test_lines_end_at_line_feeds_alone_however_they_are_read(
    parts: list[bytes],
    size: int,
    ended: bool,  # noqa: FBT001
) -> None:
    """Blocks do not matter, nor whether the last line is ended; numbers count blank lines."""
    raw = b"\n".join(parts) + (b"\n" if ended else b"")
    expected = [
        Line(number, line.removesuffix(b"\r")) for number, line in enumerate(raw.split(b"\n"), 1) if line.strip()
    ]

    assert expected == list(lines(cut(raw, size), "f"))


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_line_that_is_too_long_is_its_own_reason(size: int) -> None:
    """The lines before and after it are read."""
    raw = b"1\n" + b"x" * 21 + b"\n" + b"y" * 20 + b"\n" + b"z" * 21

    assert [
        Line(1, b"1"),
        Skipped("f:2", "a line of more than 20 bytes", expected=False),
        Line(3, b"y" * 20),
        Skipped("f:4", "a line of more than 20 bytes", expected=False),
    ] == list(lines(cut(raw, size), "f", max_line_bytes=20))


def test_a_long_line_is_not_held_in_memory() -> None:
    """A hundred blocks of one line are forgotten as they come."""
    blocks = (bytes(1000).replace(b"\0", b"x") for _ in range(100))

    assert [Skipped("f:1", "a line of more than 2,000 bytes", expected=False)] == list(
        lines(blocks, "f", max_line_bytes=2000)
    )


def test_one_bad_line_is_skipped_with_its_reason_and_the_others_are_read() -> None:
    """First, in the middle, and last without its newline."""
    raw = b'\xef\xbb\xbf{"a": NaN}\r\n{"b": 1}\r\n\r\nnull\n{"c": "tru'

    assert [
        Skipped("f:1", "NaN, which is no number in JSON", expected=False),
        Parsed(2, {"b": 1}, 8),
        Parsed(4, None, 4),
        Skipped("f:5", "not JSON: it ends in the middle of a value", expected=False),
    ] == list(parsed_lines([raw], "f"))


def test_a_line_without_end() -> None:
    """A line of a gigabyte and more ends the reading; that the rest was not read is said."""

    def endless() -> Iterator[bytes]:
        yield b"1\n"
        while True:
            yield bytes(1 << 26)

    expected: list[object] = [
        Parsed(1, 1, 1),
        Skipped("f:2", "a line of more than 1,073,741,824 bytes; the rest was not read", expected=False),
    ]
    actual = list(parsed_lines(endless(), "f"))

    assert expected == actual


def test_lines_that_cannot_be_read_have_a_bound() -> None:
    """After a hundred thousand of them nothing more is read, and that is said."""
    found = list(parsed_lines(repeat(b"no\n" * 1000), "f"))
    last = Skipped("f:100001", "after 100,000 lines that cannot be read, the rest was not read", expected=False)
    expected = (100_001, last)
    actual = (len(found), found[-1])

    assert expected == actual


@pytest.mark.parametrize("most", [10_000, pytest.param(_MAX_LINES, marks=pytest.mark.exhaustive)])
def test_lines_have_a_bound(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Blank lines without end end as well."""
    monkeypatch.setattr("gpt41calc.sources.jsonl._MAX_LINES", most)
    expected = [Skipped(f"f:{most + 1}", f"more than {most:,} lines; the rest was not read", expected=False)]
    actual = list(lines(repeat(b"\n" * (1 << 20)), "f"))

    assert expected == actual


@pytest.mark.exhaustive  # it reads a gigabyte
@needs_limits
def test_a_file_of_records_without_end(spawn: Spawn) -> None:
    """A device without end is no file of records: the run ends, incomplete, in little memory."""
    ended = spawn("usage", "/dev/zero", preexec_fn=limited(seconds=30, memory_bytes=1_500_000_000))
    expected = (True, True)
    actual = (ended.status in {2, 3}, "the rest was not read" in ended.stderr)

    assert expected == actual
