"""What a change adds, through real processes: every pair of sides, every kind of file, every way to be wrong."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Outcome, Spawn
from scratch import Scratch

HELLO = b"hello world\n"  # 3 tokens
DAY = ("--as-of", TODAY, "-m", "gpt-4.1")
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12\n"


@pytest.fixture
def branch(scratch: Scratch) -> Scratch:
    """Return a branch with a commit, something staged, something changed and something new."""
    scratch.commit("first", **{"a.txt": HELLO * 10, "sub/b.txt": HELLO, "sub/old.txt": HELLO * 20})
    scratch.git("checkout", "-q", "-b", "branch")
    scratch.commit("second", **{"a.txt": HELLO * 11})
    scratch.write("sub/b.txt", HELLO * 3)
    scratch.git("add", "-A")
    scratch.write("a.txt", HELLO * 14)
    scratch.write("sub/new.txt", HELLO)
    return scratch


def document(ended: Outcome) -> dict[str, Any]:
    """Return the document on standard output."""
    read: dict[str, Any] = json.loads(ended.stdout, parse_constant=pytest.fail)
    return read


def deltas(ended: Outcome) -> dict[str, int | None]:
    """Return how much more every file has, by its path."""
    return {file["path"]: file["delta"] for file in document(ended)["files"]}


@pytest.mark.parametrize(
    ("words", "head", "expected"),
    [
        ([], "work tree", {"a.txt": 12, "sub/b.txt": 6, "sub/new.txt": 3}),
        (["HEAD"], "work tree", {"a.txt": 9, "sub/b.txt": 6, "sub/new.txt": 3}),
        (["main", "branch"], "branch", {"a.txt": 3}),
        (["branch", "main"], "main", {"a.txt": -3}),
        (["--staged"], "staged", {"sub/b.txt": 6}),
        (["--staged", "main"], "staged", {"a.txt": 3, "sub/b.txt": 6}),
        (["main", "--", "sub"], "work tree", {"sub/b.txt": 6, "sub/new.txt": 3}),
        (["--", "a.txt", "sub/b.txt"], "work tree", {"a.txt": 12, "sub/b.txt": 6}),
        (["--path", "a.txt"], "work tree", {"a.txt": 12}),
        (["--exclude", "*.txt"], "work tree", {}),
        (["--include", "new.*"], "work tree", {"sub/new.txt": 3}),
        (["main", "main"], "main", {}),
    ],
)
def test_sides(spawn: Spawn, branch: Scratch, words: list[str], head: str, expected: dict[str, int]) -> None:
    """Two revisions, a revision and the work tree or the index, or where the branch began: by file and in sum."""
    ended = spawn("diff", *DAY, "--json", *words, cwd=branch.root)
    found = document(ended)

    assert (0, expected, sum(expected.values())) == (ended.status, deltas(ended), found["totals"]["delta"])
    assert head == found["head"].partition(" (")[0]


def test_below_a_folder(spawn: Spawn, branch: Scratch) -> None:
    """In a folder below, it is about that folder, and paths are as seen from there."""
    below = branch.root / "sub"
    inside = spawn("diff", *DAY, "--json", cwd=below)
    above = spawn("diff", *DAY, "--json", "--", "..", cwd=below)

    assert {"b.txt": 6, "new.txt": 3} == deltas(inside)
    assert {"../a.txt": 12, "b.txt": 6, "new.txt": 3} == deltas(above)


def test_document(spawn: Spawn, branch: Scratch) -> None:
    """The document has the sides, the sums, what it means for the model and every file."""
    ended = spawn("diff", *DAY, "main", "branch", "--json", "--requests-per-month", "1k", cwd=branch.root)
    found = document(ended)
    hashes = [branch.git("rev-parse", name)[:10] for name in ("main", "branch")]

    assert [
        "schema_version", "tool", "as_of", "base", "head", "model", "encoding", "complete", "workload", "totals",
        "models", "files",
    ] == list(found)  # fmt: skip
    assert [f"main ({hashes[0]})", f"branch ({hashes[1]})"] == [found["base"], found["head"]]
    assert {"tokens_before": 30, "tokens_after": 33, "delta": 3} == found["totals"]
    assert [
        {
            "path": "a.txt",
            "status": "changed",
            "before": 30,
            "after": 33,
            "delta": 3,
            "cost_delta": 0.000006,
            "cost_delta_per_month": 0.006,
        }
    ] == found["files"]


def test_table(spawn: Spawn, branch: Scratch) -> None:
    """For people: a line a file, and a sentence a model whose two amounts can be told apart."""
    branch.git("mv", "sub/old.txt", "moved.txt")
    ended = spawn("diff", *DAY, cwd=branch.root)
    lines = ended.stdout.splitlines()

    assert lines[0].startswith("+21 tokens in 4 changed files, +$0.000042 a request: main (")
    assert "Before  After  Delta  $ more a request  Status   Path" == lines[2]
    assert "    60     60      0                 0  renamed  sub/old.txt → moved.txt" == lines[4]
    assert "gpt-4.1: 93 to 114 tokens (+21), $0.00819 to $0.00823 a request (+$0.000042)" in lines


def test_quiet(spawn: Spawn, branch: Scratch) -> None:
    """Quiet, it is the number of tokens that come on top."""
    assert (0, "21\n") == (spawn("diff", "-q", cwd=branch.root).status, spawn("diff", "-q", cwd=branch.root).stdout)


def test_quiet_of_the_month(spawn: Spawn, branch: Scratch) -> None:
    """How often a request is made is taken from the project file, too, and the report names the file."""
    branch.write("gpt41calc.toml", "requests-per-month = '1M'\nexclude = ['*.toml']\n")
    ended = spawn("diff", *DAY, cwd=branch.root)

    assert "(+$0.000042, +$42.00 a month)" in ended.stdout
    assert "options from gpt41calc.toml\n" in ended.stdout


def test_nothing_changed(spawn: Spawn, scratch: Scratch) -> None:
    """Where nothing changed there is one sentence, and no heading over nothing."""
    name = scratch.commit("first", **{"a.txt": HELLO})[:10]
    ended = spawn("diff", "HEAD", cwd=scratch.root)

    assert (0, f"unchanged: no counted file differs, HEAD ({name}) to work tree\n") == (ended.status, ended.stdout)


def test_across_the_border(spawn: Spawn, branch: Scratch) -> None:
    """A file that was moved out of what is looked at is removed there, and added where it went."""
    branch.git("mv", "sub/old.txt", "moved.txt")
    found = [spawn("diff", "--staged", *DAY, "--json", "--", path, cwd=branch.root) for path in ("sub", "moved.txt")]
    kinds = [{file["path"]: file["status"] for file in document(one)["files"]} for one in found]
    globbed = spawn("diff", "--staged", *DAY, "--json", "--include", "moved.txt", cwd=branch.root)

    assert [{"sub/b.txt": "changed", "sub/old.txt": "removed"}, {"moved.txt": "added"}] == kinds
    assert {"moved.txt": 60} == deltas(globbed)


def test_kinds_of_files(spawn: Spawn, scratch: Scratch, tmp_path: Path) -> None:
    """A binary that became text counts from now; links and submodules are named as such and hold no tokens."""
    other = Scratch(tmp_path / "other").init()
    other.commit("other", **{"x.txt": HELLO})
    scratch.commit("first", **{"a.bin": b"\0", "b.txt": HELLO})
    scratch.write("a.bin", HELLO)
    scratch.write("b.txt", b"\0")
    (scratch.root / "link").symlink_to("b.txt")
    scratch.git("submodule", "add", "-q", str(other.root), "lib")
    scratch.commit("second")
    for words in (["HEAD~1"], ["HEAD~1", "HEAD"]):
        ended = spawn("diff", *DAY, *words, "--json", cwd=scratch.root)
        files = {file["path"]: (file["delta"], file.get("reason")) for file in document(ended)["files"]}

        assert 0 == ended.status
        assert {
            "a.bin": (3, "binary"),
            "b.txt": (-3, "binary"),
            "lib": (None, "a submodule"),
            "link": (None, "a symbolic link"),
        } == files


def test_pointer(spawn: Spawn, scratch: Scratch) -> None:
    """A Git LFS pointer is counted as its own text, with a warning."""
    scratch.commit("first", **{"a.txt": HELLO})
    scratch.commit("second", **{"big.txt": POINTER})
    ended = spawn("diff", "HEAD~1", "HEAD", cwd=scratch.root)

    assert 0 == ended.status
    assert "gpt41calc: warning: big.txt: a Git LFS pointer, counted as its own text" in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="names that other systems refuse")
def test_hostile_names(spawn: Spawn, scratch: Scratch) -> None:
    """Names with line ends, quotes, workflow commands and bytes that are no text stay what they are, on one line."""
    names = [b"\n::error::x", b"a\"b'c\\d", b"\xff.txt", "\u202egpj.txt".encode(), b"-rf", b"=1+1"]
    scratch.commit("first")
    for name in names:
        scratch.write(name, HELLO)
    plain, table, comma = (
        spawn("diff", "HEAD", *DAY, "-f", form, cwd=scratch.root) for form in ("plain", "table", "csv")
    )
    found = document(spawn("diff", "HEAD", *DAY, "--json", cwd=scratch.root))

    assert [0, 0, 0] == [one.status for one in (plain, table, comma)]
    assert sorted(map(os.fsdecode, set(names) - {b"\xff.txt"})) == sorted(
        file["path"] for file in found["files"] if "path_base64" not in file
    )
    assert "/y50eHQ=" in {file.get("path_base64") for file in found["files"]}
    assert not [line for one in (plain, table) for line in one.stdout.splitlines() if line.startswith("::")]
    assert ",'=1+1," in comma.stdout


def test_lost_content(spawn: Spawn, scratch: Scratch) -> None:
    """What git cannot read leaves the difference incomplete."""
    scratch.commit("first", **{"a.txt": HELLO})
    name = scratch.git("rev-parse", "HEAD:a.txt")
    scratch.write("a.txt", HELLO * 2)
    (scratch.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    ended = spawn("diff", "HEAD", *DAY, "--json", cwd=scratch.root)

    assert (3, False, {"a.txt": None}) == (ended.status, document(ended)["complete"], deltas(ended))
    assert "gpt41calc: warning: a.txt: not counted: not in this repository\n" == ended.stderr


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (["--output=x", "HEAD"], "", ""),
        (["mian"], "unknown revision 'mian'", "did you mean 'main'?"),
        (["main..branch"], "'main..branch' is a range", "two revisions are written: diff main branch"),
        ([""], "the revision is empty", ""),
        (["-"], "'-' is not a revision", ""),
        (["main", "branch", "HEAD"], "at most two revisions", "paths are written after --"),
        (["--staged", "main", "branch"], "--staged takes one revision", ""),
        (["sub"], "unknown revision 'sub'", "if the path is meant, write: gpt41calc diff -- sub"),
        (["--", "gone.txt"], "gone.txt: no such file or directory, neither here nor in the revisions", ""),
        (["--", ""], "'': no such file or directory, neither here nor in the revisions", ""),
        (["--", ".."], "..: outside the repository", ""),
        (["-m", "gpt-9"], "unknown model 'gpt-9'", ""),
        (["--requests-per-month", "-1"], "--requests-per-month: expected a whole number", ""),
    ],
)
def test_asked_wrongly(spawn: Spawn, branch: Scratch, words: list[str], said: str, hint: str) -> None:
    """Whatever is asked wrongly is status 2 and a sentence; what looks like an option is no revision."""
    before = sorted(path.name for path in branch.root.iterdir())
    ended = spawn("diff", *words, cwd=branch.root)

    if "--output=x" in words:  # our own option, and the report goes where it says
        assert (0, [*before, "x"]) == (ended.status, sorted(path.name for path in branch.root.iterdir()))
        return
    assert (2, "", before) == (ended.status, ended.stdout, sorted(path.name for path in branch.root.iterdir()))
    assert ended.stderr.startswith(f"gpt41calc: error: {said}")
    assert f"gpt41calc: hint: {hint}" in ended.stderr or not hint


def test_no_repository(spawn: Spawn, tmp_path: Path, scratch: Scratch) -> None:
    """Outside a repository, and in one without a commit, there is nothing to compare."""
    outside = spawn("diff", cwd=tmp_path)
    unborn = [spawn("diff", *words, cwd=scratch.root) for words in ([], ["HEAD"], ["--staged"])]

    assert (2, "gpt41calc: error: '.' is not in a git repository\n") == (
        outside.status, outside.stderr.splitlines(keepends=True)[0],
    )  # fmt: skip
    assert [(2, "the repository has no commit yet")] * 3 == [
        (one.status, one.stderr.splitlines()[0].removeprefix("gpt41calc: error: ")) for one in unborn
    ]


def test_deleted_path(spawn: Spawn, branch: Scratch) -> None:
    """A path that is gone now can be asked for: it is in the base."""
    branch.git("rm", "-q", "sub/old.txt")
    ended = spawn("diff", *DAY, "--json", "--", "sub/old.txt", cwd=branch.root)

    assert (0, {"sub/old.txt": -60}) == (ended.status, deltas(ended))


def test_closed_pipe(spawn: Spawn, branch: Scratch, buffering: dict[str, str]) -> None:
    """A reader who has left is no failure."""
    reading, writing = os.pipe()
    os.close(reading)
    ended = spawn("diff", cwd=branch.root, stdout=writing, env=buffering)
    os.close(writing)

    assert (0, "") == (ended.status, ended.stderr)


@pytest.fixture
def sorted_imports(scratch: Scratch) -> Scratch:
    """Return a work tree in which files changed, most of them without a token more or less."""
    names = [f"f{number}.txt" for number in range(6)]
    scratch.commit("first", **{name: HELLO * 2 + name.encode() for name in names})
    for name in names:
        scratch.write(name, name.encode() + b"\n" + HELLO + HELLO.strip())
    scratch.write("f4.txt", HELLO * 9)
    scratch.write("f5.txt", HELLO * 30)
    return scratch


def test_files_with_as_many_tokens_have_no_row(sorted_imports: Scratch, spawn: Spawn) -> None:
    """How many there are is said; scripts get every file."""
    formats: tuple[list[str], ...] = ([], ["--json"], ["-f", "csv"])
    table, written, sheet = (spawn("diff", "HEAD", *DAY, *chosen, cwd=sorted_imports.root) for chosen in formats)
    even = [path for path, delta in deltas(written).items() if delta == 0]

    assert ["f4.txt", "f5.txt"] == [name for name in deltas(written) if f"changed  {name}\n" in table.stdout]
    assert f"{len(even)} changed files have as many tokens as before; --json names them\n" in table.stdout
    assert (6, 7) == (len(deltas(written)), len(sheet.stdout.splitlines()))


def test_only_what_changed_most(sorted_imports: Scratch, spawn: Spawn) -> None:
    """``--top`` shows so many files, and says how many more there are; JSON has all of them, and sums stay."""
    formats: tuple[list[str], ...] = ([], ["-f", "csv"], ["-f", "markdown"], ["--json"])
    ended = [spawn("diff", "HEAD", *DAY, *chosen, "--top", "1", cwd=sorted_imports.root) for chosen in formats]
    table, sheet, comment, written = ended
    whole = spawn("diff", "HEAD", *DAY, cwd=sorted_imports.root)

    assert [True] * 3 == ["f5.txt" in one.stdout for one in (table, sheet, comment)]
    assert [False] * 3 == ["f4.txt" in one.stdout for one in (table, sheet, comment)]
    assert "1 more file changed; without --top all of them are listed\n" in table.stdout
    assert (6, whole.stdout.splitlines()[0]) == (len(deltas(written)), table.stdout.splitlines()[0])
    assert 2 == spawn("diff", "HEAD", "--top", "0", cwd=sorted_imports.root).status


def test_no_file_of_the_work_tree_is_written_over(spawn: Spawn, branch: Scratch) -> None:
    """A changed file that is counted keeps its content, from wherever the report is asked for."""
    files = [branch.root / "a.txt", branch.root / "sub" / "b.txt"]
    before = [path.read_bytes() for path in files]
    ended = [spawn("diff", *DAY, "-o", path.name, cwd=path.parent) for path in files]

    assert [(2, True)] * 2 == [(one.status, "would be written over" in one.stderr) for one in ended]
    assert before == [path.read_bytes() for path in files]
