"""When files were last changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch

from gpt41calc.errors import UsageError
from gpt41calc.sources.git.last_changes import last_changes
from gpt41calc.sources.git.repository import repository


def ranks(root: Path, *wanted: str, below: tuple[str, ...] = ()) -> dict[str, tuple[int, str | None]]:
    """Return the rank of each file, and the subject of the commit that changed it last."""
    found = last_changes(repository(str(root)), set(wanted), *below)
    return {path: (one.rank, one.commit.subject if one.commit else None) for path, one in found.items()}


def test_each_file_has_its_last_commit(scratch: Scratch) -> None:
    """The last commit has rank 1, a merge has what it brought, and older changes of a file do not matter."""
    scratch.commit("one", a="1", b="1", c="1")
    scratch.git("checkout", "-q", "-b", "side")
    scratch.commit("beside", s="1")
    scratch.git("checkout", "-q", "main")
    scratch.commit("two", a="2")
    scratch.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    scratch.commit("three", b="2")

    assert {"a": (3, "two"), "b": (1, "three"), "c": (4, "one"), "s": (2, "merge")} == ranks(scratch.root, *"abcs")


def test_what_is_not_committed_is_newer(scratch: Scratch) -> None:
    """A file that is new, staged or changed since has rank 0; one that git ignores and never had has none."""
    scratch.commit("one", **{"old": "1", "changed": "1", ".gitignore": "ignored\n"})
    for name in ("changed", "new", "staged", "ignored"):
        scratch.write(name, "2")
    scratch.git("add", "staged")
    expected: dict[str, tuple[int, str | None]] = {
        "old": (1, "one"), "changed": (0, None), "new": (0, None), "staged": (0, None),
    }  # fmt: skip

    assert expected == ranks(scratch.root, "old", "changed", "new", "staged", "ignored", "missing")


def test_what_was_removed_and_is_ignored_has_no_commit(scratch: Scratch) -> None:
    """A commit that removed a file is not its last change: what is there now is another file."""
    scratch.commit("one", a="1", gone="1")
    scratch.git("rm", "-q", "gone")
    scratch.commit("two", **{".gitignore": "gone\n"})
    scratch.write("gone", "2")

    assert {"a": (2, "one")} == ranks(scratch.root, "a", "gone")


@pytest.mark.parametrize("name", ["a\nb", "\u202egpj.txt", '"quoted"', "caf\udce9", "-x", ":(top)a"])
def test_names_are_taken_as_they_are(scratch: Scratch, name: str) -> None:
    """No name is unquoted, and none is an option or a pattern of git."""
    scratch.commit("one", **{name: "1"})

    assert {name: (1, "one")} == ranks(scratch.root, name, below=(name,))


def test_a_shallow_clone_says_so(scratch: Scratch, tmp_path: Path) -> None:
    """Where history is cut off, every older file seems to be of the oldest commit that is there."""
    scratch.commit("one", a="1")
    scratch.commit("two", b="1")
    scratch.commit("three", b="2")
    scratch.git("clone", "-q", "--depth", "2", f"file://{scratch.root}", str(tmp_path / "shallow"))
    found = last_changes(repository(str(tmp_path / "shallow")), {"a", "b"})

    assert {"a": (2, True), "b": (1, False)} == {path: (one.rank, one.is_cut) for path, one in found.items()}


def test_without_a_commit(scratch: Scratch) -> None:
    """A repository without a commit has no last changes."""
    with pytest.raises(UsageError, match="no commit yet"):
        ranks(scratch.root, "a")
