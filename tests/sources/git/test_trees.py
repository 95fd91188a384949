"""All files of a revision, and which of them are wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from scratch import Scratch

from gpt41calc.errors import UsageError
from gpt41calc.sources.git.repository import repository
from gpt41calc.sources.git.revisions import resolve_revision
from gpt41calc.sources.git.trees import Entry, tree
from gpt41calc.sources.selection import Selection
from gpt41calc.sources.source import Rules, Source
from gpt41calc.sources.walk import walk

NAMES = ["a.md", "b.txt", "docs/c.md", "docs/.d.md", ".hidden", ".config/e.md", "docs/.deep/f/g.md", "build/h.md"]


def entries(scratch: Scratch, *below: str) -> list[Entry]:
    """Return the files of the last commit."""
    found = repository(str(scratch.root))
    return tree(found, resolve_revision(found, "HEAD"), *below)


def test_every_file_with_its_size(scratch: Scratch, tmp_path: Path) -> None:
    """Files of all folders are listed with kind and size, links and submodules as such; the disk plays no part."""
    other = Scratch(tmp_path / "other").init()
    other.commit(x="x")
    scratch.write("in/file", "12345")
    (scratch.root / "link").symlink_to("in/file")
    scratch.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "module")
    scratch.commit()
    (scratch.root / "in" / "file").unlink()
    expected = [
        ("in/file", "", 5),
        ("link", "a symbolic link", 7),
        ("module", "a submodule", None),
    ]
    actual = [(one.path, one.blob.reason, one.blob.size_bytes) for one in entries(scratch)[1:]]

    assert expected == actual


def test_only_below_some_paths(scratch: Scratch) -> None:
    """A listing is kept to files and folders."""
    for name in NAMES:
        scratch.write(name, name)
    scratch.commit()
    expected = ["a.md", "docs/.d.md", "docs/.deep/f/g.md", "docs/c.md"]
    actual = [one.path for one in entries(scratch, "docs/", "a.md")]

    assert expected == actual


@pytest.mark.parametrize(
    "rules",
    [
        Rules(),
        Rules(hidden=True),
        Rules(include=("*.md",)),
        Rules(include=("docs/**",), hidden=True),
        Rules(exclude=("docs/", "*.txt")),
        Rules(include=("*.md",), exclude=("/build", "!*.md")),
    ],
)
def test_a_revision_is_filtered_as_a_folder(scratch: Scratch, rules: Rules) -> None:
    """The rules by name take of a revision what they take of the same files on disk."""
    for name in NAMES:
        scratch.write(name, name)
    scratch.commit()
    walked = walk(str(scratch.root), rules)
    expected = [one.name.removeprefix(f"{scratch.root}/") for one in walked if isinstance(one, Source)]
    selection = Selection(rules, shown_as=f"{scratch.root}/")
    actual = [one.path for one in entries(scratch) if selection.takes(one.path)]

    assert expected == actual


def test_patterns_may_begin_with_the_folder() -> None:
    """A pattern also matches the path as it is shown."""
    selection = Selection(Rules(include=("/docs/*.md",)), shown_as="docs/")
    expected = [True, False]
    actual = [selection.takes(path) for path in ("a.md", "in/a.md")]

    assert expected == actual


def test_a_bad_pattern_is_refused() -> None:
    """What is no pattern is named with its option."""
    with pytest.raises(UsageError, match="--exclude: '!' is not a pattern"):
        Selection(Rules(exclude=("!",)))
