"""Items of arrays, cut from blocks of any size, as reading the whole would give them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.sources.json_array import BadArray, array_items

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\[]{},é \n', max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=15,
)


def blocks(raw: bytes, size: int) -> Iterator[bytes]:
    """Yield bytes in pieces."""
    return (raw[at : at + size] for at in range(0, len(raw), size))


@given(st.lists(values, max_size=6), st.integers(1, 20), st.sampled_from((None, 1)), st.booleans())
def test_items(items: list[Any], size: int, indent: int | None, is_ascii: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """Whatever the items and the blocks are, they come out as they were."""
    raw = json.dumps(items, indent=indent, ensure_ascii=is_ascii).encode()

    assert items == [json.loads(item) for item in array_items(blocks(raw + b"\n", size), 10_000)]


@pytest.mark.parametrize("raw", [b"[1, 2", b'["a', b"[1] 2", b"[}", b"{}", b'["a\\'])
def test_damaged(raw: bytes) -> None:
    """What breaks off or is no array is said, never passed over."""
    with pytest.raises(BadArray):
        list(array_items(blocks(raw, 2), 100))


def test_memory_is_bounded() -> None:
    """An item that is too long is not gathered."""
    with pytest.raises(BadArray, match="an item of more than 100 bytes"):
        list(array_items(blocks(b'["' + b"a" * 1000, 10), 100))
