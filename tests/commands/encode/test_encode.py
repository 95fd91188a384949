"""``encode`` and ``decode`` as processes: pipes, files, what is wrong and what they say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc import api
from gpt41calc.commands.decode.run import read_ids


def test_a_pipe_there_and_back(spawn: Spawn) -> None:
    """A line of ids, as ttok writes it, decodes to the same bytes."""
    text = "hello world\r\n\tпривет 👨‍👩‍👧 <|endoftext|>\n".encode()
    ids = spawn("encode", stdin=text)
    back = spawn("decode", stdin=ids.stdout.encode())

    assert (0, "24912 2375", 0) == (ids.status, " ".join(ids.stdout.split()[:2]), back.status)
    assert text == back.stdout.encode()


def test_words_of_the_command_line(spawn: Spawn) -> None:
    """A text and ids may be words of the command line."""
    assert "24912 2375\n" == spawn("encode", "--string", "hello world").stdout
    assert "hello world" == spawn("decode", "24912", "2375").stdout
    assert "hello world" == spawn("decode", "[24912, 2375]").stdout
    assert "15339 1917\n" == spawn("encode", "--string", "hello world", "--encoding", "cl100k_base").stdout
    assert "15339 1917\n" == spawn("encode", "--string", "hello world", "-m", "gpt-4").stdout


def test_special_tokens_are_text_unless_asked_for(spawn: Spawn) -> None:
    """``<|endoftext|>`` is one token with --special, and seven without."""
    found = [spawn("encode", "--string", "<|endoftext|>", *words, "--json").stdout for words in ((), ("--special",))]

    assert [(7, False), (1, True)] == [(json.loads(each)["tokens"], json.loads(each)["special"]) for each in found]
    assert "<|endoftext|>" == spawn("decode", "199999").stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("decode", "12", "x"), 2, "'x' is no token id (word 2)"),
        (("decode", "200019"), 2, "200019 is no token of o200k_base"),
        (("decode", "12345678901234567890"), 2, "is no token id (word 1)"),
        (("decode", '{"ids":'), 2, "jq .ids"),
        (("decode", "-i", "missing"), 2, "missing: no such file or directory"),
        (("encode", "missing"), 2, "missing: no such file or directory"),
        (("encode", "."), 2, "a folder, and this command takes one text"),
        (("encode", "a.txt", "--string", "b"), 2, "two texts"),
        (("encode", "--string", "b", "-m", "claude-opus-4"), 2, "have no published ids"),
        (("encode", "--string", "b", "--encoding", "o200k"), 2, "did you mean 'o200k_base'?"),
        (("encode", "--string", "b", "--encoding", "o200k_base", "-m", "gpt-4"), 2, "both choose the tokens"),
        (("encode", "--string", "b", "--json", "-f", "plain"), 2, "contradict"),
        (("encode", "binary"), 3, "not read: binary"),
        (("decode", "64", "63217", "104"), 3, "--bytes writes their bytes as they are"),
    ],
)
def test_what_is_wrong_is_said(spawn: Spawn, tmp_path: Path, words: tuple[str, ...], status: int, said: str) -> None:
    """Every mistake is a sentence with a next step, and the exit code says whose it is."""
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "binary").write_bytes(b"a\x00b")
    ended = spawn(*words)

    assert (status, True) == (ended.status, said in ended.stderr), ended


def test_invalid_text_is_mentioned(spawn: Spawn) -> None:
    """Bytes that are no UTF-8 become U+FFFD, and a warning says so."""
    ended = spawn("encode", stdin=b"caf\xe9")

    assert (0, True) == (ended.status, "bytes that are no text, read as U+FFFD" in ended.stderr)


def test_bytes_of_half_a_character(spawn: Spawn) -> None:
    """--bytes writes what the tokens hold, though it is no UTF-8."""
    ids = [str(token) for token in api.encode("🫠")[:-1]]

    assert ("\udcf0\udc9f\udcab", 0) == ((ended := spawn("decode", "--bytes", *ids)).stdout, ended.status)


def test_a_file_is_replaced_only_by_a_whole_one(spawn: Spawn, tmp_path: Path) -> None:
    """-o writes the text; if an id turns out wrong, the old file stays, and nothing is left beside it."""
    (tmp_path / "out").write_text("old")
    failed = spawn("decode", "24912", "x", "-o", "out")
    kept = (tmp_path / "out").read_text()
    spawn("decode", "24912", "2375", "-o", "out")

    assert (2, "old", "hello world") == (failed.status, kept, (tmp_path / "out").read_text())
    assert ["out"] == [path.name for path in tmp_path.iterdir()]


def test_a_closed_reader_is_no_error(tmp_path: Path, environment: dict[str, str]) -> None:
    """A reader that has enough ends the run in silence."""
    (tmp_path / "long").write_text("lorem ipsum dolor 12\n" * 100_000)
    with subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "encode", "long"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()

    assert (0, b"") == (process.returncode, said)


def test_a_full_device(spawn: Spawn) -> None:
    """Where nothing can be written, the exit code is 74."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    ended = spawn("encode", "--string", "hello", "-o", "/dev/full")

    assert (74, True) == (ended.status, "cannot write to /dev/full: No space left on device" in ended.stderr)


@given(st.lists(st.integers(0, 199997)), st.sampled_from([" ", "\n", ", ", ",", "\t"]), st.integers(1, 7))
def test_ids_are_read_in_any_division(ids: list[int], between: str, size: int) -> None:
    """However they are separated and delivered, the same ids are read."""
    written = f"[{between.join(map(str, ids))}]\n".encode()
    blocks = [written[at : at + size] for at in range(0, len(written), size)]

    assert ids == [token for block in read_ids(blocks) for token in block]
