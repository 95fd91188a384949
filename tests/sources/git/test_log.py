"""Commits over time, each with what it changed."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from scratch import Scratch

from gpt41calc.errors import UsageError
from gpt41calc.sources.git.log import Step, commits
from gpt41calc.sources.git.repository import repository
from gpt41calc.sources.git.revisions import Commit, resolve_revision


def steps(root: Path, *below: str, since: str = "", until: str = "HEAD") -> list[Step]:
    """Return the history of a repository."""
    at = repository(str(root))
    return list(commits(at, resolve_revision(at, since) if since else None, resolve_revision(at, until), *below))


def told(found: list[Step]) -> list[tuple[str, list[str]]]:
    """Return subjects, and what happened to which paths."""
    return [(one.commit.subject, [f"{change.status} {change.path}" for change in one.changes]) for one in found]


@pytest.fixture
def merged(scratch: Scratch) -> Scratch:
    """Return a repository with a merge, an empty commit and a rename."""
    scratch.commit("one", a="1", b="1")
    scratch.git("checkout", "-q", "-b", "side")
    scratch.commit("side one", s="1")
    scratch.commit("side two", s="2")
    scratch.git("checkout", "-q", "main")
    scratch.commit("two", a="2")
    scratch.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    scratch.commit("nothing")
    scratch.git("mv", "b", "c")
    scratch.commit("three")
    return scratch


def test_oldest_first_by_first_parents(merged: Scratch) -> None:
    """The first commit adds everything, a merge adds what came by it, an empty commit nothing; nothing is renamed."""
    expected = [
        ("one", ["added a", "added b"]),
        ("two", ["changed a"]),
        ("merge", ["added s"]),
        ("nothing", []),
        ("three", ["removed b", "added c"]),
    ]
    actual = told(steps(merged.root))

    assert expected == actual


def test_from_one_commit_to_another(merged: Scratch) -> None:
    """The commit since which is asked is left out, with what led to it."""
    expected = [("merge", ["added s"]), ("nothing", [])]
    actual = told(steps(merged.root, since="HEAD~3", until="HEAD~1"))

    assert expected == actual


def test_nothing_in_between(merged: Scratch) -> None:
    """From a commit to itself nothing happened."""
    expected: list[Step] = []
    actual = steps(merged.root, since="HEAD")

    assert expected == actual


def test_only_below_some_paths(merged: Scratch) -> None:
    """Commits that change nothing in what is asked for are left out, and of others only that is told."""
    expected = [("one", ["added b"]), ("merge", ["added s"]), ("three", ["removed b"])]
    actual = told(steps(merged.root, "b", "s"))

    assert expected == actual


def test_who_and_when(merged: Scratch) -> None:
    """A commit has its full name, its day and its subject; contents are those of before and after."""
    one = steps(merged.root)[1]
    before, after = one.changes[0].before, one.changes[0].after
    name = merged.git("rev-parse", "main~3")
    expected = (
        Commit(name, date(2026, 1, 4), "two", name),
        merged.git("rev-parse", "main~4:a"),
        merged.git("rev-parse", "main~3:a"),
    )
    actual = (one.commit, before and before.id, getattr(after, "id", None))

    assert expected == actual


def test_subjects_and_names_of_every_kind(scratch: Scratch) -> None:
    """No subject and no name is taken for something else."""
    names = [b"\n:100644 x", b":100644", b"tab\t", b"\xff", "é".encode(), b"-x"]
    subjects = [":100644 100644 a b M", "", "é\x1b[2J", "two\nlines"]
    for subject in subjects:
        scratch.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", subject)
    for name in names:
        scratch.write(name, name)
    scratch.commit("names")
    expected: list[tuple[str, list[str]]] = [
        (":100644 100644 a b M", []),
        ("", []),
        ("é\x1b[2J", []),
        ("two lines", []),
    ]
    expected.append(("names", [f"added {os.fsdecode(name)}" for name in sorted(names)]))
    actual = told(steps(scratch.root))

    assert expected == actual


def test_a_message_in_another_encoding(scratch: Scratch) -> None:
    """A subject is text, whatever the repository wants it to be shown in, and whatever bytes it holds."""
    scratch.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-m", b"caf\xe9")
    scratch.git("config", "i18n.logOutputEncoding", "UTF-16")
    expected = ["café"]
    actual = [one.commit.subject for one in steps(scratch.root)]

    assert expected == actual


def test_settings_do_not_change_the_history(merged: Scratch) -> None:
    """What a repository sets for how its log is shown is nothing to us."""
    expected = (told(steps(merged.root)), told(steps(merged.root, "s")))
    for setting in (
        "log.follow=true",
        "log.decorate=full",
        "log.showRoot=false",
        "log.diffMerges=off",
        "log.mailmap=false",
        "diff.orderFile=gone",
        "diff.renames=copies",
        "diff.relative=true",
        "diff.noprefix=true",
        "core.abbrev=4",
        "core.quotePath=true",
        "color.ui=always",
        "format.pretty=raw",
    ):
        merged.git("config", *setting.split("="))
    actual = (told(steps(merged.root)), told(steps(merged.root, "s")))

    assert expected == actual


def test_where_history_was_cut(merged: Scratch, tmp_path: Path) -> None:
    """In a shallow clone the last commit there is seems to add everything, and says that it was cut."""
    merged.git("clone", "-q", "--depth", "2", f"file://{merged.root}", str(tmp_path / "shallow"))
    expected = [("nothing", ["added a", "added b", "added s"], True), ("three", ["removed b", "added c"], False)]
    found = steps(tmp_path / "shallow")
    actual = [(*said, one.cut) for said, one in zip(told(found), found, strict=True)]

    assert expected == actual


def test_the_first_commit_is_not_cut(merged: Scratch) -> None:
    """Where all history is there, nothing was cut."""
    expected = [False] * 5
    actual = [one.cut for one in steps(merged.root)]

    assert expected == actual


def test_stopping_early(merged: Scratch) -> None:
    """Whoever has seen enough may stop."""
    at = repository(str(merged.root))
    found = commits(at, None, resolve_revision(at, "HEAD"))
    expected = "one"
    actual = next(found).commit.subject
    found.close()

    assert expected == actual


def test_a_damaged_history(merged: Scratch) -> None:
    """Where git cannot go on, the history is not taken for complete."""
    name = merged.git("rev-parse", "main~4")
    (merged.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(UsageError, match="git could not read the history"):
        steps(merged.root)
