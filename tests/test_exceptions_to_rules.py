"""Every exception to a rule of the linters says why, where it is made."""

from __future__ import annotations

import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(
    path for folder in ("gpt41calc", "action", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))

_WITH_A_REASON = re.compile(r"# noqa: ([A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*) - \S.{3,}")


def without_a_reason(comment: str) -> bool:
    """Say whether a comment makes an exception without saying why."""
    return "noqa" in comment and not _WITH_A_REASON.fullmatch(comment)


def exceptions(path: Path) -> list[str]:
    """Return the comments of a module that make an exception without a reason, each with its line."""
    with tokenize.open(path) as file:
        return [
            f"{path.relative_to(ROOT)}:{token.start[0]}: {token.string}"
            for token in tokenize.generate_tokens(file.readline)
            if token.type == tokenize.COMMENT and without_a_reason(token.string)
        ]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# noqa: S603 - git, without a shell", False),
        ("# noqa: S603, S607 - git, without a shell", False),
        ("# noqa: S603", True),
        ("# noqa", True),
        ("# noqa: S603 -", True),
        ("# ruff: noqa: S603", True),
        ("# a remark", False),
    ],
)
def test_what_counts_as_a_reason(comment: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """Words after the rules; never the whole file, never all rules."""
    assert expected is without_a_reason(comment)


def test_every_exception_in_the_code_has_a_reason() -> None:
    """Each ``noqa`` names its rule and says why."""
    assert len(CODE) > 100
    assert [] == [found for path in CODE for found in exceptions(path)]


def test_every_exception_to_a_security_rule_in_the_tests_has_a_reason() -> None:
    """In the tests, too, the rules of bandit (S) are only broken with a reason."""
    found = [line for path in TESTS for line in exceptions(path) if re.search(r"noqa: (.*\b)?S\d", line)]

    assert [] == found


def test_every_rule_that_is_off_has_a_reason() -> None:
    """Each ignore in pyproject.toml has its reason on the same line."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.ruff.lint]\n")[2]
    ignores = settings.partition("[tool.ruff.lint.pydocstyle]")[0].partition("ignore = [")[2]
    lines = [line for line in ignores.splitlines() if re.search(r'"[A-Z]+[0-9]+"', line)]

    assert len(lines) > 20
    assert [] == [line for line in lines if not re.search(r"# \S.{4,}", line)]
