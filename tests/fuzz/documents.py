"""Files that the program reads by their format, changed until they are wrong in some way."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

__all__ = ["edited", "example", "json_documents", "json_lines", "toml_files"]

ROOT = Path(__file__).parent.parent.parent

JSON_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**30, -0.0, 1.5, 1e308, "", " ", "0", "１２", "\ud800", "gpt-4.1", "a" * 5_000),
    *([], {}, [[]], [None], {"": None}, {"type": "text"}, [{"role": "user"}], {"text": 5}, "auto", "user", "text"),
    *(
        "data:image/png;base64,AAAA",
        "https://example.org/a.png",
        "file:///etc/passwd",
        "../../x.png",
        "flex",
        "\0",
        "\n",
    ),
)

_JSON_RAW = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "9" * 5_000,
        "[" * 2_000,
        '{"a":' * 2_000,
        '"\\ud800"',
        '"\\u0000"',
        "'a'",
    ),
    *(
        "{}{}",
        "null",
        "// no",
        "\ufeff{}",
        "\0",
        "\u2028",
        '{"a":1,"a":2}',
        "\\",
        '"',
        "",
        " ",
        "\r\n\r\n",
        "1.",
        "0x1",
    ),
)

_TOML_VALUES = (
    *(
        "0",
        "-1",
        "1e400",
        "nan",
        "inf",
        "-inf",
        "true",
        '""',
        "[]",
        "{}",
        "[[]]",
        '"a"',
        "1979-05-27",
        "1979-05-27T07:32:00Z",
    ),
    *(
        "9" * 5_000,
        "0x10",
        "1_000",
        "0.000000000000000000000001",
        '"80%"',
        '"-1%"',
        '"$0.01"',
        '"90d"',
        '"gpt-4.1"',
        "'\\'",
    ),
    *('"../../x"', '"/etc/passwd"', '"**/**/**/**/a"', '"\\u0000"', '"[a-"', "[" * 500, "{a=" * 500, '"""', "12:00:00"),
    *(".".join("a" * 2_000), "{ standard = { input = -1, output = 1 } }", '["**/*.md", "!x"]', "[1, 'a', {b = 2}]"),
)

_TOML_LINES = (
    *(
        "[tool.gpt41calc]",
        "[[budget]]",
        "[[model]]",
        "[sources]",
        "x = 1",
        "a.b.c.d = 1",
        "[a.b",
        "= 1",
        '"" = 1',
        "\ufeff",
    ),
    *(
        'model = ["gpt-4.1", "all"]',
        "token-budget = 1",
        "max-cost = 0",
        'max-increase = "5%"',
        "output-tokens = 1e3",
        "\0",
    ),
    *(
        'paths = ["**"]',
        'exclude = ["*"]',
        'level = "warn"',
        "imput = 2",
        "requests = -1",
        "as-of = 2026-11-22",
        "a" * 3_000,
    ),
    *('extends = "gpt-4.1"', 'encoding = "no"', "window = 0", "price = []", 'id = "gpt-4.1"', "since = 2030-01-01"),
)


@cache
def example(name: str) -> bytes:
    """Return a file of the checkout."""
    return (ROOT / name).read_bytes()


def _put(raw: bytes, edits: list[tuple[str, int, int, bytes]]) -> bytes:
    """Change a file edit by edit: insert, delete, replace, repeat; of bytes, of lines, of what follows ``=``."""
    for what, at, length, new in edits:
        where = at % (len(raw) + 1)
        end = min(where + length, len(raw))
        line = raw.rfind(b"\n", 0, where) + 1
        line_end = raw.find(b"\n", where) % (len(raw) + 1)
        if what == "insert":
            raw = raw[:where] + new + raw[where:]
        elif what == "delete":
            raw = raw[:where] + raw[end:]
        elif what == "replace":
            raw = raw[:where] + new + raw[end:]
        elif what == "repeat":
            raw = raw[:line_end] + b"\n" + raw[line:line_end] + raw[line_end:]
        elif what == "line":
            raw = raw[:line] + new + b"\n" + raw[line:]
        elif what == "value":
            equal = raw.find(b"=", line, line_end)
            raw = raw if equal < 0 else raw[: equal + 1] + b" " + new + raw[line_end:]
    return raw


def edited(base: bytes, payloads: tuple[str, ...], *ops: str) -> st.SearchStrategy[bytes]:
    """Return a file with a few changes."""
    new = st.one_of(st.sampled_from([text.encode(errors="surrogatepass") for text in payloads]), st.binary(max_size=8))
    edit = st.tuples(st.sampled_from(ops), st.integers(0, 1 << 20), st.integers(0, 60), new)
    return st.builds(_put, st.just(base), st.lists(edit, max_size=3))


def toml_files(*names: str) -> st.SearchStrategy[bytes]:
    """Return TOML files near to those of the checkout, or made of lines and values that mean something."""
    near = [
        edited(
            example(name),
            (*_TOML_VALUES, *_TOML_LINES),
            "insert",
            "delete",
            "replace",
            "repeat",
            "line",
            "value",
            "value",
        )
        for name in names
    ]
    keys = st.sampled_from(
        [
            "model",
            "output-tokens",
            "token-budget",
            "max-cost",
            "max-context",
            "max-increase",
            "paths",
            "exclude",
            "include",
            "name",
            "level",
            "requests",
            "tier",
            "as-of",
            "versus",
            "id",
            "encoding",
            "window",
            "price",
            "note",
            "source",
            "since",
            "pricing",
            "output",
            "format",
            "config",
            "hidden",
            "follow",
            "text",
        ]
    )
    assignment = st.builds(lambda key, value: f"{key} = {value}", keys, st.sampled_from(_TOML_VALUES))
    made = st.lists(st.one_of(assignment, st.sampled_from(_TOML_LINES)), max_size=8)
    return st.one_of(
        *near, made.map(lambda lines: "\n".join(lines).encode(errors="surrogatepass")), st.binary(max_size=40)
    )


_ANY_JSON = st.recursive(
    st.one_of(st.sampled_from(JSON_VALUES), st.text(max_size=10), st.integers(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a document, as a container and a key."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        pairs = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        for key, inner in pairs:
            found.append((one, key))
            waiting.append(inner)
    return found


def _replaced(raw: bytes, changes: list[tuple[int, str, Any]]) -> bytes:
    """Change values of a JSON document at some places: another value, no such key, or a further key."""
    value = json.loads(raw)
    for at, what, new in changes:
        places = _places(value)
        if not places:
            break
        container, key = places[at % len(places)]
        if what == "drop":
            del container[key]
        elif what == "add" and isinstance(container, dict):
            container["name" if isinstance(new, str) else "usage"] = new
        elif what == "copy" and isinstance(container, list):
            container.append(container[key])
        else:
            container[key] = new
    return json.dumps(value).encode()


def json_documents(*bases: bytes) -> st.SearchStrategy[bytes]:
    """Return JSON near to the bases, value by value or byte by byte, or any JSON at all."""
    changes = st.lists(
        st.tuples(st.integers(0, 1 << 16), st.sampled_from(["set", "set", "drop", "add", "copy"]), _ANY_JSON),
        min_size=1,
        max_size=4,
    )
    whole = _ANY_JSON.map(lambda value: json.dumps(value).encode())
    by_value = [st.builds(_replaced, st.just(base), changes) for base in bases]
    by_byte = [edited(base, _JSON_RAW, "insert", "delete", "replace") for base in bases]
    return st.one_of(*by_value, *by_value, *by_byte, whole)


def json_lines(*bases: bytes) -> st.SearchStrategy[bytes]:
    """Return JSONL of good lines, changed lines, broken lines and blank ones, with any ending."""
    good = [line for base in bases for line in base.splitlines()[:6] if line]
    line = st.one_of(
        st.sampled_from(good),
        json_documents(*good[:4]),
        st.sampled_from([text.encode(errors="surrogatepass") for text in _JSON_RAW]),
        st.binary(max_size=20),
    )
    return st.builds(
        lambda ending, lines: ending.join(lines),
        st.sampled_from([b"\n", b"\n", b"\r\n", b"\n\n"]),
        st.lists(line, max_size=8),
    )
