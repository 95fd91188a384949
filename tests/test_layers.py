"""The arrows between the packages and modules."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent

LONGEST_MODULE_LINES = 300
"""A module that needs more says why in its first comment."""


def test_arrows_point_one_way() -> None:
    """Every contract of import-linter in pyproject.toml is kept."""
    command = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    ended = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )

    assert (0, "0 broken") == (ended.returncode, ended.stdout.strip().rpartition(", ")[2].rstrip("."))


def cycles(imports: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules that import each other, however many lie between (Tarjan's algorithm)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in imports[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = {stack.pop()}
            while name not in group:
                group.add(stack.pop())
            if len(group) > 1 or name in imports[name]:
                found.append(group)

    for name in imports:
        if name not in index:
            visit(name)
    return found


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}}, [{"a", "b", "c"}]),
        ({"a": {"a"}}, [{"a"}]),
    ],
)
def test_cycles_are_found(imports: Mapping[str, set[str]], expected: list[set[str]]) -> None:
    """A cycle is found however long it is, and a chain is none."""
    assert expected == cycles(imports)


def test_no_module_imports_itself_through_others() -> None:
    """There is no cycle of imports in the package, those for type checkers included."""
    graph = grimp.build_graph("gpt41calc")
    # A package imports nothing of itself but public names, when they are first used.
    imports = {
        name: {other for other in graph.find_modules_directly_imported_by(name) if other != "gpt41calc"}
        for name in graph.modules
        if name != "gpt41calc"
    }

    assert [] == cycles(imports)


def test_modules_are_small() -> None:
    """No module of the package is over 300 lines, but with a reason in its first comment."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "gpt41calc").rglob("*.py")
        if (lines := len((text := path.read_text(encoding="utf-8")).splitlines())) > LONGEST_MODULE_LINES
        and not text.startswith("# Over 300 lines")
    }

    assert {} == long
