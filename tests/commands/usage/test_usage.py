"""``gpt41calc usage`` and calibrations, as a user has them: real processes and real files."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chatserver import chat_server
from conftest import Outcome, Spawn
from reference import o200k

TODAY = "2026-11-22"
EXAMPLE = Path(__file__).parents[3] / "docs" / "example"
CHAT = {
    "model": "gpt-4.1",
    "created": 1_762_776_000,
    "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 100_000},
}
HOSTILE: dict[bytes, str] = {
    b'{"usage": {"prompt_tokens": NaN}}': "NaN, which is no number in JSON",
    b'{"usage": {"prompt_tokens": 1e400}}': "a number that is too large or too long: 1e400",
    b'{"model": "a", "model": "b"}': 'the key "model" is there twice',
    b'{"created": ' + b"1" * 5000 + b"}": "a number of 5,000 digits",
    b'{"id": "\\ud800"}': "half a surrogate pair (\\ud800), which is no character",
    b"[" * 5000 + b"]" * 5000: "nested deeper than 100 levels",
    b'{"id": "\xff"}': "not UTF-8: byte 0xff at 9",
    b'{"model": "gpt-4.1", "usage": {"prom': "not JSON: it ends in the middle of a value",
    b'{"model": "gpt-9", "usage": {"prompt_tokens": 1}}': "unknown model 'gpt-9'",
    b'{"model": "gpt-4.1", "service_tier": "flex", "usage": {"prompt_tokens": 1}}': (
        "gpt-4.1 has no price for the flex tier"
    ),
    b'{"model": "gpt-4.1", "choices": []}': "an answer without usage",
}
"""Lines that cannot be priced, and why."""


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the document on standard output, read by a strict parser."""
    read: dict[str, Any] = json.loads(outcome.stdout, parse_float=Decimal, parse_constant=pytest.fail)
    return read


def line(**changed: Any) -> bytes:
    """Return an answer as a line."""
    return json.dumps(CHAT | changed, ensure_ascii=False).encode()


def requests(count: int = 20) -> str:
    """Return a Batch input file of requests of different lengths, with names and several messages."""
    lines = []
    for number in range(count):
        messages = [{"role": "user", "content": "Tell me of the sea. " * (number + 1)}]
        if number % 2:
            messages.insert(0, {"role": "system", "content": "You are a sailor — пират, 海賊 🏴‍☠️.", "name": "captain"})
        body = {"model": "gpt-4.1-mini" if number % 3 else "gpt-4.1", "messages": messages}
        lines.append({"custom_id": f"r{number}", "method": "POST", "url": "/v1/chat/completions", "body": body})
    return "".join(f"{json.dumps(each)}\n" for each in lines)


def test_cost_by_model_day_and_tier(tmp_path: Path, spawn: Spawn) -> None:
    """A million tokens of prompt and a tenth of it as answer cost $2.80, half of it in a batch."""
    of_batch = json.dumps({"custom_id": "a", "response": {"status_code": 200, "body": CHAT}}).encode()
    (tmp_path / "log.jsonl").write_bytes(b"\n".join([line(), line(), of_batch, line(created=1_795_305_600)]))
    found = document(spawn("usage", "log.jsonl", "--json"))
    rows = [(row["model"], row["day"], row["tier"], row["answers"], row["cost"]["total"]) for row in found["rows"]]
    expected = [
        ("gpt-4.1", "2025-11-10", "batch", 1, Decimal("1.4")),
        ("gpt-4.1", "2025-11-10", "standard", 2, Decimal("5.6")),
        ("gpt-4.1", "2026-11-22", "standard", 1, Decimal("2.8")),
    ]

    assert expected == rows
    assert (Decimal("9.8"), 4, True) == (found["cost"]["total"], found["answers"], found["complete"])
    assert "9.8\n" == spawn("usage", "log.jsonl", "-q").stdout


def test_as_of_is_for_answers_without_a_day(tmp_path: Path, spawn: Spawn) -> None:
    """An answer that says when it was made has the prices of that day, whatever is asked."""
    undated = {key: value for key, value in CHAT.items() if key != "created"} | {"model": "o3"}
    dated = json.dumps(undated | {"created": 1_746_000_000})  # 2025-04-30: o3 cost 10 and 40 dollars
    (tmp_path / "log.jsonl").write_text(f"{dated}\n{json.dumps(undated)}\n")
    ended = spawn("usage", "log.jsonl", "--as-of", "2025-07-01", "--json")

    assert [Decimal("2.8"), Decimal(14)] == [row["cost"]["total"] for row in document(ended)["rows"]]
    assert 1 == document(ended)["undated"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_bad_lines(tmp_path: Path, spawn: Spawn, ending: bytes) -> None:
    """Each line that cannot be priced is named with its reason, all others are summed up, and the status is 3."""
    bad = list(HOSTILE)
    lines = [line(note="a\u2028b\u0085c"), *bad[:5], b"", line(), *bad[5:], line()]
    (tmp_path / "log.jsonl").write_bytes(ending.join(lines))
    ended = spawn("usage", "log.jsonl")
    numbers = [*range(2, 7), *range(9, 15)]
    reasons = [HOSTILE[raw].replace("\\", "\\\\") for raw in bad]
    said = [f"gpt41calc: warning: log.jsonl:{at}: {reason}" for at, reason in zip(numbers, reasons, strict=True)]
    hint = "gpt41calc: hint: a name of your own is given with --alias 'NAME=gpt-4.1' or [alias] in the project file"

    assert (3, [*said, hint]) == (ended.status, ended.stderr.splitlines())
    assert "3 answers" in ended.stdout.splitlines()[0]
    assert "11 lines could not be counted, so all sums are lower bounds" in ended.stdout


def test_truncated_last_line(tmp_path: Path, spawn: Spawn) -> None:
    """A file that ends in the middle of a line loses that line only."""
    (tmp_path / "log.jsonl").write_bytes(line() + b"\n" + line()[:40])
    ended = spawn("usage", "log.jsonl", "--json")

    assert 3 == ended.status
    assert 1 == document(ended)["answers"]
    assert [("log.jsonl:2", "not JSON: it ends in the middle of a value")] == [
        (one["path"], one["reason"]) for one in document(ended)["skipped"]
    ]


def test_what_needs_no_usage(tmp_path: Path, spawn: Spawn) -> None:
    """Requests that failed are told of, and the sum is whole without them."""
    failed = {"custom_id": "a", "response": None, "error": {"code": "batch_expired", "message": "too late"}}
    (tmp_path / "out.jsonl").write_text(json.dumps(failed))
    ended = spawn("usage", "out.jsonl")

    assert (0, "") == (ended.status, ended.stderr)
    assert "lines without usage: 1 (1 failed)" in ended.stdout


def test_document_of_one_answer(tmp_path: Path, spawn: Spawn) -> None:
    """An answer as it was saved, written over several lines, and a pipe of one, are read as well."""
    (tmp_path / "answer.json").write_text(json.dumps(CHAT, indent=2))

    assert "2.8\n" == spawn("usage", "answer.json", "-q").stdout
    assert "2.8\n" == spawn("usage", "-", "-q", stdin=line()).stdout


def test_project_file(tmp_path: Path, spawn: Spawn) -> None:
    """The report says which project file gave options; what is named twice is read once."""
    (tmp_path / "gpt41calc.toml").write_text('tier = "batch"\n')
    (tmp_path / "log.jsonl").write_bytes(line())
    found = document(spawn("usage", "log.jsonl", "log.jsonl", "--json"))

    assert ("gpt41calc.toml", 1, ["batch"]) == (
        found["config"],
        found["answers"],
        [row["tier"] for row in found["rows"]],
    )
    assert "options from gpt41calc.toml" in spawn("usage", "log.jsonl").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.jsonl"], "gone.jsonl: no such file or directory"),
        (["-", "--input", "."], ".: a folder"),
        (["-", "--timezone", "Mars/Olympus"], "--timezone: unknown time zone 'Mars/Olympus'"),
        (["-", "-"], "standard input can be read only once"),
        (["-", "--input", "gone"], "gone: no such file or directory"),
        (["-", "--output-tokens", "p90"], "--output-tokens has no effect without --input"),
        (["-", "--calibration", "gone"], "--calibration has no effect without --input"),
        (["-", "--as-of", "soon"], "--as-of: expected a day such as 2026-11-22, found 'soon'"),
    ],
)
def test_asked_wrongly(spawn: Spawn, arguments: list[str], message: str) -> None:
    """What is asked wrongly is status 2, and nothing is read."""
    ended = spawn("usage", *arguments)

    assert (2, f"gpt41calc: error: {message}") == (ended.status, ended.stderr.splitlines()[0])


@pytest.mark.skipif(not hasattr(os, "mkfifo") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path, spawn: Spawn) -> None:
    """A file that may not be read is told, and the status is 3."""
    (tmp_path / "log.jsonl").write_bytes(line())
    (tmp_path / "log.jsonl").chmod(0)
    ended = spawn("usage", "log.jsonl")

    assert (3, "gpt41calc: warning: log.jsonl: permission denied") == (ended.status, ended.stderr.splitlines()[-1])


# -- Estimate against actual


def test_estimate_is_what_another_implementation_counts(tmp_path: Path, spawn: Spawn) -> None:
    """A server that counts with tiktoken counts every prompt as it was estimated; answers come in another order."""
    (tmp_path / "in.jsonl").write_text(requests())
    with chat_server() as server:
        (tmp_path / "out.jsonl").write_text(server.run_batch(requests()))
    found = document(spawn("usage", "out.jsonl", "--input", "in.jsonl", "--json"))
    rows = found["reckoning"]["requests"]
    off = [abs(row["off"]) for row in rows]

    assert [row["expected_input_tokens"] for row in rows] == [row["actual_input_tokens"] for row in rows]
    assert {f"r{number}" for number in range(20)} == {row["custom_id"] for row in rows}
    assert sorted(off, reverse=True) == off
    assert (0, 0) == (found["reckoning"]["unanswered"], found["reckoning"]["unasked"])
    assert sum(row["actual_cost"] for row in rows) == found["cost"]["total"]


def kinds_of_requests() -> tuple[str, str]:
    """Return a file of two requests that are text and one with a function, and the file of their answers."""
    tool = {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}
    message = {"role": "user", "content": "Hi"}
    bodies: list[dict[str, Any]] = [
        {"messages": [message]},
        {"messages": [message] * 2},
        {"messages": [message], "tools": [tool]},
    ]
    asked = [json.dumps({"custom_id": str(at), "body": {"model": "gpt-4.1", **body}}) for at, body in enumerate(bodies)]
    billed = (8, 14, 30)
    answers = [
        json.dumps(CHAT | {"custom_id": str(at), "usage": {"prompt_tokens": tokens, "completion_tokens": 1}})
        for at, tokens in enumerate(billed)
    ]
    return "\n".join(asked), "\n".join(answers)


def test_accuracy_by_kind(tmp_path: Path, spawn: Spawn) -> None:
    """A row a kind of request, in every format: of two texts one was counted to the token, and one a token too low."""
    asked, answers = kinds_of_requests()
    (tmp_path / "in.jsonl").write_text(asked)
    (tmp_path / "out.jsonl").write_text(answers)
    command = ("usage", "out.jsonl", "--input", "in.jsonl", "--by", "kind")
    kinds = {row["kind"]: row for row in document(spawn(*command, "--json"))["reckoning"]["kinds"]}
    rows = list(csv.DictReader(io.StringIO(spawn(*command, "--format", "csv").stdout)))
    text = kinds["chat: text"]

    assert ["chat: functions", "chat: text", "all"] == list(kinds)
    assert (2, 50, 100) == (text["requests"], text["exact_percent"], text["within_1_percent"])
    assert list(kinds) == [row["kind"] for row in rows]
    assert ["50"] == [row["exact_percent"] for row in rows if row["kind"] == "chat: text"]
    for written in ("plain", "table", "markdown"):
        assert "Accuracy of the prompts' estimates: 3 requests by kind" in spawn(*command, "--format", written).stdout


def test_kinds_are_of_requests(tmp_path: Path, spawn: Spawn) -> None:
    """Without the requests there is no kind: that is asked wrongly, and the hint names the option."""
    (tmp_path / "out.jsonl").write_bytes(line())
    ended = spawn("usage", "out.jsonl", "--by", "kind")

    assert 2 == ended.status
    assert "hint: add --input FILE" in ended.stderr


def test_what_has_no_pair(tmp_path: Path, spawn: Spawn) -> None:
    """Requests without an answer and answers without a request are counted, an answer that is there twice once."""
    asked = requests(2)
    (tmp_path / "in.jsonl").write_text(asked + asked.splitlines()[0] + '\n{"custom_id": "x"}\n{"custom_id": 7}\n')
    with chat_server() as server:
        answers = server.run_batch(asked).splitlines()
    stranger = json.loads(answers[0]) | {"custom_id": "unknown"}
    (tmp_path / "out.jsonl").write_text("\n".join([answers[0], json.dumps(stranger), answers[0], line().decode()]))
    ended = spawn("usage", "out.jsonl", "--input", "in.jsonl", "--json")
    accuracy = document(ended)["reckoning"]
    reasons = [
        "the custom_id 'r0' is there twice, first at in.jsonl:1",
        "body: expected an object",
        "no custom_id, by which a request is matched with its answer",
    ]

    assert (3, 1, 1, 2) == (ended.status, len(accuracy["requests"]), accuracy["unanswered"], accuracy["unasked"])
    assert reasons == [one["reason"] for one in document(ended)["skipped"]]


def test_expected_output_stays_within_the_cap(tmp_path: Path, spawn: Spawn) -> None:
    """A request that allows 50 tokens of answer is estimated with 50, and with n answers n times as many."""
    bodies = [{"max_completion_tokens": 50}, {"max_tokens": 5000}, {"n": 3, "max_tokens": 20}]
    messages = [{"role": "user", "content": "Hi"}]
    asked = [
        {"custom_id": str(at), "body": {"model": "gpt-4.1", "messages": messages} | body}
        for at, body in enumerate(bodies)
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, asked)))
    (tmp_path / "out.jsonl").write_text("\n".join(json.dumps(CHAT | {"custom_id": str(at)}) for at in range(3)))
    found = document(spawn("usage", "out.jsonl", "--input", "in.jsonl", "--output-tokens", "2k", "--json"))
    expected = {row["custom_id"]: row["expected_output_tokens"] for row in found["reckoning"]["requests"]}

    assert {"0": 50, "1": 2000, "2": 60} == expected


# -- Calibration


def calibrated(tmp_path: Path, spawn: Spawn, *, per_message: int = 3) -> dict[str, Any]:
    """Return what is learned of a run with a server that counts so many tokens around a message."""
    (tmp_path / "in.jsonl").write_text(requests())
    with chat_server(per_message=per_message) as server:
        (tmp_path / "out.jsonl").write_text(server.run_batch(requests()))
    ended = spawn("usage", "out.jsonl", "--input", "in.jsonl", "--calibrate", "learned.json")
    assert (0, "") == (ended.status, ended.stderr)
    found: dict[str, Any] = json.loads((tmp_path / "learned.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("per_message", [3, 5])
def test_learned_overhead(tmp_path: Path, spawn: Spawn, per_message: int) -> None:
    """A server that counts two tokens more around a message is learned, and estimates with it are right."""
    found = calibrated(tmp_path, spawn, per_message=per_message)
    again = ("usage", "out.jsonl", "--input", "in.jsonl", "--calibration", "learned.json", "--json")
    total = document(spawn(*again))["reckoning"]["total"]

    assert [per_message - 3] * 3 == [
        each["overhead"]["extra_tokens_per_message"] for each in (found["all"], *found["models"])
    ]
    assert total["expected_input_tokens"] == total["actual_input_tokens"]


def test_learned_lengths(tmp_path: Path, spawn: Spawn) -> None:
    """The lengths that are learned are those of the answers, by nearest rank."""
    found = calibrated(tmp_path, spawn)
    answers = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    bodies = [answer["response"]["body"] for answer in answers]
    lengths = sorted(
        len(o200k().encode(body["choices"][0]["message"]["content"])) for body in bodies if "mini" in body["model"]
    )
    mini = next(each for each in found["models"] if each["id"] == "gpt-4.1-mini")

    assert 13 == len(lengths) == mini["answers"]
    assert {"p50": lengths[6], "p90": lengths[11], "p99": lengths[12]} == mini["output_tokens"]


def test_estimate_and_check_with_a_calibration(tmp_path: Path, spawn: Spawn) -> None:
    """An estimate takes the median answer of the first model that is known, a check the ninth tenth, or as asked."""
    learned = {
        "schema_version": 1,
        "learned": TODAY,
        "all": {"answers": 9, "output_tokens": {"p50": 5, "p90": 6, "p99": 7}},
        "models": [{"id": "gpt-4.1-mini", "answers": 9, "output_tokens": {"p50": 1000, "p90": 2000, "p99": 3000}}],
    }
    (tmp_path / "learned.json").write_text(json.dumps(learned))
    (tmp_path / "a.txt").write_text("hello")
    given = ("a.txt", "--calibration", "learned.json", "--json")

    def length(*arguments: str) -> tuple[int, str | None]:
        workload = document(spawn(*arguments))["workload"]
        return workload["output_tokens"], workload.get("calibration", {}).get("percentile")

    assert (1000, "p50") == length("estimate", *given)
    assert (3000, "p99") == length("estimate", *given, "--output-tokens", "p99")
    assert (700, None) == length("estimate", *given, "--output-tokens", "700")
    assert (5, "p50") == length("estimate", *given, "-m", "gpt-4o")
    assert (2000, "p90") == length("check", *given, "--max-cost", "1")
    assert (1000, "p50") == length("check", *given, "--max-cost", "1", "--output-tokens", "p50")
    explained = spawn("estimate", "a.txt", "--calibration", "learned.json", "--explain").stdout
    assert "for 1,000 tokens out (p50 of learned.json)\n" in explained
    assert "1,000 output tokens each (P50 of gpt-4.1-mini's answers in learned.json)" in explained


def test_judged_by_the_ninth_tenth(tmp_path: Path, spawn: Spawn) -> None:
    """A budget that the median answer keeps is broken by the long ones."""
    lengths = {"answers": 9, "output_tokens": {"p50": 100, "p90": 10_000, "p99": 20_000}}
    learned = {"schema_version": 1, "learned": TODAY, "all": lengths, "models": []}
    (tmp_path / "learned.json").write_text(json.dumps(learned))
    (tmp_path / "a.txt").write_text("hello")
    given = ("check", "a.txt", "-m", "gpt-4.1", "--max-cost", "0.05", "--calibration", "learned.json")

    assert [1, 0] == [spawn(*given).status, spawn(*given, "--output-tokens", "p50").status]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"schema_version": 2}',
        '{"schema_version": 1}',
        '{"schema_version": 1, "learned": "2026-11-22", "models": [], "all": {"answers": 1}}',
        '{"schema_version": 1, "learned": "soon", "models": [], "all": {}}',
        '{"schema_version": 1, "learned": "2026-11-22", "models": [{"id": 7}], "all": {}}',
        '{"schema_version": 1, "learned": "2026-11-22", "models": [], "all": [1]}',
    ],
)
def test_no_calibration(tmp_path: Path, spawn: Spawn, content: str) -> None:
    """A file that is no calibration is told as such, with the way to write one."""
    (tmp_path / "learned.json").write_text(content)
    ended = spawn("estimate", "--calibration", "learned.json", stdin=b"hello")

    assert 2 == ended.status
    assert ended.stderr.startswith("gpt41calc: error: learned.json: not a calibration")
    assert "usage FILE --calibrate FILE" in ended.stderr


def test_example_is_what_is_learned(tmp_path: Path, spawn: Spawn) -> None:
    """The calibration in the folder of examples is the one that is learned there."""
    learned = str(tmp_path / "learned.json")
    spawn("usage", "run/answers.jsonl", "--input", "run/requests.jsonl", "--calibrate", learned, cwd=EXAMPLE)
    kept, found = (
        json.loads(Path(path).read_text(encoding="utf-8")) for path in (EXAMPLE / "run" / "learned.json", learned)
    )

    assert (kept["all"], kept["models"]) == (found["all"], found["models"])


def test_batch_with_a_calibration(tmp_path: Path, spawn: Spawn) -> None:
    """A batch expects the median answer of each model, and prompts as the run has shown them to be."""
    calibrated(tmp_path, spawn, per_message=5)
    with chat_server(per_message=5) as server:
        bodies = [json.loads(line)["response"]["body"]["usage"] for line in server.run_batch(requests()).splitlines()]
    plan = document(spawn("batch", "in.jsonl", "--calibration", "learned.json", "--json"))

    assert sum(usage["prompt_tokens"] for usage in bodies) == sum(
        model["input_tokens"]["total"] for model in plan["models"]
    )


def test_request_with_a_calibration(tmp_path: Path, spawn: Spawn) -> None:
    """A body of a request is estimated with the overhead that a run has shown."""
    calibrated(tmp_path, spawn, per_message=5)
    body = json.loads(requests(2).splitlines()[1])["body"]
    (tmp_path / "body.json").write_text(json.dumps(body))
    plain, known = (
        document(spawn("estimate", "body.json", "--json", *given))["models"][0]["input_tokens"]
        for given in ((), ("--calibration", "learned.json"))
    )

    assert 4 == known - plain


def test_hostile_names(tmp_path: Path, spawn: Spawn) -> None:
    """No custom_id and no reason brings a control character into what people read."""
    name = "a\x1b[2J\u202e\n::error::x"
    body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"}]}
    (tmp_path / "in.jsonl").write_text(json.dumps({"custom_id": name, "body": body}))
    failed = {"custom_id": "b", "error": {"message": name}}
    unknown = CHAT | {"model": name}
    lines = [CHAT | {"custom_id": name}, failed, unknown]
    (tmp_path / "out.jsonl").write_text("\n".join(map(json.dumps, lines)))
    for chosen in ("table", "plain", "markdown"):
        ended = spawn("usage", "out.jsonl", "--input", "in.jsonl", "-f", chosen)
        written = {unicodedata.category(char) for char in ended.stdout + ended.stderr if char != "\n"}
        assert written.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    found = document(spawn("usage", "out.jsonl", "--input", "in.jsonl", "--json"))

    assert [name] == [one["custom_id"] for one in found["reckoning"]["requests"]]


def test_nothing_to_learn(tmp_path: Path, spawn: Spawn) -> None:
    """Without an answer no calibration is written, and that is told."""
    ended = spawn("usage", "-", "--calibrate", "learned.json", stdin=b"{}\n")

    assert 3 == ended.status
    assert "no answer with usage: learned.json is not written" in ended.stderr
    assert not (tmp_path / "learned.json").exists()


@pytest.mark.parametrize("name", ["answers.jsonl", "./answers.jsonl", "requests.jsonl", "link.jsonl", "hard.jsonl"])
def test_a_calibration_is_not_written_over_what_is_read(tmp_path: Path, spawn: Spawn, name: str) -> None:
    """By whatever name: nothing is read, and nothing is changed."""
    (tmp_path / "answers.jsonl").write_bytes(line())
    (tmp_path / "requests.jsonl").write_bytes(b"{}\n")
    (tmp_path / "link.jsonl").symlink_to("answers.jsonl")
    (tmp_path / "hard.jsonl").hardlink_to(tmp_path / "answers.jsonl")
    ended = spawn("usage", "answers.jsonl", "--input", "requests.jsonl", "--calibrate", name)

    assert 2 == ended.status
    assert f"--calibrate {name}: this file is read" in ended.stderr
    assert (line(), b"{}\n") == tuple((tmp_path / one).read_bytes() for one in ("answers.jsonl", "requests.jsonl"))
