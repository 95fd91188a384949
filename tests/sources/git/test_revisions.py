"""A revision is one commit, or a reason."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from scratch import Scratch

from gpt41calc.errors import UsageError
from gpt41calc.sources.git.repository import repository
from gpt41calc.sources.git.revisions import Commit, base_of, resolve_revision


def refusal(root: Path, revision: str | None) -> tuple[str, str]:
    """Return why a revision, or none for the base, is not a commit, and what to do."""
    found = repository(str(root))
    with pytest.raises(UsageError) as refused:
        resolve_revision(found, revision) if revision is not None else base_of(found)
    return str(refused.value), refused.value.hint


@pytest.fixture
def three(scratch: Scratch) -> list[str]:
    """Return the names of three commits; the second is tagged."""
    names = [scratch.commit("one", a="1"), scratch.commit("two: ünïcode", a="2")]
    scratch.git("tag", "-a", "-m", "a tag", "v1.0")
    return [*names, scratch.commit("three", a="3")]


@pytest.mark.parametrize("revision", ["v1.0", "HEAD~1", "HEAD^", "main~1", ":/two", "HEAD^{/tw..}"])
def test_a_revision_is_a_commit(scratch: Scratch, three: list[str], revision: str) -> None:
    """Every way to write one commit is understood; it has its full name, its day, its subject and what was typed."""
    expected = Commit(three[1], date(2026, 1, 2), "two: ünïcode", revision)
    actual = resolve_revision(repository(str(scratch.root)), revision)

    assert expected == actual


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("option", ["--output=x", "-h", "--help", "-", "--all"])
def test_an_option_is_no_revision(scratch: Scratch, option: str) -> None:
    """What looks like an option is refused, and git never sees it."""
    expected = (f"'{option}' is not a revision: it begins with a hyphen", ["a"])
    actual = (refusal(scratch.root, option)[0], sorted(os.listdir(scratch.root))[1:])

    assert expected == actual


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ("", "the revision is empty"),
        ("a\0b", "a revision is one line without NUL bytes"),
        ("main\n--output=x", "a revision is one line without NUL bytes"),
        ("main..v1.0", "'main..v1.0' is a range, where one revision is wanted"),
        ("^main", "unknown revision '^main'"),
        ("main^@", "unknown revision 'main^@'"),
        ("HEAD:a", "unknown revision 'HEAD:a'"),
        ("0" * 40, f"unknown revision '{'0' * 40}'"),
        ("HEAD@{yesterday or so}..", "'HEAD@{yesterday or so}..' is a range, where one revision is wanted"),
        (" main", "unknown revision ' main'"),
        ("\udcff", "unknown revision '\udcff'"),
    ],
)
def test_what_is_not_one_commit(scratch: Scratch, revision: str, expected: str) -> None:
    """Nothing, several lines, ranges, negations, files and unknown names are refused."""
    actual = refusal(scratch.root, revision)[0]

    assert expected == actual


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ("main..v1.0", "two revisions are written: diff main v1.0"),
        ("main...", "two revisions are written: diff main HEAD"),
        ("v10", "did you mean 'v1.0'?"),
        ("zzz", "git branch --all and git tag list the names there are"),
    ],
)
def test_the_next_step(scratch: Scratch, revision: str, expected: str) -> None:
    """A range is rewritten, a slip of the pen is corrected."""
    actual = refusal(scratch.root, revision)[1]

    assert expected == actual


def test_no_commit_yet(scratch: Scratch) -> None:
    """Before the first commit every revision is unknown for one reason."""
    expected = ["the repository has no commit yet"] * 3
    actual = [refusal(scratch.root, revision)[0] for revision in ("HEAD", "main", None)]

    assert expected == actual


@pytest.mark.usefixtures("three")
def test_no_commit_on_this_branch_yet(scratch: Scratch) -> None:
    """On an orphan branch HEAD is nothing yet, and other names are what they were."""
    scratch.git("checkout", "-q", "--orphan", "new")
    expected = ("the current branch has no commit yet", "three")
    actual = (refusal(scratch.root, "HEAD")[0], resolve_revision(repository(str(scratch.root)), "main").subject)

    assert expected == actual


@pytest.mark.usefixtures("three")
def test_a_shallow_clone_is_explained(scratch: Scratch, tmp_path: Path) -> None:
    """What a shallow clone does not hold is not found, and the hint says how to get it."""
    scratch.git("clone", "-q", "--depth", "1", f"file://{scratch.root}", str(tmp_path / "shallow"))
    hints = [refusal(tmp_path / "shallow", revision)[1] for revision in ("v1.0", "HEAD~1")]
    expected = [True, True]
    actual = ["fetch-depth: 0" in hint and "git fetch --unshallow" in hint for hint in hints]

    assert expected == actual


def test_a_date_beyond_the_calendar(scratch: Scratch) -> None:
    """A commit from the far future does not end the run."""
    scratch.write("a", "a")
    scratch.git("add", "a")
    tree = scratch.git("write-tree")
    name = scratch.git("commit-tree", "-m", "later", tree, GIT_COMMITTER_DATE="@999999999999 +0000")
    expected = date.max
    actual = resolve_revision(repository(str(scratch.root)), name).date

    assert expected == actual


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("branch", ["main", "master"])
def test_the_base_is_where_the_branches_part(scratch: Scratch, three: list[str], branch: str) -> None:
    """The base is the last commit in common with the default branch, and bears its name."""
    scratch.git("branch", "-q", "-m", branch)
    scratch.git("checkout", "-q", "-b", "topic", "HEAD~1")
    scratch.commit("mine", b="b")
    expected = (three[1], branch)
    base = base_of(repository(str(scratch.root)))
    actual = (base.hash, base.name)

    assert expected == actual


def test_the_base_on_the_default_branch(scratch: Scratch, three: list[str]) -> None:
    """Without a remote, the default branch has all of itself in common with itself."""
    expected = three[2]
    actual = base_of(repository(str(scratch.root))).hash

    assert expected == actual


def test_the_base_in_a_clone(scratch: Scratch, tmp_path: Path, three: list[str]) -> None:
    """The remote's default branch comes first, whatever it is named, and before a branch named main."""
    scratch.git("branch", "-q", "-m", "trunk")
    clone = Scratch(tmp_path / "clone", days=3)
    scratch.git("clone", "-q", str(scratch.root), str(clone.root))
    clone.git("checkout", "-q", "-b", "main")
    clone.commit("mine", b="b")
    expected = (three[2], "origin/trunk")
    base = base_of(repository(str(clone.root)))
    actual = (base.hash, base.name)

    assert expected == actual


@pytest.mark.usefixtures("three")
def test_no_default_branch(scratch: Scratch) -> None:
    """Where no branch has a usual name, a revision has to be named."""
    scratch.git("branch", "-q", "-m", "trunk")
    expected = (
        "no default branch to compare with: neither origin/HEAD, nor a branch named main or master",
        "name a revision to compare with",
    )
    actual = refusal(scratch.root, None)

    assert expected == actual


@pytest.mark.usefixtures("three")
def test_nothing_in_common(scratch: Scratch, tmp_path: Path) -> None:
    """Two histories that never met have no base; in a shallow clone they may have met before."""
    scratch.git("checkout", "-q", "-b", "topic", "HEAD~1")
    scratch.commit("mine", b="b")
    address = f"file://{scratch.root}"
    scratch.git("checkout", "-q", "main")
    options = ("-q", "--depth", "1", "--no-single-branch", "-b", "topic")
    scratch.git("clone", *options, address, str(tmp_path / "shallow"))
    scratch.git("checkout", "-q", "--orphan", "other")
    scratch.commit("another start", c="c")
    expected = [
        ("the current branch and 'main' have no commit in common", "name a revision to compare with"),
        ("the current branch and 'origin/main' have no commit in common", True),
    ]
    shallow = refusal(tmp_path / "shallow", None)
    actual = [refusal(scratch.root, None), (shallow[0], "fetch-depth" in shallow[1])]

    assert expected == actual
