"""What is on disk against a commit, found without git looking at the disk."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from scratch import Scratch, lines

from gpt41calc.sources.git import index
from gpt41calc.sources.git.blobs import Blob
from gpt41calc.sources.git.change import Change, OnDisk
from gpt41calc.sources.git.changes import WorkTree, changes
from gpt41calc.sources.git.repository import repository
from gpt41calc.sources.git.revisions import resolve_revision
from gpt41calc.sources.read import NotText, Reading
from gpt41calc.sources.source import Rules, Source

LONG_AGO = (1_000_000_000, 1_000_000_000)


def found(scratch: Scratch, before: str = "HEAD") -> list[Change]:
    """Return what the work tree holds that a commit does not, and the other way round."""
    at = repository(str(scratch.root))
    return changes(at, resolve_revision(at, before), WorkTree())


def told(scratch: Scratch, before: str = "HEAD") -> list[str]:
    """Return the same in words."""
    return [" ".join(filter(None, (one.status, one.old_path, one.path))) for one in found(scratch, before)]


def test_nothing_changed(scratch: Scratch) -> None:
    """A fresh checkout is what was committed, whether or not the system's times can tell."""
    scratch.commit(a="1", b="2")
    os.utime(scratch.root / ".git" / "index", LONG_AGO)  # now no file can be told by its time
    expected: list[str] = []
    actual = told(scratch)

    assert expected == actual


def test_every_kind_of_change(scratch: Scratch) -> None:
    """Files that were edited, deleted, made or renamed are told, staged or not; ignored and touched ones are not."""
    scratch.commit(edited="1", staged="1", both="1", touched="1", deleted="1", removed="1\n", kept="1\n")
    scratch.commit(moved=lines(1, 9), gone=lines(20, 29), **{".gitignore": "ignored\n"})
    for name in ("edited", "staged", "both", "new", "ignored", "folder/new"):
        scratch.write(name, "22")
    scratch.git("add", "staged", "both")
    scratch.write("both", "333")
    scratch.git("mv", "moved", "to")
    scratch.git("mv", "gone", "from")
    (scratch.root / "from").unlink()
    os.utime(scratch.root / "touched", LONG_AGO)
    (scratch.root / "deleted").unlink()
    scratch.git("rm", "-q", "removed")
    scratch.git("rm", "-q", "--cached", "kept")
    expected = [
        "changed both",
        "removed deleted",
        "changed edited",
        "added folder/new",
        "removed gone",
        "added new",
        "removed removed",
        "changed staged",
        "renamed moved to",
    ]
    actual = told(scratch)

    assert expected == actual


def test_where_to_read_what_is_new(scratch: Scratch) -> None:
    """What git keeps is read from git, what it does not keep from disk."""
    scratch.commit(edited="1", staged="1")
    scratch.write("staged", "22")
    scratch.git("add", "staged")
    scratch.write("edited", "333")
    before = Blob(scratch.git("rev-parse", "HEAD:staged"), 0o100644)
    expected = [
        Change("changed", "edited", None, before, OnDisk(str(scratch.root / "edited"), 0o100644, f"{scratch.root}/")),
        Change("changed", "staged", None, before, Blob(scratch.git("rev-parse", ":staged"), 0o100644)),
    ]
    actual = found(scratch)

    assert expected == actual


def test_what_was_undone_is_no_change(scratch: Scratch) -> None:
    """A file that was staged and put back, and one that was added and deleted, are as they were."""
    scratch.commit(a="1")
    scratch.write("a", "2")
    scratch.write("b", "2")
    scratch.git("add", "a", "b")
    scratch.write("a", "1")
    (scratch.root / "b").unlink()
    expected: list[str] = []
    actual = told(scratch)

    assert expected == actual


def test_an_older_commit(scratch: Scratch) -> None:
    """The commit to compare with need not be the last one."""
    scratch.commit(a="1", b="1", c="1")
    scratch.commit(a="2", b="2")
    scratch.write("b", "1")
    scratch.write("c", "2")
    expected = ["changed a", "changed c"]
    actual = told(scratch, "HEAD~1")

    assert expected == actual


def test_same_size_and_time(scratch: Scratch) -> None:
    """A file that was changed right after it was staged is read, for its size and time may be the same."""
    scratch.commit(a="1")
    status = (scratch.root / "a").stat()
    scratch.write("a", "2")
    os.utime(scratch.root / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    os.utime(scratch.root / ".git" / "index", ns=(status.st_atime_ns, status.st_mtime_ns))
    expected = ["changed a"]
    actual = told(scratch)

    assert expected == actual


@pytest.mark.parametrize("size", [1, (1 << 20) - 3, (1 << 20) - 2, (1 << 20) - 1, 3 << 20])
def test_line_endings_of_another_system(scratch: Scratch, size: int) -> None:
    """CR LF on disk for LF in git is what a checkout may have written, also across blocks; else it is a change."""
    scratch.commit(same="x" * size + "\ny\n", other="x" * size + "\ny\n", lone="x\r\r\n")
    scratch.write("same", "x" * size + "\r\ny\r\n")
    scratch.write("other", "x" * size + "\r\nz\r\n")
    scratch.write("lone", "x\n")
    expected = ["changed lone", "changed other"]
    actual = told(scratch)

    assert expected == actual


def pointer(content: bytes) -> bytes:
    """Return the text that Git LFS keeps instead of a content."""
    digest = hashlib.sha256(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n".encode()


def test_what_a_pointer_points_to(scratch: Scratch) -> None:
    """A large file where git keeps a pointer to it is no change; another one is."""
    scratch.commit(same=pointer(b"large"), longer=pointer(b"large"), other=pointer(b"large"), broken=pointer(b"")[:60])
    for name, content in (("same", b"large"), ("longer", b"larger"), ("other", b"small"), ("broken", b"large")):
        scratch.write(name, content)
    expected = ["changed broken", "changed longer", "changed other"]
    actual = told(scratch)

    assert expected == actual


def test_what_git_was_told_not_to_look_at(scratch: Scratch) -> None:
    """A file left out of a sparse checkout was not removed; one that is assumed unchanged is not looked at."""
    scratch.commit(a="1", b="1", c="1")
    scratch.git("update-index", "--skip-worktree", "a", "b")
    scratch.git("update-index", "--assume-unchanged", "c")
    (scratch.root / "a").unlink()
    scratch.write("b", "2")
    scratch.write("c", "2")
    expected = ["changed b"]
    actual = told(scratch)

    assert expected == actual


def test_announced_files_are_new(scratch: Scratch) -> None:
    """A file of which git knows only that it will be added is added."""
    scratch.commit()
    scratch.write("a", "1")
    scratch.git("add", "-N", "a")
    expected = ["added a"]
    actual = told(scratch)

    assert expected == actual


def test_links_and_repositories(scratch: Scratch) -> None:
    """A link that leads elsewhere, a file that became one, and a repository in the tree say why they do not count."""
    scratch.commit(a="1", b="1")
    for name in ("kept", "turned"):
        (scratch.root / name).symlink_to("a")
    scratch.commit()
    for name in ("turned", "b"):
        (scratch.root / name).unlink()
        (scratch.root / name).symlink_to("elsewhere")
    Scratch(scratch.root / "inner").init().commit(x="x")
    expected = [
        ("changed", "b", "a symbolic link"),
        ("added", "inner", "a git repository of its own"),
        ("changed", "turned", "a symbolic link"),
    ]
    actual = [(one.status, one.path, one.after.reason if one.after else "") for one in found(scratch)]

    assert expected == actual


def test_submodules_are_left_alone(scratch: Scratch, tmp_path: Path) -> None:
    """What happens in a submodule is no change of the work tree, whether or not it is checked out."""
    other = Scratch(tmp_path / "other").init()
    other.commit(x="x")
    scratch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "module")
    scratch.commit()
    scratch.write("module/x", "y")
    before = told(scratch)
    scratch.git("submodule", "--quiet", "deinit", "-f", "module")
    expected: tuple[list[str], list[str]] = ([], [])
    actual = (before, told(scratch))

    assert expected == actual


def test_files_behind_a_link(scratch: Scratch, tmp_path: Path) -> None:
    """Where a link took the place of a folder, what was in the folder is gone, and nothing outside is read."""
    scratch.write("folder/deep/a", "1")
    scratch.commit()
    (scratch.root / "folder").rename(tmp_path / "outside")
    (scratch.root / "folder").symlink_to(tmp_path / "outside")
    expected = ["added folder", "removed folder/deep/a"]
    actual = told(scratch)

    assert expected == actual


def test_what_took_the_place_of_a_file(scratch: Scratch) -> None:
    """A folder, a pipe or a file in the place of a folder: the file is gone."""
    scratch.commit(a="1", b="1")
    scratch.write("c/d", "1")
    scratch.commit()
    for name in ("a", "b", "c/d"):
        (scratch.root / name).unlink()
    (scratch.root / "c").rmdir()
    scratch.write("a/new", "1")
    os.mkfifo(scratch.root / "b")
    scratch.write("c", "unlike")
    expected = ["removed a", "added a/new", "removed b", "added c", "removed c/d"]
    actual = told(scratch)

    assert expected == actual


def test_names_of_every_kind(scratch: Scratch) -> None:
    """Names that are quoted elsewhere are found edited, and new."""
    names = [b'quo"te', b"tab\t", b"new\nline", b"\xff", b"-rf", b":(top)x", b"H 100644 x", b" "]
    for name in names:
        scratch.write(b"old" + name, "1")
    scratch.commit()
    for name in names:
        scratch.write(b"old" + name, "22")
        scratch.write(name, "1")
    expected = sorted(
        [f"changed old{os.fsdecode(name)}" for name in names] + [f"added {os.fsdecode(name)}" for name in names]
    )
    actual = sorted(told(scratch))

    assert expected == actual


def test_where_git_says_less(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should git no longer say what it noted of a file, all are read, and the answer is the same."""
    scratch.commit(a="1", b="1", c="1")
    scratch.git("update-index", "--skip-worktree", "c")
    (scratch.root / "c").unlink()
    scratch.write("b", "2")
    monkeypatch.setattr(index, "_ENTRY", index._PLAIN_ENTRY)  # noqa: SLF001
    expected = ["changed b"]
    actual = told(scratch)

    assert expected == actual


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may look everywhere")
def test_a_folder_that_cannot_be_listed(scratch: Scratch) -> None:
    """Where git could not look for new files, that is among the changes, and reading it says why."""
    scratch.commit(a="1")
    scratch.write("closed/b", "1")
    (scratch.root / "closed").chmod(0)
    one = found(scratch)[0]
    assert isinstance(one.after, OnDisk)
    with pytest.raises(NotText) as refused:
        list(Reading(Source(one.path, one.after.path, named=False), Rules()))
    (scratch.root / "closed").chmod(0o700)
    expected = ("added", "closed", "permission denied", False)
    actual = (one.status, one.path, refused.value.reason, refused.value.expected)

    assert expected == actual


def test_no_index_at_all(scratch: Scratch) -> None:
    """Without an index everything is gone from it, and still on disk."""
    scratch.commit(a="1", b="1")
    (scratch.root / ".git" / "index").unlink()
    scratch.write("b", "2")
    expected = ["changed b"]
    actual = told(scratch)

    assert expected == actual
