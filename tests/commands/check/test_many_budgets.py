"""Many budgets cost what each of them costs, and no more."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import given
from hypothesis import strategies as st
from limits import limited, needs_limits

from gpt41calc.sources.scope import FolderListing, globbed_scope
from gpt41calc.sources.source import Rules, Source


@needs_limits
@pytest.mark.parametrize(
    ("output", "budgets", "seconds"),
    [
        ("plain", 3_000, 12),
        pytest.param("plain", 15_000, 60, marks=pytest.mark.exhaustive),
        pytest.param("json", 15_000, 60, marks=pytest.mark.exhaustive),
    ],
)
def test_thousands_of_budgets(spawn: Spawn, tmp_path: Path, output: str, budgets: int, seconds: int) -> None:
    """A project file of 15,000 budgets over 300 files is checked in a minute of calculating: listing is done once."""
    (tmp_path / "prompts").mkdir()
    for number in range(300):
        (tmp_path / "prompts" / f"{number}.md").write_text("hello world")
    (tmp_path / "gpt41calc.toml").write_text(
        "".join(
            f'[[budget]]\nname = "{number}"\npaths = ["prompts/{number % 300}.md"]\ntoken-budget = {number % 3}\n'
            for number in range(budgets)
        )
    )
    ended = spawn("check", "-f", output, preexec_fn=limited(seconds=seconds))
    broken = (
        sum(not each["passed"] for each in json.loads(ended.stdout)["budgets"])
        if output == "json"
        else sum(line.startswith("broken ") for line in ended.stdout.splitlines())
    )
    expected = (1, budgets * 2 // 3)
    actual = (ended.status, broken)

    assert expected == actual


NAMES = ("a", "b", "a/b", "a/a.md", "a/b.md", "a.md", "b/a/b.md", "b/.a/a.md", ".b/a.md", "b/a b.md")

STEPS = ("a", "b", "*", "**", "a.md", "b.md", "*.md", ".a", ".b", "a b.md", "[ab]", "\\a")

GLOBS = st.tuples(
    st.sampled_from(["", "/", "./", "!"]),
    st.lists(st.sampled_from(STEPS), min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "/"]),
).map("".join)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of files whose names are alike."""
    root = tmp_path_factory.mktemp("tree")
    for name in NAMES:
        if name.endswith(".md"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("hello")
    subprocess.run(["git", "init", "-q", str(root)], check=True)  # noqa: S607 - whichever there is
    return root


@given(paths=st.lists(GLOBS, min_size=1, max_size=3), exclude=st.lists(GLOBS, max_size=2))
def test_what_is_near_is_all_that_matches(tree: Path, paths: list[str], exclude: list[str]) -> None:
    """Looking only below the folders that a glob names finds what looking everywhere finds."""
    monkey = pytest.MonkeyPatch()
    monkey.chdir(tree)
    listing = FolderListing(".", Rules())
    scope = globbed_scope(listing, paths, exclude)
    everywhere = {path for hidden in (False, True) for path, _ in listing.below([""], hidden=hidden)}
    monkey.undo()
    expected = {path for path in everywhere if scope.takes(f"{tree.resolve()}/{path}")}
    actual = {one.name for one in scope.found if isinstance(one, Source)}

    assert expected == actual
