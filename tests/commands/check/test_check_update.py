"""Budgets that check writes itself: begun, renewed, and kept by the next check."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from conftest import TODAY, Outcome, Spawn

HELLO = b"hello world\n"  # 3 tokens
DAY = ("--as-of", TODAY)

MINE = """\
# Ours; ask Mo before you raise a number.
model = ["gpt-4.1"]  # the one in use
output-tokens = 0

[[budget]]
name = "prompts"          # what is sent every time
paths = ["prompts/**"]
token-budget = 1_500      # a round number
max-cost = "0.001"
max-increase = "5%"
level = "error"

# Documents are long.
[[budget]]
name = "docs"
paths = ["docs/**"]
token-budget = "900k"     # stays, as files of it do
"""

RENEWED = """\
# Ours; ask Mo before you raise a number.
model = ["gpt-4.1"]  # the one in use
output-tokens = 0

[[budget]]
name = "prompts"          # what is sent every time
paths = ["prompts/**"]
token-budget = 11000      # a round number
max-cost = 0.022
max-increase = "5%"
level = "error"

# Documents are long.
[[budget]]
name = "docs"
paths = ["docs/**"]
token-budget = 1000     # stays, as files of it do
"""


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """Return a folder whose prompts (9,000 tokens) have outgrown their budget."""
    for name, lines in (("prompts/a.md", 3000), ("docs/b.md", 10)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(HELLO * lines)
    return tmp_path


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["gpt41calc.toml", "pyproject.toml"])
def test_update_keeps_everything_but_the_numbers(spawn: Spawn, grown: Path, name: str, line_end: str) -> None:
    """Only the sizes change: comments, order, line ends and other limits stay, and the next check is kept."""
    at_home = name == "gpt41calc.toml"
    before, after = (
        text if at_home else text.replace("model =", "[tool.gpt41calc]\nmodel =").replace("[[", "[[tool.gpt41calc.")
        for text in (MINE, RENEWED)
    )
    (grown / name).write_bytes(before.replace("\n", line_end).encode())
    updated = spawn("check", "--update", *DAY)

    assert (0, after.replace("\n", line_end)) == (updated.status, (grown / name).read_bytes().decode())
    assert f"{name}: 3 limits changed\n  prompts: token-budget 1_500 → 11000\n" in updated.stdout


def test_next_check_is_kept(spawn: Spawn, grown: Path) -> None:
    """What is updated is kept by the next check, and updating again changes nothing."""
    (grown / "gpt41calc.toml").write_text(MINE.replace('max-increase = "5%"\n', ""))
    ended = [spawn("check", *DAY), spawn("check", "--update", *DAY), spawn("check", *DAY)]
    again = spawn("check", "--update", *DAY)

    assert [1, 0, 0] == [one.status for one in ended]
    assert "gpt41calc.toml: 0 limits changed\n" == again.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--update", "--init"), "--init begins a project file, --update renews one"),
        (("--update", "prompts"), "takes no paths and no limits"),
        (("--update", "--token-budget", "5"), "takes no paths and no limits"),
        (("--update", "--no-config"), "no budget"),
    ],
)
def test_update_asked_wrongly(spawn: Spawn, grown: Path, words: tuple[str, ...], said: str) -> None:
    """An update is of the project file, and of nothing else."""
    (grown / "gpt41calc.toml").write_text(MINE)
    ended = spawn("check", *words, *DAY)

    assert (2, MINE) == (ended.status, (grown / "gpt41calc.toml").read_text())
    assert said in ended.stderr


def test_start_never_counts_its_own_file(spawn: Spawn, tmp_path: Path) -> None:
    """The file that is written is not among the files of its budgets: a prompt of three tokens stays one."""
    (tmp_path / "a.md").write_bytes(HELLO)
    begun = spawn("check", "--init", "--output-tokens", "0", *DAY)
    ended = [spawn("check", "--strict", *DAY) for _ in range(2)]

    assert (0, [0, 0]) == (begun.status, [one.status for one in ended])
    assert "kept     everything      1       3  max-cost" in ended[0].stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".hidden.md", ".hidden.md: a project file would not find it: it is ignored, hidden, or behind a link"),
        ("link.md", "link.md: a project file would not find it: it is ignored, hidden, or behind a link"),
        ("caf\udce9.md", "a name that is not Unicode, which a project file cannot hold"),
    ],
)
def test_start_refuses_what_the_next_check_would_not_find(spawn: Spawn, tmp_path: Path, name: str, said: str) -> None:
    """A path that no glob of a project file finds is refused, and nothing is written."""
    if sys.platform != "linux":
        pytest.skip("needs links, and names that are not Unicode")
    (tmp_path / "a.md").write_bytes(HELLO)
    target = tmp_path / os.fsdecode(os.fsencode(name))
    target.symlink_to("a.md") if name == "link.md" else target.write_bytes(HELLO)
    ended = spawn("check", "--init", os.fsencode(name), *DAY)
    is_found = name == ".hidden.md"  # a glob that names a hidden file takes it

    assert (0 if is_found else 2) == ended.status
    assert is_found or (said in ended.stderr and not (tmp_path / "gpt41calc.toml").exists())


def status(ended: Outcome, file: Path) -> tuple[int, bool]:
    """Return the status of a run, and whether it has written a file."""
    return ended.status, file.exists()


def test_a_written_baseline_is_a_success(spawn: Spawn, grown: Path) -> None:
    """A run that is to write a baseline and has written it ends with 0, whatever the budgets say of it."""
    words = ("check", "prompts", "--token-budget", "5", "--write-baseline", "base.json", *DAY)
    written = spawn(*words)

    assert (0, True) == status(written, grown / "base.json")
    assert "broken: 1 budget" in written.stdout
    assert "base.json is written, so the status is 0; without --write-baseline it is 1" in written.stderr
