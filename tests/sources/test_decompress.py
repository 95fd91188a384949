"""Packed and recoded bytes come out as the UTF-8 that went in, in pieces of any size."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.sources.decompress import NotReadable, as_utf8


def blocks(raw: bytes, size: int) -> Iterator[bytes]:
    """Yield bytes in pieces."""
    return (raw[at : at + size] for at in range(0, len(raw), size))


# The mark of UTF-16 and a NUL behind it are the mark of UTF-32: no text begins so.
TEXTS = st.text(max_size=50).filter(lambda text: not text.startswith("\0"))


@given(TEXTS, st.sampled_from(("utf-16", "utf-32")), st.integers(1, 9), st.booleans())
def test_recoded(text: str, name: str, size: int, is_packed: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """A mark at the beginning says what the bytes are, also within gzip."""
    raw = text.encode(name)

    assert text.encode() == b"".join(as_utf8(blocks(gzip.compress(raw) if is_packed else raw, size)))


@given(st.binary(max_size=80), st.integers(1, 9))
def test_anything(raw: bytes, size: int) -> None:
    """Whatever the bytes are, they come out or have a reason."""
    try:
        found = b"".join(as_utf8(blocks(raw, size)))
    except NotReadable as error:
        found, reason = b"", error.reason
    else:
        reason = ""

    assert (
        bool(reason) or not raw or raw.startswith((b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff", b"\x28\xb5")) or found == raw
    )


def test_a_small_file_of_much() -> None:
    """Of a tenth of a megabyte that unpacks to a hundred, a few are in memory at a time."""
    packed = gzip.compress(bytes(100 << 20), 9)
    tracemalloc.start()
    length = sum(len(block) for block in as_utf8(blocks(packed, 1 << 16)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 100 << 20 == length
    assert most < 16 << 20


def test_breaks_off() -> None:
    """A file that was not written to its end says so."""
    with pytest.raises(NotReadable, match="gzip that breaks off"):
        list(as_utf8(iter([gzip.compress(b"a" * 1000)[:-3]])))
