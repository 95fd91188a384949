"""The commands that advise, as a shell sees them: status, streams, what is refused."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import TODAY, Spawn

LONG = "one of these is the same as the other\n" * 16_000
"""160,000 tokens."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a short text and a long one."""
    (tmp_path / "short.txt").write_text("hello world\n")
    (tmp_path / "long.txt").write_text(LONG)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_recommend(spawn: Spawn) -> None:
    """A recommendation is a report like another: a document, a row a variant, one identifier."""
    asked = ("recommend", "short.txt", "--task", "chat", "--as-of", TODAY)
    found = json.loads(spawn(*asked, "--json").stdout)
    rows = spawn(*asked, "-f", "csv").stdout.splitlines()

    assert ["gpt-4.1-mini", "gpt-4.1"] == [one["variant"] for one in found["recommended"]]
    assert [["status"]] == [one["broken"] for one in found["excluded"]]
    assert ["1", "2", ""] == [row.split(",")[0] for row in rows[1:]]
    assert (0, "gpt-4.1-mini\n") == (spawn(*asked, "-q").status, spawn(*asked, "-q").stdout)


@pytest.mark.usefixtures("folder")
def test_nothing_is_left(spawn: Spawn) -> None:
    """If no model satisfies the conditions, each says which one it breaks, and the status is 1."""
    ended = spawn("recommend", "short.txt", "--task", "code", "--max-cost", "0.000001", "--as-of", TODAY)

    assert (1, "") == (ended.status, ended.stderr)
    assert "no variant of GPT-4.1 satisfies every condition" in ended.stdout
    assert ended.stdout.count("(--max-cost)") == 3
    assert "not GPT-4.1 nano: shut down on 2026-10-23" in ended.stdout


def test_recommend_incomplete(spawn: Spawn, folder: Path) -> None:
    """A binary file that was named could not be counted: status 3, and 1 if a condition is broken all the same."""
    (folder / "image.png").write_bytes(b"\0")
    asked = ("recommend", "short.txt", "image.png", "--task", "code", "--as-of", TODAY)

    assert [3, 1] == [spawn(*asked).status, spawn(*asked, "--max-cost", "0.000001").status]


def test_explain_counts_nothing(spawn: Spawn) -> None:
    """The tree needs no task and no input, and has every format."""
    whole, one = spawn("recommend", "--explain", "missing"), spawn("recommend", "--explain", "--task", "vision")
    found = json.loads(spawn("recommend", "--explain", "--json").stdout)

    assert (0, 0, True) == (whole.status, one.status, len(one.stdout) < len(whole.stdout))
    assert len(found["tasks"]) == 10


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["recommend", "short.txt"], "tasks are code, planning, instructions, structured, vision, autocomplete, "),
        (["recommend", "short.txt", "--task", "cooking"], "classification, extraction, chat, long-documents"),
        (["recommend", "--explain", "--task", "cooking"], "unknown task 'cooking'"),
        (["recommend", "short.txt", "--task", "code", "--needs", "taste"], "expected fine-tuning, vision, tools"),
        (["recommend", "short.txt", "--task", "code", "--latency", "slow"], "'interactive', 'standard', 'batch'"),
        (["recommend", "short.txt", "--task", "code", "--max-cost", "-1"], "expected dollars such as"),
        (["recommend", "short.txt", "--task", "code", "--max-cost", "NaN"], "expected dollars such as"),
        (["recommend", "short.txt", "--task", "code", "--as-of", "soon"], "expected a day such as 2026-11-22"),
        (["recommend", "short.txt", "--task", "code", "--as-of", "2026-02-30"], "expected a day such as"),
        (["estimate", "short.txt", "--reasoning-tokens", "5"], "--reasoning-tokens only goes with --migrate"),
        (["estimate", "short.txt", "--migrate", "--reasoning-tokens", "-5"], "--reasoning-tokens: "),
        (["estimate", "short.txt", "--migrate", "--requests-per-month", "x"], "--requests-per-month: "),
        (["models", "--retiring", "soon"], "expected a number of days such as 90d"),
        (["models", "--retiring", "120d", "--as-of", "tomorrow"], "expected a day such as"),
        (["models", "--fail"], "--fail only goes with --retiring"),
        (["models", "--benchmarks", "--retiring", "1d"], "two questions"),
        (["models", "nope", "--benchmarks"], "unknown model 'nope'"),
        (["pricing", "compare", "--litellm", "missing.json"], "cannot read the price list missing.json"),
        (["pricing", "compare", "--litellm", "short.txt"], "not a price list in JSON"),
        (["pricing", "diff", "missing.toml", "short.txt"], "cannot read the pricing table missing.toml"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_asked_wrongly(spawn: Spawn, arguments: list[str], told: str) -> None:
    """What makes no sense has status 2, says what would, and writes no report."""
    ended = spawn(*arguments)

    assert (2, "", True) == (ended.status, ended.stdout, told in ended.stderr)


@pytest.mark.usefixtures("folder")
def test_estimate_of_a_long_input(spawn: Spawn) -> None:
    """A long input gets a line on how well it is read, if explained, and in the document; a short one does not."""
    asked = ("--as-of", TODAY, "-m", "gpt-4.1", "--versus", "gpt-4o")
    found = json.loads(spawn("long.txt", "--json", *asked).stdout)
    told = "at 160k tokens: MRCR between 56.2 and 57.2 with GPT-4.1; expect misses\n"

    assert told in spawn("long.txt", "--explain", *asked).stdout
    assert ("gpt-4.1", "MRCR", 128_000, 256_000) == (
        found["reading"][0]["model"],
        found["reading"][0]["test"],
        found["reading"][0]["below"]["tokens"],
        found["reading"][0]["above"]["tokens"],
    )
    assert "reading" not in json.loads(spawn("short.txt", "--json", *asked).stdout)


@pytest.mark.usefixtures("folder")
def test_migrate(spawn: Spawn) -> None:
    """The replacement is priced beside each variant that ends."""
    asked = ("short.txt", "--json", "--as-of", TODAY, "--migrate", "--requests-per-month", "1k")
    found = json.loads(spawn(*asked).stdout)["migration"]

    assert (1000, 1000) == (found["reasoning_tokens"], found["requests_per_month"])
    assert ["gpt-6-luna", "gpt-6-luna", "gpt-5.6-luna"] == [move["to"]["id"] for move in found["moves"]]
    assert [7.0057, 0.6009, -2.0003] == [round(move["saving_per_month"], 4) for move in found["moves"]]


def test_retiring(spawn: Spawn) -> None:
    """What ends soon is listed with status 0; with --fail, with status 1 if there is anything."""
    asked = ("models", "gpt-4.1", "--as-of", TODAY, "--retiring")

    assert [0, 1, 0] == [
        spawn(*asked, "53d").status,
        spawn(*asked, "53d", "--fail").status,
        spawn(*asked, "52d", "--fail").status,
    ]
    assert spawn(*asked, "53d", "-q").stdout == "gpt-4.1\n"


def test_compare_with_a_list_of_litellm(spawn: Spawn, tmp_path: Path) -> None:
    """A difference that nobody explains fails if it is to fail; one that is explained does not."""
    (tmp_path / "wrong.json").write_text('{"gpt-4.1": {"input_cost_per_token": 0.000003}}')
    (tmp_path / "known.json").write_text('{"gpt-4": {"max_output_tokens": 4096}}')
    asked = ("pricing", "compare", "--as-of", TODAY, "--json", "--litellm")
    wrong = json.loads(spawn(*asked, "wrong.json").stdout)
    known = json.loads(spawn(*asked, "known.json").stdout)

    assert [0, 1, 0] == [
        spawn(*asked, "wrong.json").status,
        spawn(*asked, "wrong.json", "--fail").status,
        spawn(*asked, "known.json", "--fail").status,
    ]
    assert (1, 0) == (wrong["unexplained"], known["unexplained"])
    assert [("gpt-4.1", "standard input", 2, 3)] == [
        (one["model"], one["what"], one["ours"], one["theirs"])
        for one in wrong["differences"]
        if one["database"] == "litellm"
    ]


def test_nothing_to_compare_with(spawn: Spawn) -> None:
    """Without another table, the next step is named."""
    if find_spec("genai_prices"):
        pytest.skip("genai-prices is installed")
    ended = spawn("pricing", "compare")

    assert (2, True) == (ended.status, "gpt41calc[compare]" in ended.stderr)


def test_diff_of_tables(spawn: Spawn, tmp_path: Path) -> None:
    """Two tables are compared fact by fact; equal ones have no change."""
    (tmp_path / "old.toml").write_text('[[model]]\nid = "gpt-4.1"\nwindow = 5\n')
    (tmp_path / "new.toml").write_text('[[model]]\nid = "gpt-4.1"\nwindow = 6\n')
    found = json.loads(spawn("pricing", "diff", "old.toml", "new.toml", "--json").stdout)

    assert [("gpt-4.1", "window", 5, 6)] == [
        (one["model"], one["what"], one["old"], one["new"]) for one in found["changes"]
    ]
    assert [] == json.loads(spawn("pricing", "diff", "new.toml", "new.toml", "--json").stdout)["changes"]
