"""Files of weights, well-formed and hostile."""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.pack.weights import read_weights
from gpt41calc.errors import BadNumber, UsageError
from gpt41calc.sources.source import Source

RULES = """\
# What reviewers need first
* 2

src/**/*.py 10
src/generated/ 0
/top.md 0.5
a name.txt 7
caf\u00e9.txt\t4
"""


def found(below: str, root: str = "./") -> Source:
    """Return a file that was found below a folder."""
    return Source(root.removeprefix("./") + below, root + below, named=False, root=root)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (found("readme.md"), "2"),
        (found("src/a/b.py"), "10"),
        (found("src/generated/c.py"), "0"),
        (found("top.md"), "0.5"),
        (found("docs/top.md"), "2"),
        (found("top.md", root="docs/"), "0.5"),
        (found("a name.txt"), "7"),
        (found("caf\u00e9.txt"), "4"),
        (Source("src/a.py", "src/a.py", named=True), "10"),
        (Source("docs/top.md", "docs/top.md", named=True), "2"),
    ],
)
def test_the_last_line_that_matches_decides(tmp_path: Path, source: Source, expected: str) -> None:
    """A path is matched as --exclude does, from the folder or as shown; a named file only as shown."""
    (tmp_path / "weights").write_text(RULES, encoding="utf-8")

    assert Decimal(expected) == read_weights(str(tmp_path / "weights")).of(source)


def test_without_a_line_that_matches(tmp_path: Path) -> None:
    """The weight is 1, and so it is if the file has no line at all."""
    (tmp_path / "weights").write_bytes(b"*.py 3\n")
    (tmp_path / "empty").write_bytes(b"\xef\xbb\xbf# nothing\n\n")

    assert [Decimal(1)] * 2 == [read_weights(str(tmp_path / name)).of(found("a.md")) for name in ("weights", "empty")]


@pytest.mark.parametrize(
    ("raw", "kind", "said"),
    [
        (b"*.py 3\n*.md\n", UsageError, "weights: line 2: expected a glob and a weight, found '*.md'"),
        (b"*.py -1\n", BadNumber, "weights: line 1: expected a weight of 0 or more at the end, found '-1'"),
        (b"*.py nan\n", BadNumber, "line 1: expected a weight of 0 or more at the end, found 'nan'"),
        (b"*.py 1e9\n", BadNumber, "line 1: expected a weight of 0 or more at the end, found '1e9'"),
        ("*.py ٣\n".encode(), BadNumber, "line 1: expected a weight"),
        (b"*.py " + b"9" * 5000, BadNumber, f"found '{'9' * 60}'"),
        (b"*.py 3 # first\n", BadNumber, "line 1: expected a weight of 0 or more at the end, found 'first'"),
        (b"\n\n!*.py 3\n", UsageError, "line 3: a glob with a weight cannot begin with !"),
        (b"a 3\n/ 3\n", UsageError, "line 2: '/' is not a pattern"),
        (b"*" * 5000 + b" 3\n", UsageError, "line 1: a pattern of 5,000 characters"),
        (b"*.py 3\n" * 1001, UsageError, "too long for a file of weights"),
        (b"# " + b"x" * (1 << 20), UsageError, "too long for a file of weights"),
        (b"\x7fELF\x02\x01\x01\x00\n", UsageError, "line 1: expected a glob and a weight"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, raw: bytes, kind: type[UsageError], said: str) -> None:
    """A file that breaks a rule is refused, and the message names the line."""
    (tmp_path / "weights").write_bytes(raw)
    with pytest.raises(kind) as raised:
        read_weights(str(tmp_path / "weights"))

    assert said in str(raised.value)


@pytest.mark.parametrize("name", ["missing", "folder", "a\0b"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """The message says why, and what else the option takes."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot read the weights") as raised:
        read_weights(str(tmp_path / name))

    assert "--priority git" in raised.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="has no such device")
def test_an_endless_file_is_not_read_to_its_end() -> None:
    """Of a device, no more is read than a file of weights may have."""
    with pytest.raises(UsageError):
        read_weights("/dev/zero")


@given(st.binary(max_size=200))
def test_any_bytes_are_weights_or_an_explained_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever is in the file, the answer is a number of 0 or more, or one sentence."""
    path = tmp_path_factory.getbasetemp() / "any-weights"
    path.write_bytes(raw)
    try:
        weight = read_weights(str(path)).of(found("src/a.py"))
    except UsageError as error:
        said = str(error)
    else:
        said = "line" if weight >= 0 else ""

    assert "line" in said or "too long" in said


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """A glob of bytes that are no UTF-8 matches such a name."""
    (tmp_path / "weights").write_bytes(b"caf\xe9.txt 4\n")

    assert 4 == read_weights(str(tmp_path / "weights")).of(found(os.fsdecode(b"caf\xe9.txt")))
