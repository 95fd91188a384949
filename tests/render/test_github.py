"""Workflow commands: in the right place, at most ten, and nothing that a name could add."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import BINARY, CHECKS, LOST, broken, check, hostile, kept, tally, verdict

from gpt41calc.calculator.budget import Budget, Check, Increase, Limits
from gpt41calc.commands.check.comment import check_body, check_comment
from gpt41calc.render.comment import marker
from gpt41calc.render.escape import for_workflow, for_workflow_property
from gpt41calc.render.findings import check_problems
from gpt41calc.render.github import MOST_ANNOTATIONS, workflow_commands
from gpt41calc.tally import Tally

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^,:\r\n]*,?)+)::(.*)")
"""What the runner takes for a command: a level, properties without commas and colons, a message."""

PER_FILE = Budget(name="files", limits=Limits(token_budget_per_file=1))
GROWTH = Budget(name="growth", limits=Limits(max_increase=Increase(Decimal(5), "percent")))

anything = st.text(st.characters())
names = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("%:,\r\n\x1b\u202e"), min_size=1)


def commands(found: Check) -> list[tuple[str, dict[str, str], str]]:
    """Return level, properties and message of every line, as the runner reads them."""
    read = []
    for line in workflow_commands(check_problems(found)).splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        read.append((match[1], {key: unescaped(text) for key, text in properties.items()}, unescaped(match[3])))
    return read


def unescaped(text: str) -> str:
    """Undo the runner's escapes."""
    for escape, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(escape, char)
    return text


def files(found: Check) -> list[str | None]:
    """Return the file of every command."""
    return [properties.get("file") for _, properties, _ in commands(found)]


def test_kept_is_silent() -> None:
    """If every budget is kept nothing at all is written."""
    assert "" == workflow_commands(check_problems(kept()))


@pytest.mark.parametrize("sample", CHECKS.values())
def test_every_line_is_a_command(sample: Callable[[], Check]) -> None:
    """Each line is a command of ours, with a title; none begins with what a name has brought."""
    assert all(properties["title"] for _, properties, _ in commands(sample()))


@given(names)
def test_any_name(name: str) -> None:
    """Whatever a budget and its file are called, there is one command, and it is of the file of that name."""
    budget = Budget(name=name, limits=Limits(token_budget_per_file=1))
    lines = workflow_commands(check_problems(check(verdict(budget, tally({name: 2}))))).split("\n")

    assert [True, False] == [bool(COMMAND.fullmatch(line)) for line in lines]
    assert "" == lines[-1]


@given(st.text(st.sampled_from("ab%0AD2C3,:\r\n/ "), min_size=1))
def test_a_file_is_found_again(name: str) -> None:
    """The runner reads the name of the file as it is, whichever of its own escapes the name holds."""
    assert [name] == files(check(verdict(PER_FILE, tally({name: 2}))))


@given(anything)
def test_messages_stay_on_their_line(text: str) -> None:
    """No message ends its line, and none holds an escape that is not ours."""
    escaped = for_workflow(text)

    assert 1 == len(f"x{escaped}".splitlines())
    assert not re.search(r"%(?!25)", escaped)


@given(anything)
def test_properties_stay_apart(text: str) -> None:
    """No property begins another one, or ends the list of them."""
    assert not re.search(r"[,:\r\n]|%(?!25|0D|0A|3A|2C)", for_workflow_property(text))


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (10, 10), (11, 11), (500, 11)])
def test_at_most_ten(count: int, lines: int) -> None:
    """There are ten annotations, and one line that says how many more there are."""
    found = commands(check(verdict(PER_FILE, tally({f"{at}.md": 2 for at in range(count)}))))
    more = [message.split(";")[0] for level, _, message in found if level == "notice"]

    assert lines == len(found)
    assert ([f"{count - MOST_ANNOTATIONS} more of {count} limits not kept"] if count > 10 else []) == more


def test_errors_come_first() -> None:
    """What fails the run is shown before what is only told, wherever it stands in the configuration."""
    levels = [level for level, _, _ in commands(broken())]

    assert ["error"] * 8 + ["warning"] * 2 == levels


def test_warnings_fail_if_asked() -> None:
    """With ``--fail-on warn`` a warning is an error."""
    assert {"error"} == {level for level, _, _ in commands(replace(broken(), fail_on="warn"))}


@pytest.mark.parametrize(
    ("budget", "inputs", "before", "file"),
    [
        (PER_FILE, {"small": 2, "large": 9}, None, "small"),
        (PER_FILE, {"./small": 2}, None, "small"),
        (PER_FILE, {"<stdin>": 2}, None, None),
        (Budget(name="all", limits=Limits(token_budget=1)), {"small": 2, "large": 9}, None, "large"),
        (GROWTH, {"small": 8, "large": 9}, {"small": 2, "large": 9}, "small"),
        (GROWTH, {"new": 7, "large": 19}, {"large": 15}, "new"),
        (GROWTH, {"small": 1, "large": 2}, {}, "large"),
        (Budget(name="dates", limits=Limits(fail_if_retires_within=999)), {}, None, None),
    ],
)
def test_the_file_to_look_at(
    budget: Budget, inputs: dict[str, int], before: dict[str, int] | None, file: str | None
) -> None:
    """It is the file of the limit, of an increase the one that grew most, else the largest; or there is none."""
    base = tally(before) if before is not None else None

    assert file == files(check(verdict(budget, tally(inputs), before=base)))[0]


def test_missing_input_is_a_problem() -> None:
    """A budget that may be kept is an error if input is missing, of which the first is named."""
    dates = Budget(name="dates", limits=Limits(fail_if_retires_within=1))
    found = commands(check(verdict(dates, Tally.of(BINARY, LOST))))

    assert [("error", "prompts/gone.md")] == [(level, properties["file"]) for level, properties, _ in found]


def test_step_summary_is_the_comment() -> None:
    """The summary of a run says what the comment says, without its marker."""
    assert check_comment(hostile()) == f"{marker('check')}\n{check_body(hostile())}"
