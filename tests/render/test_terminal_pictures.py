"""What is drawn on a terminal, as files under ``tests/cases/pictures``; GPT41CALC_UPDATE_CASES=1 writes them anew."""

from __future__ import annotations

import shlex
import sys

import pytest
from conftest import ROOT, TODAY
from forkserver import ForkServer
from golden import hold_against_case
from scratch import Scratch

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from terminal import Screen, screen_of

COLOURS = ("red", "green", "brown", "blue", "magenta", "cyan", "yellow", "black", "white")

PICTURES = {
    "estimate": "prompts/system.md",
    "estimate-explained": "prompts/system.md -m gpt-4.1 --versus gpt-4o --explain",
    "estimate-too-long": "--input-tokens 36M",
    "estimate-given": "estimate --input-tokens 12k --output-tokens 800 --requests-per-month 30k -m gpt-4.1",
    "estimate-request": "requests/weather.json",
    "estimate-tree": "--tree .",
    "estimate-top": "--top 3 .",
    "count-tree": "count --tree .",
    "compare": "compare prompts/system.md prompts/review.md --requests-per-month 10k",
    "compare-many": "compare prompts/system.md prompts/review.md requests/weather.json -m gpt-4.1",
    "pack": "pack . -t 300",
    "pack-window": "pack prompts -t 2M -m gpt-4.1-mini --explain",
    "tokens": "tokens prompts/review.md --ids -n 8",
    "truncate": "truncate -t 40 prompts/system.md --at line",
    "split": "split -t 40 prompts/system.md",
    "split-document": "split -t 40 prompts/system.md --json",
    "compare-sections": "compare prompts/system.md prompts/review.md --by section",
    "compare-words": "compare prompts/system.md prompts/review.md --by word --top 5",
    "models": "models",
    "models-one": "models gpt-4.1-mini",
    "models-benchmarks": "models gpt-4.1 gpt-4.1-mini gpt-4.1-nano --benchmarks",
    "models-retiring": "models --retiring 60d",
    "check-kept": "check prompts --token-budget 200",
    "check-broken": "check prompts --token-budget 100 --max-cost 0.001",
    "batch": "batch requests/questions.jsonl",
    "batch-models": "batch run/requests.jsonl requests/questions.jsonl",
    "usage": "usage run/answers.jsonl",
    "usage-input": "usage run/answers.jsonl --input run/requests.jsonl",
    "dataset": "dataset rows/reviews.jsonl --template rows/label.txt --output-tokens '{tags}'",
    "finetune": "finetune training/support.jsonl",
    "preflight": "preflight prompts --usage-tier 1",
    "preflight-refused": "preflight prompts --usage-tier 1 --rpm 900 -m gpt-4.1",
    "recommend": "recommend prompts --task code",
}
"""Names of pictures, with what is typed in ``docs/example``."""


MARKED = {"tokens"}
"""Those that have marks where colours would be."""

OF_GIT = {
    "diff": "diff --requests-per-month 10k",
    "log": "log prompts --token-budget 200",
    "pack-git": "pack . -t 180 --priority git",
    "check-grown": "check prompts --max-increase 5%",
}
"""The same of a repository with a branch on which one prompt has grown."""


def _hold(name: str, columns: int, typed: str, screen: Screen) -> None:
    """Hold the screen against its two files: what is written, and with what style."""
    drawn_both = {"-colour": screen.styled} | ({} if name in MARKED else {"": screen.lines})
    for suffix, lines in drawn_both.items():
        drawn = "".join(f"{line}\n" for line in (f"$ gpt41calc {typed}", *lines))
        hold_against_case(f"pictures/{name}-{columns}{suffix}.txt", drawn)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("columns", [80, 120])
def test_pictures(name: str, columns: int, environment: dict[str, str], fork_server: ForkServer | None) -> None:
    """A terminal shows this."""
    screen = screen_of(
        shlex.split(PICTURES[name]),
        columns=columns,
        environment=environment | {"GPT41CALC_AS_OF": TODAY},
        folder=ROOT / "docs" / "example",
        server=fork_server,
    )

    _hold(name, columns, PICTURES[name], screen)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        *((name, 80) for name in ("estimate-explained", "estimate-tree", "check-broken", "dataset")),
        *((name, columns) for name in sorted(MARKED) for columns in (80, 120)),
    ],
)
def test_without_colour(name: str, columns: int, environment: dict[str, str], fork_server: ForkServer | None) -> None:
    """NO_COLOR takes the colours, and nothing else."""
    screen = screen_of(
        shlex.split(PICTURES[name]),
        columns=columns,
        environment=environment | {"GPT41CALC_AS_OF": TODAY, "NO_COLOR": "1"},
        folder=ROOT / "docs" / "example",
        server=fork_server,
    )
    drawn = "".join(f"{line}\n" for line in (f"$ gpt41calc {PICTURES[name]}", *screen.lines))

    hold_against_case(f"pictures/{name}-{columns}.txt", drawn)
    assert not [colour for colour in COLOURS if f"{colour}|" in "".join(screen.styled)]


@pytest.mark.parametrize("name", OF_GIT)
@pytest.mark.parametrize("columns", [80, 120])
def test_pictures_of_git(
    name: str, columns: int, scratch: Scratch, environment: dict[str, str], fork_server: ForkServer | None
) -> None:
    """The same of what changed."""
    prompts = {path.name: path.read_bytes() for path in (ROOT / "docs" / "example" / "prompts").iterdir()}
    scratch.commit("Prompts under a budget", **{f"prompts/{file}": text for file, text in prompts.items()})
    scratch.git("checkout", "-q", "-b", "example")
    scratch.commit("Show the reviewer an example", **{"prompts/system.md": b"".join(prompts.values())})
    screen = screen_of(
        shlex.split(OF_GIT[name]),
        columns=columns,
        environment=environment | {"GPT41CALC_AS_OF": TODAY},
        folder=scratch.root,
        server=fork_server,
    )

    _hold(name, columns, OF_GIT[name], screen)
