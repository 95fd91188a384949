"""Find the base of a pull request in the variables of a CI service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["PullRequestBase", "pull_request_base"]


@dataclass(frozen=True, slots=True)
class PullRequestBase:
    """The base into which a pull request is to be merged."""

    name: str
    """A branch such as ``main``, or a full commit id, as given by the service."""

    variable: str
    """Environment variable that named it."""

    deepen: str
    """How to make the service fetch the whole history, for messages."""

    is_commit: bool = False
    """Whether ``name`` is a commit id."""

    @property
    def references(self) -> tuple[str, ...]:
        """References that git may have for it, best first: services fetch a remote branch and create no local one."""
        if self.is_commit:
            return (self.name,)
        return (f"refs/remotes/origin/{self.name}", f"refs/heads/{self.name}")

    @property
    def shown(self) -> str:
        """Name shown in reports."""
        return self.name if self.is_commit else f"origin/{self.name}"


@dataclass(frozen=True, slots=True)
class _Service:
    """The variables of one CI service."""

    variables: tuple[str, ...]
    """Variables that hold the base, best first; empty ones are ignored."""

    deepen: str
    """How to make the service fetch the whole history, for messages."""

    only_if: str = ""
    """A variable that must be set for the others to be about a pull request; empty if there is none."""

    needs: str = ""
    """Required value of ``only_if``; if empty, any value but an empty one, ``false`` or ``0``."""


_GITLAB = 'set GIT_DEPTH: "0" in the job\'s variables'
_BITBUCKET = "set clone: depth: full"

_SERVICES = (
    # docs.github.com/actions/reference/variables-reference: set for pull_request and pull_request_target alone.
    _Service(("GITHUB_BASE_REF",), "set fetch-depth: 0 in actions/checkout"),
    # docs.gitlab.com/ci/variables/predefined_variables. The branch's own commit is given for merged results alone,
    # whose first parent it is: there the base of the diff is older, and what was merged since would count as ours.
    _Service(
        (
            "CI_MERGE_REQUEST_TARGET_BRANCH_SHA",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        ),
        _GITLAB,
    ),
    # learn.microsoft.com/azure/devops/pipelines/build/variables: a full reference, or a name for GitHub's repositories.
    _Service(("SYSTEM_PULLREQUEST_TARGETBRANCH",), "set fetchDepth: 0 in the checkout step"),
    # support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets
    _Service(("BITBUCKET_PR_DESTINATION_COMMIT", "BITBUCKET_PR_DESTINATION_BRANCH"), _BITBUCKET),
    # buildkite.com/docs/pipelines/configure/environment-variables
    _Service(("BUILDKITE_PULL_REQUEST_BASE_BRANCH",), "fetch the branch", "BUILDKITE_PULL_REQUEST"),
    # docs.travis-ci.com/user/environment-variables: without a pull request the variable is the branch itself.
    _Service(("TRAVIS_BRANCH",), "set git: depth: false", "TRAVIS_PULL_REQUEST"),
    # www.appveyor.com/docs/environment-variables: the same.
    _Service(("APPVEYOR_REPO_BRANCH",), "remove clone_depth", "APPVEYOR_PULL_REQUEST_NUMBER"),
    # docs.drone.io/pipeline/environment/reference and woodpecker-ci.org/docs/usage/environment
    _Service(("DRONE_TARGET_BRANCH",), "set clone: depth: 0", "DRONE_BUILD_EVENT", "pull_request"),
    _Service(("CI_COMMIT_TARGET_BRANCH",), "set depth: 0 in the clone step", "CI_PIPELINE_EVENT", "pull_request"),
    # www.jenkins.io/doc/book/pipeline/multibranch: set by branch sources for change requests alone.
    _Service(("CHANGE_TARGET",), "fetch the branch without a shallow clone", "CHANGE_ID"),
)
"""The supported services. CircleCI sets no such variable: there, ``--against`` has to be given."""

_COMMITS = frozenset(
    {
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA",
        "BITBUCKET_PR_DESTINATION_COMMIT",
    }
)
"""Variables that hold a commit id."""

_HASH = re.compile(r"[0-9a-fA-F]{7,64}")  # Bitbucket gives the first twelve digits


def pull_request_base(environ: Mapping[str, str]) -> PullRequestBase | None:
    """Return the base of the pull request that a CI service is running for; None if there is none.

    >>> pull_request_base({"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}).name
    'main'
    """
    for service in _SERVICES:
        if not _is_pull_request(service, environ):
            continue
        for variable in service.variables:
            name = environ.get(variable, "").strip().removeprefix("refs/heads/")
            is_commit = variable in _COMMITS
            if name and (not is_commit or _HASH.fullmatch(name)):
                return PullRequestBase(name, variable, service.deepen, is_commit)
    return None


def _is_pull_request(service: _Service, environ: Mapping[str, str]) -> bool:
    if not service.only_if:
        return True
    value = environ.get(service.only_if, "")
    return value == service.needs if service.needs else value not in {"", "false", "0"}
