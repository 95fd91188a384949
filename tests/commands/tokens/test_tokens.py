"""``tokens`` as a process, and what it says of any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import given
from texts_to_cut import ENCODINGS, REFERENCES, TEXTS

from gpt41calc.commands.tokens.document import tokens_document
from gpt41calc.commands.tokens.picture import tokens_picture
from gpt41calc.commands.tokens.run import tokens_of


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ((), "hello world\nTo\n", "5 tokens (o200k_base)\n|hello| world|\\n|\n|To|\\n|\n"),
        (("--ids",), "hello world", "2 tokens (o200k_base)\n24912 |hello|\n2375 | world|\n"),
        (("--ids", "-n", "2"), "hello world", "2 tokens (o200k_base)\n24912 |hello|  2375 | world|\n"),
        (("-n", "1", "--encoding", "cl100k_base"), "hello world", "2 tokens (cl100k_base)\n|hello|\n| world|\n"),
        (("--special",), "<|endoftext|>", "1 token (o200k_base)\n|<|endoftext|>|\n"),
        ((), " 🇩", "2 tokens (o200k_base)\n| \\xf0\\x9f\\x87|\\xa9|\n"),
        ((), "\x1b[2J", "4 tokens (o200k_base)\n|\\x1b|[|2|J|\n"),
        ((), "\xa0", "1 token (o200k_base)\n|\\u00a0|\n"),
        ((), "", "0 tokens (o200k_base)\n"),
        (
            ("--color", "always"),
            "hello world",
            "2 tokens (o200k_base)\n\x1b[30;46mhello\x1b[0m\x1b[30;43m world\x1b[0m\n",
        ),
    ],
)
def test_the_picture(spawn: Spawn, words: tuple[str, ...], text: str, expected: str) -> None:
    """Every token is shown, with escapes for what a terminal would obey and for parts of characters."""
    ended = spawn("tokens", *words, stdin=text.encode())

    assert (0, expected, "") == (ended.status, ended.stdout, ended.stderr)


def test_the_document(spawn: Spawn) -> None:
    """--json has the id, the bytes and the place of every token; parts of characters have no text."""
    found = json.loads(spawn("tokens", "--json", stdin=" 🇩".encode()).stdout)

    assert 2 == found["tokens"]
    assert [(None, "20f09f87", 0, 4), (None, "a9", 4, 5)] == [
        (each["text"], each["bytes"], each["start"], each["end"]) for each in found["items"]
    ]


def test_a_wrong_number_is_a_sentence(spawn: Spawn) -> None:
    """A line has at least one token."""
    ended = spawn("tokens", "-n", "0", stdin=b"a")

    assert (2, True) == (ended.status, "--per-line: expected a number from 1" in ended.stderr)


@given(TEXTS, ENCODINGS)
def test_tokens_are_the_text(text: str, encoding: str) -> None:
    """The ids are those of tiktoken, the bytes joined are the text, and each is where it says."""
    raw = text.encode()
    found = list(tokens_of([raw], encoding))

    assert list(REFERENCES[encoding].encode(raw)) == [token.id for token in found]
    assert raw == b"".join(token.bytes for token in found)
    assert all(raw[token.start : token.end] == token.bytes for token in found)


@given(TEXTS, ENCODINGS)
def test_no_control_character_is_shown(text: str, encoding: str) -> None:
    """Nothing but newlines and our own colours controls a terminal."""
    found = list(tokens_of([text.encode()], encoding))
    shown = tokens_picture(found, encoding, per_line=None, ids=False, colour=False)

    assert shown.replace("\n", "").isprintable()
    assert len(found) == tokens_document(found, encoding, special_tokens=False)["tokens"]


def test_a_file_has_the_format_of_its_ending(spawn: Spawn, tmp_path: Path) -> None:
    """-o writes a document or a picture without colours, and refuses a format that this command does not have."""
    for name in ("a.json", "a.txt"):
        assert (0, "") == (spawn("tokens", "--string", "hello", "-o", name).status, "")
    refused = spawn("tokens", "--string", "hello", "-o", "a.csv")

    assert 1 == json.loads((tmp_path / "a.json").read_text())["tokens"]
    assert "1 token (o200k_base)\n|hello|\n" == (tmp_path / "a.txt").read_text()
    assert (2, True) == (refused.status, "this command writes no csv" in refused.stderr)


def test_claude_needs_a_package(spawn: Spawn) -> None:
    """Where the package that reconstructs Claude's tokens is not installed, a sentence says what is needed."""
    ended = spawn("tokens", "-m", "claude-3-7-sonnet", "--string", "hello")

    assert 2 == ended.status
    assert "the tokens of Claude 3.7 Sonnet are shown by the package ctok, which is not installed here" in ended.stderr
    assert "it needs Python 3.12 or later" in ended.stderr


@pytest.fixture
def with_ctok(environment: dict[str, str]) -> dict[str, str]:
    """Return an environment in which Claude's tokens are reconstructed; skip where the package cannot be installed."""
    pytest.importorskip("ctok", reason="ctok needs Python 3.12")
    return {**environment, "GPT41CALC_CLAUDE": ""}


def test_claude_has_one_possible_tiling(spawn: Spawn, with_ctok: dict[str, str]) -> None:
    """The picture and the document say that it is one of several, and what its pieces are."""
    words = ("tokens", "-m", "claude-3-7-sonnet", "--string", "Unbelievable, it's \U0001f1e9")
    picture = spawn(*words, env=with_ctok)
    document = json.loads(spawn(*words, "--json", env=with_ctok).stdout)
    pieces = [(each["id"], each["piece"], each["text"], each["bytes"]) for each in document["items"]]

    assert (
        "12 tokens (claude-3, one possible tiling)\n"
        "|⟨shift⟩|Un|bel|iev|able|,| it|'s| |\\xf0\\x9f|\\x87|\\xa9|\n" == picture.stdout
    )
    assert (12, "reconstructed", "one possible") == tuple(document[key] for key in ("tokens", "exactness", "tiling"))
    assert [(None, "⟨shift⟩", "", ""), (None, "⟨bow⟩un", "Un", "556e")] == pieces[:2]
    assert (None, "⟨0xF0⟩⟨0x9F⟩", None, "f09f") == pieces[-3]


def test_claude_has_as_many_as_count_says(spawn: Spawn, with_ctok: dict[str, str], tmp_path: Path) -> None:
    """The number of pieces is what ``count`` says of the same text."""
    (tmp_path / "a.txt").write_text("NASA's 3 Übungen;\r\n\n\treturn {x: 'é'}  # 漢字 😀\n\n" * 9, encoding="utf-8")
    for model in ("claude-3-7-sonnet", "claude-opus-4-7", "claude-opus-5"):
        counted = spawn("count", "-q", "a.txt", "-m", model, env=with_ctok).stdout
        shown = spawn("tokens", "a.txt", "-m", model, env=with_ctok).stdout

        assert f"{counted.strip()} tokens (" == shown[: len(counted) + 8]


@pytest.mark.parametrize(("option", "expected"), [("--ids", "no published ids"), ("--special", "are not published")])
def test_claude_has_no_ids(spawn: Spawn, with_ctok: dict[str, str], option: str, expected: str) -> None:
    """What is not known of Claude's tokens is refused."""
    ended = spawn("tokens", "-m", "claude-3-7-sonnet", "--string", "hello", option, env=with_ctok)

    assert (2, True) == (ended.status, expected in ended.stderr)
