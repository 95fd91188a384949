"""A line is counted alike whether its form was met before or not."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.calculator.forecast import OutputForecast
from gpt41calc.commands.batch.options import BatchOptions
from gpt41calc.commands.batch.weigh import Weigher
from gpt41calc.pricing.rate_limits import load_limits
from gpt41calc.pricing.table import load_pricing

TEXTS = st.text(max_size=40) | st.sampled_from(["", "for (i = 0; i < n; i++) {}", "Это по-русски " * 40, "これは"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "model": st.sampled_from(["gpt-4.1", "gpt-4o", "o3", "gpt-5-mini", "claude-3-7-sonnet", "GPT-4.1", "none"]),
        "max_tokens": st.sampled_from([None, 0, 1, 1.0, True, 200, 10**6]),
        "n": st.sampled_from([1, 3, "2"]),
        "temperature": st.floats(0, 2),
        "user": st.text(max_size=3),
        "tool_choice": st.sampled_from(["auto", "none", "required"]),
        "metadata": st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=2),
        "tools": st.just([]) | st.none(),
    },
)
MESSAGES = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": TEXTS}),
    max_size=3,
)
INPUTS = st.fixed_dictionaries({"input": TEXTS}, optional={"instructions": TEXTS})
BODIES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    MESSAGES.map(lambda messages: {"messages": messages}), INPUTS, st.just({})
)
URLS = st.sampled_from(["/v1/chat/completions", "/v1/responses", "/v1/embeddings", ""])


@cache
def options(*models: str) -> BatchOptions:
    """Return the options of a run, all requests with some models, or each with its own."""
    table = load_pricing()
    return BatchOptions(
        paths=["requests.jsonl"],
        models=tuple(map(table.find, models)),
        variants=tuple(map(table.find, ("gpt-4.1", "gpt-4.1-mini"))),
        comparators=tuple(map(table.find, ("claude-3-7-sonnet", "gemini-2.5-pro", "gpt-4"))),
        forecast=OutputForecast(1000),
        from_body=False,
        assumed_image=None,
        partial=False,
        on=date(2026, 11, 1),
        pricing=table,
        limits=load_limits(),
        split_folder=None,
        config=None,
    )


def lines(fields: dict[str, Any], bodies: list[dict[str, Any]], url: str | None) -> list[bytes]:
    """Return lines with the same fields and other texts: of a batch for a URL, or plain bodies without one."""
    found = [{**fields, **body} for body in bodies]
    if url is not None:
        found = [{"custom_id": f"r{at}", "method": "POST", "url": url, "body": body} for at, body in enumerate(found)]
    return [json.dumps(one).encode() for one in found]


@pytest.mark.parametrize("models", [(), ("gpt-4.1-nano", "gpt-5")])
@settings(max_examples=15)
@given(fields=FIELDS, bodies=st.lists(BODIES, min_size=3, max_size=5), url=URLS | st.none())
def test_a_form_that_was_met_changes_nothing(
    models: tuple[str, ...], fields: dict[str, Any], bodies: list[dict[str, Any]], url: str | None
) -> None:
    """Counts, ranges, digests, names and reasons are those of a line that is read alone."""
    many = [line for line in lines(fields, bodies, url) for _ in range(3)]
    expected = [Weigher(options(*models), ".").weigh(line) for line in many]
    weigher = Weigher(options(*models), ".")
    actual = [weigher.weigh(line) for line in many]

    assert expected == actual


def test_a_picture_in_place_of_a_text_is_another_form() -> None:
    """After lines of text, a line with a picture has the tokens of its picture."""
    weigher = Weigher(options(), ".")
    texts = [{"messages": [{"role": "user", "content": f"Number {number}"}]} for number in range(3)]
    for line in lines({"model": "gpt-4.1"}, texts, None):
        weigher.weigh(line)
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    (pictured,) = lines({"model": "gpt-4.1"}, [{"messages": [{"role": "user", "content": [part]}]}], None)
    expected = Weigher(options(), ".").weigh(pictured)
    actual = weigher.weigh(pictured)

    assert expected == actual


FRAGMENTS = st.sampled_from(
    [
        b'"',
        b"\\",
        b'\\"',
        b'\\\\"',
        b"\\u",
        b"\\ud800",
        b"\\ud83d\\ude00",
        b"\\udc00",
        b"\\n",
        b"\n",
        b"\x00",
        b"\xff",
        b"\xc3",
        b'"}, {"role": "user", "content": "',
        b'\\"}, {"role": "user", "content": "',
        b'", "content": "',
        b'"}]}',
        b"NaN",
        b"1e999",
        b"1" * 101,
        b"-0",
        b"[" * 101,
        b"{}",
        b"]",
        b"}",
        b" ",
        b"\t",
        b"\r",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b'"model": "gpt-4.1", ',
        b'"user": "u", ',
        b'"custom_id": "r1", ',
        b'"max_tokens": 7, ',
        b"null",
        "日本 é".encode(),
    ]
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 5]), FRAGMENTS), max_size=3)


def edited(line: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Return a line with bytes put in, each at a place from 0 to 1, in place of a number of others."""
    for place, removed, put in edits:
        at = int(place * len(line))
        line = line[:at] + put + line[at + removed :]
    return line


@settings(max_examples=60)
@given(
    fields=FIELDS,
    bodies=st.lists(BODIES, min_size=1, max_size=2),
    url=URLS | st.none(),
    edits=st.lists(EDITS, min_size=4, max_size=12),
)
def test_whatever_stands_in_a_line_is_read_alike(
    fields: dict[str, Any], bodies: list[dict[str, Any]], url: str | None, edits: list[list[tuple[float, int, bytes]]]
) -> None:
    """After lines of a form, a hostile one has the result that it has alone: half a surrogate, a key twice, NaN."""
    known = [line for line in lines(fields, bodies, url) for _ in range(3)]
    hostile = [edited(line, some) for some in edits for line in known[::3]]
    weigher = Weigher(options(), ".")
    for line in known:
        weigher.weigh(line)
    expected = [Weigher(options(), ".").weigh(line) for line in hostile]
    actual = [weigher.weigh(line) for line in hostile]

    assert expected == actual


@pytest.mark.parametrize(
    "text", ["", "x", 'quote " and \\', "\\", 'a"}, {"role": "user", "content": "b', "\u2028é日🎉", "\x1f"]
)
def test_a_text_that_looks_like_the_rest_of_the_line_is_a_text(text: str) -> None:
    """Quotes, backslashes and what stands between two messages may be part of a text, and of a name."""
    weigher = Weigher(options(), ".")
    line = {"custom_id": "r", "method": "POST", "url": "/v1/chat/completions"}
    first, second = {"role": "system", "content": "long instructions " * 9}, {"role": "user", "content": "Hi"}
    for each in range(4):
        weigher.weigh(
            json.dumps({**line, "body": {"model": "gpt-4.1", "user": str(each), "messages": [first, second]}}).encode()
        )
    for messages in ([first, {**second, "content": text}], [{**first, "content": text}, second]):
        body = {"model": "gpt-4.1", "user": text, "messages": messages}
        (raw,) = {json.dumps({**line, "custom_id": f"r{text}", "body": body}, ensure_ascii=False).encode()}
        expected = Weigher(options(), ".").weigh(raw)
        actual = weigher.weigh(raw)

        assert expected == actual
