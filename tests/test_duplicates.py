"""Nothing is written twice: what two modules need is in one that both import."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LONGEST_RUN_LINES = 5
"""So many lines in a row may be the same in two places."""

_PASSED_OVER = re.compile(r"[\W_]*|import .*|#.*|@.*|def register\(.*")
"""Lines without content of their own: punctuation, imports, comments, decorators, how a command begins."""

_NO_CODE = re.compile(r"^from \S+ import (?:\([^)]*\)|[^(\n]*)$|^ *\"\"\"(?s:.*?)\"\"\"", re.MULTILINE)
"""Imports and docstrings, which say the same of the same argument."""


def lines_of(source: str) -> list[tuple[int, str]]:
    """Return the lines that count, each with its number and without its indentation."""
    code = _NO_CODE.sub(lambda found: "\n" * found[0].count("\n"), source)
    lines = enumerate(map(str.strip, code.splitlines()), 1)
    return [(number, line) for number, line in lines if not _PASSED_OVER.fullmatch(line)]


def repeated(sources: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """Yield the places, as ``path:line``, at which the same run of lines begins that is longer than allowed."""
    places: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, source in sources.items():
        lines = lines_of(source)
        for start in range(len(lines) - LONGEST_RUN_LINES):
            run = lines[start : start + LONGEST_RUN_LINES + 1]
            places[tuple(line for _, line in run)].append(f"{path}:{run[0][0]}")
    yield from (found for found in places.values() if len(found) > 1)


@pytest.mark.parametrize(("shared", "expected"), [(5, []), (6, [["a:1", "b:2"]])])
def test_repetitions_are_found(shared: int, expected: list[list[str]]) -> None:
    """Six lines that stand in two places are found, wherever they begin, and five are not."""
    run = [f"call_{number}()" for number in range(shared)]

    assert expected == list(repeated({"a": "\n".join([*run, "end_a()"]), "b": "\n".join(["begin_b()", *run])}))


@pytest.mark.parametrize("folder", ["gpt41calc", "tests", "benchmarks"])
def test_nothing_stands_twice(folder: str) -> None:
    """No run of six lines stands twice below a folder."""
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in ROOT.glob(f"{folder}/**/*.py")}

    assert [] == list(repeated(sources))
