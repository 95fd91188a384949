"""``pack`` through real processes: reports, lists of paths, pipes, priorities, what is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Spawn
from golden import hold_against_case
from scratch import Scratch

HELLO = b"hello world\n"  # 3 tokens

SIZES = {"a.md": 10, "docs/b.md": 4, "src/c.py": 2, "src/d.py": 2, "empty.txt": 0}
"""Files, with how often each has the line."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a folder with files of known length."""
    folder = tmp_path / "tree"
    for name, times in SIZES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(HELLO * times)
    return folder


def document(ended: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(ended.stdout, parse_constant=pytest.fail)
    return read


def test_smallest_first(spawn: Spawn, tree: Path) -> None:
    """Without a priority the smallest files come first, and the report says so and what is left out."""
    ended = spawn("pack", "-t", "15", cwd=tree)

    assert (0, "") == (ended.status, ended.stderr)
    assert [
        "3 of 5 files, smallest first, 12 of 15 tokens (80.0 %); 2 left out, 42 tokens",
        "",
        "Tokens  Sum  Left out    Path",
        "     0    0  –           empty.txt",
        "     6    6  –           src/c.py",
        "     6   12  –           src/d.py",
        "    30    –  over by 27  a.md",
        "    12    –  over by 9   docs/b.md",
        "",
        "not in the sum: the prompt, the answer, and what is put between files",
    ] == ended.stdout.splitlines()


@pytest.mark.parametrize("budget", ["30", "54", "100"])
def test_a_budget_that_is_used_up(spawn: Spawn, tree: Path, budget: str) -> None:
    """Up to the last token files are taken, and a file that would be too much is not."""
    packed = document(spawn("pack", "-t", budget, "--json", cwd=tree))

    assert {"30": (4, 24), "54": (5, 54), "100": (5, 54)}[budget] == (
        packed["packed"]["files"],
        packed["packed"]["tokens"],
    )
    assert int(budget) - packed["packed"]["tokens"] == packed["packed"]["tokens_left"]


def test_weights(spawn: Spawn, tree: Path) -> None:
    """A file of weights comes before the size, the last line that matches decides, and 0 is never sent."""
    (tree.parent / "weights").write_text("*.md 5\n/docs/ 9\n*.txt 0\n")
    ended = spawn("pack", "-t", "100", "--priority", "../weights", cwd=tree)

    assert "4 of 5 files, by weight, 54 of 100 tokens (54.0 %); 1 left out, 0 tokens" == ended.stdout.splitlines()[0]
    assert [
        "Tokens  Sum  Weight  Left out  Path",
        "    12   12       9  –         docs/b.md",
        "    30   42       5  –         a.md",
        "     6   48       1  –         src/c.py",
        "     6   54       1  –         src/d.py",
        "     0    –       0  weight 0  empty.txt",
    ] == ended.stdout.splitlines()[2:8]


@pytest.fixture
def history(scratch: Scratch) -> Scratch:
    """Return a repository: an old file, a newer one, one that has changed since, and one that is new."""
    scratch.commit("one", **{"old.md": HELLO, "changed.md": HELLO})
    scratch.commit("two", **{"newer.md": HELLO * 3})
    scratch.write("changed.md", HELLO * 2)
    scratch.write("new.md", HELLO * 4)
    return scratch


def test_weights_that_no_file_has_are_said(spawn: Spawn, tree: Path) -> None:
    """A glob that matches nothing may be a slip: the report says that no file has another weight than the usual one."""
    (tree.parent / "weights").write_text("elsewhere/ 10\n")
    ended = spawn("pack", "-t", "100", "--priority", "../weights", cwd=tree)

    assert "every file has the usual weight, 1: no line of ../weights gives one of them another" in ended.stdout


def test_recency(spawn: Spawn, history: Scratch) -> None:
    """What is not committed comes first, then what the last commits changed; the smallest first of each."""
    ended = spawn("pack", "-t", "100", "--priority", "git", cwd=history.root)
    commits = [history.git("rev-parse", revision)[:7] for revision in ("HEAD", "HEAD~1")]

    assert "4 of 4 files, last changed first, 30 of 100 tokens (30.0 %); nothing left out" in ended.stdout
    assert [
        "     6    6  uncommitted         –         changed.md",
        "    12   18  uncommitted         –         new.md",
        f"     9   27  2026-01-02 {commits[0]}  –         newer.md",
        f"     3   30  2026-01-01 {commits[1]}  –         old.md",
    ] == ended.stdout.splitlines()[3:7]


def test_weights_and_recency(spawn: Spawn, history: Scratch) -> None:
    """With both, weights come first, and recency decides within one, in whatever order they are typed."""
    weights = str(history.root.parent / "weights")
    Path(weights).write_text("old.md 2\n")
    typed = [("--priority", weights, "--priority", "git"), ("--priority", "git", "--priority", weights)]
    quiet = [spawn("pack", "-t", "100", "-q", *words, cwd=history.root).stdout for words in typed]

    assert ["old.md\nchanged.md\nnew.md\nnewer.md\n"] * 2 == quiet


def test_recency_of_a_part_and_from_elsewhere(spawn: Spawn, history: Scratch) -> None:
    """Paths may be of a part of the repository, named in any way, and from any folder."""
    above = history.root.parent
    (above / "list").write_text("scratch/old.md\nscratch/newer.md\n")
    listed = spawn("pack", "-t", "100", "-q", "--priority", "git", "--files-from", "list", cwd=above)
    absolute = spawn("pack", "-t", "100", "-q", "--priority", "git", str(history.root), cwd=above)

    assert "scratch/newer.md\nscratch/old.md\n" == listed.stdout
    assert ["changed.md", "new.md", "newer.md", "old.md"] == list(map(os.path.basename, absolute.stdout.splitlines()))


def test_recency_of_very_many_paths(spawn: Spawn, history: Scratch) -> None:
    """A list of paths that is too long for a command line is no problem for git."""
    names = [f"part/{number:05}{'x' * 200}.md" for number in range(2_000)]
    for name in names:
        history.write(name, b"")
    history.commit("many")
    (history.root.parent / "list").write_text("".join(f"{name}\n" for name in names))
    ended = spawn("pack", "-t", "100", "-q", "--priority", "git", "--files-from", "../list", cwd=history.root)

    assert (0, names) == (ended.status, ended.stdout.splitlines())


def test_a_pipe_has_the_same_sum(spawn: Spawn, tree: Path) -> None:
    """What is listed is counted by count and by estimate as pack has counted it."""
    listed = spawn("pack", ".", "-t", "25", "-q", cwd=tree)
    counted = spawn("count", "--files-from", "-", "-q", stdin=listed.stdout.encode(), cwd=tree)
    words = ("estimate", "--files-from", "-", "--json")
    estimated = document(spawn(*words, stdin=listed.stdout.encode(), cwd=tree))

    assert "empty.txt\nsrc/c.py\nsrc/d.py\ndocs/b.md\n" == listed.stdout
    assert ("24\n", 24) == (counted.stdout, estimated["inputs"]["tokens"])


@pytest.mark.skipif(sys.platform == "win32", reason="has no such names")
def test_hostile_names_in_a_list(spawn: Spawn, tmp_path: Path) -> None:
    """Names are written byte for byte; one with a newline is refused but for -0, whose list is read back whole."""
    names = [
        b"plain",
        b"-",
        b"-rf",
        b"\xe2\x80\xaegpj.txt",
        b"caf\xe9",
        b' "quoted" ',
        b"tail\r",
        b"a\\nb",
        b"two\nlines",
    ]
    folder = os.fsencode(tmp_path / "names")
    os.mkdir(folder)
    for name in names:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(HELLO)
    refused = spawn("pack", ".", "-t", "100", "-q", cwd=Path(os.fsdecode(folder)))
    listed = spawn("pack", ".", "-t", "100", "-q", "-0", cwd=Path(os.fsdecode(folder)))
    given = os.fsencode(listed.stdout)
    counted = spawn("count", "--files-from", "-", "-0", "-q", stdin=given, cwd=Path(os.fsdecode(folder)))

    assert (2, "") == (refused.status, refused.stdout)
    assert r"two\nlines: a name with a newline cannot be in a list of lines" in refused.stderr
    assert sorted(names) == sorted(given.split(b"\0")[:-1])
    assert (0, f"{3 * len(names)}\n") == (counted.status, counted.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such names")
def test_hostile_names_in_a_report(spawn: Spawn, tmp_path: Path) -> None:
    """No name brings a control character or a direction into what people read, or a formula into a spreadsheet."""
    for name in ("a\nb", "\x1b[31mred", "\u202egpj.txt", "=1+1.csv", "[x](y)|z.md", "<!--"):
        (tmp_path / name).write_bytes(HELLO)
    written = {
        chosen: spawn("pack", ".", "-t", "9", "-f", chosen, "--color", "always").stdout
        for chosen in ("plain", "markdown", "csv", "json")
    }

    assert [False] * 3 == ["\x1b[31mred" in written[chosen] for chosen in ("plain", "markdown", "json")]
    assert [False] * 3 == ["a\nb" in written[chosen] for chosen in ("plain", "markdown", "json")]
    assert [True] * 2 == [r"\x1b[31mred" in written["plain"], r"\u202egpj.txt" in written["plain"]]
    assert ["\u202e" in written[chosen] for chosen in ("plain", "markdown")] == [False] * 2
    assert ",'=1+1.csv\n" in written["csv"]
    assert 6 == sum(len(json.loads(written["json"])[key]) for key in ("files", "left_out"))


@pytest.mark.parametrize(
    ("ending", "options"),
    [("plain.txt", ["--explain"]), ("json", ["--json"]), ("csv", ["-f", "csv"]), ("md", ["-f", "markdown"])],
)
def test_reports(ending: str, options: list[str], tree: Path, history: Scratch, spawn: Spawn) -> None:
    """A budget in every format, by weight and by recency, as it was read and found good."""
    (tree.parent / "weights").write_text("*.md 5\nempty.txt 0\n")
    tree.rename(history.root / "tree")
    history.commit("three")
    history.write("new.md", HELLO * 5)
    words = ("pack", ".", "-t", "70", "--priority", "../weights", "--priority", "git")
    ended = spawn(*words, *options, cwd=history.root)

    assert 0 == ended.status
    hold_against_case(f"pack.{ending}", ended.stdout)


def test_csv_has_every_file(spawn: Spawn, tree: Path) -> None:
    """CSV has a row per file that there is, --top so many of each kind."""
    whole = list(csv.DictReader(io.StringIO(spawn("pack", ".", "-t", "15", "-f", "csv", cwd=tree).stdout)))
    top = list(csv.DictReader(io.StringIO(spawn("pack", ".", "-t", "15", "-f", "csv", "--top", "1", cwd=tree).stdout)))

    assert ["true"] * 3 + ["false"] * 2 == [row["included"] for row in whole]
    assert [("true", "empty.txt"), ("false", "a.md")] == [(row["included"], row["path"]) for row in top]


def test_top(spawn: Spawn, tmp_path: Path) -> None:
    """A report for people has ten rows of each kind, or --top so many, and says how many there are besides."""
    (tmp_path / "many").mkdir()
    for number in range(30):
        (tmp_path / "many" / f"{number:02}.txt").write_bytes(HELLO)
    usual, top = (spawn("pack", "many", "-t", "45", *words).stdout for words in ((), ("--top", "12")))

    assert "not shown: 5 more to send, 5 more left out; -q and --json have all" in usual
    assert "not shown: 3 more to send, 3 more left out; -q and --json have all" in top
    assert 15 == spawn("pack", "many", "-t", "45", "-q").stdout.count("\n")


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("0", "a budget of 0 tokens: only empty files fit"),
        ("1047576", "the budget is all that GPT-4.1 takes: no token is left for a prompt"),
        ("100%", "the budget is all that GPT-4.1 takes: no token is left for a prompt"),
        ("2M", "the budget is over what GPT-4.1 takes: 1,047,576 tokens"),
    ],
)
def test_budgets_that_are_no_use(spawn: Spawn, tree: Path, budget: str, said: str) -> None:
    """A budget of nothing, and one that no request can have, get a sentence; they are not refused."""
    ended = spawn("pack", "-t", budget, cwd=tree)

    assert (0, True) == (ended.status, said in ended.stdout), ended


def test_a_share_of_the_window(spawn: Spawn, tree: Path) -> None:
    """A percentage is of what the model takes as input, which may be less than its window."""
    words = ("pack", "-t", "50%", "--json")
    budgets = [document(spawn(*words, "-m", name, cwd=tree))["budget"]["tokens"] for name in ("gpt-4.1", "gpt-5")]

    assert [1_047_576 // 2, 272_000 // 2] == budgets


def test_an_estimate_is_within_the_budget_by_its_upper_bound(spawn: Spawn, tree: Path) -> None:
    """For a model whose tokenizer is not public, the high bound of the sum is within the budget."""
    packed = document(spawn("pack", "-t", "30", "-m", "claude-3-7-sonnet", "--json", cwd=tree))
    plain = spawn("pack", "-t", "30", "-m", "claude-3-7-sonnet", "--explain", cwd=tree).stdout
    high, more = packed["packed"]["high"], packed["left_out"][-1]

    assert packed["packed"]["tokens"] < high <= 30 < high + more["tokens"]
    assert 30 - high == packed["packed"]["tokens_left"]
    assert f"~{packed['packed']['tokens']} (at most {high}) of 30 tokens" in plain
    assert "files are chosen by the upper bound of the estimate" in plain


def test_what_cannot_be_counted(spawn: Spawn, tree: Path) -> None:
    """A binary file in a folder is left out; one that was named makes the result incomplete: named, status 3."""
    (tree / "logo.png").write_bytes(b"\x89PNG\0\0")
    found = spawn("pack", "-t", "15", cwd=tree)
    named = spawn("pack", "-t", "15", "logo.png", "src", "-q", cwd=tree)
    alone = spawn("pack", "-t", "15", "logo.png", cwd=tree)

    assert (0, True) == (found.status, "3 of 5 files (1 skipped), smallest first" in found.stdout)
    assert (3, "src/c.py\nsrc/d.py\n") == (named.status, named.stdout)
    assert "logo.png: not counted: binary" in named.stderr
    assert (3, "") == (alone.status, alone.stdout)


def test_the_usual_options_choose_files(spawn: Spawn, tree: Path) -> None:
    """Ignore files and the options of other commands choose what there is to choose from."""
    (tree / ".gitignore").write_text("a.md\n")
    (tree / ".hidden.txt").write_bytes(HELLO)
    quiet = {
        words: set(spawn("pack", ".", "-t", "100", "-q", *words, cwd=tree).stdout.split())
        for words in ((), ("--exclude", "*.py"), ("--hidden", "--no-gitignore"), ("--max-file-size", "20"))
    }
    usual = {"docs/b.md", "src/c.py", "src/d.py", "empty.txt"}

    assert [
        usual,
        usual - {"src/c.py", "src/d.py"},
        usual | {"a.md", ".hidden.txt", ".gitignore"},
        {"empty.txt"},
    ] == list(quiet.values())


def test_output_file(spawn: Spawn, tree: Path) -> None:
    """-o writes the report or the list of paths, in the format of its ending, and over no input."""
    spawn("pack", ".", "-t", "15", "-o", "../report.json", cwd=tree)
    spawn("pack", ".", "-t", "15", "-q", "-o", "../list.txt", cwd=tree)
    over = spawn("pack", ".", "-t", "15", "-q", "-o", "a.md", cwd=tree)

    assert 3 == json.loads((tree.parent / "report.json").read_text())["packed"]["files"]
    assert "empty.txt\nsrc/c.py\nsrc/d.py\n" == (tree.parent / "list.txt").read_text()
    assert (2, HELLO * 10) == (over.status, (tree / "a.md").read_bytes())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "how many tokens? -t is missing"),
        (("-t", "many"), "--tokens: expected a whole number"),
        (("-t", "-5"), "-5"),
        (("-t", "5", "missing"), "missing: no such file or directory"),
        (("-t", "5", "-"), "standard input is a text, and pack chooses among files"),
        (("-t", "5", "-0"), "-0 only goes with --files-from and with -q"),
        (("-t", "5", "--top", "0"), "--top: expected a number from 1"),
        (("-t", "5", "--priority", "git"), "'.' is not in a git repository"),
        (("-t", "5", "--priority", "gti"), "cannot read the weights 'gti': no such file or directory"),
        (("-t", "5", "--priority", "a.md"), "a.md: line 1: expected a weight of 0 or more at the end, found 'world'"),
        (("-t", "5", "--priority", "empty.txt", "--priority", "a.md"), "are two files of weights"),
        (("-t", "5", "--priority", "a.md", "-o", "a.md"), "a.md: this file is read, and would be written over"),
        (("-t", "5", "--exclude", "["), "'[' is not a pattern"),
        (("-t", "5", "--alias", "x=gpt-4.1"), "--alias has no effect without --model"),
        (("-t", "5", "-m", "no-such-model"), "no-such-model"),
    ],
)
def test_what_is_wrong_is_said(spawn: Spawn, tree: Path, words: tuple[str, ...], said: str) -> None:
    """Every mistake is a sentence and status 2, and nothing is printed."""
    ended = spawn("pack", *words, cwd=tree)

    assert (2, "", True) == (ended.status, ended.stdout, said in ended.stderr), ended


def test_a_pipe_is_no_list_of_paths(spawn: Spawn, tree: Path) -> None:
    """What is piped into it without --files-from is refused, not ignored."""
    ended = spawn("pack", "-t", "100", "-q", stdin=b"a.md\n", cwd=tree)
    listed = spawn("pack", "-t", "100", "-q", "--files-from", "-", stdin=b"a.md\n", cwd=tree)

    assert (2, "", True) == (ended.status, ended.stdout, "'--files-from -' reads a list of paths" in ended.stderr)
    assert (0, "a.md\n") == (listed.status, listed.stdout)


def test_a_shallow_clone_says_so(spawn: Spawn, history: Scratch, tmp_path: Path) -> None:
    """Where history is cut off, the report says that files may be older than they seem."""
    history.git("clone", "-q", "--depth", "1", f"file://{history.root}", str(tmp_path / "shallow"))
    ended = spawn("pack", "-t", "100", "--priority", "git", cwd=tmp_path / "shallow")

    assert (0, True) == (ended.status, "older commits are not in this clone, which is shallow" in ended.stdout), ended


def test_paths_outside_the_repository(spawn: Spawn, history: Scratch) -> None:
    """By recency, all paths must be in one repository."""
    (history.root.parent / "outside.md").write_bytes(HELLO)
    ended = spawn("pack", "-t", "5", "--priority", "git", ".", "../outside.md", cwd=history.root)

    assert (2, True) == (ended.status, "../outside.md: outside the repository" in ended.stderr), ended


def test_nothing_to_choose_from(spawn: Spawn, tmp_path: Path) -> None:
    """An empty folder is no mistake, and an empty list is read by what comes behind."""
    (tmp_path / "none").mkdir()
    ended, quiet = (spawn("pack", "none", "-t", "5", *words) for words in ((), ("-q",)))

    assert (0, "0 of 0 files, smallest first, 0 of 5 tokens (0.0 %); nothing left out") == (
        ended.status,
        ended.stdout.splitlines()[0],
    )
    assert (0, "", True) == (quiet.status, quiet.stdout, "nothing to count" in quiet.stderr)


def test_commands_of_a_job_log(spawn: Spawn, tmp_path: Path) -> None:
    """In the log of a CI job, no name is printed that the service would obey; a report has it as an escape."""
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "##[set-output name=a;]b").write_bytes(HELLO)
    environment = {"GITHUB_ACTIONS": "true"}
    ended = [spawn("pack", "names", "-t", "5", *words, env=environment) for words in (("-q",), (), ("--json",))]

    assert [2, 0, 0] == [one.status for one in ended]
    assert ["##[" in one.stdout for one in ended] == [False] * 3
