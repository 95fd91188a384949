"""What scripts rely on: documents key by key, exit codes, the grammar of numbers, which inputs are taken."""

from __future__ import annotations

import base64
import json
import os
import signal
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Spawn

from gpt41calc.boundary import main
from gpt41calc.calculator.estimate import estimate_tally
from gpt41calc.calculator.workload import Workload
from gpt41calc.cli.parse import parse_count, parse_day, parse_size
from gpt41calc.errors import BadNumber
from gpt41calc.pricing.table import load_pricing
from gpt41calc.render.json_fields import estimate_document
from gpt41calc.tally import Counted, Tally
from gpt41calc.version import __version__

TODAY = "2026-11-22"
HELLO = b"hello world\n"  # 3 tokens
HOSTILE = "[/red]\x1b[2J"
OWN_PRICES = """
schema_version = 1
checked = 2026-11-22
[sources]
[[model]]
id = "gpt-4.1"
price = [{ since = 2025-04-14, standard = { input = 1, output = 1 }, source = ["overlay"], checked = 2026-11-22 }]
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    """Return a function that runs the program in this process, in a folder of its own with one text."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_bytes(HELLO)

    def program(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        stdout, stderr = capfdbinary.readouterr()
        return status, stdout.decode(), stderr.decode()

    yield program
    signal.signal(signal.SIGTERM, before)


def document(outcome: tuple[int, str, str]) -> dict[str, Any]:
    """Return the document on standard output, read by a strict parser."""
    read: dict[str, Any] = json.loads(outcome[1], parse_float=Decimal, parse_constant=pytest.fail)
    return read


# -- The document of an estimate


def test_example_by_arithmetic() -> None:
    """The published example comes out number by number: window, requests, cost, saving."""
    pricing = load_pricing()
    found = estimate_document(
        estimate_tally(
            Tally.of(Counted("django", 16_436_925, {"o200k_base": 4_413_598})),
            [pricing.find("gpt-4.1")],
            [pricing.find("gpt-4o")],
            Workload(),
            on=date(2026, 11, 22),
            checked=pricing.checked,
        )
    )
    variant = {
        "id": "gpt-4.1",
        "role": "variant",
        "name": "GPT-4.1",
        "status": "deprecated",
        "shutdown": "2027-01-14",
        "replacement": "gpt-6-luna",
        "encoding": "o200k_base",
        "exactness": "exact",
        "input_tokens": 4_413_598,
        "context": {
            "window": 1_047_576,
            "max_output": 32_768,
            "used": 4_414_598,
            "used_percent": Decimal("421.41"),
            "fits": False,
            "headroom": -3_367_022,
            "requests_needed": 5,
        },
        "cost": {
            "input": Decimal("8.827196"),
            "cached_input": 0,
            "output": Decimal("0.008"),
            "per_request": Decimal("8.835196"),
            "total": Decimal("8.835196"),
        },
    }
    saved = {
        "model": "gpt-4.1",
        "versus": "gpt-4o",
        "amount": Decimal("2.208799"),
        "percent": Decimal("20.0"),
        "exactness": "exact",
    }

    assert [variant, saved] == [found["models"][0], *found["savings"]]


def test_keys_of_an_estimate(run: Run) -> None:
    """The document has these keys in this order, and no parts unless they are asked for."""
    found = document(run("a.txt", "--json", "--as-of", TODAY))

    assert [
        "schema_version", "tool", "as_of", "pricing", "workload", "inputs", "models", "savings",
    ] == list(found)  # fmt: skip
    assert {"name": "gpt41calc", "version": __version__} == found["tool"]
    assert (1, TODAY, {"checked": TODAY, "overlay": None}) == (
        found["schema_version"], found["as_of"], found["pricing"],
    )  # fmt: skip
    assert {
        "requests": 1, "input_tokens": 3, "cached_tokens": 0, "output_tokens": 1000, "tier": "standard",
    } == found["workload"]  # fmt: skip
    assert {
        "files": 1, "bytes": 12, "tokens": 3, "encoding": "o200k_base", "exactness": "exact",
        "complete": True, "skipped": [], "lossy": [],
    } == found["inputs"]  # fmt: skip
    assert ["variant"] * 3 + ["comparator"] * 5 == [model["role"] for model in found["models"]]
    # What replaces the variants comes after what was always there.
    assert ["gpt-6-luna", "gpt-5.6-luna"] == [model["id"] for model in found["models"][-2:]]
    assert [20, Decimal("94.67")] == [each["percent"] for each in found["savings"][:2]]


def test_estimated_model(run: Run) -> None:
    """A model without public tokenizer carries bounds wherever its count goes in."""
    found = document(run("a.txt", "--json", "--output-tokens", "0", "-m", "gpt-4.1", "--versus", "claude-3-7-sonnet"))
    claude, saved = found["models"][1], found["savings"][0]
    keys = ["exactness", "input_tokens", "low", "high"]

    assert ["estimated", 4, 3, 5] == [claude[key] for key in keys]
    assert [4, 3, 5, True] == [claude["context"][key] for key in ("used", "low", "high", "fits_certain")]
    assert [Decimal("0.000012"), Decimal("0.000009"), Decimal("0.000015")] == [
        claude["cost"][key] for key in ("total", "low", "high")
    ]
    assert ["estimated", Decimal("0.000003"), Decimal("0.000009")] == [
        saved[key] for key in ("exactness", "low", "high")
    ]
    assert "sign_certain" not in saved
    assert not {"low", "high"} & (found["models"][0].keys() | found["models"][0]["cost"].keys())


def test_sign_in_doubt(run: Run, tmp_path: Path) -> None:
    """Where either of two models may be the cheaper one, the document says that the sign may flip."""
    (tmp_path / "long.txt").write_bytes(b"hello " * 10_000)
    same = OWN_PRICES.replace("input = 1, output = 1", "input = 3.5, output = 15")
    (tmp_path / "own.toml").write_text(same)
    found = document(
        run("long.txt", "--json", "--pricing", "own.toml", "-m", "gpt-4.1", "--versus", "claude-3-7-sonnet")
    )
    saved = found["savings"][0]

    assert (False, True) == (saved["sign_certain"], saved["low"] < 0 < saved["high"])


def test_no_price_for_the_tier(run: Run) -> None:
    """A model that is not sold in a tier has a null cost with its reason, and nothing is said to be saved."""
    found = document(run("a.txt", "--json", "--tier", "flex", "-m", "gpt-4.1", "--versus", "gpt-4o"))
    actual = (found["models"][0]["cost"], found["models"][0]["cost_reason"], found["savings"][0]["amount"])

    assert (None, "no price for the flex tier", None) == actual


def test_as_of(run: Run) -> None:
    """The day decides on prices and statuses."""
    found = document(run("a.txt", "--json", "-m", "gpt-4o", "--output-tokens", "0", "--as-of", "2024-08-05"))

    assert ("2024-08-05", "live", Decimal("0.000015")) == (
        found["as_of"],
        found["models"][0]["status"],
        found["models"][0]["cost"]["total"],
    )


def test_own_prices_are_reported(run: Run, tmp_path: Path) -> None:
    """A table laid over the shipped one is used, and named."""
    (tmp_path / "own.toml").write_text(OWN_PRICES)
    found = document(run("a.txt", "--json", "--pricing", "own.toml", "-m", "gpt-4.1"))

    assert ("own.toml", Decimal("0.001003")) == (found["pricing"]["overlay"], found["models"][0]["cost"]["total"])


# -- Names


def test_name_that_is_not_unicode(spawn: Spawn, tmp_path: Path) -> None:
    """Bytes that are no Unicode are escaped in the path and given beside it, in failures too."""
    raw = b"caf\xe9.txt"
    try:
        with open(os.fsencode(tmp_path) + b"/" + raw, "wb") as file:
            file.write(HELLO)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    found = json.loads(spawn("count", "--json", raw).stdout)
    failed = spawn("count", "--json", b"\xff")

    assert [{"path": "caf\\xe9.txt", "path_base64": base64.b64encode(raw).decode(), "bytes": 12, "tokens": 3}] == (
        found["files"]
    )
    assert "\\xff: no such file or directory" == json.loads(failed.stdout)["error"]["message"]


@pytest.mark.parametrize("form", ["table", "plain", "markdown"])
def test_hostile_name(run: Run, tmp_path: Path, form: str) -> None:
    """A name is neither obeyed by the terminal nor by markup, and is there to be read."""
    (tmp_path / HOSTILE.replace("/", ":")).write_bytes(HELLO)
    status, stdout, _ = run(".", "--by", "file", "-f", form, "--color", "never")

    assert (0, 0) == (status, stdout.count("\x1b"))
    assert "x1b" in stdout


def test_skipped_is_listed(run: Run, tmp_path: Path) -> None:
    """What a walk leaves out is listed with its reason and expected; what was named and lost is not."""
    (tmp_path / "logo.png").write_bytes(b"\0")
    walked, named = document(run(".", "--json")), run("a.txt", "logo.png", "--json")
    skipped = {"path": "logo.png", "reason": "binary", "expected": True}

    assert ([skipped], True) == (walked["inputs"]["skipped"], walked["inputs"]["complete"])
    assert [skipped | {"expected": False}] == document(named)["inputs"]["skipped"]
    assert (3, False) == (named[0], document(named)["inputs"]["complete"])


def test_lossy_is_listed(run: Run, tmp_path: Path) -> None:
    """A file with bytes that are no text is counted, flagged and warned of, and nothing is incomplete."""
    (tmp_path / "bad.txt").write_bytes(b"ok \xff\n")
    outcome = run("bad.txt", "--json")

    assert (0, ["bad.txt"]) == (outcome[0], document(outcome)["inputs"]["lossy"])
    assert outcome[2] == "gpt41calc: warning: bad.txt: bytes that are no text, counted as U+FFFD\n"


# -- Failures


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["missing"], 2, "no-such-path"),
        (["a.txt", "-m", "gpt-4.1-mni"], 2, "unknown-model"),
        (["a.txt", "--versus", "nope"], 2, "unknown-model"),
        (["a.txt", "--cached-tokens", "4"], 2, "workload"),
        (["a.txt", "--requests", "-1"], 2, "bad-number"),
        (["a.txt", "--as-of", "2026-02-30"], 2, "bad-number"),
        (["a.txt", "--nope"], 2, "usage"),
        (["a.txt", "--tier", "express"], 2, "usage"),
        (["a.txt", "-f", "plain"], 2, "usage"),
        (["a.txt", "--pricing", "missing.toml"], 2, "pricing"),
        (["a.txt", "--files-from", "missing"], 2, "usage"),
        (["a.txt", "-0"], 2, "usage"),
        (["-", "--files-from", "-"], 2, "usage"),
        (["pricing"], 2, "usage"),
        (["pricing", "validate", "a.txt"], 2, "pricing"),
        (["models", "nope"], 2, "unknown-model"),
        (["count", "-m", "nope"], 2, "unknown-model"),
    ],
)
def test_failures_are_documents(run: Run, arguments: list[str], status: int, code: str) -> None:
    """In JSON mode a failure is one document with a stable code, and a sentence on standard error, and never 1."""
    outcome = run(*arguments, "--json")
    found = document(outcome)

    assert (status, 1, code) == (outcome[0], found["schema_version"], found["error"]["code"])
    assert ["schema_version", "error"] == list(found)
    assert outcome[2].startswith(f"gpt41calc: error: {found['error']['message']}\n")


def test_failure_without_json(run: Run) -> None:
    """Otherwise a failure leaves standard output empty."""
    expected = (2, "", "gpt41calc: error: missing: no such file or directory\n")
    status, stdout, stderr = run("missing")

    assert expected == (status, stdout, stderr.splitlines(keepends=True)[0])


def test_unknown_model_is_told_the_nearest(run: Run) -> None:
    """A slip in a model's name is answered with the name."""
    hint = document(run("a.txt", "-m", "gpt-4.1-mni", "--json"))["error"]["hint"]

    assert "gpt-4.1-mini" in hint


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["a.txt"], 0),
        (["count", "a.txt"], 0),
        (["models"], 0),
        (["models", "gpt-4.1"], 0),
        (["pricing", "show"], 0),
        (["-V"], 0),
        (["-h"], 0),
        (["estimate", "--help"], 0),
        (["a.txt", "--cached-tokens", "3"], 0),
        (["a.txt", "--tier", "flex"], 0),
        (["a.txt", "--tier", "flex", "-q"], 2),
        (["a.txt", "-o", "missing/report"], 74),
        (["a.txt", "--max-file-size", "11"], 3),
        ([".", "--max-file-size", "11"], 0),
    ],
)
def test_exit_codes(run: Run, arguments: list[str], status: int) -> None:
    """Statuses are those of the table."""
    assert status == run(*arguments)[0]


# -- What is printed


@pytest.mark.parametrize(
    ("arguments", "stdout"),
    [
        (["count", "a.txt", "-q"], "3\n"),
        (["count", "a.txt"], "  3  a.txt\n"),
        (["count", "a.txt", "b.txt"], "  3  a.txt\n  6  b.txt\n  9  total\n"),
        (["count", "a.txt", "b.txt", "-q"], "9\n"),
        (["count", "a.txt", "./a.txt", "."], "  3  a.txt\n  6  b.txt\n  9  total\n"),
        (["-q", "a.txt"], "0.008006\n"),
        (["-q", "a.txt", "--requests", "1M", "--output-tokens", "0"], "6\n"),
        (["-q", "a.txt", "--requests", "0"], "0\n"),
        (["-q", "a.txt", "-m", "gpt-4.1-nano", "-m", "gpt-4.1"], "0.0004003\n"),
    ],
)
def test_one_number(run: Run, tmp_path: Path, arguments: list[str], stdout: str) -> None:
    """Counts are lines as wc writes them; quiet is the one number, without separators."""
    (tmp_path / "b.txt").write_bytes(HELLO * 2)

    assert (0, stdout, "") == run(*arguments)


def test_report_in_a_file(run: Run, tmp_path: Path) -> None:
    """A report that goes to a file leaves standard output empty and is the same report."""
    printed = run("a.txt", "--json")[1]

    assert (0, "", "") == run("a.txt", "--json", "-o", "report.json")
    assert printed == (tmp_path / "report.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "key", "rows"),
    [
        (["--by", "file"], "files", [("a.txt", 3), ("src/b.py", 3), ("src/c.py", 6)]),
        (["--top", "1"], "files", [("src/c.py", 6)]),
        (["--by", "folder"], "folders", [(".", 3), ("src", 9)]),
        (["--by", "extension"], "extensions", [(".py", 9), (".txt", 3)]),
        (["--tree"], "tree", [("a.txt", 3), ("src/", 9), ("src/b.py", 3), ("src/c.py", 6)]),
        (["--tree=1"], "tree", [("a.txt", 3), ("src/", 9)]),
    ],
)
def test_parts(run: Run, tmp_path: Path, arguments: list[str], key: str, rows: list[tuple[str, int]]) -> None:
    """Tokens are divided by file, folder or extension, or shown as a tree, to a depth; top keeps the largest."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src/b.py").write_bytes(HELLO)
    (tmp_path / "src/c.py").write_bytes(HELLO * 2)
    found = document(run(".", "--json", *arguments))[key]
    actual = [(row.get("path", row.get("extension")), row["tokens"]) for row in found]

    assert rows == (sorted(actual) if key == "extensions" else actual)


# -- Which inputs


def test_folder_named_like_a_command(run: Run, tmp_path: Path) -> None:
    """A folder named like a command is reached by ./, and any other path needs no command."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models/b.txt").write_bytes(HELLO * 2)
    estimated, listed = run("./models", "--json"), run("models", "--json")

    assert (6, True) == (document(estimated)["inputs"]["tokens"], "prices" in document(listed)["models"][0])


@pytest.mark.parametrize("name", ["-", "-x", "--json", "@a.txt"])
def test_names_like_options(run: Run, tmp_path: Path, name: str) -> None:
    """After -- a name like an option is a path, and a file named like a list is none."""
    (tmp_path / name).write_bytes(HELLO * 2)
    path = "./-" if name == "-" else name

    assert (0, "6\n", "") == run("count", "-q", "--", path)


@pytest.mark.parametrize(
    ("listed", "options", "tokens"),
    [
        (b"a.txt\nb c.txt\n", [], 9),
        (b"a.txt\n\nb c.txt", [], 9),
        (b"a.txt\0b c.txt\0", ["-0"], 9),
        (b"x\ny.txt\0a.txt", ["--null"], 15),
        (b"-\n", [], 24),
        (b"", [], 0),
    ],
)
def test_list_of_paths(spawn: Spawn, tmp_path: Path, listed: bytes, options: list[str], tokens: int) -> None:
    """Paths come from a list, by line or by NUL; a dash in it is a file, and an empty list names nothing."""
    for name, times in {"a.txt": 1, "b c.txt": 2, "x\ny.txt": 4, "-": 8}.items():
        (tmp_path / name).write_bytes(HELLO * times)
    ended = spawn("count", "-q", "--files-from", "-", *options, stdin=listed)

    assert (0, f"{tokens}\n") == (ended.status, ended.stdout)


def test_list_with_nul_bytes(run: Run, tmp_path: Path) -> None:
    """A list separated by NUL bytes that is read by lines is an error that names the option."""
    (tmp_path / "list").write_bytes(b"a.txt\0b.txt\0")
    status, _, stderr = run("count", "--files-from", "list")

    assert (2, True) == (status, "-0" in stderr)


def test_no_input_is_said(run: Run, tmp_path: Path) -> None:
    """A folder with nothing to count is no failure, but is said."""
    (tmp_path / "empty").mkdir()

    assert (0, "0\n", "gpt41calc: warning: nothing to count\n") == run("count", "-q", "empty")


# -- Numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("1500", 1500), ("007", 7), ("4k", 4000), ("2M", 2_000_000), ("1_000", 1000),
        ("1,000,000", 1_000_000), ("12_000k", 12_000_000), ("1000000000000000", 10**15), ("1_0", 10),
        ("1e6", 1_000_000), ("1.5e3", 1500), ("1E+6", 1_000_000), ("1m", 1_000_000), ("4K", 4000), ("1.5k", 1500),
        ("1.25M", 1_250_000), ("4 k", 4000), ("1G", 10**9), ("1b", 10**9), ("1,000k", 1_000_000), ("2.0", 2),
    ],
)  # fmt: skip
def test_numbers_that_are_read(text: str, number: int) -> None:
    """Whatever can mean one whole number: separators, a fraction, an exponent, k or M behind them."""
    assert number == parse_count(text, "--requests")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-1", "+1", "1.5", "1e-3", "nan", "inf", "0x10", "k", "4kk", "1__0", "_1", "1_", "1,", "1,5k", "1.500",
        "1,00", "1,0000", "1.2.3", "2MiB", "1e", "e3", "1e999", "1.5e0", "0.0005k", "4k2", "50%",
        " 1", "1\n", "\uff11\uff12", "\u0661", "1" * 31, "1000000000000001", "1000000000001k", "true",
    ],
)  # fmt: skip
def test_numbers_that_are_refused(text: str) -> None:
    """Anything else is refused, never guessed at; what could be a thousand or a fraction, too."""
    with pytest.raises(BadNumber, match=r"^--requests: expected a"):
        parse_count(text, "--requests")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("500", 500),
        ("500k", 500_000),
        ("10M", 10**7),
        ("2MiB", 2 << 20),
        ("1KB", 1000),
        ("1.5KiB", 1536),
        ("2mib", 2 << 20),
        ("1e6", 10**6),
        ("1.5 MB", 1_500_000),
    ],
)
def test_sizes(text: str, size: int) -> None:
    """Sizes are counts with the units of bytes, powers of 1000 unless they say Ki, Mi or Gi."""
    assert size == parse_size(text, "--max-file-size")


@pytest.mark.parametrize("text", ["", "k", "-1", "1.500M", "1X", "1i", "1iB", "\uff11k", "1,5M", "50%"])
def test_sizes_that_are_refused(text: str) -> None:
    """A size without digits or with an unknown unit is refused."""
    with pytest.raises(BadNumber):
        parse_size(text, "--max-file-size")


@pytest.mark.parametrize("text", ["", "2026-2-3", "2026-02-30", "2026-1122", "11/22/2026", "2026-W47-7", "２026-11-22"])
def test_days_that_are_refused(text: str) -> None:
    """A day is written as YYYY-MM-DD and is in the calendar."""
    with pytest.raises(BadNumber, match=r"^--as-of: expected a day"):
        parse_day(text, "--as-of")


def test_a_failure_in_json_mode_is_one_document_however_it_is_asked_for(run: Run) -> None:
    """Clustered options, an unwritable report and a bad option each give a document, and the status of the failure."""
    outcomes = [
        run("-qf", "json", "--requests", "x"),
        run("--json", "-o", "/no/such/folder/x", "a.txt"),
        run("count", "-fjson", "--no-such-option"),
    ]

    assert [(2, "bad-number"), (74, "cannot-write"), (2, "usage")] == [
        (outcome[0], document(outcome)["error"]["code"]) for outcome in outcomes
    ]


@pytest.mark.parametrize("words", [["-V"], ["count", "-V"], ["--json", "a.txt", "--version"]])
def test_version_is_global(run: Run, words: list[str]) -> None:
    """The version is shown wherever it is asked for, and nothing else is done."""
    assert (0, f"gpt41calc {__version__}\n", "") == run(*words)


def test_before_its_release_a_model_has_no_status_and_no_price(run: Run) -> None:
    """On a day before its release neither of the three statuses is true, and there is no price to use."""
    models = document(run("--json", "a.txt", "--as-of", "2025-01-01", "-m", "gpt-4.1"))["models"]

    assert (None, None, "no price on 2025-01-01: the first one holds since 2025-04-14") == (
        models[0]["status"],
        models[0]["cost"],
        models[0]["cost_reason"],
    )


def test_count_mentions_what_it_skips(run: Run, tmp_path: Path) -> None:
    """Lines of counts have no place for skips, so a hint says how many there are and why; the status stays 0."""
    (tmp_path / "b.bin").write_bytes(b"\0")

    assert (0, "  3  a.txt\n", "gpt41calc: hint: skipped 1 (1 binary); --json lists every one\n") == run("count", ".")


def test_a_tree_begins_at_the_folder_that_was_named(run: Run, tmp_path: Path) -> None:
    """Of an absolute path the tree shows the folder in full, and counts levels below it."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.txt").write_bytes(HELLO)
    tree = document(run("count", "--json", "--tree=1", str(tmp_path)))["tree"]

    assert [(f"{tmp_path}/", 0, 6), (f"{tmp_path}/a.txt", 1, 3), (f"{tmp_path}/deep/", 1, 3)] == [
        (row["path"], row["depth"], row["tokens"]) for row in tree
    ]


def test_parts_of_an_estimated_count_are_estimated_too(run: Run) -> None:
    """Counted as a model whose tokenizer is not public, a file has the tokens that its line shows."""
    lines = run("count", "-m", "claude-3-7-sonnet", ".")[1]
    files = document(run("count", "-m", "claude-3-7-sonnet", "--json", "."))["files"]

    assert ("  ~4  a.txt\n", [4]) == (lines, [row["tokens"] for row in files])


def test_count_reads_a_table_that_it_is_given(run: Run) -> None:
    """A price table that cannot be read is an error for ``count`` too, even if no model needs it."""
    status, stdout, stderr = run("count", "a.txt", "--pricing", "missing.toml")

    assert (2, "", True) == (status, stdout, stderr.startswith("gpt41calc: error: cannot read the pricing table"))
