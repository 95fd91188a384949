"""``tokens`` as a process, and what it says of any text."""

from __future__ import annotations

import json

import pytest
from conftest import Spawn
from hypothesis import given
from texts_to_cut import ENCODINGS, REFERENCES, TEXTS

from gpt41calc.commands.tokens.picture import tokens_document, tokens_picture
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
