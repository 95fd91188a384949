"""Whatever a repository holds: nothing wrong is stored, nothing outside is read, nothing passes unseen."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from conftest import Outcome, Spawn
from scratch import Scratch, lines

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links, pipes and a shell")

INCOMPLETE = 3
PS = shutil.which("ps") or "ps"


def tokens(counted: Outcome) -> dict[str, int]:
    """Return the tokens of every file of a count."""
    return {one["path"]: one["tokens"] for one in json.loads(counted.stdout)["files"]}


def count(spawn: Spawn, root: Path, *options: str, **environment: str) -> Outcome:
    """Count a folder file by file."""
    return spawn("count", "--by", "file", "--json", "--no-config", *options, cwd=root, env=environment)


# What is cached


@pytest.mark.parametrize("way", ["a replacement", "a forged object"])
def test_no_repository_plants_a_count(scratch: Scratch, tmp_path: Path, spawn: Spawn, way: str) -> None:
    """A content that is not what its name says does not become the count of that name elsewhere."""
    hostile = Scratch(tmp_path / "hostile").init()
    short, long = "short\n", lines(1, 400)
    for each in (scratch, hostile):
        each.commit(a=short)
    name = hostile.git("rev-parse", "HEAD:a")
    if way == "a replacement":
        hostile.write("long", long)
        hostile.git("replace", name, hostile.git("hash-object", "-w", "long"))
        (hostile.root / "long").unlink()
    else:
        place = hostile.root / ".git" / "objects" / name[:2] / name[2:]
        place.chmod(0o644)
        place.write_bytes(zlib.compress(b"blob %d\0" % len(long) + long.encode()))
    hostile.write("a", "changed\n")
    spawn("diff", "HEAD", cwd=hostile.root)
    scratch.write("a", lines(1, 400))
    checked = spawn("check", ".", "--max-increase", "10%", "--against", "HEAD", "--no-config", cwd=scratch.root)
    expected = 1
    actual = checked.status

    assert expected == actual


def test_a_forged_object_is_not_counted(scratch: Scratch, spawn: Spawn) -> None:
    """Where a content is not what its name says, the comparison is incomplete."""
    scratch.commit(a="one\n")
    name = scratch.git("rev-parse", "HEAD:a")
    place = scratch.root / ".git" / "objects" / name[:2] / name[2:]
    place.chmod(0o644)
    place.write_bytes(zlib.compress(b"blob 4\0two\n"))
    scratch.write("a", "changed\n")
    compared = spawn("diff", "HEAD", cwd=scratch.root)
    expected = (INCOMPLETE, True)
    actual = (compared.status, "not the one that its name in git stands for" in compared.stdout + compared.stderr)

    assert expected == actual


def test_names_of_the_sha256_format_are_checked_too(tmp_path: Path, spawn: Spawn) -> None:
    """The digest is the one of the repository's object format."""
    scratch = Scratch(tmp_path / "sha256").init("--object-format=sha256")
    scratch.commit(a="one\n")
    scratch.write("a", "one two three\n")
    compared = spawn("diff", "HEAD", "--json", cwd=scratch.root)
    expected = (0, hashlib.sha256(b"blob 4\0one\n").hexdigest())
    actual = (compared.status, scratch.git("rev-parse", "HEAD:a"))

    assert expected == actual


def test_grafts_change_no_history(scratch: Scratch, spawn: Spawn) -> None:
    """Parents that a repository makes up (info/grafts) are not followed."""
    scratch.commit("first", a="1\n")
    scratch.commit("second", a="2\n")
    last = scratch.commit("third", a="3\n")
    before = spawn("log", "a", "--json", cwd=scratch.root)
    (scratch.root / ".git" / "info" / "grafts").write_text(f"{last}\n")
    expected = (0, json.loads(before.stdout))
    after = spawn("log", "a", "--json", cwd=scratch.root)
    actual = (after.status, json.loads(after.stdout))

    assert expected == actual


# What git refuses


def make_foreign(root: Path) -> None:
    """Give a repository to another user."""
    for path in (root, root / ".git"):
        os.chown(path, 12_345, 12_345)


def break_settings(root: Path) -> None:
    """Make git's configuration unreadable."""
    with (root / ".git" / "config").open("a") as file:
        file.write("[\n")


def remove_head(root: Path) -> None:
    """Make git take the repository for none."""
    (root / ".git" / "HEAD").unlink()


def break_index(root: Path) -> None:
    """Leave something in the place of the index."""
    (root / ".git" / "index").write_bytes(b"junk")


def move_away(root: Path) -> None:
    """Have git look for the files elsewhere."""
    (root.parent / "elsewhere").mkdir()
    with (root / ".git" / "config").open("a") as file:
        file.write("[core]\nworktree = ../../elsewhere\n")


def make_bare(root: Path) -> None:
    """Have git believe that there are no files."""
    with (root / ".git" / "config").open("a") as file:
        file.write("[core]\nbare = true\n")


REFUSED = [break_settings, remove_head, break_index, move_away, make_bare]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    REFUSED.append(make_foreign)


@pytest.mark.parametrize("harm", REFUSED, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("nested", [False, True], ids=["the folder", "a folder in it"])
def test_a_repository_that_git_refuses_is_not_none(
    scratch: Scratch,
    spawn: Spawn,
    harm: object,
    nested: bool,  # noqa: FBT001
) -> None:
    """What is tracked in it and ignored would be missing from the count: nothing passes."""
    scratch.write(".gitignore", "*.log\n")
    scratch.write("a.txt", "a\n")
    scratch.write("t.log", "tracked\n")
    scratch.git("add", "-f", "t.log")
    scratch.commit()
    assert callable(harm)
    harm(scratch.root)
    where = scratch.root.parent if nested else scratch.root
    commands = {
        "check": ("--token-budget", "1M"),
        # All find their files alike: one harm shows it of each.
        **({"count": (), "estimate": (), "preflight": ("--usage-tier", "1")} if harm is REFUSED[0] else {}),
    }
    statuses = {
        command: spawn(command, ".", *options, "--no-config", cwd=where) for command, options in commands.items()
    }
    expected = dict.fromkeys(statuses, (INCOMPLETE, True))
    actual = {
        command: (ended.status, "--no-gitignore" in ended.stdout + ended.stderr) for command, ended in statuses.items()
    }

    assert expected == actual


def test_the_way_out_counts_everything(scratch: Scratch, spawn: Spawn) -> None:
    """With --no-gitignore git is not asked, and nothing is missing."""
    scratch.write(".gitignore", "*.log\n")
    scratch.commit(a="a\n", **{"t.log": "t\n"})
    scratch.write("t.log", "t\n")
    break_settings(scratch.root)
    counted = count(spawn, scratch.root, "--no-gitignore")
    expected = (0, ["a", "t.log"])
    actual = (counted.status, sorted(tokens(counted)))

    assert expected == actual


@pytest.mark.parametrize("at", ["empty", "inside", "outside"])
def test_no_repository_is_none(tmp_path: Path, spawn: Spawn, at: str) -> None:
    """An empty folder named .git, the inside of a repository and a folder without one are complete."""
    Scratch(tmp_path / "r").init()
    (tmp_path / "e" / ".git").mkdir(parents=True)
    (tmp_path / "e" / "a").write_text("a\n")
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "a").write_text("a\n")
    folder = {"empty": tmp_path / "e", "inside": tmp_path / "r" / ".git", "outside": tmp_path / "o"}[at]
    expected = 0
    actual = count(spawn, folder).status

    assert expected == actual


# What goes through a filter


CONVERTED: dict[str, tuple[str, str | bytes]] = {
    "a filter": ("*.nb filter=strip\n", "code\nOUTPUT 1 2 3\n"),
    "ident": ("*.nb ident\n", "$Id: 0123456789012345678901234567890123456789 $ code\n"),
    "line endings": ("*.nb text eol=crlf\n", "a\r\nb\r\n"),
    "an encoding": ("*.nb text working-tree-encoding=UTF-16LE-BOM\n", "\ufeffé\n".encode("utf-16-le")),
}


@pytest.mark.parametrize("kind", CONVERTED)
@pytest.mark.parametrize("command", ["check", "diff"])
def test_nobody_decides_by_asking_git_before(scratch: Scratch, spawn: Spawn, kind: str, command: str) -> None:
    """An unchanged file gets one verdict, whether or not it was touched, and whether or not git looked at it since."""
    attributes, on_disk = CONVERTED[kind]
    scratch.git("config", "filter.strip.clean", "sed /OUTPUT/d")
    scratch.git("config", "filter.strip.smudge", "cat")
    scratch.write(".gitattributes", attributes)
    scratch.write("a.nb", on_disk)
    scratch.commit()
    options = ("--max-increase", "10%", "--against", "HEAD", "--no-config") if command == "check" else ("HEAD",)

    def verdict() -> int:
        status: int = spawn(command, *options, cwd=scratch.root).status
        return status

    statuses = [verdict()]
    os.utime(scratch.root / "a.nb", (time.time() - 100, time.time() - 100))
    statuses.append(verdict())
    scratch.git("status")
    statuses.append(verdict())
    expected = [INCOMPLETE if kind == "a filter" else 0] * 3
    actual = statuses

    assert expected == actual


def test_line_endings_are_compared_like_with_like(scratch: Scratch, spawn: Spawn) -> None:
    """The base of a changed file is read with the line endings that git writes on checkout."""
    scratch.write(".gitattributes", "*.txt text eol=crlf\n")
    old = b"".join(b"%d\r\n\r\n  x\r\n" % number for number in range(200))
    scratch.write("a.txt", old)
    scratch.commit()
    scratch.write("a.txt", old + b"last\r\n")
    compared = spawn("diff", "HEAD", "--json", cwd=scratch.root)
    (change,) = json.loads(compared.stdout)["files"]
    whole = tokens(count(spawn, scratch.root))["a.txt"]
    scratch.write("a.txt", old)
    expected = (tokens(count(spawn, scratch.root))["a.txt"], whole)
    actual = (change["before"], change["after"])

    assert expected == actual


def test_what_stat_shows_may_be_planted(scratch: Scratch, spawn: Spawn) -> None:
    """A file of the size and time that git noted, and with another content, is changed."""
    scratch.commit(a="1111\n")
    os.utime(scratch.root / "a", (1_000_000, 1_000_000))
    scratch.git("update-index", "--refresh")
    scratch.write("a", "2 2 \n")
    os.utime(scratch.root / "a", (1_000_000, 1_000_000))
    compared = spawn("diff", "HEAD", "--json", cwd=scratch.root)
    expected = ["a"]
    actual = [one["path"] for one in json.loads(compared.stdout)["files"]]

    assert expected == actual


# What is outside


@pytest.mark.parametrize("many", [False, True], ids=["few", "many, by workers"])
def test_nothing_outside_is_read(scratch: Scratch, tmp_path: Path, spawn: Spawn, many: bool) -> None:  # noqa: FBT001
    """A tracked path whose folder became a link leads nowhere."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text(lines(1, 50))
    for number in range(400 if many else 1):
        scratch.write(f"kept/{number}", lines(1, 60))
    scratch.commit(**{"docs/secret": "s\n"})
    (scratch.root / "docs" / "secret").unlink()
    (scratch.root / "docs").rmdir()
    (scratch.root / "docs").symlink_to(outside)
    counted = count(spawn, scratch.root)
    compared = spawn("diff", "HEAD", "--json", cwd=scratch.root)
    expected = (False, [("docs/secret", "removed")])
    actual = (
        any("secret" in path for path in tokens(counted)),
        [(one["path"], one["status"]) for one in json.loads(compared.stdout)["files"] if "secret" in one["path"]],
    )

    assert expected == actual


# What waits, and what is silent


def place_pipe(path: Path) -> None:
    """Put a named pipe in the place of a file."""
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize(
    "place",
    [
        ".gitignore",
        ".git/HEAD",
        pytest.param(".git/info/exclude", marks=pytest.mark.exhaustive),
        pytest.param("an included file", marks=pytest.mark.exhaustive),
    ],
)
def test_a_pipe_in_its_settings_ends(scratch: Scratch, spawn: Spawn, place: str) -> None:
    """Git would wait for ever; the count is incomplete, and a comparison is refused."""
    scratch.commit(a="a\n")
    if place == "an included file":
        scratch.git("config", "include.path", str(scratch.root / "pipe"))
        place = "pipe"
    place_pipe(scratch.root / place)
    hasty = {"GPT41CALC_GIT_TIMEOUT": "1"}
    counted = count(spawn, scratch.root, **hasty)
    compared = spawn("diff", "HEAD", cwd=scratch.root, env=hasty)
    expected = (INCOMPLETE, True)
    actual = (counted.status, compared.status in {0, 2})  # not every comparison reads ignore files

    assert expected == actual


PROGRAMS = {
    "says nothing": "exit 0",
    "says nothing of use": "echo hello",
    "hangs": "sleep 1000",
    "hangs and writes": "echo x; sleep 1000",
    "fails": "exit 1",
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "command",
    [
        ("count", "."),
        ("diff", "HEAD"),
        pytest.param(("check", ".", "--token-budget", "1M"), marks=pytest.mark.exhaustive),
        pytest.param(("log", "a"), marks=pytest.mark.exhaustive),
    ],
    ids=" ".join,
)
def test_a_git_that_is_none(scratch: Scratch, spawn: Spawn, program: str, command: tuple[str, ...]) -> None:
    """Whatever the program named git does, there is an explanation and no verdict; nothing of it stays behind."""
    scratch.commit(a="a\n")
    stand_in = scratch.root.parent / "bin" / "git"
    stand_in.parent.mkdir()
    mark = stand_in.parent / "pid"
    stand_in.write_text(f"#!/bin/sh\necho $$ > {shlex.quote(str(mark))}\n{PROGRAMS[program]}\n", encoding="utf-8")
    stand_in.chmod(0o755)
    path = os.pathsep.join([str(stand_in.parent), os.environ["PATH"]])
    ended = spawn(*command, cwd=scratch.root, env={"PATH": path, "GPT41CALC_GIT_TIMEOUT": "1"})
    expected = (INCOMPLETE if command[0] in {"count", "check"} else 2, True, False)
    actual = (ended.status, "gpt41calc: " in ended.stderr, _is_running(int(mark.read_text())))

    assert expected == actual


def _is_running(group: int) -> bool:
    """Say whether a process of a group runs; one that was ended may wait for somebody to ask how it ended."""
    listed = subprocess.run([PS, "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return any(
        int(number) == group and not state.startswith("Z") for number, state in map(str.split, listed.splitlines())
    )


@pytest.mark.parametrize("typed", ["0", "-1", "soon", "1e9"])
def test_a_deadline_that_is_no_number(scratch: Scratch, spawn: Spawn, typed: str) -> None:
    """What GPT41CALC_GIT_TIMEOUT says is checked."""
    scratch.commit(a="a\n")
    ended = spawn("diff", "HEAD", cwd=scratch.root, env={"GPT41CALC_GIT_TIMEOUT": typed})
    expected = (2, True)
    actual = (ended.status, "GPT41CALC_GIT_TIMEOUT" in ended.stderr)

    assert expected == actual
