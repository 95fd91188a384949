"""The tree of a treemap: every token is in it, and no more rectangles than can be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.render.pictures.file_tree import LONGEST_NAME, MOST_NODES, FileTree, file_tree

STEPS = st.text(alphabet="ab/\u202e.", max_size=8)
FILES = st.lists(st.tuples(STEPS, st.integers(0, 1000)), max_size=40)


def tree_of(files: dict[str, int]) -> FileTree:
    """Return the tree of files with tokens."""
    tree = file_tree([{"path": path, "tokens": tokens} for path, tokens in files.items()])
    assert tree is not None
    return tree


@given(FILES)
def test_contents_add_up(files: list[tuple[str, int]]) -> None:
    """A folder has the tokens and files of its contents, and the root has all of them, whatever they are called."""
    tree = file_tree([{"path": path, "tokens": tokens} for path, tokens in files])
    whole = sum(tokens for _, tokens in files)
    if tree is None:
        assert 0 == whole
        return
    inside = tree.children()

    assert (whole, len(files)) == (tree.nodes[0].tokens, tree.nodes[0].files)
    assert [tree.nodes[at].tokens for at, within in enumerate(inside) if within] == [
        sum(tree.nodes[one].tokens for one in within) for within in inside if within
    ]


def test_folders_that_hold_only_one_folder_are_one() -> None:
    """A long way down to the first choice is one step."""
    tree = tree_of({"a/b/c/x.py": 3, "a/b/d/y.py": 2, "a/b/d/z/1": 1, "a/b/d/z/2": 1})

    assert [(-1, "a/b/"), (0, "d/"), (0, "c/"), (1, "y.py"), (1, "z/"), (2, "x.py"), (4, "1"), (4, "2")] == [
        node[:2] for node in tree.nodes
    ]


def test_many_files_are_added_up_and_said() -> None:
    """Of 100,000 files the largest are shown, the others are together one rectangle, and a sentence counts them."""
    files = {f"folder{number % 40}/{number}.txt": 1 + number % 97 for number in range(100_000)}
    tree = tree_of(files)
    inside = tree.children()

    assert len(tree.nodes) <= MOST_NODES + 1
    assert sum(files.values()) == tree.nodes[0].tokens
    assert tree.small_files == 100_000 - sum(bool(node.name) and not inside[at] for at, node in enumerate(tree.nodes))
    assert f"{tree.small_files:,} files of 100,000 are too small to be seen" in tree.notes()[0]


def test_a_name_of_ten_thousand_characters_is_shortened() -> None:
    """Beginning and end stay, and the number is the same."""
    tree = tree_of({"start" + "x" * 10_000 + "end": 7, "other": 1})

    assert tree.nodes[1].name.startswith("start")
    assert tree.nodes[1].name.endswith("end")
    assert (7, LONGEST_NAME) == (tree.nodes[1].tokens, len(tree.nodes[1].name))


def test_folders_within_folders_a_thousand_times() -> None:
    """Depth needs no recursion."""
    files = {"/".join(["f"] * depth) + "/x": 1 for depth in range(1, 1500)}

    assert len(files) == tree_of(files).nodes[0].tokens
