"""What is said to somebody who typed something else than was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn


@pytest.fixture(autouse=True)
def prompt(tmp_path: Path) -> None:
    """Put a prompt where the program runs."""
    (tmp_path / "prompt.txt").write_text("Say hello.", encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["prompt.tx"], "did you mean 'prompt.txt'?"),
        (["PROMPT.TXT"], "did you mean 'prompt.txt'?"),
        (["./promt.txt"], "did you mean './prompt.txt'?"),
        (["count", "prompt.tx"], "did you mean 'prompt.txt'?"),
        (["usage", "prompt.tx"], "did you mean 'prompt.txt'?"),
        (["some text"], "--string TEXT takes a text itself"),
        (["estimate", "Say hello."], "--string TEXT takes a text itself"),
        (["tokens", "Say hello."], "--string TEXT takes a text itself"),
        (["count", "Say hello."], "--string TEXT takes a text itself"),
        (["word " * 100], "--string TEXT takes a text itself"),
        (["help"], "'gpt41calc --help' lists the commands"),
        (["version"], "'gpt41calc --version' shows the version"),
        (["compare"], "'gpt41calc --versus ID FILE' compares models"),
        (["compare", "prompt.txt"], "gpt41calc compare OLD.md NEW.md compares two prompts"),
        (["estimat"], "did you mean the command 'estimate'?"),
        (["modls"], "did you mean the command 'models'?"),
    ],
)
def test_a_path_that_does_not_exist(spawn: Spawn, words: list[str], hint: str) -> None:
    """The next step is named, and nothing is counted."""
    ended = spawn(*words)

    assert (2, "") == (ended.status, ended.stdout)
    assert f"gpt41calc: hint: {hint}" in ended.stderr


def test_no_wild_guess(spawn: Spawn) -> None:
    """A name that nothing is like gets no suggestion."""
    ended = spawn("usage", "log.jsonl")

    assert "gpt41calc: error: log.jsonl: no such file or directory\n" == ended.stderr


def test_a_path_of_a_list(spawn: Spawn, tmp_path: Path) -> None:
    """A list that was written in another folder is a common reason why its paths do not exist."""
    (tmp_path / "list").write_text("elsewhere/a.py\n")
    ended = spawn("estimate", "--files-from", "list")

    assert (2, "") == (ended.status, ended.stdout)
    assert "hint: paths in a list are relative to the current folder, not to that of the list" in ended.stderr


def test_rows_are_no_batch(spawn: Spawn, tmp_path: Path) -> None:
    """A table that is given to batch has no request; the command for rows is named."""
    (tmp_path / "rows.csv").write_text("id,text\n1,Hi\n")
    ended = spawn("batch", "rows.csv")

    assert 3 == ended.status
    assert "hint: rows of a table are priced by 'gpt41calc dataset FILE --column NAME'" in ended.stderr


# -- Texts on the command line


def test_a_text_is_priced(spawn: Spawn) -> None:
    """A text costs what a file with it costs; nothing else is read."""
    asked = ("-m", "gpt-4.1", "--versus", "none", "-q")

    assert spawn(*asked, "prompt.txt").stdout == spawn(*asked, "--string", "Say hello.", stdin=b"ignored").stdout
    assert "3\n" == spawn("count", "-q", "--string", "Say hello.").stdout


def test_texts_beside_files(spawn: Spawn) -> None:
    """Texts are inputs like others, each with a name of its own."""
    ended = spawn("count", "--string", "Say hello.", "--string", "Hello", "prompt.txt")

    assert "  3  <string>\n  1  <string 2>\n  3  prompt.txt\n  7  total\n" == ended.stdout


@pytest.mark.parametrize("text", ["", "<|endoftext|>", "-", "{", "a\nb", "é", "🙂"])
def test_any_text(spawn: Spawn, tmp_path: Path, text: str) -> None:
    """What a text holds does not matter: it is counted as it would be in a file."""
    (tmp_path / "text").write_text(text, encoding="utf-8", newline="")

    assert spawn("count", "-q", "text").stdout == spawn("count", "-q", f"--string={text}").stdout


# -- What looks like a request

BODIES = {
    "no role": ({"model": "gpt-4.1", "messages": [{"content": "Hi"}]}, "messages[0]: missing role"),
    "no content": ([{"role": "user"}], "[0]: missing content"),
    "odd role": (
        [{"role": "human", "content": "Hi"}],
        "[0].role: expected one of system, developer, user, assistant, tool, function, found human",
    ),
    "no message": ({"model": "gpt-4.1", "messages": []}, "messages: expected at least one message"),
    "a text": ({"model": "gpt-4.1", "messages": "Hi"}, "messages: expected a list of messages"),
    "no messages": ({"model": "gpt-4.1", "temperature": 1}, "missing messages, input or contents"),
    "legacy": ({"model": "gpt-3.5-turbo-instruct", "prompt": "Hi"}, "prompt: requests of the legacy completions API"),
    "kept prompt": ({"model": "gpt-4.1", "prompt": {"id": "p"}}, "prompt: its text is kept by OpenAI"),
    "no parts": ({"contents": [{"role": "user", "text": "Hi"}]}, "contents[0]: missing parts"),
    "no id": ({"method": "POST", "url": "/v1/responses", "body": {}}, "missing custom_id"),
}


@pytest.mark.parametrize(("body", "reason"), BODIES.values(), ids=BODIES)
def test_what_looks_like_a_request_and_is_none(spawn: Spawn, tmp_path: Path, body: object, reason: str) -> None:
    """It is counted as text, and it is said what is missing."""
    (tmp_path / "body.json").write_text(json.dumps(body), encoding="utf-8")
    ended = spawn("body.json")

    assert 0 == ended.status
    assert f"body.json looks like a request, but is counted as text: {reason}" in ended.stderr


def test_a_request_that_is_cut_off(spawn: Spawn, tmp_path: Path) -> None:
    """What is no valid JSON is said to be none, also on standard input."""
    text = '{"model": "gpt-4.1", "messages": [{"role": "user", "content": "Hi"},]}'
    (tmp_path / "body.json").write_text(text, encoding="utf-8")

    assert "body.json looks like a request, but is counted as text: not JSON" in spawn("body.json").stderr
    assert "<stdin> looks like a request, but is counted as text: not JSON" in spawn("-", stdin=text.encode()).stderr


@pytest.mark.parametrize(
    "value",
    [
        {"name": "a package", "messages": {"a": "b"}},
        {"messages": [{"id": "greeting", "text": "Hello"}]},
        [{"name": "a"}, {"name": "b"}],
        {"model": "T", "year": 1908},
        ["a", "b"],
    ],
)
def test_other_json_is_text_without_a_word(spawn: Spawn, tmp_path: Path, value: object) -> None:
    """Nobody is told about requests whose file is none."""
    (tmp_path / "data.json").write_text(json.dumps(value), encoding="utf-8")

    assert "" == spawn("data.json").stderr


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        ([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}], 13),
        (
            {
                "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
                "temperature": 1,
                "max_tokens": 256,
                "top_p": 1,
                "model": "gpt-4.1",
                "response_format": {"type": "text"},
                "tools": [],
            },
            8,
        ),
        ({"object": "prompt", "model": "gpt-4.1", "messages": [{"role": "user", "content": "hi"}]}, 8),
        (
            {
                "model": "gpt-4.1",
                "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
                "text": {"format": {"type": "text"}},
                "reasoning": {},
                "tools": [],
                "max_output_tokens": 2048,
                "store": True,
            },
            8,
        ),
        ({"input": [{"role": "user", "content": "hi"}]}, 8),
    ],
    ids=["messages alone", "playground, chat", "prompt object", "playground, responses", "input alone"],
)
def test_requests_as_people_keep_them(spawn: Spawn, tmp_path: Path, body: object, tokens: int) -> None:
    """What code and the playground hold is a request."""
    (tmp_path / "body.json").write_text(json.dumps(body), encoding="utf-8")
    found = json.loads(spawn("--json", "-m", "gpt-4.1", "body.json").stdout)

    assert (tokens, "modelled") == (found["inputs"]["tokens"], found["inputs"]["exactness"])
