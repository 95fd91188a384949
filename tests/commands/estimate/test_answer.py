"""The report of an estimate answers at once, and says the rest where it is asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import TODAY, Spawn

AS_OF = ("--as-of", TODAY)


def rows_of(report: str) -> list[str]:
    """Return the names in the rows of a report's table."""
    table = report.split("\n\n")[1].splitlines()[1:]
    return [re.split(r" {2,}", line)[0] for line in table]


def prompt(tmp_path: Path) -> str:
    """Return the name of a short prompt."""
    (tmp_path / "prompt.txt").write_text("Say hello to everybody who reads this.\n", encoding="utf-8")
    return "prompt.txt"


def test_a_pipe_gets_a_line_a_model(spawn: Spawn, tmp_path: Path) -> None:
    """The answer, a table with a line a model, and notes: at most fifteen lines."""
    lines = spawn(prompt(tmp_path), *AS_OF).stdout.splitlines()

    assert len(lines) <= 15
    assert 1 == sum(line.startswith("GPT-4.5 preview") for line in lines)


def test_the_first_line_says_what_fits_and_what_it_costs(spawn: Spawn, tmp_path: Path) -> None:
    """Its amounts are those of the document."""
    first = spawn(prompt(tmp_path), *AS_OF).stdout.splitlines()[0]

    assert (
        "8 tokens, fits GPT-4.1 (0.1 % of 1,047,576), $0.0080 a request: "
        "$0.000016 in + $0.0080 for 1,000 tokens out (assumed)"
    ) == first


def test_what_lives_comes_first(spawn: Spawn, tmp_path: Path) -> None:
    """Retired models are marked and last among their kind; the replacement is a row of its own."""
    names = rows_of(spawn(prompt(tmp_path), *AS_OF).stdout)

    assert [
        *("GPT-4.1", "GPT-4.1 mini", "GPT-4.1 nano*"),
        *("GPT-6 Luna", "GPT-5.6 Luna", "GPT-4o", "GPT-4.5 preview*", "Claude 3.7 Sonnet*"),
    ] == names


def test_what_costs_more_than_its_replacement_says_how_many_times(spawn: Spawn, tmp_path: Path) -> None:
    """GPT-4.1 costs sixteen times as much as what it is replaced by; in the document the saving is negative."""
    name = prompt(tmp_path)
    report = spawn(name, "-m", "gpt-4.1", *AS_OF).stdout
    savings = json.loads(spawn(name, "-m", "gpt-4.1", "--json", *AS_OF).stdout, parse_float=Decimal)["savings"]

    assert re.search(r"^GPT-6 Luna .* ~-1,500.6 %$", report, re.MULTILINE)
    assert "replacement: GPT-6 Luna (GPT-4.1 costs ~16 times as much)" in " ".join(report.split())
    assert [Decimal("-1500.64")] == [each["percent"] for each in savings if each["versus"] == "gpt-6-luna"]


def test_only_what_is_asked_for_is_compared_with(spawn: Spawn, tmp_path: Path) -> None:
    """With ``--versus`` there is no other row."""
    name = prompt(tmp_path)

    assert ["GPT-4.1", "GPT-4o"] == rows_of(spawn(name, "-m", "gpt-4.1", "--versus", "gpt-4o", *AS_OF).stdout)
    assert ["GPT-4.1"] == rows_of(spawn(name, "-m", "gpt-4.1", "--versus", "none", *AS_OF).stdout)
    assert ["GPT-4.1", "GPT-6 Luna"] == rows_of(spawn(name, "-m", "gpt-4.1", "--versus", "replacement", *AS_OF).stdout)


def test_a_replacement_may_make_fewer_tokens_of_what_is_cached(spawn: Spawn, tmp_path: Path) -> None:
    """All of a request may be cached with the model that was asked about, whatever its replacement counts."""
    body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Say hello."}]}
    (tmp_path / "r.json").write_text(json.dumps(body), encoding="utf-8")

    assert (0, 2) == tuple(spawn("r.json", "--cached-tokens", cached, *AS_OF).status for cached in ("10", "11"))


def test_the_rest_is_explained(spawn: Spawn, tmp_path: Path) -> None:
    """Workload, statuses, ratios, amounts saved: said with ``--explain``, and in Markdown always."""
    name = prompt(tmp_path)
    short = spawn(name, *AS_OF).stdout
    explained = spawn(name, "--explain", *AS_OF).stdout
    markdown = spawn(name, "-f", "markdown", *AS_OF).stdout
    facts = (
        "standard tier",
        "GPT-4.5 preview: shut down on 2025-07-14",
        "times as many tokens as o200k",
        "table checked",
    )

    assert [False] * 4 == [fact in short for fact in facts]
    assert [True] * 4 == [fact in explained for fact in facts]
    assert [True] * 4 == [fact in markdown.replace("\\", "") for fact in facts]
    assert "GPT-4.1 costs $0.0075 more than GPT-6 Luna\n" in explained


@pytest.mark.parametrize("command", [(), ("count",), ("count", "-q"), ("recommend", "--task", "chat")])
def test_a_path_that_yields_nothing_is_an_error(spawn: Spawn, tmp_path: Path, command: tuple[str, ...]) -> None:
    """One line with the reason and status 3, and no price list of zero."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "pictures" / "b.png").write_bytes(b"\x89PNG\0")
    one, both = (spawn(*command, path) for path in ("pictures/a.png", "pictures"))
    hint = "gpt41calc: hint: --text counts binary files as if they were text\n"

    assert (3, "") == (one.status, one.stdout)
    assert (3, "") == (both.status, both.stdout)
    assert f"gpt41calc: error: pictures/a.png: not counted: binary\n{hint}" == one.stderr
    assert f"gpt41calc: error: nothing was counted; skipped 2 (2 binary)\n{hint}" == both.stderr


def test_a_limit_of_size_may_leave_nothing(spawn: Spawn, tmp_path: Path) -> None:
    """Who leaves out larger files has asked for it."""
    prompt(tmp_path)

    assert 0 == spawn(".", "--max-file-size", "3").status


def test_tokens_are_priced_without_a_file(spawn: Spawn) -> None:
    """So many tokens for every model, whatever its tokenizer, and nothing is read."""
    ended = spawn("--input-tokens", "12k", "--output-tokens", "800", "--json", *AS_OF)
    document = json.loads(ended.stdout, parse_float=Decimal)

    assert (0, "") == (ended.status, ended.stderr)
    assert {12_000} == {model["input_tokens"] for model in document["models"]}
    assert {"exact"} == {model["exactness"] for model in document["models"]}
    assert Decimal("0.0304") == document["models"][0]["cost"]["total"]
    assert (0, 12_000) == (document["inputs"]["files"], document["inputs"]["tokens"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("prompt.txt",), "--input-tokens takes the place of files: it does not go with prompt.txt"),
        (("--files-from", "-"), "--input-tokens takes the place of files: it does not go with -"),
        (("--by", "file"), "--input-tokens reads nothing: it does not go with"),
        (("--images",), "--input-tokens reads nothing: it does not go with"),
        (("--cached-tokens", "13k"), "13,000 cached tokens are more than the 12,000 tokens of the input"),
    ],
)
def test_tokens_are_given_or_counted(spawn: Spawn, arguments: tuple[str, ...], said: str) -> None:
    """Options that would have no effect beside ``--input-tokens`` are asked wrongly."""
    ended = spawn("estimate", "--input-tokens", "12k", *arguments)

    assert (2, True) == (ended.status, said in ended.stderr)


@pytest.mark.parametrize("option", ["--migrate", "--tree", "--top=3", "--by=file"])
def test_a_batch_file_has_no_parts(spawn: Spawn, tmp_path: Path, option: str) -> None:
    """Options that a file of requests gives no effect to are asked wrongly."""
    body = {"model": "gpt-4.1", "messages": [{"role": "user", "content": "Say hello."}]}
    line = {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": body}
    (tmp_path / "requests.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    ended = spawn("requests.jsonl", option)

    assert (2, True) == (ended.status, "--by, --top, --tree and --migrate do not apply to it" in ended.stderr)


def test_a_month_has_its_cost_in_every_format(spawn: Spawn, tmp_path: Path) -> None:
    """``--requests-per-month`` multiplies the cost of a request, without ``--migrate``."""
    asked = (prompt(tmp_path), "-m", "gpt-4.1", "--requests-per-month", "30k", *AS_OF)
    document = json.loads(spawn(*asked, "--json").stdout, parse_float=Decimal)
    first = next(csv.DictReader(io.StringIO(spawn(*asked, "-f", "csv").stdout)))
    cost = document["models"][0]["cost"]

    assert 30_000 == document["workload"]["requests_per_month"]
    assert cost["per_request"] * 30_000 == cost["per_month"] == Decimal(first["cost_per_month"])
    assert "; $240.48 a month for 30,000 requests\n" in spawn(*asked).stdout
    assert "| A month |" in spawn(*asked, "-f", "markdown").stdout


def test_a_lock_file_that_weighs_is_named(spawn: Spawn, tmp_path: Path) -> None:
    """With its share, and the option that leaves it out, which does."""
    (tmp_path / "main.py").write_text("print('hello')\n" * 100, encoding="utf-8")
    (tmp_path / "pnpm-lock.yaml").write_text("lockfileVersion: 9\n" * 20, encoding="utf-8")
    found = re.search(r"^generated: pnpm-lock\.yaml (\S+) %; without: (.*)$", spawn(".", *AS_OF).stdout, re.MULTILINE)
    assert found is not None
    less = spawn(".", *found[2].split(), *AS_OF).stdout

    assert Decimal(5) <= Decimal(found[1]) <= Decimal(95)
    assert "pnpm-lock" not in less


def test_a_tree_is_drawn_largest_first(spawn: Spawn, tmp_path: Path) -> None:
    """Below each folder the largest first, joined by lines; the price is one line below it."""
    for name, words in {"small/a.txt": 3, "large/b.txt": 5, "large/c.txt": 40}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("word " * words, encoding="utf-8")
    _, tree, notes = spawn("--tree", ".", *AS_OF).stdout.split("\n\n")
    names = [re.split(r" {2}", line)[-1] for line in tree.splitlines()[1:]]

    assert ["large/", "├── c.txt", "└── b.txt", "small/", "└── a.txt"] == names
    assert notes.startswith("a request: GPT-4.1 $")


def test_texts_of_the_command_line_are_no_files(spawn: Spawn) -> None:
    """Two literals are two texts."""
    first = spawn("--string", "a", "--string", "b", "--versus", "none", *AS_OF).stdout.splitlines()[0]

    assert first.startswith("2 tokens in 2 texts, ")


def test_a_prompt_that_is_too_short_for_the_cache_is_mentioned(spawn: Spawn) -> None:
    """What was asked for is priced, and a note says from which length on prompts are cached."""
    report = spawn("--string", "hello world", "--cached-tokens", "50%", "-m", "gpt-4.1", *AS_OF).stdout

    assert "GPT-4.1 caches prompts of at least 1,024 tokens; this one would be charged in full" in report


def test_the_models_of_a_provider_begin_with_one_that_can_be_called(spawn: Spawn) -> None:
    """The answer is not that of a retired model, although the table begins with one."""
    document = json.loads(spawn("--string", "hello", "-m", "anthropic", "--json", *AS_OF).stdout)
    statuses = [each["status"] for each in document["models"] if each["role"] == "variant"]

    assert "retired" != statuses[0]
    assert "retired" == statuses[-1]


def test_explain_does_not_point_to_itself(spawn: Spawn) -> None:
    """The short report names the option; the long one has nothing more."""
    reports = [spawn("--string", "hello", *options, *AS_OF).stdout for options in ((), ("--explain",))]

    assert [True, False] == ["more: --explain" in report for report in reports]
