"""Exports of other programs, each as small as it can be, with the tokens that were billed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gpt41calc.commands.usage.answer import Answer
from gpt41calc.commands.usage.no_usage import NoUsage
from gpt41calc.commands.usage.read_logs import answers_in
from gpt41calc.commands.usage.shapes import SHAPES, FileContext
from gpt41calc.tally import Skipped

Line = dict[str, Any]


def file(*lines: Line, model: str | None = None) -> tuple[list[Answer], list[str], list[Skipped]]:
    """Return the answers in the lines of a file, why other lines are none, and what is left over at its end."""
    shapes = [shape(FileContext(name="a", model=model)) for shape in SHAPES]
    found: list[Answer] = []
    reasons = []
    for number, line in enumerate(lines, 1):
        try:
            found += answers_in(line, f"a:{number}", shapes)
        except NoUsage as error:
            reasons.append(error.reason if error.expected else f"REFUSED {error.reason}")
    rest = [one for shape in shapes for one in shape.rest()]
    found += [one for one in rest if isinstance(one, Answer)]
    return found, reasons, [one for one in rest if isinstance(one, Skipped)]


def shown(answers: Sequence[Answer]) -> list[tuple[str, int, int, int, int]]:
    """Return of every answer its model and its fresh, cached, written and generated tokens."""
    return [
        (
            one.model,
            one.usage.fresh_tokens,
            one.usage.cached_tokens,
            one.usage.written_tokens + one.usage.written_1h_tokens,
            one.usage.output_tokens,
        )
        for one in answers
    ]


LITELLM: Line = {
    "request_id": "chatcmpl-7",
    "call_type": "acompletion",
    "spend": 0.00044,
    "startTime": "2026-02-03 04:05:06.789000",
    "model": "gpt-4.1",
    "total_tokens": 160,
    "prompt_tokens": 120,
    "completion_tokens": 40,
    "metadata": {
        "usage_object": {
            "prompt_tokens": 120,
            "completion_tokens": 40,
            "total_tokens": 160,
            "prompt_tokens_details": {"cached_tokens": 80},
        }
    },
}
LANGFUSE: Line = {
    "id": "o",
    "type": "GENERATION",
    "providedModelName": "gpt-4.1-mini",
    "startTime": "2026-02-03T04:05:06Z",
    "usageDetails": {"input": 50, "input_cached_tokens": 70, "output": 30, "output_reasoning_tokens": 10, "total": 160},
    "calculatedTotalCost": 0.0001,
}
SPAN: Line = {
    "name": "chat",
    "startTimeUnixNano": "1770091506000000000",
    "attributes": [
        {"key": "gen_ai.response.model", "value": {"stringValue": "gpt-4.1"}},
        {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "120"}},
        {"key": "gen_ai.usage.cache_read.input_tokens", "value": {"intValue": "70"}},
        {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "30"}},
    ],
}
PROMPTFOO: Line = {
    "provider": {"id": "openai:chat:gpt-4.1"},
    "response": {"tokenUsage": {"total": 150, "prompt": 120, "completion": 30, "numRequests": 1}, "cost": 0.00048},
}
AIDER: Line = {
    "event": "message_send",
    "properties": {
        "main_model": "gpt-4.1",
        "prompt_tokens": 120,
        "completion_tokens": 30,
        "total_tokens": 150,
        "cost": 1,
    },
    "time": 1_770_091_506,
}
LLM: Line = {
    "id": "01k",
    "model": "gpt-4.1",
    "conversation_id": "c",
    "datetime_utc": "2026-02-03T04:05:06.123456",
    "input_tokens": 120,
    "output_tokens": 30,
    "token_details": '{"prompt_tokens_details": {"cached_tokens": 70}}',
}
AI_SDK: Line = {
    "response": {"id": "r", "modelId": "gpt-4.1", "timestamp": "2026-02-03T04:05:06Z"},
    "usage": {"inputTokens": 120, "cachedInputTokens": 70, "outputTokens": 30, "totalTokens": 150, "raw": {"any": 1}},
}
BEDROCK: Line = {
    "timestamp": "2026-02-03T04:05:06Z",
    "requestId": "r",
    "modelId": "arn:aws:bedrock:eu-west-1::inference-profile/eu.anthropic.claude-3-7-sonnet-20250219-v1:0",
    "input": {"inputTokenCount": 50, "cacheReadInputTokenCount": 70},
    "output": {"outputTokenCount": 30},
}
GOOGLE: Line = {
    "modelVersion": "gemini-2.5-flash",
    "createTime": "2026-02-03T04:05:06Z",
    "usageMetadata": {
        "promptTokenCount": 100,
        "toolUsePromptTokenCount": 20,
        "cachedContentTokenCount": 70,
        "candidatesTokenCount": 20,
        "thoughtsTokenCount": 10,
        "totalTokenCount": 150,
    },
}
PAGE: Line = {
    "object": "page",
    "data": [
        {
            "object": "bucket",
            "start_time": 1_770_076_800,
            "results": [
                {
                    "object": "organization.usage.completions.result",
                    "input_tokens": 120,
                    "input_cached_tokens": 70,
                    "output_tokens": 30,
                    "num_model_requests": 3,
                    "model": "gpt-4.1",
                    "batch": True,
                    "user_id": None,
                }
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("line", "expected", "cost"),
    [
        (LITELLM, ("gpt-4.1", 40, 80, 0, 40), "0.00044"),
        (LANGFUSE, ("gpt-4.1-mini", 50, 70, 0, 40), "0.0001"),
        ({"id": "t", "observations": [LANGFUSE, {"type": "SPAN"}]}, ("gpt-4.1-mini", 50, 70, 0, 40), "0.0001"),
        (SPAN, ("gpt-4.1", 50, 70, 0, 30), None),
        ({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}, ("gpt-4.1", 50, 70, 0, 30), None),
        (PROMPTFOO | {"timestamp": 1_770_091_506}, ("gpt-4.1", 120, 0, 0, 30), "0.00048"),
        (
            {"results": {"timestamp": "2026-02-03T04:05:06Z", "results": [PROMPTFOO]}},
            ("gpt-4.1", 120, 0, 0, 30),
            "0.00048",
        ),
        (AIDER, ("gpt-4.1", 120, 0, 0, 30), "1"),
        (LLM, ("gpt-4.1", 50, 70, 0, 30), None),
        (AI_SDK, ("gpt-4.1", 50, 70, 0, 30), None),
        (BEDROCK, ("eu.anthropic.claude-3-7-sonnet-20250219-v1:0", 50, 70, 0, 30), None),
        (GOOGLE, ("gemini-2.5-flash", 50, 70, 0, 30), None),
        (PAGE, ("gpt-4.1", 50, 70, 0, 30), None),
    ],
)
def test_exports(line: Line, expected: tuple[str, int, int, int, int], cost: str | None) -> None:
    """One answer each, on its day, with no token twice and the cost that the export states."""
    answers, _, rest = file(line)

    assert ([expected], [date(2026, 2, 3)], []) == (shown(answers), [one.day for one in answers], rest)
    assert [cost and Decimal(cost)] == [one.stated_cost for one in answers]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LITELLM | {"cache_hit": "True"}, "answered by the gateway's own cache"),
        (LITELLM | {"status": "failure"}, "failed: as the gateway's log says"),
        (
            LANGFUSE | {"usageDetails": {}, "usage": {"input": 9, "unit": "CHARACTERS"}},
            "REFUSED counted in characters, not in tokens",
        ),
        (
            PROMPTFOO | {"response": PROMPTFOO["response"] | {"cached": True}},
            "answered by promptfoo's own cache, or failed",
        ),
        (AIDER | {"event": "launched"}, "no answer"),
        (SPAN | {"attributes": {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 1}}, "no answer"),
        (LLM | {"input_tokens": None, "output_tokens": None}, "REFUSED an answer without usage"),
        ({"object": "batch", "status": "in_progress", "usage": None}, "a batch that is not finished"),
        (BEDROCK | {"errorCode": "ThrottlingException"}, "failed: ThrottlingException"),
        (
            {"modelVersion": "gemini-2.5-flash", "usageMetadata": {"promptTokenCount": 9, "totalTokenCount": 10}},
            "REFUSED totalTokenCount is 10, but its parts add up to 9",
        ),
    ],
)
def test_what_is_not_billed(line: Line, reason: str) -> None:
    """What a cache answered, what failed and what sums others up is no answer; what is not tokens is refused."""
    assert ([], [reason], []) == file(line)


def chunk(usage: Line | None, **changed: Any) -> Line:
    """Return a chunk of a Chat stream."""
    body = {"id": "c", "object": "chat.completion.chunk", "created": 1_770_091_506, "model": "gpt-4.1", "choices": [{}]}
    return body | {"usage": usage} | changed


def test_chat_stream() -> None:
    """The chunk with the usage is the answer; a stream without one is named where it begins."""
    answers, reasons, rest = file(chunk(None), chunk({"prompt_tokens": 9, "completion_tokens": 2}), chunk(None, id="d"))

    assert [("gpt-4.1", 9, 0, 0, 2)] == shown(answers)
    assert ["a part of a stream, without usage"] * 2 == reasons
    assert ["a:3"] == [one.path for one in rest]


def test_responses_stream() -> None:
    """Of the events of the Responses API the one that completes the answer counts; one that never comes is named."""
    body = {"id": "r", "object": "response", "model": "gpt-4.1", "usage": None}
    done = body | {"usage": {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}}
    begun = {"type": "response.created", "response": body}
    answers, _, rest = file(begun, {"type": "response.completed", "response": done})
    _, _, lost = file(begun)

    assert ([("gpt-4.1", 9, 0, 0, 2)], [], ["a:1"]) == (shown(answers), rest, [one.path for one in lost])


def test_anthropic_stream() -> None:
    """The beginning has the prompt and the end the answer; cumulative ends have one identifier."""
    message = {"id": "m", "type": "message", "model": "claude-sonnet-4-6"}
    begun = {"type": "message_start", "message": message | {"usage": {"input_tokens": 9, "output_tokens": 1}}}
    ends = [{"type": "message_delta", "usage": {"output_tokens": count}} for count in (5, 20)]
    answers, reasons, rest = file(begun, {"type": "ping"}, *ends)
    _, _, lost = file(begun)

    assert [("claude-sonnet-4-6", 9, 0, 0, 5), ("claude-sonnet-4-6", 9, 0, 0, 20)] == shown(answers)
    assert (["m", "m"], [], 2) == ([one.id for one in answers], rest, len(reasons))
    assert ["a stream that breaks off: how long its answer was is not known"] == [one.reason for one in lost]


def test_compaction_is_billed() -> None:
    """What compacting a conversation took comes on top; steps that do not add up are refused."""
    step = {"type": "message", "input_tokens": 9, "output_tokens": 2}
    more = {"type": "compaction", "input_tokens": 100, "output_tokens": 30}
    usage = {"input_tokens": 9, "output_tokens": 2, "iterations": [more, step]}
    message = {"id": "m", "type": "message", "model": "claude-sonnet-4-6", "usage": usage}
    _, reasons, _ = file(message | {"usage": usage | {"iterations": [step, step]}})

    assert [("claude-sonnet-4-6", 109, 0, 0, 32)] == shown(file(message)[0])
    assert reasons[0].startswith("REFUSED the iterations take 18 input")


# -- Agents


def codex(*lines: tuple[str, Line]) -> list[Line]:
    """Return lines of a Codex session."""
    return [{"timestamp": "2026-05-01T10:00:00Z", "type": kind, "payload": payload} for kind, payload in lines]


def totals(*numbers: int) -> tuple[str, Line]:
    """Return a count of tokens: running totals of input, cached, output, and the same of the last step."""
    names = ("input_tokens", "cached_input_tokens", "output_tokens")
    whole = dict(zip(names, numbers[:3], strict=True)) | {"total_tokens": numbers[0] + numbers[2]}
    last = dict(zip(names, numbers[3:], strict=True)) if numbers[3:] else whole
    return "event_msg", {"type": "token_count", "info": {"total_token_usage": whole, "last_token_usage": last}}


PARENT = codex(
    ("session_meta", {"id": "p", "cwd": "/work/app"}),
    ("turn_context", {"model": "gpt-5"}),
    totals(100, 60, 10),
    ("event_msg", {"type": "token_count", "info": None}),
    totals(300, 160, 30),
    totals(300, 160, 30),
)


def test_codex_totals_are_differences() -> None:
    """Running totals become steps; a total that did not change is none."""
    answers, reasons, _ = file(*PARENT)

    assert [("gpt-5", 40, 60, 0, 10), ("gpt-5", 100, 100, 0, 20)] == shown(answers)
    assert ("running totals that did not change", {"/work/app"}) == (reasons[-1], {one.project for one in answers})


def test_codex_totals_that_begin_anew() -> None:
    """After a total that falls, the last step counts."""
    answers, _, _ = file(*PARENT, *codex(totals(50, 0, 5, 50, 0, 5)))

    assert ("gpt-5", 50, 0, 0, 5) == shown(answers)[-1]


def test_codex_fork() -> None:
    """What a forked log repeats of its parent has the parent's identity; what comes then has its own."""
    meta = codex(("session_meta", {"id": "f", "forked_from_id": "p"}))
    parent, _, _ = file(*PARENT)
    fork, _, _ = file(*meta, *PARENT, *codex(totals(400, 200, 40)))
    other, _, _ = file(*codex(("session_meta", {"id": "q"})), *PARENT[1:])

    assert [one.key for one in parent] == [one.key for one in fork[:2]]
    assert fork[2].key not in {one.key for one in parent}
    assert not {one.key for one in other} & {one.key for one in parent}


def test_codex_fork_without_its_parent() -> None:
    """A fork that begins with its parent's totals is charged the last step alone."""
    meta = codex(("session_meta", {"id": "f", "forked_from_id": "p"}), ("turn_context", {"model": "gpt-5"}))

    assert [("gpt-5", 10, 40, 0, 9)] == shown(file(*meta, *codex(totals(5000, 3000, 900, 50, 40, 9)))[0])


def test_codex_exec() -> None:
    """``codex exec`` names no model: it is given, or the line is refused."""
    lines = ({"type": "thread.started", "thread_id": "t"}, {"type": "turn.completed", "usage": {"input_tokens": 9}})

    assert [("gpt-5", 9, 0, 0, 0)] == shown(file(*lines, model="gpt-5")[0])
    assert "REFUSED no model beside its usage; give it with --model" == file(*lines)[1][-1]


MESSAGE = {"id": "m", "type": "message", "model": "claude-sonnet-4-6", "usage": {"input_tokens": 3, "output_tokens": 9}}


def test_claude_code() -> None:
    """Users' lines are no answers, also if the summary of a subagent is in them."""
    user = {"type": "user", "sessionId": "s", "message": {"role": "user"}, "toolUseResult": {"usage": MESSAGE["usage"]}}
    line = {"type": "assistant", "sessionId": "s", "requestId": "r", "costUSD": 0.5, "message": MESSAGE}
    answers, reasons, _ = file(user, line)

    assert (["no answer"], [("s", "r", "m", Decimal("0.5"))]) == (
        reasons,
        [(one.session, one.request_id, one.id, one.stated_cost) for one in answers],
    )


def test_claude_result() -> None:
    """The result of a run sums its lines up; a run without one is the lines that it printed."""
    line = {"type": "assistant", "session_id": "s", "message": MESSAGE}
    by_model = {
        "claude-sonnet-4-6": {"inputTokens": 3, "outputTokens": 159, "cacheReadInputTokens": 20, "costUSD": 0.5}
    }
    result = {"type": "result", "session_id": "s", "total_cost_usd": 0.5, "modelUsage": by_model}
    whole, _, _ = file(line, result)
    broken, _, _ = file(line)

    assert ([("claude-sonnet-4-6", 3, 20, 0, 159)], [Decimal("0.5")]) == (
        shown(whole),
        [one.stated_cost for one in whole],
    )
    assert [("claude-sonnet-4-6", 3, 0, 0, 9)] == shown(broken)


@pytest.mark.parametrize(
    ("tools", "output", "expected"),
    [
        ([{"type": "web_search"}], [], (None, ())),
        ([{"type": "web_search"}], ["web_search_call"], (("web_search", 1), ())),
        ([{"type": "web_search_preview_2025_03_11"}], ["web_search_call"] * 2, (("web_search_preview", 2), ())),
        ([], ["web_search_call"], (None, ("1 web_search_call",))),
        ([], ["file_search_call", "code_interpreter_call"], (None, ("1 code_interpreter_call", "1 file_search_call"))),
        ([], ["function_call", "mcp_call", "message"], (None, ())),
    ],
)
def test_calls_of_server_tools(tools: list[Line], output: list[str], expected: tuple[object, object]) -> None:
    """A tool that is offered costs nothing; a call is priced by its kind, or named."""
    body = {
        "object": "response",
        "model": "gpt-4.1",
        "tools": tools,
        "output": [{"type": kind} for kind in output],
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    (answer,), _, _ = file(body)

    assert expected == (answer.searches, answer.uncharged)
