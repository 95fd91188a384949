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
