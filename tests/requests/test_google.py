"""Bodies of generateContent take what Gemini models are billed for them, as far as recorded calls show."""

from __future__ import annotations

import math
from typing import Any

import pytest
from bodies import png, url
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.errors import RequestError
from gpt41calc.pricing.table import load_pricing
from gpt41calc.requests.batch_lines import parse_line
from gpt41calc.requests.blocks import measured
from gpt41calc.requests.detect import Kind, endpoint_of, kind_of, parse_request
from gpt41calc.requests.google_tokens import google_tokens
from gpt41calc.requests.parts import Image
from gpt41calc.tokenizer.gemma import Gemma, GemmaTokens, SplintrGemma

GEMMA = SplintrGemma()

WEATHER: dict[str, Any] = {
    "name": "get_weather",
    "description": "Get the weather in a town.",
    "parameters": {
        "type": "OBJECT",
        "properties": {
            "town": {"type": "STRING", "description": "Name of the town"},
            "unit": {"type": "STRING", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["town"],
    },
}
ASKED: dict[str, Any] = {"role": "user", "parts": [{"text": "Is it warm in Lisbon?"}]}
CALLED: dict[str, Any] = {
    "role": "model",
    "parts": [{"functionCall": {"name": "get_weather", "args": {"town": "Lisbon"}}}],
}
ANSWERED: dict[str, Any] = {
    "role": "user",
    "parts": [{"functionResponse": {"name": "get_weather", "response": {"sky": "clear", "degrees": 24}}}],
}


class Characters(Gemma):
    """Counts a token for every character, so that a test shows what is counted."""

    is_exact = True

    def tokens(self, text: str) -> GemmaTokens:
        """Return the characters of a text."""
        return GemmaTokens(len(text), len(text), len(text))


def tokens(model: str, *contents: dict[str, Any], gemma: Gemma | None = None, **fields: Any) -> int:
    """Return what a body takes of a model, by Gemma's own vocabulary."""
    body, rules = {"contents": list(contents), **fields}, load_pricing().find(model).google
    whole = measured(parse_request(body))
    assert whole.request.google is not None
    assert rules is not None
    pictures = whole.picture_tokens(load_pricing().find(model))
    return google_tokens(whole.request.google, rules, gemma or GEMMA, pictures).value


# -- Contents ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "expected"), [("gemini-2.0-flash", 7), ("gemini-2.5-flash", 8), ("gemini-3.5-flash", 8)]
)
def test_one_text_is_the_count_and_a_token_but_for_gemini_2(model: str, expected: int) -> None:
    """One text is its tokens, and since Gemini 2.5 one more (40 recorded calls of this shape are billed so)."""
    assert tokens(model, {"role": "user", "parts": [{"text": "What is the capital of Norway?"}]}) == expected


def test_a_system_instruction_is_a_content_of_its_own() -> None:
    """A system instruction is billed as one more content (30 recorded calls are billed so)."""
    alone = tokens("gemini-2.5-flash", ASKED)

    assert tokens("gemini-2.5-flash", ASKED, systemInstruction={"parts": [{"text": "Hi"}]}) == alone + 2


def test_every_content_of_a_conversation_adds_a_token() -> None:
    """What was said before is billed content by content, even if it is empty (8 recorded calls are billed so)."""
    said = {"role": "model", "parts": [{"text": ""}]}

    assert tokens("gemini-3.5-flash", ASKED, said, ASKED) == 2 * tokens("gemini-3.5-flash", ASKED) + 1


def test_vertex_bills_no_token_for_a_content() -> None:
    """A body with labels, which only Vertex AI takes, is its texts alone (4 recorded calls are billed so)."""
    assert tokens("gemini-3.5-flash", ASKED, labels={"team": "a"}) == tokens("gemini-3.5-flash", ASKED) - 1


def test_a_schema_for_the_answer_costs_nothing_since_gemini_2_5() -> None:
    """A response schema is not part of the prompt (16 recorded calls are billed so)."""
    config = {"responseMimeType": "application/json", "responseSchema": WEATHER["parameters"]}

    assert tokens("gemini-2.5-flash", ASKED, generationConfig=config) == tokens("gemini-2.5-flash", ASKED)


# -- Functions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("gemini-2.0-flash", 24),  # 10 recorded calls with functions, all exact
        ("gemini-2.5-flash", 65),  # 32 of 35
        ("gemini-3.5-flash", 73),  # 22 of 23
    ],
)
def test_a_function_is_billed_as_the_family_reads_it(model: str, expected: int) -> None:
    """A function is values for Gemini 2.0, Python for 2.5, a declaration for 3."""
    more = tokens(model, ASKED, tools=[{"functionDeclarations": [WEATHER]}])

    assert more - tokens(model, ASKED) == expected


def test_a_function_without_anything_takes_what_its_form_takes() -> None:
    """An empty function is 18 tokens and its name in Gemini 2.5, 13 in Gemini 3 (20 recorded calls are billed so)."""
    function = {"name": "now", "description": "", "parametersJsonSchema": {"type": "object", "properties": {}}}
    more = [
        tokens(model, ASKED, tools=[{"functionDeclarations": [function]}]) - tokens(model, ASKED)
        for model in ("gemini-2.5-flash", "gemini-3.5-flash")
    ]

    assert more == [18 + 1, 13 + 1]


def test_objects_in_a_function_become_data_classes() -> None:
    """Gemini 2.5 reads an object in a function as a data class in front of it (3 recorded calls are billed so)."""
    inner = {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}
    outer = {"type": "object", "properties": {"point": inner}, "required": ["point"]}
    reference = {"$defs": {"P": inner}, "properties": {"point": {"$ref": "#/$defs/P"}}, "required": ["point"]}
    counts = {
        tokens("gemini-2.5-flash", ASKED, tools=[{"functionDeclarations": [{"name": "go", "parameters": schema}]}])
        for schema in (outer, {"type": "object", **reference})
    }

    assert counts == {tokens("gemini-2.5-flash", ASKED) + 70}


def test_a_schema_that_refers_to_itself_ends() -> None:
    """A recursive schema is followed a few times, and one with many references costs no more than a second."""
    tree = {"type": "object", "properties": {str(n): {"$ref": "#/$defs/T"} for n in range(50)}}
    function = {"name": "go", "parametersJsonSchema": {"$defs": {"T": tree}, **tree}}

    assert tokens("gemini-2.5-flash", ASKED, gemma=Characters(), tools=[{"functionDeclarations": [function]}]) > 0


# -- Calls and results ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("gemini-2.0-flash", 12),  # 7 of 11 recorded calls with a history exact, all within a token
        ("gemini-2.5-flash", 37),  # 18 of 21 exact
        ("gemini-3.5-flash", 36),  # 7 of 7 without thoughts exact
    ],
)
def test_a_call_and_its_result_are_billed_as_the_family_reads_them(model: str, expected: int) -> None:
    """A call and its result are keys and texts for Gemini 2.0, Python for 2.5, declarations for 3."""
    assert tokens(model, ASKED, CALLED, ANSWERED) - tokens(model, ASKED) == expected


def test_snake_case_is_the_same() -> None:
    """Fields may be written in snake case, as protocol buffers allow."""
    snake = {"role": "model", "parts": [{"function_call": {"name": "get_weather", "args": {"town": "Lisbon"}}}]}

    assert tokens("gemini-2.5-flash", ASKED, snake) == tokens("gemini-2.5-flash", ASKED, CALLED)


def test_thoughts_of_the_current_turn_are_billed_again() -> None:
    """Gemini 3 bills the thoughts in signatures after the last question, Gemini 3.5 all (48 recorded calls)."""
    signed = {"role": "model", "parts": [{**CALLED["parts"][0], "thoughtSignature": "A" * 1120}]}
    plain, later = (ASKED, CALLED, ANSWERED, ASKED), (ASKED, signed, ANSWERED, ASKED)

    assert tokens("gemini-3-flash-preview", *later[:3]) - tokens("gemini-3-flash-preview", *plain[:3]) == 210
    assert tokens("gemini-3-flash-preview", *later) == tokens("gemini-3-flash-preview", *plain)
    assert tokens("gemini-3.5-flash", *later) - tokens("gemini-3.5-flash", *plain) == 210


# -- Pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "size", "expected"),
    [
        ("gemini-2.0-flash", (640, 480), 1290),
        ("gemini-2.0-flash", (8, 8), 258),
        ("gemini-2.5-flash", (600, 500), 258),
        ("gemini-3.5-flash", (128, 128), 1089),
        ("gemini-3.5-flash", (60, 30), 1081),
    ],
)
def test_a_picture_is_billed_by_the_rule_of_the_family(model: str, size: tuple[int, int], expected: int) -> None:
    """Crops and the whole for Gemini 2.0, the same for all in 2.5, a grid of 1,120 in 3 (14 recorded calls)."""
    data = url(png(*size)).partition(",")[2]
    picture = {"inlineData": {"mimeType": "image/png", "data": data}}
    shown = {"role": "user", "parts": [*ASKED["parts"], picture]}

    assert tokens(model, shown) - tokens(model, ASKED) == expected


# -- What is read, and what is refused -----------------------------------------------------------------------------


def test_a_body_is_told_by_its_contents() -> None:
    """A body is detected by what it holds, and so is a line of Google's batch mode."""
    body = {"contents": [ASKED]}
    line = parse_line({"key": "a", "request": body})

    assert endpoint_of(body) == "google"
    assert kind_of({"key": "a", "request": body}) is Kind.BATCH
    assert (line.custom_id, line.request.endpoint) == ("a", "google")


def test_a_line_with_the_address_of_generate_content_is_read() -> None:
    """A line as OpenAI's batches have it may hold a body for generateContent."""
    body = {"model": "models/gemini-2.5-flash", "contents": [ASKED]}
    line = {"custom_id": "a", "method": "POST", "url": "/v1beta/models/generateContent", "body": body}

    assert parse_line(line).request.model == "gemini-2.5-flash"


def test_what_is_not_a_body_stays_text() -> None:
    """Other JSON with contents is text."""
    assert kind_of({"contents": [{"name": "a"}]}) is Kind.TEXT
    assert kind_of({"contents": "a table of them"}) is Kind.TEXT


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"contents": [{"role": "system", "parts": []}]}, "contents[0].role: expected user, model or function"),
        (
            {"contents": [{"parts": [{"inlineData": {"mimeType": "audio/wav", "data": ""}}]}]},
            "contents[0].parts[0].inlineData: a part of the type 'audio/wav', whose tokens cannot be counted here",
        ),
        (
            {"contents": [ASKED], "tools": [{"googleSearch": {}}]},
            "tools[0].googleSearch: a built-in tool, whose tokens are not published",
        ),
        (
            {"contents": [ASKED], "cachedContent": "cachedContents/1"},
            "cachedContent: a cached content, which is not in the body",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_place(body: dict[str, Any], message: str) -> None:
    """A part that nobody can count is refused, and the message says where it is."""
    with pytest.raises(RequestError) as refused:
        parse_request(body)

    assert str(refused.value).startswith(message)


def test_a_remote_file_is_never_opened() -> None:
    """The address of a file at Google is no path of this machine."""
    file = {"fileData": {"mimeType": "image/png", "fileUri": "/etc/passwd"}}
    request = parse_request({"contents": [{"role": "user", "parts": [file]}]})
    part = request.messages[0].parts[0]

    assert isinstance(part, Image)
    assert measured(request).pictures[0].size is None


# -- Laws ----------------------------------------------------------------------------------------------------------

TEXTS = st.text(max_size=40)
SCHEMAS = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(["string", "INTEGER", "boolean"])}, optional={"description": TEXTS}),
    lambda inner: (
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
            }
        )
        | st.fixed_dictionaries({"type": st.just("array"), "items": inner})
    ),
    max_leaves=6,
)
MODELS = st.sampled_from(["gemini-2.0-flash", "gemini-2.5-flash", "gemini-3.5-flash"])


@given(model=MODELS, text=TEXTS, more=TEXTS.filter(bool), schema=SCHEMAS)
def test_more_never_takes_less(model: str, text: str, more: str, schema: dict[str, Any]) -> None:
    """A longer text, a further content or a function never makes a request smaller."""
    content = {"role": "user", "parts": [{"text": text}]}
    longer = {"role": "user", "parts": [{"text": text + more}]}
    function = {"name": "go", "description": text, "parameters": schema}
    alone = tokens(model, content, gemma=Characters())

    assert alone < tokens(model, longer, gemma=Characters())
    assert alone <= tokens(model, content, content, gemma=Characters())
    assert alone < tokens(model, content, gemma=Characters(), tools=[{"functionDeclarations": [function]}])


@given(model=MODELS, text=TEXTS, schema=SCHEMAS)
def test_the_bounds_hold_the_number(model: str, text: str, schema: dict[str, Any]) -> None:
    """Whatever a body holds, the number lies within its bounds, and none is negative."""
    function = {"name": text or "go", "parameters": schema}
    body = {"contents": [ASKED, CALLED, ANSWERED], "tools": [{"functionDeclarations": [function]}]}
    given_body, rules = parse_request(body).google, load_pricing().find(model).google
    assert given_body is not None
    assert rules is not None
    span = google_tokens(given_body, rules, Characters())

    assert 0 <= span.low <= span.value <= span.high < math.inf
