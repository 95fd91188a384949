"""What changed between two sides, as git has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scratch import Scratch, lines

from gpt41calc.errors import UsageError
from gpt41calc.sources.git.blobs import Blob
from gpt41calc.sources.git.change import Change
from gpt41calc.sources.git.changes import Staged, WorkTree, changes
from gpt41calc.sources.git.repository import repository
from gpt41calc.sources.git.revisions import resolve_revision
from gpt41calc.sources.git.trees import tree

HOSTILE = [
    b'quo"te',
    b"tab\t",
    b"new\nline",
    b"\xff\xfe",
    b"-rf",
    b"--output=x",
    b":(top)x",
    b"*",
    b" blank ",
    "é".encode(),
]
"""Names that were trouble for somebody, without those that no file system takes."""


def told(one: Change) -> tuple[str, str, str | None]:
    """Return what can be said of a change without its contents."""
    return one.status, one.path, one.old_path


def between(scratch: Scratch, before: str, after: str | Staged | WorkTree, *below: str) -> list[Change]:
    """Return what changed between two revisions, or from one to what is staged or on disk."""
    found = repository(str(scratch.root))
    side = resolve_revision(found, after) if isinstance(after, str) else after
    return changes(found, resolve_revision(found, before), side, *below)


def test_every_kind_of_change(scratch: Scratch) -> None:
    """Files are added, removed, changed and renamed, the latter with a change or without; in the order of bytes."""
    scratch.commit(changed="1\n", kept="k\n", removed="unlike all others\n", moved=lines(1, 20), edited=lines(30, 60))
    (scratch.root / "removed").unlink()
    (scratch.root / "moved").rename(scratch.root / "to")
    (scratch.root / "edited").unlink()
    scratch.write("folder/edited", lines(30, 58))
    scratch.commit(changed="2\n", added="new\n")
    expected = [
        ("added", "added", None),
        ("changed", "changed", None),
        ("renamed", "folder/edited", "edited"),
        ("removed", "removed", None),
        ("renamed", "to", "moved"),
    ]
    actual = [told(one) for one in between(scratch, "HEAD~1", "HEAD")]

    assert expected == actual


def test_both_contents_are_known(scratch: Scratch) -> None:
    """A change names the contents of both sides, so that they can be read."""
    scratch.commit(a="1\n")
    scratch.commit(a="2\n", b="b\n")
    one, two, b = (scratch.git("rev-parse", name) for name in ("HEAD~1:a", "HEAD:a", "HEAD:b"))
    expected = [
        Change("changed", "a", None, Blob(one, 0o100644), Blob(two, 0o100644)),
        Change("added", "b", None, None, Blob(b, 0o100644)),
    ]
    actual = between(scratch, "HEAD~1", "HEAD")

    assert expected == actual


def test_permissions_are_no_change(scratch: Scratch) -> None:
    """A file that became executable has the tokens it had."""
    scratch.commit(a="a")
    scratch.git("update-index", "--chmod=+x", "a")
    scratch.git("commit", "-qm", "executable")
    expected: list[Change] = []
    actual = between(scratch, "HEAD~1", "HEAD")

    assert expected == actual


def test_what_is_no_file_says_so(scratch: Scratch, tmp_path: Path) -> None:
    """Links and submodules are known as such on either side, also where a file took their place."""
    other = Scratch(tmp_path / "other").init()
    other.commit(x="x")
    scratch.commit(a="file", b="file")
    (scratch.root / "a").unlink()
    (scratch.root / "a").symlink_to("b")
    scratch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "module")
    scratch.commit()
    expected = {".gitmodules": (None, ""), "a": ("", "a symbolic link"), "module": (None, "a submodule")}
    actual = {
        one.path: (one.before and one.before.reason, one.after and one.after.reason)
        for one in between(scratch, "HEAD~1", "HEAD")
    }

    assert expected == actual


def test_names_of_every_kind(scratch: Scratch) -> None:
    """No name is quoted, cut or taken for an option or a pattern, alone or as what to keep to."""
    scratch.commit()
    for name in HOSTILE:
        scratch.write(os.path.join(b"in", name), name)
    scratch.commit()
    paths = [os.fsdecode(b"in/" + name) for name in sorted(HOSTILE)]
    expected = (paths, paths, [[path] for path in paths])
    found = repository(str(scratch.root))
    actual = (
        [one.path for one in between(scratch, "HEAD~1", "HEAD")],
        [entry.path for entry in tree(found, resolve_revision(found, "HEAD"))],
        [[one.path for one in between(scratch, "HEAD~1", "HEAD", path)] for path in paths],
    )

    assert expected == actual


@pytest.mark.parametrize("after", ["HEAD", Staged(), WorkTree()], ids=["commit", "staged", "work tree"])
def test_only_below_some_paths(scratch: Scratch, after: str | Staged | WorkTree) -> None:
    """Changes are kept to files and folders; an empty path is the top; a file that came from outside is new."""
    scratch.commit(moved=lines(1, 20))
    scratch.git("mv", "moved", "x")
    for name in ("in/a", "in/b/c", "inside", "other/d"):
        scratch.write(name, name)
    scratch.commit()
    expected = [["in/a", "in/b/c"], ["in/b/c", "inside"], ["in/a", "in/b/c", "inside", "other/d", "x"], ["x"], []]
    belows = [("in/",), ("inside", "in/b"), ("in", ""), ("x",), ("gone",)]
    actual = [[one.path for one in between(scratch, "HEAD~1", after, *below)] for below in belows]

    assert expected == actual


def test_what_is_staged(scratch: Scratch) -> None:
    """The index is compared with a commit, whatever is on disk; what was only announced is not staged."""
    scratch.commit(changed="1\n", removed="unlike\n", moved=lines(1, 20), disk="1\n")
    scratch.write("changed", "2\n")
    scratch.write("added", "new\n")
    scratch.git("mv", "moved", "to")
    scratch.git("rm", "-q", "--cached", "removed")
    scratch.git("add", "changed", "added")
    scratch.write("changed", "3\n")
    scratch.write("disk", "2\n")
    scratch.write("announced", "new\n")
    scratch.git("add", "-N", "announced")
    expected = [
        ("added", "added", None),
        ("changed", "changed", None),
        ("removed", "removed", None),
        ("renamed", "to", "moved"),
    ]
    found = between(scratch, "HEAD", Staged())
    actual = [told(one) for one in found]

    assert expected == actual
    assert found[1].after == Blob(scratch.git("rev-parse", ":changed"), 0o100644)


def test_what_a_commit_hook_sees(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """While git commit -a runs a hook, what would be committed is in another index, and that is looked at."""
    scratch.commit(a="1\n")
    scratch.write("a", "2\n")
    scratch.git("add", "a", GIT_INDEX_FILE=str(scratch.root / ".git" / "index.lock"))
    (scratch.root / "elsewhere").write_bytes(b"")
    usual = between(scratch, "HEAD", Staged())
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index.lock")
    in_a_hook = between(scratch, "HEAD", Staged())
    monkeypatch.setenv("GIT_INDEX_FILE", str(scratch.root / "elsewhere"))
    elsewhere = between(scratch, "HEAD", Staged())
    expected: list[list[str]] = [[], ["a"], []]
    actual = [[one.path for one in found] for found in (usual, in_a_hook, elsewhere)]

    assert expected == actual


def conflict(scratch: Scratch) -> None:
    """Leave a file in the middle of a merge."""
    scratch.commit(a="1\n")
    scratch.git("checkout", "-q", "-b", "side")
    scratch.commit(a="2\n")
    scratch.git("checkout", "-q", "main")
    scratch.commit(a="3\n")
    scratch.git("merge", "-q", "side", check=False)


def test_conflicts_are_not_staged(scratch: Scratch) -> None:
    """In the middle of a merge there is nothing staged to speak of; what is on disk is there."""
    conflict(scratch)
    with pytest.raises(UsageError, match="the index has conflicts, in 'a' for one"):
        between(scratch, "HEAD", Staged())
    expected = [("changed", "a", None)]
    actual = [told(one) for one in between(scratch, "HEAD", WorkTree())]

    assert expected == actual


def test_a_sha256_repository(tmp_path: Path, quiet_git: Path) -> None:
    """Repositories that name objects otherwise are read like others."""
    assert quiet_git.is_dir()
    scratch = Scratch(tmp_path / "scratch").init("--object-format=sha256")
    scratch.commit(a="1\n", b="1\n")
    scratch.commit(a="2\n")
    os.utime(scratch.root / "b", (1, 1))
    scratch.write("a", "3\n")
    expected = (["a"], ["a"], 64)
    committed = between(scratch, "HEAD~1", "HEAD")
    on_disk = between(scratch, "HEAD", WorkTree())
    before = committed[0].before
    actual = ([one.path for one in committed], [one.path for one in on_disk], len(before.id) if before else 0)

    assert expected == actual


def test_a_damaged_repository_is_explained(scratch: Scratch) -> None:
    """Where git cannot read on, its reason is given."""
    scratch.commit(a="1")
    scratch.commit(a="2")
    tree_name = scratch.git("rev-parse", "HEAD~1^{tree}")
    (scratch.root / ".git" / "objects" / tree_name[:2] / tree_name[2:]).unlink()
    with pytest.raises(UsageError) as refused:
        between(scratch, "HEAD~1", "HEAD")
    expected = (True, True)
    reason = "git could not read the repository: unable to read tree "
    actual = (str(refused.value).startswith(reason), "git fsck" in refused.value.hint)

    assert expected == actual
