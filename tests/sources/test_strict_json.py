"""JSON is taken as an API would take it, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.sources.strict_json import MAX_DEPTH, NotJson, parse_json

TEXT = st.text(st.characters(codec="utf-8"))

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**90), 10**90)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(JSON, st.booleans())
def test_everything_that_is_json_is_read_as_python_reads_it(value: Any, ascii_only: bool) -> None:  # noqa: FBT001
    """Being strict refuses nothing that is well formed, escaped or not."""
    assert value == parse_json(json.dumps(value, ensure_ascii=ascii_only).encode())


REFUSED = {
    "empty": (b"  ", "empty"),
    "nothing": (b"", "empty"),
    "not a number": (b'{"n": NaN}', "NaN, which is no number in JSON"),
    "infinity": (b"-Infinity", "-Infinity, which is no number in JSON"),
    "too large": (b"[1e400]", "a number that is too large or too long: 1e400"),
    "too small": (b"[-1e999999999]", "a number that is too large or too long: -1e999999999"),
    "5,000 digits": (b'{"n": ' + b"9" * 5000 + b"}", "a number of 5,000 digits"),
    "twice": (b'{"a": {"model": 1, "n": 2, "model": 3}}', 'the key "model" is there twice'),
    "twice, written differently": (rb'{"\u0061": 1, "a": 2}', 'the key "a" is there twice'),
    "a long key twice": (
        b'{"%s": 1, "%s": 2}' % (b"k" * 90, b"k" * 90),
        f'the key "{"k" * 40}…" is there twice',
    ),
    "half a pair": (rb'{"content": "\ud83d"}', r"half a surrogate pair (\ud83d), which is no character"),
    "half a pair as a key": (rb'{"\uDC00": 1}', r"half a surrogate pair (\udc00), which is no character"),
    "the wrong way round": (rb'["\udc00\ud800"]', r"half a surrogate pair (\udc00), which is no character"),
    "truncated string": (b'{"content": "caf', "not JSON: it ends in the middle of a value"),
    "truncated object": (b'{"content": "caf"', "not JSON: it ends in the middle of a value"),
    "no JSON": (b"hello", "not JSON: expecting value at column 1"),
    "two values": (b"{} {}", "not JSON: extra data at column 4"),
    "later lines": (
        b'{\n  "a": 1,\n  b\n}',
        "not JSON: expecting property name enclosed in double quotes at line 3, column 3",
    ),
    "raw control character": (b'"a\x01"', "not JSON: invalid control character at column 3"),
    "not UTF-8": (b'{"a": "\xff"}', "not UTF-8: byte 0xff at 8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "not UTF-8: byte 0xff at 1"),
    "deep": (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested deeper than 100 levels"),
    "deeper than the stack": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested deeper than 100 levels"),
}


@pytest.mark.parametrize(("raw", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_an_api_would_refuse_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    """The reason says what is wrong, and where if there is a where."""
    with pytest.raises(NotJson) as refused:
        parse_json(raw)

    assert reason == refused.value.reason


TAKEN = {
    "byte order mark": (b"\xef\xbb\xbf[1]", [1]),
    "a pair of surrogates": (rb'"\ud83d\ude00"', "😀"),
    "U+2028": ('"a\u2028b"'.encode(), "a\u2028b"),
    "escaped backslash before u": (rb'"\\ud800"', r"\ud800"),
    "100 levels": (b"[" * 100 + b"]" * 100, None),
    "many brackets side by side": (b"[" + b"[]," * 500 + b"[]]", None),
}


@pytest.mark.parametrize(("raw", "expected"), TAKEN.values(), ids=TAKEN)
def test_what_an_api_would_take_is_taken(raw: bytes, expected: Any) -> None:
    """The border runs exactly there."""
    value = parse_json(raw)

    assert value if expected is None else expected == value
