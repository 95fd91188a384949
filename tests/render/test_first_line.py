"""Every report for people begins with its answer, and the usual one fits the screen."""

from __future__ import annotations

import re
import shlex
import sys

import pytest
from conftest import ROOT, TODAY, Spawn
from forkserver import ForkServer
from scratch import Scratch

from gpt41calc.cli.argv import COMMANDS

REPORTS = {
    "estimate": "prompts/system.md",
    "estimate of a folder": ".",
    "estimate that is too long": "--input-tokens 36M",
    "estimate of tokens": "--input-tokens 12k --output-tokens 800 --requests-per-month 30k",
    "estimate of a request": "requests/weather.json",
    "estimate --top": "--top 3 .",
    "estimate --migrate": "prompts/system.md --migrate",
    "count --tree": "count --tree .",
    "compare": "compare prompts/system.md prompts/review.md --requests-per-month 10k",
    "compare of three": "compare prompts/system.md prompts/review.md requests/weather.json",
    "pack": "pack . -t 300",
    "pack of nothing": "pack prompts -t 0",
    "models": "models",
    "models of one": "models gpt-4.1-mini",
    "models --benchmarks": "models --benchmarks",
    "models --retiring": "models --retiring 60d",
    "check": "check prompts --token-budget 200",
    "check that is broken": "check prompts --token-budget 100 --max-cost 0.001",
    "batch": "batch requests/questions.jsonl",
    "batch of several models": "batch run/requests.jsonl requests/questions.jsonl",
    "usage": "usage run/answers.jsonl",
    "usage --input": "usage run/answers.jsonl --input run/requests.jsonl",
    "dataset": "dataset rows/reviews.jsonl --column text",
    "finetune": "finetune training/support.jsonl",
    "preflight": "preflight prompts --usage-tier 1",
    "preflight that is refused": "preflight prompts --usage-tier 1 --rpm 900 -m gpt-4.1",
    "recommend": "recommend prompts --task code",
    "recommend nothing": "recommend prompts --task code --max-cost 0.000001",
    "pricing compare": "pricing compare",
}
"""Reports, with what is typed in ``docs/example``."""

TALL = {"estimate --migrate", "models", "models of one", "models --benchmarks", "pricing compare", "usage --input"}
"""Those that may be longer than a screen: they are lists."""

WITHOUT = {"schema", "cache", "count", "encode", "decode", "truncate", "split", "tokens", "explore"}
"""Commands whose usual report is not for reading: documents, a folder, lines as wc writes them, texts and token ids."""

OF_GIT = {"diff", "log"}
"""Commands whose reports are of a repository: their own tests hold them to this (``test_first_line_of_git``)."""

ROWS = 24
COLUMNS = 80

LONGEST = 240
"""Of a first line: three lines of a narrow terminal."""

FIRST_LINE = re.compile(r"(?:\S+ is |(?:at least )?[-+~$]{0,2}[\d.,]+ |[A-Za-z][\w .-]*: )\S.*[^.\s]")
"""A quantity or a word with a colon, then what there is to say of it, without a full stop."""

WORDS = {"kept", "broken", "not known"}
"""Verdicts, as they stand before the colon."""


def answered(line: str) -> bool:
    """Return whether a line is an answer: of one pattern, with a number in it, and short."""
    return bool(FIRST_LINE.fullmatch(line)) and bool(re.search(r"\d", line)) and len(line) <= LONGEST


def typed(name: str) -> list[str]:
    """Return what is typed for a report."""
    return shlex.split(REPORTS[name])


@pytest.mark.parametrize("name", REPORTS)
def test_text_and_markdown_begin_with_the_answer(name: str, spawn: Spawn) -> None:
    """In a pipe the first line is the answer and the second is empty; in Markdown it is the same line, in bold."""
    folder, environment = ROOT / "docs" / "example", {"GPT41CALC_AS_OF": TODAY}
    plain, second = spawn(*typed(name), cwd=folder, env=environment).stdout.splitlines()[:2]
    first = spawn(*typed(name), "-f", "markdown", cwd=folder, env=environment).stdout.splitlines()[0]

    is_comment = first.startswith("<!--")  # of a pull request, whose heading is the answer
    expected = f"<!-- gpt41calc:{typed(name)[0]} -->" if is_comment else f"**{plain}**"

    assert answered(plain), plain
    assert ("", expected) == (second, first.replace("\\", ""))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("name", REPORTS)
def test_a_terminal_shows_the_answer_on_one_screen(
    name: str, environment: dict[str, str], fork_server: ForkServer | None
) -> None:
    """At 80 x 24 the first paragraph is the answer, and the report fits with the prompt line below it."""
    from terminal import screen_of

    chosen = environment | {"GPT41CALC_AS_OF": TODAY, "NO_COLOR": "1"}
    screen = screen_of(
        typed(name),
        columns=COLUMNS,
        rows=ROWS,
        environment=chosen,
        folder=ROOT / "docs" / "example",
        server=fork_server,
    )
    first = " ".join(screen.lines[: screen.lines.index("")])

    assert answered(first), first
    assert name in TALL or len(screen.lines) <= ROWS - 2, len(screen.lines)


@pytest.mark.parametrize(
    "words", ["diff main", "diff HEAD", "log", "log a.txt --token-budget 3", "log a.txt --since main"]
)
def test_first_line_of_git(words: str, scratch: Scratch, spawn: Spawn) -> None:
    """Reports of a repository begin with their answer, too."""
    scratch.commit("first", **{"a.txt": b"hello world\n"})
    scratch.git("checkout", "-q", "-b", "branch")
    scratch.commit("second", **{"a.txt": b"hello world\n" * 3})
    ended = spawn(*words.split(), cwd=scratch.root)

    assert answered(ended.stdout.splitlines()[0]), ended.stdout


def test_every_command_is_held_to_this() -> None:
    """Each command has a row, or a reason not to have one."""
    held = {typed(name)[0] for name in REPORTS} | {"estimate"}

    assert set(COMMANDS) - WITHOUT - OF_GIT <= held
