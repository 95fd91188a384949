"""Every path that was typed is read once, or fails loudly."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Spawn
from limits import limited, needs_limits

from gpt41calc.errors import NoSuchPath, UsageError
from gpt41calc.sources.find import default_paths, gather, listed_paths
from gpt41calc.sources.source import Rules, Source
from gpt41calc.tally import Skipped


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a current folder with a few files, outside a repository."""
    (tmp_path / "docs").mkdir()
    for name in ("a", "b", "docs/c"):
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def names(*paths: str, rules: Rules | None = None) -> list[str]:
    """Return what the paths stand for."""
    return [
        one.name if isinstance(one, Source) else f"{one.path}: {one.reason}" for one in gather(paths, rules or Rules())
    ]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["b", "a"], ["b", "a"]),
        (["."], ["a", "b", "docs/c"]),
        (["./"], ["a", "b", "docs/c"]),
        ([".//"], ["a", "b", "docs/c"]),
        ([".//docs"], ["docs/c"]),
        (["././/a"], ["a"]),
        (["docs/"], ["docs/c"]),
        (["docs/../docs"], ["docs/../docs/c"]),
        (["a", "./a", "docs/../a"], ["a"]),
        ([".", "docs", "a", "./docs/c"], ["b", "a", "docs/c"]),
        (["-", "a", "-"], ["<stdin>", "a"]),
        (["./docs/../a"], ["docs/../a"]),
    ],
)
def test_each_path_once(paths: list[str], expected: list[str]) -> None:
    """A path is read once however often and however it is spelled, in the order of the arguments."""
    actual = names(*paths)

    assert expected == actual


@pytest.mark.parametrize("paths", [[".", "bin"], ["bin", "."]])
def test_what_was_named_stays_named(folder: Path, paths: list[str]) -> None:
    """A file that is named must be counted even if a folder that holds it comes first."""
    (folder / "bin").touch()
    expected = [("bin", True)]
    actual = [(one.name, one.named) for one in gather(paths, Rules()) if isinstance(one, Source) and one.path == "bin"]

    assert expected == actual


def test_dots_after_a_link(folder: Path) -> None:
    """Two files are two even if their paths look alike once '..' is struck out."""
    (folder / "docs" / "deep").mkdir()
    (folder / "docs" / "a").write_text("another a")
    (folder / "link").symlink_to("docs/deep")
    expected = ["a", "link/../a"]
    actual = names("a", "link/../a")

    assert expected == actual


def test_links_that_are_named_are_followed(folder: Path) -> None:
    """A named link to a file or a folder is read, and hard links are inputs of their own."""
    (folder / "to_a").symlink_to("a")
    (folder / "to_docs").symlink_to("docs")
    os.link(folder / "a", folder / "hard")
    expected = ["to_a", "to_docs/c", "a", "hard"]
    actual = names("to_a", "to_docs", "a", "hard")

    assert expected == actual


@pytest.mark.parametrize("path", ["missing", "docs/missing", "a/b", "broken"])
def test_a_named_path_must_exist(folder: Path, path: str) -> None:
    """What does not exist is an error before anything is read."""
    (folder / "broken").symlink_to("nowhere")
    with pytest.raises(NoSuchPath) as refused:
        gather(["a", path], Rules())
    expected = f"{path}: {'a broken symbolic link' if path == 'broken' else 'no such file or directory'}"
    actual = str(refused.value)

    assert expected == actual


def test_a_name_that_cannot_be_one() -> None:
    """A NUL in a path is asked wrongly."""
    with pytest.raises(UsageError) as refused:
        gather(["a\0b"], Rules())
    expected = "a\0b: not the name of a file"
    actual = str(refused.value)

    assert expected == actual


def test_a_loop_that_is_named(folder: Path) -> None:
    """A link to itself is kept as a source, so that reading it fails loudly."""
    (folder / "self").symlink_to("self")
    expected: list[Source | Skipped] = [Source("self", "self", named=True)]
    actual = gather(["self"], Rules())

    assert expected == actual


def test_lists_of_paths(folder: Path) -> None:
    """A list holds a path a line or between NULs; a file named '-' in it is a file, and bytes are kept."""
    (folder / "lines").write_bytes(b"a\n\n-\n\xff")
    (folder / "nulls").write_bytes(b"a\nb\0-\0\xc3\xa9")
    expected = [["a", "./-", "\udcff"], ["a\nb", "./-", "é"]]
    actual = [listed_paths("lines", 0, null=False), listed_paths("nulls", 0, null=True)]

    assert expected == actual


def test_a_list_on_standard_input() -> None:
    """'-' reads the list from standard input and leaves it open."""
    out, into = os.pipe()
    os.write(into, b"a\nb\n")
    os.close(into)
    listed = listed_paths("-", out, null=False)
    expected = (["a", "b"], True)
    actual = (listed, stat.S_ISFIFO(os.fstat(out).st_mode))
    os.close(out)

    assert expected == actual


def test_lists_that_cannot_be_used(folder: Path) -> None:
    """A list that is missing, or holds NULs where lines were promised, is an error."""
    (folder / "nulls").write_bytes(b"a\0b")
    with pytest.raises(UsageError, match="cannot read the list of paths 'missing': no such file or directory"):
        listed_paths("missing", 0, null=False)
    with pytest.raises(UsageError, match="holds NUL bytes") as refused:
        listed_paths("nulls", 0, null=False)
    expected = "give -0 as well if the paths are separated by them"
    actual = refused.value.hint

    assert expected == actual


@needs_limits
@pytest.mark.parametrize(
    ("command", "options"), [("count", ()), pytest.param("check", ("-0",), marks=pytest.mark.exhaustive)]
)
def test_a_list_without_end(spawn: Spawn, command: str, options: tuple[str, ...]) -> None:
    """A list that never ends is refused within bounds of time and memory, with the place that was reached."""
    limits = ("--token-budget", "5") if command == "check" else ()
    ended = spawn(
        *(command, "--files-from", "/dev/zero", *options, *limits),
        preexec_fn=limited(seconds=20, memory_bytes=1_500_000_000),
    )
    expected = (2, True)
    actual = (ended.status, "the list of paths '/dev/zero'" in ended.stderr)

    assert expected == actual


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"a\n" * 1_000_000 + b"b\n", "more than 1,000,000 paths, or 134,217,728 bytes of them"),
        pytest.param(
            *(lambda: b"\n" * (1 << 27) + b"a", "more than 1,000,000 paths, or 134,217,728 bytes of them"),
            marks=pytest.mark.exhaustive,
        ),
        (lambda: b"a\nb\n" + b"c" * 65_537 + b"\na\n", "line 3: a path of more than 65,536 bytes"),
        (lambda: b"a\nb\n" + b"c" * 65_537, "line 3: a path of more than 65,536 bytes"),
    ],
    ids=["paths", "bytes", "one path", "the last path"],
)
def test_a_list_that_is_too_long(folder: Path, content: Callable[[], bytes], said: str) -> None:
    """A list has a bound on its paths, its bytes and the length of each path; the message names the line."""
    (folder / "list").write_bytes(content())
    with pytest.raises(UsageError) as refused:
        listed_paths("list", 0, null=False)
    expected = (True, "name folders instead, or divide the list")
    actual = (str(refused.value).endswith(said), refused.value.hint)

    assert expected == actual


def test_a_list_over_many_blocks(folder: Path) -> None:
    """Paths that lie across two reads are whole, the last one without an ending, too."""
    paths = [f"{number}/" + "x" * (number % 300) for number in range(20_000)]
    (folder / "list").write_text("\n".join(paths))
    expected = paths
    actual = listed_paths("list", 0, null=False)

    assert expected == actual


def test_defaults(folder: Path) -> None:
    """Without paths a pipe or a file on standard input is read, else the current folder."""
    pipe, writer = os.pipe()
    with open(folder / "a", "rb") as file, open(os.devnull, "rb") as null:
        closed = os.dup(pipe)
        os.close(closed)
        expected = [["-"], ["-"], ["."], ["."]]
        actual = [default_paths(one) for one in (pipe, file.fileno(), null.fileno(), closed)]
    os.close(pipe)
    os.close(writer)

    assert expected == actual
