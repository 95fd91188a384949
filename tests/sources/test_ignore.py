"""Ignore files mean what they mean to git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from limits import limited, needs_limits

from gpt41calc.errors import UsageError
from gpt41calc.sources.ignore import globs, ignore_file
from gpt41calc.sources.source import Rules, Source
from gpt41calc.sources.walk import walk

GIT = shutil.which("git") or "git"

FOLDERS = ("", "a", "b", "ab", "a/b", "a/ab", "ab/a", "a/b/a", "a/b/a/b", "a/b/a/b/a", "b/b", "b/b/ab")
FILES = ("a", "b", "ab", "aab", "abab", "a.b", "a b", "[ab]", "b#", "!a")

PATTERNS = st.lists(
    st.sampled_from(
        ["a", "b", "ab", "*", "**", "?", "/", "!", "[ab]", "[!a]", "[^b]", "[a-b]", "\\", "#", " ", ".", "+"]
    )
    | st.sampled_from(["*", "/", "a", "b", "\\*", "(", "|", "$", "{a,b}", "\x0c", "\u2028"]),
    min_size=1,
    max_size=7,
).map("".join)

FOLDED = st.tuples(
    st.sampled_from(["", "/", "!", "**/"]),
    st.lists(st.sampled_from(["**", "**", "a", "b", "*", "a*", "*b", "?", "***", "a**"]), min_size=2, max_size=6),
    st.sampled_from(["", "/", "/**", "/*"]),
).map(lambda parts: parts[0] + "/".join(parts[1]) + parts[2])
"""Patterns of many folders, with a ``**`` among them more often than not."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of files whose names are made of a few letters."""
    root = tmp_path_factory.mktemp("tree")
    subprocess.run([GIT, "init", "-q", str(root)], check=True)
    for folder in FOLDERS:
        (root / folder).mkdir(exist_ok=True)
    for path in (root / folder / file for folder in FOLDERS for file in FILES):
        if not path.exists():
            path.touch()
    return root


def listed_by_git(root: Path) -> list[str]:
    """Return the files that git shows, but for the ignore file."""
    listing = subprocess.run(
        [GIT, "ls-files", "-z", "--others", "--exclude-standard"], cwd=root, capture_output=True, check=True
    )
    return sorted(os.fsdecode(name) for name in listing.stdout.split(b"\0") if name and name != b".gitignore")


def walked(root: Path) -> list[str]:
    """Return the files that our own walk finds, which is the one that follows links."""
    found = walk(str(root), Rules(follow=True))
    return sorted(one.name.removeprefix(f"{root}/") for one in found if isinstance(one, Source))


@settings(max_examples=60)
@given(patterns=st.lists(PATTERNS | FOLDED, min_size=1, max_size=4))
@example(patterns=["b[^b]"])
@example(patterns=["\\[ab]*"])
@example(patterns=["a\t"])
@example(patterns=["a*b*b"])
@example(patterns=["*a*b*a*"])
@example(patterns=["**/a/*", "!b"])
@example(patterns=["/*", "!/a/"])
@example(patterns=["a/**/b"])
@example(patterns=["**/a/**/b/**/a"])
@example(patterns=["**/a/**/b/", "!**/b/a"])
@example(patterns=["a/**/**/a", "**a/**b"])
@example(patterns=["\\!a", "b\\#", "a\\ b"])
@example(patterns=["*.b\r"])
@example(patterns=["x\x0ca"])
@example(patterns=["x\u2028b"])
def test_patterns_mean_what_they_mean_to_git(tree: Path, patterns: list[str]) -> None:
    """Whatever an ignore file says, our own walk takes the files that git shows."""
    (tree / ".gitignore").write_bytes("".join(f"{pattern}\n" for pattern in patterns).encode())
    expected = listed_by_git(tree)
    actual = walked(tree)

    assert expected == actual


@pytest.mark.parametrize(
    "pattern",
    [
        "a*" * 30 + "b",
        "*a" * 30 + "*b",
        "[ab]*" * 30 + "c",
        "?*" * 30 + "b",
        "**/" * 200 + "b",
        "**/a/" * 30 + "b",
        "**/a*/" * 30 + "b",
        "a/**/" * 30 + "b",
        "**/*a*/[ab]*/" * 30 + "b",
        "a**" * 300 + "b",
        "*" * 2000 + "c",
    ],
)
def test_many_wildcards_end_at_once(pattern: str) -> None:
    """A pattern that could match in more ways than there are atoms says no.

    https://github.com/BurntSushi/ripgrep/issues/134
    """
    spec = globs([pattern], option="--exclude")
    paths = ["a/" * 30 + "a" * 200, "a/" * 60 + "a", "ab/" * 1000 + "a"]
    expected = [False] * 3
    actual = [spec is not None and spec.match_file(path) for path in paths]

    assert expected == actual


@needs_limits
def test_many_folders_end_at_once_in_a_run(spawn: Spawn, tmp_path: Path) -> None:
    """An ignore file outside a repository, compared with a path of 60 folders, ends."""
    deep = tmp_path / "tree" / "/".join("a" * 60)
    deep.mkdir(parents=True)
    (deep / "kept.txt").write_text("hello")
    (deep / "b").write_text("ignored")
    (tmp_path / "tree" / ".gitignore").write_text("**/a/" * 30 + "c\n" + "**/a/" * 30 + "b\n")
    ended = spawn("count", "--json", "--by", "file", "tree", preexec_fn=limited(seconds=4))
    expected = (0, ["tree/" + "a/" * 60 + "kept.txt"])
    actual = (ended.status, [one["path"] for one in json.loads(ended.stdout)["files"]])

    assert expected == actual


@pytest.mark.parametrize("content", [b"a\n" * 10_001, b"#" * (1 << 20) + b"\n"], ids=["patterns", "bytes"])
def test_too_large_to_honour(tmp_path: Path, content: bytes) -> None:
    """An ignore file that could take hours is refused with what to do."""
    path = tmp_path / ".gitignore"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="too large to honour") as refused:
        ignore_file(str(path))
    expected = "count without it: --no-gitignore"
    actual = refused.value.hint

    assert expected == actual


def test_a_pattern_that_is_too_long(tmp_path: Path) -> None:
    """A pattern longer than any path is refused with its line; a comment as long is none."""
    path = tmp_path / ".gitignore"
    path.write_text("#" * 5000 + "\na\n" + "b" * 4097 + "\n")
    with pytest.raises(UsageError) as refused:
        ignore_file(str(path))
    expected = f"{path}:3: a pattern of 4,097 characters (at most 4,096)"
    actual = str(refused.value)

    assert expected == actual


def test_many_ignore_files_inside_one_another(spawn: Spawn, tmp_path: Path) -> None:
    """What is in force together has a bound, which names the file that is too much."""
    for folder in ("tree", "tree/a", "tree/a/b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ".gitignore").write_text("x\n" * 4000)
    ended = spawn("count", "tree")
    expected = (2, True, True)
    actual = (
        ended.status,
        "tree/a/b/.gitignore: more than 10,000 patterns, together with the ignore files above it" in ended.stderr,
        "--no-gitignore" in ended.stderr,
    )

    assert expected == actual


@pytest.mark.parametrize("globs_given", [["*.md"] * 1001, ["a" * 4097]], ids=["many", "long"])
def test_options_have_a_bound(globs_given: list[str]) -> None:
    """So many patterns, or one so long, are refused, and the option is named."""
    with pytest.raises(UsageError, match=r"--include: .*at most") as refused:
        globs(globs_given, option="--include")
    expected = 2
    actual = refused.value.exit_code

    assert expected == actual


@pytest.mark.parametrize(
    ("content", "ignored"),
    [
        (b"\xef\xbb\xbfa\n", True),
        (b"a\r\nb", True),
        (b"b\r\na", True),
        (b"[z-a]\na\n", True),
        (b"\xff\na\n", True),
        (b"a\n!a\n", False),
        (b"\\a ", True),
    ],
)
def test_untidy_files_are_read_like_git(tmp_path: Path, content: bytes, ignored: bool) -> None:  # noqa: FBT001
    """A mark, Windows line ends, bytes that are no text and lines that are no pattern do not matter."""
    (tmp_path / "ignore").write_bytes(content)
    spec = ignore_file(str(tmp_path / "ignore"))
    expected = ignored
    actual = spec is not None and spec.match_file("a")

    assert expected == actual


def test_files_without_a_pattern(tmp_path: Path) -> None:
    """A file that is missing, or holds only comments and blank lines, is no matcher at all."""
    (tmp_path / "comments").write_text("# nothing\n\n")
    expected = [None, None]
    actual = [ignore_file(str(tmp_path / name)) for name in ("missing", "comments")]

    assert expected == actual


@pytest.mark.parametrize("pattern", ["[z-a]", "", "# note"])
def test_options_must_be_patterns(pattern: str) -> None:
    """What is given as an option and is no pattern is refused, with an example."""
    with pytest.raises(UsageError) as refused:
        globs(["*.md", pattern], option="--include")
    expected = f"--include: '{pattern}' is not a pattern"
    actual = str(refused.value)

    assert expected == actual
