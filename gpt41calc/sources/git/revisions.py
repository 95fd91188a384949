"""Resolve revisions to commits."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ...errors import NoBase, UsageError
from . import client
from .pull_request import PullRequestBase
from .repository import Repository

__all__ = ["COMMIT_FORMAT", "Commit", "as_commit", "base_of", "is_checked_out", "resolve_revision"]

COMMIT_FORMAT = ("--encoding=UTF-8", "--format=%x00%H %ct %s")
"""Format of git's output for :func:`as_commit`."""

_HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")

_DEFAULT_BRANCHES = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
)
"""References for the default branch, best first."""

_DEEPEN = "this clone is shallow: in CI set fetch-depth: 0, elsewhere run git fetch --unshallow"


@dataclass(frozen=True, slots=True)
class Commit:
    """An existing commit."""

    hash: str
    """Its full id; git is only given this from here on."""

    date: date
    """Commit date, in UTC."""

    subject: str
    """The first line of its message."""

    name: str
    """The revision as given by the user; if none was given, the full id."""

    source: str = ""
    """Where the base was named: a variable of a CI service, or the default branch; empty if the user gave it."""

    @property
    def shown(self) -> str:
        """Name shown in reports."""
        return self.hash[:10] if self.name == self.hash else f"{self.name} ({self.hash[:10]})"


def resolve_revision(repository: Repository, revision: str) -> Commit:
    """Return the commit of a revision.

    Raises:
        UsageError: the text is not a single revision, or there is no such commit.
    """
    _require_one(revision)
    # Text after ":/" is searched for as a whole, and only commits are found.
    as_typed = revision if revision.startswith(":/") else revision + "^{commit}"
    parsed = client.run(repository.root, "rev-parse", "--verify", "--quiet", "--end-of-options", as_typed)
    found = parsed.stdout.decode("ascii", "replace")
    name = found.removesuffix("\n")
    if not _HASH.fullmatch(name):  # "^main" is answered with "^" and a hash
        raise _unknown(repository, revision)
    return _described(repository, name, revision)


def base_of(repository: Repository, proposed: PullRequestBase | None = None) -> Commit:
    """Return the last common commit of the current branch and the branch it is to be merged into.

    Args:
        repository: the repository.
        proposed: the base of the pull request, given by a CI service. None for the default branch.

    Raises:
        NoBase: this clone lacks the base of the pull request, or the last common commit.
        UsageError: there is no default branch, or no common commit.
    """
    resolve_revision(repository, "HEAD")
    if proposed is not None:
        return _base_of_pull_request(repository, proposed)
    branch = _default_branch(repository)
    if branch is None:
        message = "no default branch to compare with: neither origin/HEAD, nor a branch named main or master"
        raise UsageError(message, hint=_DEEPEN if repository.shallow else "name a revision to compare with")
    reference, shown = branch
    name = _in_common(repository, reference)
    if name is None:
        message = f"the current branch and '{shown}' have no commit in common"
        raise UsageError(message, hint=_DEEPEN if repository.shallow else "name a revision to compare with")
    return replace(_described(repository, name, shown), source="the default branch")


def _base_of_pull_request(repository: Repository, proposed: PullRequestBase) -> Commit:
    where = f"{proposed.shown}, the base of this pull request ({proposed.variable}),"
    for reference in proposed.references:
        parsed = client.run(
            repository.root, "rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"
        )
        tip = parsed.stdout.decode("ascii", "replace").removesuffix("\n")
        if not _HASH.fullmatch(tip):
            continue
        name = _in_common(repository, tip)
        if name is None:
            message = f"{where} has no commit in common with this clone"
            raise NoBase(message, hint=proposed.deepen)
        local = tip if proposed.is_commit else proposed.name
        shown = local if reference == proposed.references[-1] else proposed.shown
        return replace(_described(repository, name, shown), source=proposed.variable)
    message = f"{where} is not in this clone"
    raise NoBase(message, hint=proposed.deepen)


def _in_common(repository: Repository, reference: str) -> str | None:
    """Return the last common commit of the current branch and a reference; None if there is none."""
    found = client.run(repository.root, "merge-base", "HEAD", reference).stdout.decode("ascii", "replace")
    name = found.partition("\n")[0]
    return name if _HASH.fullmatch(name) else None


def is_checked_out(repository: Repository, commit: Commit) -> bool:
    """Return whether a commit is checked out."""
    parsed = client.run(repository.root, "rev-parse", "--verify", "--quiet", "HEAD")
    return parsed.stdout.decode("ascii", "replace").removesuffix("\n") == commit.hash


def as_commit(line: str, name: str | None = None) -> Commit:
    """Return the commit in git's output in :data:`COMMIT_FORMAT`, without its NUL byte."""
    full, seconds, subject = line.split(" ", 2)
    return Commit(full, _day(int(seconds)), subject, full if name is None else name)


def _require_one(revision: str) -> None:
    if not revision:
        raise UsageError("the revision is empty", hint="name a branch, a tag or a commit")
    if revision.startswith("-"):
        message = f"'{revision}' is not a revision: it begins with a hyphen"
        raise UsageError(message, hint="name a branch, a tag or a commit")
    if "\0" in revision or "\n" in revision:
        raise UsageError("a revision is one line without NUL bytes", hint="name a branch, a tag or a commit")
    # A search in messages, such as ":/fix.." or "HEAD^{/fix..}", is still a single revision.
    if ".." in revision and not revision.startswith(":/") and "^{/" not in revision:
        before, _, after = revision.partition("..")
        message = f"'{revision}' is a range, where one revision is wanted"
        pair = f"{before or 'HEAD'} {after.lstrip('.') or 'HEAD'}"
        raise UsageError(message, hint=f"two revisions are written: diff {pair}")


def _unknown(repository: Repository, revision: str) -> UsageError:
    listed = client.run(repository.root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    listed_remote = client.run(repository.root, "for-each-ref", "--format=%(refname:lstrip=2)", "refs/remotes")
    names = (listed.stdout + listed_remote.stdout).decode("utf-8", "surrogateescape").splitlines()
    is_unborn = client.run(repository.root, "rev-parse", "--verify", "--quiet", "HEAD").returncode != 0
    if is_unborn and not names:
        return UsageError("the repository has no commit yet", hint="commit first; then there is something to compare")
    if is_unborn and revision.startswith(("HEAD", "@")):
        return UsageError("the current branch has no commit yet", hint="name another branch")
    message = f"unknown revision '{revision}'"
    near = difflib.get_close_matches(revision, names, n=1)
    hints = [f"did you mean '{near[0]}'?"] if near else []
    hints += [_DEEPEN] if repository.shallow else []
    return UsageError(message, hint="; ".join(hints) or "git branch --all and git tag list the names there are")


def _default_branch(repository: Repository) -> tuple[str, str] | None:
    """Return the default branch: its full reference, and its name in reports."""
    listed = client.run(
        repository.root, "for-each-ref", "--format=%(refname) %(symref:lstrip=2)", *_DEFAULT_BRANCHES
    ).stdout.decode("utf-8", "surrogateescape")
    with client.parsed("for-each-ref"):
        shown = dict(line.split(" ", 1) for line in listed.splitlines())
    for reference in _DEFAULT_BRANCHES:
        if reference in shown:
            return reference, shown[reference] or reference.split("/", 2)[2]
    return None


def _described(repository: Repository, full: str, name: str) -> Commit:
    arguments = ("log", "-1", "--no-show-signature", "--no-decorate", *COMMIT_FORMAT, full, "--")
    output = client.answer(repository.root, *arguments).stdout
    with client.parsed("log"):
        return as_commit(output.decode("utf-8", "replace").strip("\0\n"), name)


def _day(seconds: int) -> date:
    """Return the date of a time in seconds since 1970; some commits are dated beyond the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.max if seconds > 0 else date.min
