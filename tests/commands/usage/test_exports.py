"""``gpt41calc usage`` on what people have: folders of logs, packed files, streams, and the provider's invoice."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Spawn
from golden import hold_against_case

CHAT: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "gpt-4.1",
    "created": 1_762_776_000,
    "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 100_000, "total_tokens": 1_100_000},
}
"""An answer of 2025-11-10, which cost $2.80."""

CLAUDE: dict[str, Any] = {"id": "msg_1", "type": "message", "model": "claude-sonnet-4-6"}


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(outcome.stdout, parse_float=Decimal)
    return read


def written(*lines: object) -> str:
    """Return values a line."""
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def said(session: str, second: int, output: int, **changed: Any) -> dict[str, Any]:
    """Return a line of a Claude Code log: an answer as far as it was streamed."""
    usage = {"input_tokens": 3, "cache_read_input_tokens": 1000, "output_tokens": output}
    return {
        "type": "assistant",
        "sessionId": session,
        "requestId": "req_1",
        "cwd": "/work/app",
        "timestamp": f"2026-03-31T23:30:{second:02}Z",
        "message": CLAUDE | {"usage": usage},
    } | changed


def test_folder_of_logs(tmp_path: Path, spawn: Spawn) -> None:
    """A folder stands for its logs: a streamed answer is one, a resumed session repeats it, every line is told."""
    folder = tmp_path / ".claude" / "projects" / "app"
    folder.mkdir(parents=True)
    user = {"type": "user", "sessionId": "a", "message": {"role": "user", "content": "hi"}}
    first = [user, said("a", 1, 9), said("a", 2, 200)]
    (folder / "a.jsonl").write_text(written(*first))
    more = said(
        "b",
        9,
        50,
        requestId="req_2",
        message=CLAUDE | {"id": "msg_2", "usage": {"input_tokens": 3, "output_tokens": 50}},
    )
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(written(said("b", 1, 9), said("b", 2, 200), more).encode()))
    (folder / "settings.json").write_text('{"theme": "dark"}')
    (folder / "notes.txt").write_text("no log")
    ended = spawn("usage", ".claude", "--by", "session", "--json")
    found = document(ended)

    assert (0, "") == (ended.status, ended.stderr)
    assert {"total": 7, "billed": 2, "duplicate": 1, "replay": 2, "no_usage": 2, "refused": 0} == {
        key: value for key, value in found["lines"].items() if key != "reasons"
    }
    assert [("a", 1, 200), ("b", 1, 50)] == [
        (row["session"], row["answers"], row["usage"]["output_tokens"]) for row in found["rows"]
    ]
    assert (1, 3) == (found["repeated_answers"], len(found["files"]))


def test_a_stated_cost_that_is_apart(tmp_path: Path, spawn: Spawn) -> None:
    """What ``claude -p`` says that a run cost stands in the report without being asked for, if it is not ours."""
    counts = {
        "inputTokens": 3,
        "outputTokens": 159,
        "cacheReadInputTokens": 20_000,
        "cacheCreationInputTokens": 2000,
        "costUSD": 0.0345,
    }
    result = {
        "type": "result",
        "session_id": "s",
        "total_cost_usd": 0.0345,
        "modelUsage": {"claude-sonnet-4-6": counts},
    }
    (tmp_path / "run.json").write_text(json.dumps(result))
    found, read = document(spawn("usage", "run.json", "--json")), spawn("usage", "run.json").stdout

    # 3 at $3, 20,000 at $0.30, 2,000 at $3.75 and 159 at $15 a million
    assert (Decimal("0.015894"), Decimal("0.0345")) == (found["cost"]["total"], found["stated"]["cost"])
    assert "1 answer states its cost: $0.034, by the price table $0.016 (+$0.019 apart)" in read


def test_report(tmp_path: Path, spawn: Spawn) -> None:
    """The report of a log in which everything happens, as people and scripts read it."""
    search = CLAUDE | {
        "id": "msg_3",
        "usage": {"input_tokens": 10, "output_tokens": 5, "server_tool_use": {"web_search_requests": 2}},
    }
    called = {"output": [{"type": "file_search_call"}], "object": "response", "id": "resp_1", "model": "gpt-4.1"}
    lines = (
        {"type": "summary", "summary": "x"},
        said("a", 1, 9),
        said("a", 2, 200),
        said("b", 1, 9),
        search,
        CHAT | {"usage": CHAT["usage"] | {"cost": 2.75}},
        called | {"created_at": 1_762_776_000, "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}},
        {"model": "gpt-4.1", "usage": {"prompt_tokens": 10, "input_tokens": 1000}},
        {"custom_id": "x", "response": None, "error": {"message": "too late"}},
        said("a", 5, 0, message=CLAUDE | {"id": "msg_9", "usage": {"input_tokens": 0, "output_tokens": 0}}),
    )
    (tmp_path / "log.jsonl").write_text(written(*lines))
    for name, arguments in (
        ("usage-log.plain.txt", ("-f", "plain")),
        ("usage-log.csv", ("-f", "csv")),
        ("usage-log.json", ("--json",)),
        ("usage-log-by-month.csv", ("-f", "csv", "--by", "month", "--by", "model")),
    ):
        ended = spawn("usage", "log.jsonl", "--as-of", "2026-04-01", *arguments)

        assert 3 == ended.status
        hold_against_case(name, ended.stdout)


@pytest.mark.parametrize(
    ("zone", "key", "expected"),
    [
        ("UTC", "day", ["2026-03-31"]),
        ("Europe/Berlin", "day", ["2026-04-01"]),
        ("Europe/Berlin", "month", ["2026-04"]),
        ("America/New_York", "week", ["2026-W14"]),
        ("UTC", "model", ["claude-sonnet-4-6"]),
        ("UTC", "project", ["/work/app"]),
    ],
)
def test_rows(tmp_path: Path, spawn: Spawn, zone: str, key: str, expected: list[str]) -> None:
    """Days, weeks and months are those of the time zone."""
    (tmp_path / "log.jsonl").write_text(written(said("a", 1, 9)))
    found = document(spawn("usage", "log.jsonl", "--by", key, "--timezone", zone, "--json"))

    assert expected == [row[key] for row in found["rows"]]


def test_one_file_by_two_names(tmp_path: Path, spawn: Spawn) -> None:
    """A file that is named, linked, and found in its folder is read once."""
    plain = {key: value for key, value in CHAT.items() if key != "id"}
    (tmp_path / "log.jsonl").write_text(written(plain))
    (tmp_path / "other.jsonl").hardlink_to(tmp_path / "log.jsonl")

    assert 1 == document(spawn("usage", "log.jsonl", "./log.jsonl", "other.jsonl", ".", "--json"))["answers"]


PLAIN = {key: value for key, value in CHAT.items() if key != "id"}
STREAM = [
    CHAT | {"object": "chat.completion.chunk", "usage": None, "choices": [{"delta": {}}]},
    CHAT | {"object": "chat.completion.chunk", "choices": []},
]


@pytest.mark.parametrize(
    ("content", "answers"),
    [
        (json.dumps([PLAIN, PLAIN]).encode(), 2),
        (json.dumps([PLAIN, PLAIN], indent=2).encode(), 2),
        (("[" + ",\n".join([json.dumps(PLAIN)] * 2) + "]").encode(), 2),
        (written([PLAIN], [PLAIN]).encode(), 2),
        (written(PLAIN, PLAIN).encode("utf-16"), 2),
        (b"\xfe\xff" + json.dumps(PLAIN).encode("utf-16-be"), 1),
        (written(PLAIN).encode("utf-32"), 1),
        (gzip.compress(written(PLAIN).encode("utf-16"), mtime=0), 1),
        (gzip.compress(written(PLAIN).encode(), mtime=0) * 2, 2),
        ("".join(f"data: {json.dumps(each)}\n\n" for each in STREAM).encode() + b"data: [DONE]\n\n", 1),
        (b": ping\nevent: x\nid: 1\nretry: 5\r\ndata:" + json.dumps(PLAIN).encode() + b"\r\n\r\n", 1),
    ],
)
def test_forms(tmp_path: Path, spawn: Spawn, content: bytes, answers: int) -> None:
    """Arrays, UTF-16 and UTF-32, gzip and events as a server sent them hold the same answers."""
    (tmp_path / "log").write_bytes(content)
    ended = spawn("usage", "log", "--json")

    assert (0, answers, "") == (ended.status, document(ended)["answers"], ended.stderr)


def test_zstandard(tmp_path: Path, spawn: Spawn) -> None:
    """Zstandard is undone where Python or an extra can, and else named with the extra."""
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.ZstdCompressor().compress(written(PLAIN).encode())
    (tmp_path / "log.jsonl.zst").write_bytes(packed)
    (tmp_path / "short.zst").write_bytes(packed[:-5])

    assert "2.8\n" == spawn("usage", "log.jsonl.zst", "-q").stdout
    assert "short.zst: Zstandard that breaks off" in spawn("usage", "short.zst").stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "log: no answer with usage in it"),
        (b'{"type": "user"}\n', "log: no answer with usage in it"),
        (gzip.compress(b"{}" * 99, mtime=0)[:-9], "log: gzip that breaks off"),
        (b"\x1f\x8bxx", "log: not gzip: "),
        (b"[1,", "log: not JSON: it ends in the middle of a value"),
        (b'[{"a": 1}] {"b": 2}', "log: not JSON: something else follows a list"),
        (b"\xff\xfea", "log: not UTF-16-LE: "),
    ],
)
def test_files_without_answers(tmp_path: Path, spawn: Spawn, content: bytes, reason: str) -> None:
    """A file that was named and holds no answer makes the sum incomplete, and says why."""
    (tmp_path / "log").write_bytes(content)
    ended = spawn("usage", "log")

    assert 3 == ended.status
    assert reason in ended.stderr


def test_nothing_counts_as_nothing(tmp_path: Path, spawn: Spawn) -> None:
    """A fee with a price is in the sum, one without is named; a mode without a price refuses its line."""
    answer: dict[str, Any] = CLAUDE | {"usage": {"input_tokens": 100_000, "output_tokens": 0}}
    lines = [
        answer | {"id": "a", "usage": answer["usage"] | {"inference_geo": "us"}},
        answer | {"id": "b", "usage": answer["usage"] | {"server_tool_use": {"web_search_requests": 3}}},
        answer | {"id": "c", "usage": answer["usage"] | {"speed": "fast"}},
        answer | {"id": "d", "usage": answer["usage"] | {"server_tool_use": {"code_execution_requests": 1}}},
    ]
    (tmp_path / "log.jsonl").write_text(written(*lines))
    ended = spawn("usage", "log.jsonl", "--as-of", "2026-03-01")

    assert 3 == ended.status
    assert "at least $0.96 for 3 answers" in ended.stdout.splitlines()[0]
    assert [
        "gpt41calc: warning: log.jsonl:3: speed fast has no price with claude-sonnet-4-6",
        "gpt41calc: warning: log.jsonl:4: 1 code_execution_requests, charged apart and not in this sum",
    ] == ended.stderr.splitlines()


def test_calibration_learns_the_whole_answer(tmp_path: Path, spawn: Spawn) -> None:
    """Of an answer that was written while it streamed, its whole length is learned."""
    (tmp_path / "log.jsonl").write_text(written(said("a", 1, 9), said("a", 2, 9), said("a", 3, 159)))
    spawn("usage", "log.jsonl", "--calibrate", "learned.json")
    learned = json.loads((tmp_path / "learned.json").read_text())

    assert (1, 159) == (learned["all"]["answers"], learned["all"]["output_tokens"]["p50"])


# -- Compared with the invoice


def invoice(tmp_path: Path, spawn: Spawn, name: str, text: str, *lines: object) -> dict[str, Any]:
    """Return what an invoice comes to against some answers."""
    (tmp_path / name).write_text(text)
    (tmp_path / "log.jsonl").write_text(written(*lines))
    ended = spawn("usage", "log.jsonl", "--invoice", name, "--json")
    assert ended.stdout, ended.stderr
    found: dict[str, Any] = document(ended)["invoice"]
    return found


COSTS = {
    "object": "page",
    "data": [
        {
            "object": "bucket",
            "start_time": 1_762_732_800,
            "results": [
                {
                    "object": "organization.costs.result",
                    "amount": {"value": value, "currency": "usd"},
                    "line_item": f"gpt-4.1-2025-04-14, {kind}",
                }
                for kind, value in (("input", 2.0), ("output", 0.8))
            ],
        }
    ],
}
OPENAI_CSV = "start_time_iso,amount_value,amount_currency,line_item\n2025-11-10T00:00:00Z,2.80,usd,gpt-4.1-2025-04-14\n"
OPENAI_USAGE = (
    "start_time_iso,input_tokens,output_tokens,input_cached_tokens,num_model_requests,model,batch\n"
    "2025-11-10T00:00:00Z,1000000,100000,0,1,gpt-4.1-2025-04-14,False\n"
)
OPENROUTER = (
    "generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,"
    "tokens_prompt,tokens_completion,tokens_reasoning,model_permaslug,provider_name\n"
    "gen-1,2025-11-10 12:00:00.5 UTC,2.80,0,0,0,0,1000000,100000,0,openai/gpt-4.1,OpenAI\n"
)
ACTIVITY = json.dumps({"data": [{"date": "2025-11-10", "model": "openai/gpt-4.1", "usage": 2.8, "requests": 1}]})


@pytest.mark.parametrize("text", [json.dumps(COSTS), OPENAI_CSV, OPENAI_USAGE, OPENROUTER, ACTIVITY])
def test_invoice_agrees(tmp_path: Path, spawn: Spawn, text: str) -> None:
    """The exports of OpenAI and OpenRouter say the same of an answer, to the cent."""
    found = invoice(tmp_path, spawn, "invoice", text, CHAT)

    assert [("2025-11-10", "gpt-4.1", True, [])] == [
        (row["day"], row["model"], row["agrees"], row["causes"]) for row in found["rows"]
    ]
    assert (Decimal("2.8"), 0) == (found["ours"], found["difference"])


ANTHROPIC = (
    "usage_date_utc,model_version,usage_type,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,"
    "usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count\n"
    "2026-03-31,claude-sonnet-4-6,standard,10000,{short},{long},0,1000,{searches}\n"
)


def kept(**usage: int) -> dict[str, Any]:
    """Return an answer of Claude on 2026-03-31 that wrote a cache."""
    counts = {"input_tokens": 10_000, "output_tokens": 1000, "cache_creation_input_tokens": 1_000_000}
    return said("a", 1, 0, message=CLAUDE | {"usage": counts | usage})


@pytest.mark.parametrize(
    ("text", "lines", "cause"),
    [
        (ANTHROPIC.format(short=1_000_000, long=0, searches=0), [kept()], None),
        (
            ANTHROPIC.format(short=0, long=1_000_000, searches=0),
            [kept()],
            ("cache writes: charged as kept for an hour", Decimal("2.25")),
        ),
        (
            "usage_date_utc,model,cost_usd\n2026-03-31,claude-sonnet-4-6,7.59\n",
            [said("a", 1, 0, message=kept()["message"]), said("a", 2, 0, message=kept()["message"])],
            ("duplicates: charged as answers of their own", Decimal("3.795")),
        ),
        (
            "usage_date_utc,model,cost_usd\n2026-03-31,claude-sonnet-4-6,1.8975\n",
            [kept()],
            ("price list: charged as batch", Decimal("-1.8975")),
        ),
        (
            ANTHROPIC.format(short=1_000_000, long=0, searches=0).replace(",1000,0", ",5000,0"),
            [kept()],
            ("lines that differ: +4,000 output tokens on the invoice", Decimal("0.06")),
        ),
        (
            "usage_date_utc,model,cost_usd\n2026-03-30,claude-sonnet-4-6,3.795\n",
            [kept()],
            ("no answer of this model on this day in the files", Decimal("3.795")),
        ),
        (
            json.dumps(
                {
                    "data": [
                        {
                            "starting_at": "2026-03-31T00:00:00Z",
                            "results": [{"amount": "400.00", "model": "claude-sonnet-4-6"}],
                        }
                    ]
                }
            ),
            [kept()],
            ("lines that are missing from the files", Decimal("0.205")),
        ),
    ],
)
def test_invoice_differs(
    tmp_path: Path, spawn: Spawn, text: str, lines: list[object], cause: tuple[str, Decimal] | None
) -> None:
    """What differs has its cause: lifetimes of caches, duplicates, price lists, tokens, lines that are missing."""
    found = invoice(tmp_path, spawn, "invoice", text, *lines)
    causes = [(each["reason"], each["amount"]) for row in found["rows"][:1] for each in row["causes"]]

    assert ([cause] if cause else []) == causes
    assert sum(each["amount"] for row in found["rows"] for each in row["causes"]) == (
        found["difference"] if cause else 0
    )


def test_every_table_has_columns_of_its_own(tmp_path: Path, spawn: Spawn) -> None:
    """Sums, estimate against actual, and the invoice: in CSV each column has one name."""
    request = {"custom_id": "a", "body": {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}}
    (tmp_path / "in.jsonl").write_text(written(request))
    (tmp_path / "log.jsonl").write_text(written(CHAT | {"custom_id": "a"}))
    (tmp_path / "invoice").write_text(OPENAI_CSV)
    for arguments in ((), ("--input", "in.jsonl"), ("--invoice", "invoice"), ("--by", "week", "--by", "project")):
        columns = spawn("usage", "log.jsonl", "-f", "csv", *arguments).stdout.splitlines()[0].split(",")

        assert sorted(set(columns)) == sorted(columns)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "invoice: not an invoice that is known: a, b"),
        ("", "invoice: an invoice without lines"),
        ("{", "invoice: not JSON: it ends in the middle of a value"),
        (OPENAI_CSV.replace("2.80", "much"), "invoice:2: amount_value: expected an amount, found 'much'"),
        (OPENAI_CSV.replace("usd", "eur"), "invoice:2: charged in EUR: only US dollars are compared"),
        (OPENAI_CSV.replace("2025-11-10T00:00:00Z", "soon"), "invoice:2: expected a day under"),
    ],
)
def test_bad_invoice(tmp_path: Path, spawn: Spawn, text: str, message: str) -> None:
    """An invoice that is none, or is damaged, is asked wrongly."""
    (tmp_path / "invoice").write_text(text)
    (tmp_path / "log.jsonl").write_text(written(CHAT))
    ended = spawn("usage", "log.jsonl", "--invoice", "invoice")

    assert 2 == ended.status
    assert f"gpt41calc: error: {message}" in ended.stderr
