"""``preflight`` as a process: exit codes, bad input, plans of real folders, batch files."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Outcome, Spawn

from gpt41calc.pricing.rate_limits import load_limits

LINE = b"hello world\n"
"""Three tokens."""

Fly = Callable[..., Outcome]


@pytest.fixture
def fly(spawn: Spawn) -> Fly:
    """Return a function that runs ``preflight`` on the day of the tests."""

    def run(*arguments: str, **options: Any) -> Outcome:
        return spawn("preflight", *arguments, "--as-of", TODAY, **options)

    return run


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(outcome.stdout)
    return read


def verdicts(found: dict[str, Any], model: int = 0) -> dict[str, str]:
    """Return the verdict of every limit of a model."""
    return {one["limit"]: one["verdict"] for one in found["models"][model]["limits"]}


@pytest.mark.parametrize(
    ("status", "tokens", "text"),
    [
        (0, 30_000, LINE * 10_000),
        (1, 30_001, LINE * 10_000 + b"hello"),
        (1, 128_000, LINE * 42_666 + b"hello world"),
        (0, 128_001, LINE * 42_667),
    ],
)
def test_dead_zone(fly: Fly, tmp_path: Path, status: int, tokens: int, text: bytes) -> None:
    """At tier 1, 30,001 to 128,000 tokens are refused with gpt-4.1, and not one less or more."""
    (tmp_path / "a.txt").write_bytes(text)
    ended = fly("a.txt", "--usage-tier", "1", "-m", "gpt-4.1", "--json")

    assert (status, tokens) == (ended.status, document(ended)["models"][0]["input_tokens"])
    assert ("kept" if status == 0 else "broken") == verdicts(document(ended))["tokens-per-minute"]


def test_keys(fly: Fly, tmp_path: Path) -> None:
    """The document has these keys in this order, and so have models, limits and remedies."""
    (tmp_path / "a.txt").write_bytes(LINE * 10_001)
    found = document(fly("a.txt", "--usage-tier", "1", "--json", "--plan"))
    limits = found["models"][0]["limits"]

    assert [
        "schema_version", "tool", "passed", "complete", "as_of", "until", "usage_tier", "requests_per_minute",
        "pricing", "limits", "workload", "inputs", "models", "plan",
    ] == list(found)  # fmt: skip
    assert [
        "id", "status", "shutdown", "replacement", "exactness", "input_tokens", "passed", "limits",
    ] == list(found["models"][0])  # fmt: skip
    assert ["limit", "verdict", "allowed", "actual", "unit", "passed", "used", "sentence"] == list(limits[0])
    assert {"way": "variant", "model": "gpt-4.1-mini", "requests": 1, "cost": 0.0136012, "rate_limits_known": True} == (
        limits[3]["ways"][0]
    )
    assert ["model", "room", "fewest_requests", "requests", "too_long"] == list(found["plan"])
    assert (False, True, "gpt-4.1-mini") == (found["passed"], found["complete"], found["models"][1]["id"])


def test_variants_that_are_shut_down_are_left_out(fly: Fly, tmp_path: Path) -> None:
    """What nobody named and is no longer served fails nothing, and is told; what was named fails."""
    (tmp_path / "a.txt").write_bytes(LINE)
    by_default, named = fly("--usage-tier", "1", "a.txt"), fly("--usage-tier", "1", "a.txt", "-m", "gpt-4.1-nano")

    assert (0, "") == (by_default.status, by_default.stderr)
    assert "gpt-4.1-nano was shut down on 2026-10-23 and is left out" in by_default.stdout
    assert 1 == named.status
    assert "cure: its replacement gpt-5.6-luna ($0.0012" in named.stdout


def test_later_day(fly: Fly, tmp_path: Path) -> None:
    """A model that is shut down before the last day fails."""
    (tmp_path / "a.txt").write_bytes(LINE)

    assert [0, 1] == [fly("a.txt", "--usage-tier", "1", "--until", day).status for day in ("2027-01-13", "2027-01-14")]


def test_rate(fly: Fly, tmp_path: Path) -> None:
    """What is sent too often fails, with the rate that would do."""
    (tmp_path / "a.txt").write_bytes(LINE * 1_000)
    ended = fly("a.txt", "--usage-tier", "1", "--rpm", "11", "-m", "gpt-4.1", "--explain")

    assert 1 == ended.status
    assert "33,000 tokens a minute, 30,000 allowed at usage tier 1" in ended.stdout
    assert "10 requests a minute ($0.014)" in ended.stdout


def test_incomplete(fly: Fly, tmp_path: Path) -> None:
    """What cannot be counted, and limits that are not known, let nothing pass; what is refused all the same fails."""
    (tmp_path / "a.txt").write_bytes(LINE * 10_001)
    missing = tmp_path / "binary"
    missing.write_bytes(b"\0")
    lost, both = (fly(*paths, "--usage-tier", "2", "-m", "gpt-4.1") for paths in (["a.txt", "binary"], ["a.txt"]))
    unknown = fly("a.txt", "--usage-tier", "2", "-m", "gpt-6-luna")

    assert [3, 0, 3] == [lost.status, both.status, unknown.status]
    assert "the rate limits of gpt-6-luna are not in the table; --limits FILE adds them" in unknown.stdout


def test_users_limits(fly: Fly, tmp_path: Path) -> None:
    """An organisation's own limits go over the shipped ones, and the report says so."""
    (tmp_path / "a.txt").write_bytes(LINE * 10_001)
    (tmp_path / "own.toml").write_text(
        '[[model]]\nid = "gpt-4.1"\nstandard = [{ usage_tier = 1, tokens_per_minute = 60_000 }]\n'
    )
    ended = fly("a.txt", "--usage-tier", "1", "-m", "gpt-4.1", "--limits", "own.toml")

    assert 0 == ended.status
    assert "limits from own.toml are laid over the shipped ones" in ended.stdout


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("--usage-tier is missing: one of 1, 2, 3, 4, 5", []),
        ("--usage-tier: expected one of 1, 2, 3, 4, 5, found '6'", ["--usage-tier", "6"]),
        ("--usage-tier: expected one of 1, 2, 3, 4, 5, found '-1'", ["--usage-tier=-1"]),
        ("--until: expected a day such as 2026-11-22, found 'soon'", ["--usage-tier", "1", "--until", "soon"]),
        ("--until: 2026-11-21 is before the day", ["--usage-tier", "1", "--until", "2026-11-21"]),
        ("--rpm: expected a number from 1", ["--usage-tier", "1", "--rpm", "0"]),
        ("cannot read the table of limits none.toml", ["--usage-tier", "1", "--limits", "none.toml"]),
        (
            "bad.toml: model[gpt-4.1].standard[1].batch_queue: expected a number greater than 0, found -1",
            ["--usage-tier", "1", "--limits", "bad.toml"],
        ),
        ("--plan divides texts", ["--usage-tier", "1", "--plan", "a.jsonl"]),
        ("b.jsonl: no such file or directory", ["--usage-tier", "1", "b.jsonl"]),
    ],
)
def test_asked_wrongly(fly: Fly, tmp_path: Path, expected: str, arguments: list[str]) -> None:
    """Whatever is asked wrongly ends with 2 and says what would be right."""
    (tmp_path / "a.jsonl").write_bytes(b"{}\n")
    (tmp_path / "bad.toml").write_text('[[model]]\nid = "gpt-4.1"\nstandard = [{ usage_tier = 1, batch_queue = -1 }]\n')
    ended = fly(*arguments)

    assert (2, "") == (ended.status, ended.stdout)
    assert expected in ended.stderr


def test_quiet(fly: Fly, tmp_path: Path) -> None:
    """Quiet, only the status tells."""
    (tmp_path / "a.txt").write_bytes(LINE * 10_001)

    assert (1, "", "") == tuple(vars(fly("a.txt", "--usage-tier", "1", "-q")).values())


@pytest.mark.parametrize("kind", ["github", "junit", "sarif", "gitlab", "markdown", "csv"])
def test_formats(fly: Fly, tmp_path: Path, kind: str) -> None:
    """Every format names the limit that is not kept; on GitHub the page of the job has the report, too."""
    (tmp_path / "a.txt").write_bytes(LINE * 10_001)
    page = tmp_path / "page.md"
    ended = fly("a.txt", "--usage-tier", "1", "-f", kind, env={"GITHUB_STEP_SUMMARY": str(page)})

    assert 1 == ended.status
    assert "tokens-per-minute" in ended.stdout
    assert (kind == "github") == page.exists()


def test_environment(fly: Fly, tmp_path: Path) -> None:
    """The tier may come from the environment or from the project file."""
    (tmp_path / "a.txt").write_bytes(LINE)
    by_environment = fly("a.txt", env={"GPT41CALC_USAGE_TIER": "3"})
    (tmp_path / "gpt41calc.toml").write_text("usage-tier = 2\nrpm = 5\n")
    by_file = document(fly("a.txt", "--json"))

    assert "usage tier 3" in by_environment.stdout
    assert (2, 5, "gpt41calc.toml") == (by_file["usage_tier"], by_file["requests_per_minute"], by_file["config"])


def test_characters_are_counted_where_bytes_do_not_tell(fly: Fly, tmp_path: Path) -> None:
    """Two bytes a character are no reason to refuse a text; of a pipe it is not known."""
    text = "word " * 2_080_000 + "é" * 60_000
    assert len(text) < load_limits().table.request.string_characters < len(text.encode())
    (tmp_path / "a.txt").write_bytes(text.encode())
    options = ("--usage-tier", "5", "-m", "gpt-4.1", "--json")
    by_name = document(fly("a.txt", *options))
    piped = document(fly("-", *options, stdin=(tmp_path / "a.txt").read_bytes()))

    assert {"low": len(text), "high": len(text)} == by_name["inputs"]["characters"]
    assert ["kept", "not known"] == [verdicts(found)["string-length"] for found in (by_name, piped)]


# -- Plans


@pytest.fixture
def three_million(tmp_path: Path) -> Path:
    """Return a folder of three million tokens, in files and folders as repositories have them."""
    chance = random.Random(3)  # noqa: S311 - nothing is secret
    folder = tmp_path / "big"
    tokens = 0
    while tokens < 3_000_000:
        lines = min(40_000, int(chance.lognormvariate(6, 1.3)) + 1)
        place = folder / f"p{chance.randrange(8)}" / f"q{chance.randrange(6)}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{tokens}.txt").write_bytes(LINE * lines)
        tokens += 3 * lines
    return folder


@pytest.mark.parametrize(("usage_tier", "accepted"), [("2", 500_000), ("5", 1_046_576)])
def test_plan_of_three_million_tokens(fly: Fly, three_million: Path, usage_tier: str, accepted: int) -> None:
    """Every file is in one request, none is over its room, and there is at most one request too many."""
    ended = fly("big", "--usage-tier", usage_tier, "-m", "gpt-4.1", "--plan", "--json")
    plan = document(ended)["plan"]
    sent = Counter(file["path"] for request in plan["requests"] for file in request["files"])
    there = Counter(str(path.relative_to(three_million.parent)) for path in three_million.rglob("*.txt"))

    assert (1, accepted, there) == (ended.status, plan["room"], sent)
    assert all(request["accepted"] and request["tokens"] <= accepted for request in plan["requests"])
    assert -(-3_000_000 // accepted) <= plan["fewest_requests"] <= len(plan["requests"]) <= plan["fewest_requests"] + 1


def test_plan_in_tables(fly: Fly, three_million: Path) -> None:
    """A plan follows the limits; folders that are whole are one line; in CSV every file is one."""
    plain = fly(three_million.name, "--usage-tier", "5", "-m", "gpt-4.1", "--plan").stdout
    rows = list(csv.DictReader(io.StringIO(fly("big", "--usage-tier", "5", "--plan", "-f", "csv").stdout)))

    assert "Plan for gpt-4.1: 4 requests of at most 1,046,576 input tokens" in plain
    assert len(plain.splitlines()) < len(rows) == sum(1 for _ in three_million.rglob("*.txt"))
    assert ["request", "request_tokens", "accepted", "tokens", "path"] == list(rows[0])


def test_file_that_is_too_long(fly: Fly, tmp_path: Path) -> None:
    """A file that no request holds is said to need cutting."""
    (tmp_path / "a.txt").write_bytes(LINE * 10)
    (tmp_path / "b.txt").write_bytes(LINE * 70_000)
    ended = fly("a.txt", "b.txt", "--usage-tier", "1", "-m", "gpt-4.1", "--plan")

    assert 1 == ended.status
    assert "b.txt: 210,000 tokens alone are more than a request may have; it must be cut" in ended.stdout


def test_no_plan_without_room(fly: Fly, tmp_path: Path) -> None:
    """Where an answer alone is refused there is no plan, and the limits are told all the same."""
    (tmp_path / "a.txt").write_bytes(LINE)
    ended = fly("a.txt", "--usage-tier", "1", "-m", "gpt-4.1", "--plan", "--output-tokens", "40k")

    assert (1, False) == (ended.status, "Plan" in ended.stdout)
    assert "no plan: gpt-4.1 has no room for input beside the output" in ended.stderr


# -- Batch files


def batch_line(number: int, content: str = "hello world", **body: Any) -> str:
    """Return a line of a batch file."""
    messages = [{"role": "user", "content": content}]
    return json.dumps(
        {
            "custom_id": f"r{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "gpt-4.1", "messages": messages, **body},
        }
    )


def test_batch_file(fly: Fly, tmp_path: Path) -> None:
    """A batch file is checked as a batch, for its own model, by its longest request and by all of them."""
    lines = [batch_line(at, "hello world " * 1_500, max_tokens=500) for at in range(40)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    ended = fly("a.jsonl", "--usage-tier", "1", "--json")
    found = document(ended)

    assert (1, ["gpt-4.1"]) == (ended.status, [model["id"] for model in found["models"]])
    assert ("batch", 40) == (found["workload"]["tier"], found["workload"]["requests"])
    assert {
        "window": "kept", "output-cap": "kept", "string-length": "kept", "tokens-per-minute": "not used",
        "requests-per-minute": "not used", "batch-file": "kept", "batch-queue": "broken", "shutdown": "kept",
        "fine-tuning": "not used",
    } == verdicts(found)  # fmt: skip
    assert {"low": 18_000, "high": 18_000} == found["inputs"]["characters"]


def test_lines_that_are_no_requests(fly: Fly, tmp_path: Path) -> None:
    """A line that is no request is named, and nothing passes."""
    (tmp_path / "a.jsonl").write_text(f"{batch_line(1)}\nnonsense\n{batch_line(2)}\n")
    ended = fly("a.jsonl", "--usage-tier", "1")

    assert 3 == ended.status
    assert "a.jsonl:2: not counted" in ended.stderr


def test_output_cap_of_a_body(fly: Fly, tmp_path: Path) -> None:
    """What a body asks for counts, if it is more than what is typed."""
    (tmp_path / "a.jsonl").write_text(f"{batch_line(1, max_tokens=40_000)}\n")
    ended = fly("a.jsonl", "--usage-tier", "1")

    assert 1 == ended.status
    assert "40,000 output tokens, 32,768 allowed" in ended.stdout


def test_a_body_is_judged_by_its_high_bound(fly: Fly, tmp_path: Path) -> None:
    """What bills of functions differ by counts against the window, and it is said that the limit lies within."""
    tool = {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}
    (tmp_path / "a.jsonl").write_text(batch_line(1, tools=[tool]) + "\n")
    model = document(fly("a.jsonl", "--usage-tier", "1", "--json"))["models"][0]
    low, high = model["low"], model["high"]
    fit = 1_047_576 - high
    kept, broken = (
        document(fly("a.jsonl", "--usage-tier", "1", "--json", "--output-tokens", str(output)))["models"][0]["limits"][
            0
        ]
        for output in (fit, fit + 1)
    )

    assert low < high == model["input_tokens"]
    assert ("kept", False) == (kept["verdict"], kept["limit_in_range"])
    assert ("broken", True, low + fit + 1) == (broken["verdict"], broken["limit_in_range"], broken["low"])
    assert "the limit lies within the range" in broken["sentence"]
