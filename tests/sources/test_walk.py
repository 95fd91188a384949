"""A folder is what git would show of it, and nothing in it is forgotten."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from gpt41calc.errors import UsageError
from gpt41calc.sources.read import Reading
from gpt41calc.sources.source import Rules, Source
from gpt41calc.sources.walk import walk
from gpt41calc.tally import Skipped

GIT = shutil.which("git") or "git"
RM = shutil.which("rm") or "rm"


@pytest.fixture(autouse=True)
def home(quiet_git: Path) -> Path:
    """Return the home where git looks for the user's settings, and for no others."""
    return quiet_git


def git(folder: Path, *arguments: str) -> bytes:
    """Run git as somebody would, and return what it says."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "protocol.file.allow=always")
    return subprocess.run([GIT, *who, *arguments], cwd=folder, capture_output=True, check=True).stdout


def files(root: Path, *names: str | bytes) -> Path:
    """Create files, and the folders they are in."""
    for name in names:
        path = os.path.join(os.fsencode(root), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"text")
    return root


def found(root: Path, rules: Rules | None = None) -> list[str]:
    """Return the files of a folder, as seen from it."""
    return [one.name.removeprefix(f"{root}/") for one in walk(str(root), rules or Rules()) if isinstance(one, Source)]


def skipped(root: Path, rules: Rules | None = None) -> list[tuple[str, str, bool]]:
    """Return what was left out of a folder, with the reason and whether it is expected."""
    return [
        (one.path.removeprefix(f"{root}/"), one.reason, one.expected)
        for one in walk(str(root), rules or Rules())
        if isinstance(one, Skipped)
    ]


def listed_by_git(root: Path) -> list[str]:
    """Return the files git shows that exist, in the order of bytes."""
    listing = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = {name for name in listing.split(b"\0") if name and os.path.lexists(os.path.join(os.fsencode(root), name))}
    return [os.fsdecode(name) for name in sorted(names)]


def ignoring(root: Path, home: Path) -> Path:
    """Fill a folder with ignore files at every level, and names of every kind."""
    files(
        root, "a.txt", "a.log", "keep.log", "build/x", "docs/build/y", "docs/a.tmp", "docs/deep/z", "docs/deep/secret"
    )
    files(root, "docs/deep/keep.tmp", "mine/x", "notes~", "new\nline", 'quo"te', "é", b"\xff", "tab\t", " blank ", "-x")
    files(root, "excluded/x", "docs/excluded-here", ".hidden", ".config/x", "docs/.env")
    (root / ".gitignore").write_text("*.log\n!keep.log\n/build/\n*.tmp\n")
    (root / "docs" / ".gitignore").write_text("excluded-here\n")
    (root / "docs" / "deep" / ".gitignore").write_text("!keep.tmp\n/secret\n")
    (home / "own").write_text("*~\n/mine/\n")
    (home / ".gitconfig").write_text("[core]\nexcludesFile = ~/own\n")
    return root


def test_a_repository_is_what_git_shows(tmp_path: Path, home: Path) -> None:
    """Nested ignore files, negation, info/exclude, the user's own file and all names are as git has them."""
    ignoring(tmp_path, home)
    git(tmp_path, "init", "-q")
    files(tmp_path, "tracked.log", "deleted")
    git(tmp_path, "add", "-f", "tracked.log", "deleted")
    (tmp_path / "deleted").unlink()
    (tmp_path / ".git" / "info" / "exclude").write_text("/excluded/\n")
    expected = (listed_by_git(tmp_path), True, False)
    names = found(tmp_path, Rules(hidden=True))
    actual = (names, "tracked.log" in names, "a.log" in names)

    assert expected == actual


@pytest.mark.parametrize("way", ["no repository", "no git", "following links"])
def test_our_own_walk_finds_the_same(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """Where git cannot be asked, its rules hold all the same."""
    ignoring(tmp_path, home)
    git(tmp_path, "init", "-q")
    expected = listed_by_git(tmp_path)
    if way == "no repository":
        shutil.rmtree(tmp_path / ".git")
    if way == "no git":
        # Without git nobody reads its settings; the default place of the user's file is known.
        (home / ".config" / "git").mkdir(parents=True)
        (home / "own").rename(home / ".config" / "git" / "ignore")
        monkeypatch.setenv("PATH", str(home))
    actual = found(tmp_path, Rules(hidden=True, follow=way == "following links"))

    assert expected == actual


@pytest.mark.parametrize("follow", [False, True])
def test_a_folder_in_a_repository(tmp_path: Path, home: Path, follow: bool) -> None:  # noqa: FBT001
    """Below the top, the ignore files above and the user's own mean what they mean from the top."""
    ignoring(tmp_path, home)
    git(tmp_path, "init", "-q")
    (home / "own").write_text("/docs/deep/z\n")
    expected = ["deep/keep.tmp"]
    actual = found(tmp_path / "docs", Rules(follow=follow, exclude=("build", "excluded-here")))

    assert expected == actual


@pytest.mark.parametrize("follow", [False, True])
def test_an_empty_setting_means_no_file(tmp_path: Path, home: Path, follow: bool) -> None:  # noqa: FBT001
    """A core.excludesFile that is empty switches the user's own file off."""
    files(tmp_path, "a", "b")
    git(tmp_path, "init", "-q")
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("a\n")
    (home / ".gitconfig").write_text("[core]\nexcludesFile =\n")
    expected = ["a", "b"]
    actual = found(tmp_path, Rules(follow=follow))

    assert expected == actual


@pytest.mark.parametrize("follow", [False, True])
def test_an_ignored_folder_that_is_named_is_counted(tmp_path: Path, follow: bool) -> None:  # noqa: FBT001
    """Who names a folder wants what is in it."""
    files(tmp_path, "build/a", "build/deep/b")
    (tmp_path / ".gitignore").write_text("build/\n")
    git(tmp_path, "init", "-q")
    expected = ["a", "deep/b"]
    actual = found(tmp_path / "build", Rules(follow=follow))

    assert expected == actual


def test_hidden_files(tmp_path: Path) -> None:
    """Hidden files and folders are left out unless asked for, and .git is never entered."""
    files(tmp_path, "a", ".b", ".c/d", "e/.f", ".git-blame")
    git(tmp_path, "init", "-q")
    everything = [".b", ".c/d", ".git-blame", "a", "e/.f"]
    expected = [["a"], everything, everything, everything]
    actual = [
        found(tmp_path),
        found(tmp_path, Rules(hidden=True)),
        found(tmp_path, Rules(hidden=True, gitignore=False)),
        found(tmp_path, Rules(hidden=True, follow=True)),
    ]

    assert expected == actual


@pytest.mark.parametrize("repository", [False, True])
@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(include=("*.md",)), ["a.md", "docs/b.md", "docs/old/c.md"]),
        (Rules(include=("docs/",)), ["docs/b.md", "docs/b.py", "docs/old/c.md"]),
        (Rules(include=("*.md", "*.py"), exclude=("old",)), ["a.md", "a.py", "docs/b.md", "docs/b.py"]),
        (Rules(exclude=("*.md", "!a.md")), ["a.md", "a.py", "docs/b.py"]),
        (Rules(exclude=("/docs/*.md",)), ["a.md", "a.py", "docs/b.py", "docs/old/c.md"]),
        (Rules(exclude=("**",)), []),
    ],
)
def test_globs(tmp_path: Path, rules: Rules, expected: list[str], repository: bool) -> None:  # noqa: FBT001
    """Files are taken and left out by patterns in the syntax of ignore files."""
    files(tmp_path, "a.md", "a.py", "docs/b.md", "docs/b.py", "docs/old/c.md")
    if repository:
        git(tmp_path, "init", "-q")
    actual = found(tmp_path, rules)

    assert expected == actual


def test_a_glob_that_is_no_pattern(tmp_path: Path) -> None:
    """A glob that matches nothing by mistake is an error."""
    with pytest.raises(UsageError, match=r"--exclude: '\[z-a\]' is not a pattern"):
        walk(str(tmp_path), Rules(exclude=("[z-a]",)))


def test_repositories_in_a_repository(tmp_path: Path) -> None:
    """A repository of its own and a submodule are named as skipped; below a plain folder each is counted."""
    inner = files(tmp_path / "inner", "x", "ignored")
    (inner / ".gitignore").write_text("ignored\n")
    git(inner, "init", "-q")
    git(inner, "add", "x")
    git(inner, "commit", "-qm", "x")
    outside = (found(tmp_path), skipped(tmp_path))
    git(tmp_path, "init", "-q")
    git(tmp_path, "submodule", "--quiet", "add", "--force", "./inner", "sub")
    reason = "a git repository of its own"
    expected: object = ((["inner/x"], []), ([], [("inner", reason, True), ("sub", reason, True)]))
    actual = (outside, (found(tmp_path), skipped(tmp_path)))

    assert expected == actual


@pytest.mark.parametrize("repository", [False, True])
def test_links_are_not_followed(tmp_path: Path, repository: bool) -> None:  # noqa: FBT001
    """A link that is found is named as skipped, wherever it leads."""
    root = files(tmp_path / "root", "a", "folder/b")
    files(tmp_path, "secret")
    for name, target in {
        "out": "../secret",
        "to_folder": "folder",
        "broken": "nowhere",
        "self": "self",
        "up": "..",
    }.items():
        (root / name).symlink_to(target)
    if repository:
        git(root, "init", "-q")
    expected = (
        ["a", "folder/b"],
        [
            ("broken", "a broken symbolic link", True),
            ("out", "a symbolic link", True),
            ("self", "a broken symbolic link", True),
            ("to_folder", "a symbolic link", True),
            ("up", "a symbolic link", True),
        ],
    )
    actual = (found(root), skipped(root))

    assert expected == actual


def test_links_are_followed_when_asked(tmp_path: Path) -> None:
    """With --follow a link to a file is read, and a folder is entered once however many links lead to it."""
    root = files(tmp_path / "root", "a", "folder/b")
    files(tmp_path, "secret", "other/c")
    for name, target in {"out": "../secret", "more": "../other", "to_folder": "folder", "broken": "no"}.items():
        (root / name).symlink_to(target)
    reason = "a link to a folder that is already counted"
    expected = (
        ["a", "folder/b", "more/c", "out"],
        [("broken", "a broken symbolic link", True), ("to_folder", reason, True)],
    )
    actual = (found(root, Rules(follow=True)), skipped(root, Rules(follow=True)))

    assert expected == actual


def test_loops_end(tmp_path: Path) -> None:
    """Links in a circle, to themselves, to the folder above, and many that lead to each other, end."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "self").symlink_to("self")
    for folder in range(20):
        files(tmp_path, f"{folder}/file")
        for other in range(20):
            (tmp_path / str(folder) / f"to{other}").symlink_to(f"../{other}")
        (tmp_path / str(folder) / "up").symlink_to("..")
    expected = sorted(f"{folder}/file" for folder in range(20))
    actual = found(tmp_path, Rules(follow=True))

    assert expected == actual


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Return a folder, and what is to be the path in it of a file deeper than the system takes at once."""
    yield tmp_path, "/".join(["folder-with-a-long-name"] * 250 + ["file"])
    subprocess.run([RM, "-rf", str(tmp_path)], check=True)


def plant(root: Path, path: str) -> None:
    """Create a file folder by folder."""
    at = os.open(root, os.O_RDONLY)
    *folders, name = path.split("/")
    for folder in folders:
        os.mkdir(folder, dir_fd=at)
        below = os.open(folder, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=at))
    os.close(at)


@pytest.mark.parametrize("repository", [False, True])
def test_paths_longer_than_the_system_takes(deep: tuple[Path, str], repository: bool) -> None:  # noqa: FBT001
    """A file is found and read though its path is longer than PATH_MAX, where git gives up."""
    root, path = deep
    plant(root, path)
    if repository:
        git(root, "init", "-q")
    expected: object = (True, [path], [], [b""])
    sources = [one for one in walk(str(root), Rules()) if isinstance(one, Source)]
    texts = [b"".join(Reading(one, Rules())) for one in sources]
    actual = (len(path) > 4096, found(root), skipped(root), texts)

    assert expected == actual


def test_folders_deeper_than_the_stack(tmp_path: Path) -> None:
    """1,500 folders in each other are walked."""
    path = "/".join(["d"] * 1500 + ["file"])
    plant(tmp_path, path)
    expected = [path]
    actual = found(tmp_path)
    subprocess.run([RM, "-rf", str(tmp_path / "d")], check=True)

    assert expected == actual


@pytest.mark.parametrize("repository", [False, True])
def test_order_is_by_bytes(tmp_path: Path, repository: bool) -> None:  # noqa: FBT001
    """Whatever the order of creation, files come in the order of the bytes of their paths."""
    names: list[bytes] = [
        b"B",
        b"a",
        b"a!",
        b"a-b",
        b"a.b",
        b"b/c",
        b"b0",
        b"\xc3\xa9",
        b"\xff",
        b"\xef\xbc\x81",
        b"10",
        b"9",
    ]
    random.Random(7).shuffle(names)  # noqa: S311 - one order of many
    files(tmp_path, *names)
    if repository:
        git(tmp_path, "init", "-q")
    expected = [os.fsdecode(name) for name in sorted(names)]
    actual = found(tmp_path)

    assert expected == actual


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe and a socket in a folder are named as skipped and not waited for."""
    files(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        expected = [("pipe", "a named pipe", True), ("socket", "a socket", True)]
        actual = skipped(tmp_path)

    assert expected == actual


def test_a_hook_does_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a git hook the environment speaks of another repository; the folder that was named is meant."""
    other = files(tmp_path / "other", "x")
    git(other, "init", "-q")
    git(other, "add", "x")
    mine = files(tmp_path / "mine", "a", "b")
    git(mine, "init", "-q")
    (mine / ".gitignore").write_text("b\n")
    plain = files(tmp_path / "plain", "c")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    expected = [["a"], ["c"]]
    actual = [found(mine), found(plain)]

    assert expected == actual


def test_a_repository_runs_no_program(tmp_path: Path) -> None:
    """The configuration of a repository may name programs; none is run."""
    root = files(tmp_path / "root", "a", "ignored/b")
    git(root, "init", "-q")
    (root / ".gitignore").write_text("ignored/\n")
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/canary'\n")
    program.chmod(0o755)
    git(root, "add", "a")
    for key in ("core.fsmonitor", "core.hooksPath", "core.pager", "core.sshCommand", "diff.external", "filter.x.clean"):
        git(root, "config", key, str(program))
    expected = (["a"], ["b"], ["a"], False)
    actual = (found(root), found(root / "ignored"), found(root, Rules(follow=True)), (tmp_path / "canary").exists())

    assert expected == actual


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("repository", [False, True])
def test_a_folder_that_may_not_be_read(tmp_path: Path, repository: bool) -> None:  # noqa: FBT001
    """A folder that cannot be opened makes the total incomplete; the rest is found."""
    files(tmp_path, "a", "closed/b")
    if repository:
        git(tmp_path, "init", "-q")
    (tmp_path / "closed").chmod(0)
    expected = (["a"], [("closed", "permission denied", False)])
    actual = (found(tmp_path), skipped(tmp_path))
    (tmp_path / "closed").chmod(0o700)

    assert expected == actual


def test_names_are_shown_from_where_they_were_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is not named in paths; any other is, as it was typed."""
    files(tmp_path, "docs/a")
    monkeypatch.chdir(tmp_path)

    def shown(root: str) -> Iterable[str]:
        return [one.name for one in walk(root, Rules()) if isinstance(one, Source)]

    expected = [["docs/a"], ["docs/a"], ["docs/a"], ["../docs/a"]]
    actual = [shown("."), shown("docs"), shown("docs/")]
    monkeypatch.chdir(tmp_path / "docs")
    actual.append(shown("../docs"))

    assert expected == actual


def test_following_links_leaves_to_git_what_git_decides(tmp_path: Path) -> None:
    """With links followed, a tracked file that is ignored is still there, a nested repository still is not."""
    repository, outside = tmp_path / "repository", tmp_path / "outside"
    outside.mkdir()
    (outside / "far.txt").write_text("x")
    repository.mkdir()
    git(repository, "init", "-q")
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "tracked.log").write_text("x")
    git(repository, "add", "-f", "tracked.log")
    (repository / "link").symlink_to(outside)
    (repository / "again").symlink_to(repository)
    (repository / "nested").mkdir()
    git(repository / "nested", "init", "-q")
    found = walk(str(repository), Rules(follow=True))
    shown = [os.path.relpath(one.name if isinstance(one, Source) else one.path, repository) for one in found]

    assert ["again", "link/far.txt", "nested", "tracked.log"] == shown
