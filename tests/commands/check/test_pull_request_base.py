"""In CI, the base is that of the pull request, and the report says where it came from."""

from __future__ import annotations

import json

import pytest
from conftest import TODAY, Spawn
from scratch import Scratch

from gpt41calc.sources.git.pull_request import pull_request_base

HELLO = b"hello world\n"  # 3 tokens
CHECK = ("check", "prompts", "--max-increase", "3", "-m", "gpt-4.1", "--as-of", TODAY)


@pytest.fixture
def request_to_next(scratch: Scratch) -> Scratch:
    """Return a branch of 36 tokens that left ``next`` (33 tokens), which left ``main`` (30 tokens)."""
    scratch.commit("main", **{"prompts/a.md": HELLO * 10})
    scratch.git("checkout", "-q", "-b", "next")
    scratch.commit("next", **{"prompts/b.md": HELLO})
    scratch.git("update-ref", "refs/remotes/origin/next", "next")
    scratch.git("checkout", "-q", "-b", "feature")
    scratch.commit("feature", **{"prompts/c.md": HELLO})
    return scratch


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"GITHUB_BASE_REF": "next"}, "origin/next"),
        ({"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "next"}, "origin/next"),
        ({"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/next"}, "origin/next"),
        ({"BITBUCKET_PR_DESTINATION_BRANCH": "next"}, "origin/next"),
        ({"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "next", "BUILDKITE_PULL_REQUEST": "7"}, "origin/next"),
        ({"TRAVIS_BRANCH": "next", "TRAVIS_PULL_REQUEST": "7"}, "origin/next"),
        ({"CHANGE_TARGET": "next", "CHANGE_ID": "7"}, "origin/next"),
    ],
)
def test_branch_of_the_pull_request(
    spawn: Spawn, request_to_next: Scratch, environ: dict[str, str], named: str
) -> None:
    """An increase is measured from the branch that the service names, which the report names with its source."""
    ended = spawn(*CHECK, "--json", cwd=request_to_next.root, env=environ)
    found = json.loads(ended.stdout)
    limit = found["budgets"][0]["limits"][0]
    against, _, _ = found["against"].partition(" (")

    assert (0, 3, named, next(iter(environ))) == (ended.status, limit["actual"], against, found["against_source"])


@pytest.mark.parametrize("variable", ["CI_MERGE_REQUEST_DIFF_BASE_SHA", "BITBUCKET_PR_DESTINATION_COMMIT"])
def test_commit_of_the_pull_request(spawn: Spawn, request_to_next: Scratch, variable: str) -> None:
    """Services that name a commit are taken at their word."""
    commit = request_to_next.git("rev-parse", "next")
    ended = spawn(*CHECK, cwd=request_to_next.root, env={variable: commit})
    said = f"compared with {commit[:10]}, from {variable}"

    assert (0, True) == (ended.status, said in ended.stdout)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"GITHUB_BASE_REF": ""},
        {"TRAVIS_BRANCH": "next", "TRAVIS_PULL_REQUEST": "false"},
        {"CI_COMMIT_TARGET_BRANCH": "next", "CI_PIPELINE_EVENT": "push"},
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "--output=x"},
    ],
)
def test_no_pull_request(environ: dict[str, str]) -> None:
    """What says of no pull request leaves the default branch as the base."""
    assert pull_request_base(environ) is None


def test_default_branch_is_named(spawn: Spawn, request_to_next: Scratch) -> None:
    """Without a pull request the branch is compared with where it left the default branch, and that is said."""
    ended = spawn(*CHECK, cwd=request_to_next.root)
    said = "compared with main (" in ended.stdout and "), from the default branch" in ended.stdout

    assert (1, True) == (ended.status, said)


def test_what_is_typed_wins(spawn: Spawn, request_to_next: Scratch) -> None:
    """A base that is typed is used, whatever the service says."""
    ended = spawn(*CHECK, "--against", "main", cwd=request_to_next.root, env={"GITHUB_BASE_REF": "next"})

    assert (1, True) == (ended.status, "), from --against" in ended.stdout)


@pytest.mark.parametrize(
    ("environ", "cure"),
    [
        ({"GITHUB_BASE_REF": "gone"}, "set fetch-depth: 0 in actions/checkout"),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40}, 'set GIT_DEPTH: "0" in the job\'s variables'),
    ],
)
def test_base_that_is_not_in_the_clone(
    spawn: Spawn, request_to_next: Scratch, environ: dict[str, str], cure: str
) -> None:
    """A base that git does not know is one sentence with what to do, and 3: the difference is not known."""
    check = spawn(*CHECK, cwd=request_to_next.root, env=environ)
    diff = spawn("diff", cwd=request_to_next.root, env=environ)

    assert (3, 1, True) == (check.status, check.stderr.count(cure), check.stdout.startswith("not known: 1 budget"))
    assert (3, 1, "") == (diff.status, diff.stderr.count(cure), diff.stdout)


def test_other_limits_are_judged_without_a_base(spawn: Spawn, request_to_next: Scratch) -> None:
    """Where the base is missing, a limit that needs none is broken all the same."""
    words = (*CHECK, "--token-budget", "30")
    ended = spawn(*words, cwd=request_to_next.root, env={"GITHUB_BASE_REF": "gone"})

    assert (1, "broken: 1 budget, cut 6 tokens from prompts") == (ended.status, ended.stdout.splitlines()[0])


def test_without_a_limit_on_the_increase_no_base_is_needed(spawn: Spawn, request_to_next: Scratch) -> None:
    """A base that no limit needs may be missing: nothing is said of it."""
    words = ("check", "prompts", "--token-budget", "36", "--as-of", TODAY)
    ended = spawn(*words, cwd=request_to_next.root, env={"GITHUB_BASE_REF": "gone"})

    assert (0, "") == (ended.status, ended.stderr)


def test_diff_of_the_pull_request(spawn: Spawn, request_to_next: Scratch) -> None:
    """A difference is measured from the branch that the service names, too."""
    ended = spawn("diff", "--json", cwd=request_to_next.root, env={"GITHUB_BASE_REF": "next"})
    found = json.loads(ended.stdout)

    assert (3, "GITHUB_BASE_REF") == (found["totals"]["delta"], found["base_source"])


def test_base_that_is_judged_itself(spawn: Spawn, request_to_next: Scratch) -> None:
    """A base that is the very commit that is checked cannot show an increase, which the first line says."""
    words = ("check", "prompts", "--max-increase", "0", "--against", "HEAD")
    clean = spawn(*words, cwd=request_to_next.root)
    diff = spawn("diff", "HEAD", "HEAD", cwd=request_to_next.root)
    request_to_next.write("prompts/c.md", HELLO * 2)
    dirty = spawn(*words, cwd=request_to_next.root)
    said = "is the very commit that is"

    assert [True, True, False] == [said in one.stdout.splitlines()[0] for one in (clean, diff, dirty)]


def test_comment_shows_dollars_before_and_after(spawn: Spawn, request_to_next: Scratch) -> None:
    """A comment has the dollars of what grew, a request and a month, before and after; what is kept is a line."""
    budgets = "".join(
        f'[[budget]]\nname = "{name}"\npaths = ["{path}"]\ntoken-budget = 34\n'
        for name, path in (("prompts", "prompts/**"), ("one", "prompts/a.md"))
    )
    settings = 'model = ["gpt-4.1"]\noutput-tokens = 0\nrequests-per-month = "1M"\n'
    request_to_next.write("gpt41calc.toml", settings + budgets)
    words = ("check", "-f", "markdown", "--as-of", TODAY)
    ended = spawn(*words, cwd=request_to_next.root, env={"GITHUB_BASE_REF": "next"})
    rows = [line for line in ended.stdout.splitlines() if line.startswith(("| prompts ", "- **one**"))]

    assert [
        "| prompts | **broken** | 36 | +3 | $0.000066 → $0.000072 | $66.00 → $72.00 |",
        "- **one**: kept, 30 tokens, $0.000060 a request",
    ] == rows
