"""Files of records: a value a line, or one document over several."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gpt41calc.errors import NoSuchPath, UsageError
from gpt41calc.sources.json_records import Record, records, require_files, value_lines
from gpt41calc.sources.jsonl import Line
from gpt41calc.tally import Skipped


def read(path: Path, content: bytes) -> list[tuple[str, object]]:
    """Return what is in a file of this content: its places without the folder, and values or reasons."""
    file = path / "a"
    file.write_bytes(content)
    shown = f"{path}/"
    return [
        (one.place.removeprefix(shown), one.value)
        if isinstance(one, Record)
        else (one.path.removeprefix(shown), one.reason)
        for one in records(str(file), 0)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"n": 1}\n{"n": 2}', [("a:1", {"n": 1}), ("a:2", {"n": 2})]),
        (b'{"n": 1}\r\n\r\n{"n": 2}\r\n', [("a:1", {"n": 1}), ("a:3", {"n": 2})]),
        (
            b'{"n":\n 1}',
            [("a:1", "not JSON: it ends in the middle of a value"), ("a:2", "not JSON: extra data at column 3")],
        ),
        (b'{\n"n": 1\n}\n', [("a", {"n": 1})]),
        (b'\xef\xbb\xbf\n {\r\n"n": 1\n}\n', [("a", {"n": 1})]),
        (b'[\n1,\n{"n": 2}\n]', [("a[0]", 1), ("a[1]", {"n": 2})]),
        (b"[]", [("a:1", [])]),
        (b"{\n", [("a", "not JSON: it ends in the middle of a value")]),
        ('{"n": "a\u2028b"}\n'.encode(), [("a:1", {"n": "a\u2028b"})]),
        (b"", []),
        (b"\n\n", []),
    ],
)
def test_values(tmp_path: Path, content: bytes, expected: list[tuple[str, object]]) -> None:
    """Each line is a value; a file that opens an object or a list on its first line is one document."""
    assert expected == read(tmp_path, content)


def test_pipe(tmp_path: Path) -> None:
    """Standard input comes a few bytes at a time, and is named as everywhere."""
    reader, writer = os.pipe()
    for part in (b"{", b"\n", b'"n": 1}'):
        os.write(writer, part)
    os.close(writer)
    found = list(records("-", reader))
    os.close(reader)

    assert tmp_path.is_dir()
    assert [Record("<stdin>", {"n": 1})] == found


def test_unreadable(tmp_path: Path) -> None:
    """A file that goes between the check and the reading is that file's reason."""
    assert [Skipped(f"{tmp_path}/gone", "no such file or directory", expected=False)] == list(
        records(f"{tmp_path}/gone", 0)
    )


def test_what_is_no_file(tmp_path: Path) -> None:
    """A missing file, a folder, and standard input named twice are asked wrongly."""
    with pytest.raises(NoSuchPath, match="no such file"):
        require_files([f"{tmp_path}/gone"])
    with pytest.raises(NoSuchPath, match="no such file"):
        require_files(["a\0b"])
    with pytest.raises(UsageError, match="a folder"):
        require_files([str(tmp_path)])
    with pytest.raises(UsageError, match="only once"):
        require_files(["-", "-"])


def test_a_first_line_of_many_blocks() -> None:
    """Whether a list is a value or a list of values is told from its whole line, however it was read."""
    text = b'[{"role": "user"}, "' + b"x" * 5000 + b'"]\n[1]\n'
    blocks = (text[at : at + 100] for at in range(0, len(text), 100))
    seen: list[bytes] = []

    def is_value(line: bytes) -> bool:
        seen.append(line)
        return True

    found = [line.raw for line in value_lines(blocks, "a", is_value=is_value) if isinstance(line, Line)]

    assert (text.splitlines(), text.splitlines()[:1]) == (found, seen)
