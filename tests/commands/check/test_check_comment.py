"""Comments on pull requests: found again, short enough, and with nothing that a name could add."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import (
    CHECKS,
    DIFFERENCES,
    changed,
    check,
    counted,
    difference,
    tally,
    unchanged,
    verdict,
)

from gpt41calc.calculator.budget import Budget, Check, Limits
from gpt41calc.calculator.change import FileChange
from gpt41calc.commands.check.comment import check_comment
from gpt41calc.commands.diff.comment import difference_comment
from gpt41calc.commands.diff.compare import Difference
from gpt41calc.tally import Skipped, Tally

GITHUB_TAKES = 65_536
HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}

COMMENTS: list[Callable[[], str]] = [
    *(lambda sample=sample: check_comment(sample()) for sample in CHECKS.values()),
    *(lambda sample=sample: difference_comment(sample()) for sample in DIFFERENCES.values()),
]


@pytest.mark.parametrize("comment", COMMENTS)
def test_nothing_hidden_and_no_html_of_a_name(comment: Callable[[], str]) -> None:
    """A comment has the tags that fold it and its marker, and no hidden character."""
    written = comment()
    tags = set(re.findall(r"<[^>]*>", written)) - {"<!-- gpt41calc:check -->", "<!-- gpt41calc:diff -->"}

    assert {unicodedata.category(char) for char in written if char != "\n"}.isdisjoint(HIDDEN)
    assert tags <= {"<details>", "</details>", "<summary>", "</summary>"}


@pytest.mark.parametrize(
    ("comment", "first"),
    [
        (lambda: check_comment(CHECKS["kept"]()), "<!-- gpt41calc:check -->"),
        (lambda: check_comment(CHECKS["hostile"]()), "<!-- gpt41calc:check -->"),
        (lambda: difference_comment(changed()), "<!-- gpt41calc:diff -->"),
    ],
)
def test_marker_is_the_first_line(comment: Callable[[], str], first: str) -> None:
    """A comment begins with the marker of its report, whatever became of it, and has no other."""
    written = comment()

    assert first == written.splitlines()[0]
    assert 1 == written.count("<!--")


@given(st.binary(min_size=1).map(os.fsdecode) | st.text(st.sampled_from("|\\`<\n- "), min_size=1))
def test_rows_stay_rows(name: str) -> None:
    """No name of a budget or a file ends its row or begins one."""
    budget = Budget(name=name, limits=Limits(token_budget=1))
    rows = [
        line for line in check_comment(check(verdict(budget, tally({name: 2})))).split("\n") if line.startswith("|")
    ]

    assert [4] * 3 + [2] * 3 == [len(re.split(r"(?<!\\)(?:\\\\)*\|", row)) - 2 for row in rows]


def crowded() -> Check:
    """Return a check of very many budgets and files with very long names, most of them missing."""
    long = "\U000e0041|<" * 300
    inputs = tally({f"{at}{long}": 9 for at in range(400)})
    lost = Tally.of(*(Skipped(f"{at}{long}", "permission denied", expected=False) for at in range(50)))
    limits = Limits(token_budget=1, token_budget_per_file=2)
    one = verdict(Budget(name="all", limits=limits), inputs + lost, unmatched=tuple(f"{at}{long}" for at in range(99)))
    few = [verdict(Budget(name=f"{at}{long}", limits=limits), tally({"a": 9})) for at in range(200)]
    return replace(check(one, *few), config=long, against=long, overlay=long)


def crowded_difference() -> Difference:
    """Return a difference of very many files with very long names."""
    long = "\U000e0041|<" * 300
    changes = [
        FileChange(
            status="renamed", path=f"{at}{long}", old_path=long, before=counted(long, 9), after=counted(long, at)
        )
        for at in range(400)
    ]
    return replace(difference(*changes), base=long, head=long)


@pytest.mark.parametrize(
    "comment",
    [lambda: check_comment(crowded()), lambda: difference_comment(crowded_difference())],
    ids=["check", "diff"],
)
def test_github_takes_it(comment: Callable[[], str]) -> None:
    """However much there is to say, a comment is within GitHub's limit, whole, and says how much is left out."""
    written = comment()

    assert len(written.encode()) < GITHUB_TAKES
    assert written.count("<details>") == written.count("</details>")
    assert "more, for which there is no room here" in written


def test_many_budgets_of_usual_names_fit() -> None:
    """A hundred budgets are all listed, each with why it is broken."""
    budgets = [Budget(name=f"budget {at}", limits=Limits(token_budget=1)) for at in range(100)]
    comment = check_comment(check(*(verdict(budget, tally({"a": 9})) for budget in budgets)))

    assert 100 == len(re.findall(r"^\| budget \d+ ", comment, re.MULTILINE))
    assert 100 == len(re.findall(r"^- \*\*budget \d+\*\*", comment, re.MULTILINE))


@pytest.mark.parametrize(("count", "listed", "said"), [(20, 20, "20 files"), (21, 20, "20 of 21 files")])
def test_twenty_files(count: int, listed: int, said: str) -> None:
    """The twenty largest files are listed, and how many there are."""
    budget = Budget(name="all", limits=Limits(token_budget=10_000))
    comment = check_comment(check(verdict(budget, tally({f"{at}.md": at for at in range(count)}))))

    assert listed == len(re.findall(r"^\| \d+\.md ", comment, re.MULTILINE))
    assert f"<summary>{said}</summary>" in comment
    assert ("and 1 more" in comment) is (count == 21)
    assert f"| {count - 1}.md | {count - 1} |" in comment


def test_files_that_changed_most_come_first() -> None:
    """Where there is a base, files are in the order of what changed, a removed one among them."""
    budget = Budget(name="all", limits=Limits(token_budget=10_000))
    inputs, before = {"same": 900, "less": 10, "more": 50}, {"same": 900, "less": 20, "more": 20, "gone": 500}
    comment = check_comment(check(verdict(budget, tally(inputs), before=tally(before))))
    expected = [("gone", "–", "-500"), ("more", "50", "+30"), ("less", "10", "-10"), ("same", "900", "0")]

    assert expected == re.findall(r"^\| ([a-z]+) \| (\S+) \| (\S+) \|$", comment, re.MULTILINE)


def test_file_of_two_budgets_is_listed_once() -> None:
    """A file that two budgets have is one file."""
    budgets = [Budget(name=name, limits=Limits(token_budget=10)) for name in "ab"]
    comment = check_comment(check(*(verdict(budget, tally({"x": 5})) for budget in budgets)))

    assert 1 == comment.count("| x | 5 |")


def test_nothing_changed() -> None:
    """A change of no counted file is said in one sentence, and nothing else."""
    lines = difference_comment(unchanged()).splitlines()

    assert ["## gpt41calc: unchanged: no counted file differs, main (0123456789ab) to work tree"] == lines[1:]
