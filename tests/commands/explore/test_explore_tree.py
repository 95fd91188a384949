"""The explorer without its screen: tree, filters, exclusions and sums against the plain way to reckon them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.explore.patterns import matches, pattern_of
from gpt41calc.commands.explore.shell import exclude_options
from gpt41calc.commands.explore.tree import ROOT, Tree
from gpt41calc.commands.explore.view import Filter, Order, View
from gpt41calc.errors import UsageError
from gpt41calc.sources.selection import Selection
from gpt41calc.sources.source import Rules

names = st.text(st.sampled_from("ab.-*?[]\\! #é\u202e\udcff\n\x1b"), min_size=1, max_size=3).filter(
    lambda name: name not in {".", ".."}
)
"""Names of files and folders, of characters that mean something in a pattern, a shell or a terminal."""


@st.composite
def folders(draw: st.DrawFn) -> dict[str, tuple[int, int]]:
    """Return the tokens and bytes of files by path, as a file system may hold them: no file is a folder as well."""
    found: dict[str, tuple[int, int]] = {}
    numbers = st.tuples(st.integers(0, 9), st.integers(0, 9))
    for steps, sizes in draw(st.lists(st.tuples(st.lists(names, min_size=1, max_size=4), numbers), max_size=12)):
        path = "/".join(steps)
        above = {"/".join(steps[:level]) for level in range(1, len(steps))}
        if not above & found.keys() and not any(other.startswith(path + "/") for other in found):
            found[path] = sizes
    return found


def tree_of(files: Mapping[str, tuple[int, int]]) -> Tree:
    """Return the tree of files."""
    tokens, sizes = [one for one, _ in files.values()], [size for _, size in files.values()]
    return Tree.of(list(files), tokens=tokens, sizes=sizes)


def excluded_by(tree: Tree, pattern: str, shown_as: str) -> bytes:
    """Return the files that are left out if a pattern is given as ``--exclude``."""
    selection = Selection(Rules(exclude=(pattern,)), shown_as=shown_as)
    return bytes(selection.is_excluded(path) for path in tree.paths)


@given(folders())
def test_a_folder_is_the_sum_of_what_is_below_it(files: dict[str, tuple[int, int]]) -> None:
    """Every folder has exactly the files below it, and its rows add up to it."""
    tree = tree_of(files)
    view = View(tree)
    expected = {
        folder.path: sum(tokens for path, (tokens, _) in files.items() if path.startswith(folder.path))
        for folder in tree.folders
    }
    actual = {
        folder.path: sum(view.row(item).tokens for item in view.items(number, Order.TOKENS))
        for number, folder in enumerate(tree.folders)
    }

    assert sorted(tree.paths) == sorted(files)
    assert expected == {folder.path: view.tokens_of(~number) for number, folder in enumerate(tree.folders)}
    assert expected == actual


@given(folders(), st.sampled_from(list(Order)), st.booleans())
def test_rows_are_in_order(files: dict[str, tuple[int, int]], order: Order, is_reversed: bool) -> None:  # noqa: FBT001
    """Rows are sorted by what was asked, in both directions, and none is lost."""
    view = View(tree_of(files))
    for number, folder in enumerate(view.tree.folders):
        rows = [view.row(item) for item in view.items(number, order, is_reversed=is_reversed)]
        keys = {
            Order.TOKENS: [-row.tokens for row in rows],
            Order.FILES: [-row.files for row in rows],
            Order.SIZE: [-row.bytes for row in rows],
            Order.NAME: [folder.items.index(row.item) for row in rows],
        }[order]

        assert sorted(keys, reverse=is_reversed) == keys
        assert sorted(folder.items) == sorted(row.item for row in rows)


@given(folders(), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_sums_are_of_what_is_kept_and_shown(
    files: dict[str, tuple[int, int]], one: set[int], other: set[int], shown: set[int]
) -> None:
    """Totals are of the files that no pattern leaves out; rows are of those among them that are shown, too."""
    tree = tree_of(files)
    numbers = range(len(tree.paths))
    sets = [bytes(number in some for number in numbers) for some in (one, other, shown)]
    view = View(tree).excluding("one", sets[0]).excluding("other", sets[1]).filtered(Filter("*", sets[2]))
    kept = [number for number in numbers if number not in one | other]
    seen = [number for number in numbers if number in shown]
    root = [view.row(item) for item in view.items(ROOT, Order.NAME)]

    assert (len(kept), sum(tree.tokens[number] for number in kept)) == view.counted
    assert (len(seen), sum(tree.tokens[number] for number in seen)) == view.shown
    assert len(seen) == sum(row.files for row in root)
    assert sum(tree.tokens[number] for number in seen if number in kept) == sum(
        row.tokens for row in root if row.state != "left out"
    )


@given(folders(), st.sampled_from(list(Order)), st.sets(st.integers(0, 11)))
def test_a_filter_leaves_the_rows_that_it_matches(
    files: dict[str, tuple[int, int]], order: Order, shown: set[int]
) -> None:
    """A row is there if a file of it is shown; its tokens are of these files, and lie between the extremes."""
    tree = tree_of(files)
    marks = bytes(number in shown for number in range(len(tree.paths)))
    view = View(tree).filtered(Filter("*", marks))
    for number, folder in enumerate(tree.folders):
        seen = {item: shown.intersection(range(*tree.range_of(item))) for item in folder.items}
        expected = {item: sum(map(tree.tokens.__getitem__, some)) for item, some in seen.items() if some}
        items = view.items(number, order)

        assert expected == {item: view.row(item).tokens for item in items}
        assert (min(expected.values(), default=0), max(expected.values(), default=0)) == view.extremes(items)


@given(folders())
def test_a_folder_knows_whether_it_has_folders(files: dict[str, tuple[int, int]]) -> None:
    """It has some if one of its items is a folder; else its items are its files, one after the other."""
    tree = tree_of(files)
    for number, folder in enumerate(tree.folders):
        assert tree.has_folders(number) == any(item < 0 for item in folder.items)
        assert tree.has_folders(number) or folder.items == tuple(range(*tree.range_of(~number)))


@given(folders(), st.sets(st.integers(0, 11)))
def test_taking_back_undoes_leaving_out(files: dict[str, tuple[int, int]], some: set[int]) -> None:
    """A view from which a pattern was taken back is the one before it, however much was reckoned in between."""
    tree = tree_of(files)
    before = View(tree)
    expected = [before.row(item) for item in before.items(ROOT, Order.SIZE)]
    left_out = before.excluding("x", bytes(number in some for number in range(len(tree.paths))))
    assert left_out.counted.files == len(tree.paths) - len(some & set(range(len(tree.paths))))
    after = left_out.taking_back("x")

    assert expected == [after.row(item) for item in after.items(ROOT, Order.SIZE)]
    assert before.counted == after.counted


@given(folders(), st.sampled_from(["", "a/", "b/a/", "/a/b/", "../a/"]))
def test_a_row_has_a_pattern_that_matches_it(files: dict[str, tuple[int, int]], shown_as: str) -> None:
    """The pattern of a row leaves out as an option what is marked: the row, and as little else as can be."""
    tree = tree_of(files)
    for item in [*range(len(tree.paths)), *(~number for number in range(1, len(tree.folders)))]:
        start, end = tree.range_of(item)
        pattern, marks = pattern_of(tree, tree.path_of(item), shown_as)

        assert excluded_by(tree, pattern, shown_as) == marks
        assert marks[start:end] == b"\1" * (end - start)
        if not shown_as:
            assert marks.count(1) == end - start


@given(folders(), st.text(st.sampled_from("ab.*?/[]\\ #é"), min_size=1, max_size=6), st.sampled_from(["", "a/b/"]))
def test_a_glob_matches_what_the_option_matches(files: dict[str, tuple[int, int]], glob: str, shown_as: str) -> None:
    """What a glob matches here is what it leaves out as ``--exclude``; what is no pattern there is none here."""
    tree = tree_of(files)
    try:
        expected = excluded_by(tree, glob, shown_as)
    except UsageError:
        with pytest.raises(UsageError):
            list(matches(tree, glob, shown_as, option="--exclude"))
        return

    assert expected == b"".join(matches(tree, glob, shown_as, option="--exclude"))


@given(st.lists(st.text(st.sampled_from("a b'\"$`\\*!é"), min_size=1, max_size=8), max_size=4))
def test_a_shell_reads_the_patterns_back(patterns: list[str]) -> None:
    """What is written for plain characters is what a POSIX shell reads as the same patterns."""
    words = shlex.split(exclude_options(patterns))

    assert ["--exclude"] * len(patterns) == words[::2]
    assert patterns == words[1::2]


def test_a_pattern_that_takes_back_is_refused() -> None:
    """A glob that begins with an exclamation mark would depend on the order of patterns."""
    with pytest.raises(UsageError, match="takes back"):
        list(matches(tree_of({}), "!a", "", option="--exclude"))


def test_a_deep_folder() -> None:
    """A file 3,000 folders deep needs no recursion."""
    tree = tree_of({"d/" * 3000 + "file": (1, 1)})

    assert (3001, 1) == (len(tree.folders), View(tree).tokens_of(~3000))
