"""``gpt41calc finetune`` as a user has it: real processes and real files."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Spawn

MESSAGES = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hello, what can I do for you?"}]
HOSTILE: dict[bytes, str] = {
    b'{"messages": NaN}': "NaN, which is no number in JSON",
    b'{"messages": 1e400}': "a number that is too large or too long: 1e400",
    b'{"messages": [], "messages": []}': 'the key "messages" is there twice',
    b'{"messages": ' + b"7" * 5000 + b"}": "a number of 5,000 digits",
    b'{"messages": "\\udfff"}': "half a surrogate pair (\\udfff), which is no character",
    b'{"messages": ' + b"[" * 200 + b"]" * 200 + b"}": "nested deeper than 100 levels",
    b'{"messages": [{"role": "user", "content": "Hi"}]}': "no message of the assistant: there is nothing to learn",
    b'{"messages": [{"role": "assistant", "content": [{"type": "input_audio"}]}]}': (
        "messages[0].content[0]: a part of the type input_audio, whose tokens cannot be counted here"
    ),
    b'{"messages": [{"role": "assis': "not JSON: it ends in the middle of a value",
}
"""Lines that are no examples, and why."""


def line(*messages: Any, **beside: Any) -> bytes:
    """Return an example as a line."""
    return json.dumps({"messages": list(messages) or MESSAGES, **beside}, ensure_ascii=False).encode()


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the document on standard output, read by a strict parser."""
    read: dict[str, Any] = json.loads(outcome.stdout, parse_float=Decimal, parse_constant=pytest.fail)
    return read


def test_cost(tmp_path: Path, spawn: Spawn) -> None:
    """An example of 21 tokens, 25 times, at 25 dollars a million."""
    (tmp_path / "a.jsonl").write_bytes(line())
    ended = spawn("finetune", "a.jsonl", "--json")
    model = document(ended)["models"][0]

    # Two roles of one token, texts of 1 and 9, 3 for each message and 3 for the example.
    assert (21, 25, 525) == (model["tokens"], document(ended)["epochs"], model["trained_tokens"])
    assert Decimal("0.013125") == model["cost"]
    assert (0, "") == (ended.status, ended.stderr)
    assert "0.013125\n" == spawn("finetune", "a.jsonl", "-q").stdout


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_bad_lines(tmp_path: Path, spawn: Spawn, ending: bytes) -> None:
    """Each line that is no example is named with its reason, all others are counted, and the status is 3."""
    odd = [{"role": "user", "content": "a\u2028b"}, {"role": "assistant", "content": "c\u0085d"}]
    (tmp_path / "a.jsonl").write_bytes(ending.join([line(), line(*odd), b"", *HOSTILE]))
    ended = spawn("finetune", "a.jsonl", "--json")
    skipped = [(one["path"], one["reason"]) for one in document(ended)["skipped"]]

    assert 3 == ended.status
    assert [(f"a.jsonl:{at}", reason) for at, reason in enumerate(HOSTILE.values(), 4)] == skipped
    assert (2, False) == (document(ended)["examples"]["count"], document(ended)["complete"])
    assert [f"gpt41calc: warning: a.jsonl:{at}:" for at in range(4, 13)] == [
        " ".join(said.split(" ")[:3]) for said in ended.stderr.splitlines()
    ]


def test_what_is_cut_off(tmp_path: Path, spawn: Spawn) -> None:
    """Examples over 65,536 tokens are named, with what is lost of them."""
    asked = {"role": "user", "content": "sea " * 65_600}
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([line(), line(asked, MESSAGES[1])]))
    ended = spawn("finetune", "a.jsonl", "--json", "--epochs", "1")
    cut = document(ended)["models"][0]["cut"]

    assert [("a.jsonl:2", True)] == [(one["place"], one["loses_answer"]) for one in cut]
    assert 65_536 == cut[0]["tokens"] - cut[0]["lost"]
    assert 21 + 65_536 == document(ended)["models"][0]["trained_tokens"]
    assert "nothing is left of its last answer" in spawn("finetune", "a.jsonl").stdout


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2027-01-05", "fine-tuning closes on 2027-01-06: no new training job from then on"),
        ("2027-01-06", "fine-tuning has been closed since 2027-01-06: no new training job from then on"),
    ],
)
def test_closing(tmp_path: Path, spawn: Spawn, day: str, said: str) -> None:
    """The report says when fine-tuning closes, or that it has closed."""
    (tmp_path / "a.jsonl").write_bytes(line())

    assert said in spawn("finetune", "a.jsonl", "--as-of", day).stdout


def test_own_prices(tmp_path: Path, spawn: Spawn) -> None:
    """A model of the user's own, counted in another encoding, is priced by their table."""
    (tmp_path / "a.jsonl").write_bytes(line())
    (tmp_path / "own.toml").write_text(
        "[[model]]\n"
        'id = "own"\nencoding = "cl100k_base"\nwindow = 9999\n'
        "price = [{ standard = { input = 1, output = 1 } }]\n"
        "[model.fine_tuning]\n"
        'base = "own-1"\ntraining = 10\nstandard = { input = 1, output = 1 }\n'
        'source = ["overlay"]\nchecked = 2026-11-22\n'
    )
    ended = spawn("finetune", "a.jsonl", "--pricing", "own.toml", "-m", "own", "--epochs", "2", "--json")
    model = document(ended)["models"][0]

    assert ("own-1", None, []) == (model["base"], model["closes"], model["cut"])
    assert model["tokens"] * 2 * Decimal("0.00001") == model["cost"]


def test_formats(tmp_path: Path, spawn: Spawn) -> None:
    """For people amounts are rounded and there is a second table; CSV has one, with every digit."""
    (tmp_path / "a.jsonl").write_bytes(line())
    plain, csv, markdown = (spawn("finetune", "a.jsonl", "-f", each).stdout for each in ("plain", "csv", "markdown"))

    assert "$0.013" in plain
    assert "how long the examples are" in plain
    assert "gpt-4.1,gpt-4.1-2025-04-14,21,0,525,0.013125" == csv.splitlines()[1]
    assert "how long the examples are" in markdown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone"], "gone: no such file or directory"),
        (["."], ".: a folder"),
        (["-", "--epochs", "0"], "--epochs: expected auto or a whole number from 1, found '0'"),
        (["-", "--epochs", "never"], "--epochs: expected auto or a whole number from 1, found 'never'"),
        (["-", "--epochs", "11k"], "--epochs: expected at most 10,000, found '11k'"),
        (
            ["-", "--saves-tokens", "-1"],
            "--saves-tokens: expected a whole number such as 1500, 12_000 or 4k, found '-1'",
        ),
        (["-", "-m", "gpt-9"], "unknown model 'gpt-9'"),
    ],
)
def test_asked_wrongly(spawn: Spawn, arguments: list[str], message: str) -> None:
    """What is asked wrongly is status 2."""
    ended = spawn("finetune", *arguments)

    assert (2, f"gpt41calc: error: {message}") == (ended.status, ended.stderr.splitlines()[0])


def test_nothing(spawn: Spawn) -> None:
    """A file without a line costs nothing, and that is told."""
    ended = spawn("finetune", "-", stdin=b"")

    assert (0, "gpt41calc: warning: no example to train on\n") == (ended.status, ended.stderr)


def test_a_picture_of_unknown_size_is_named(tmp_path: Path, spawn: Spawn) -> None:
    """Its size is assumed, and can be given."""
    picture = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    (tmp_path / "a.jsonl").write_bytes(line({"role": "user", "content": [picture]}, MESSAGES[1]))
    largest, given = (
        document(spawn("finetune", "a.jsonl", "--json", *size)) for size in ([], ["--assume-image", "1024x1024"])
    )

    assert "1 picture of assumed size (--assume-image WxH)" in spawn("finetune", "a.jsonl").stdout
    assert [1, 1] == [one["examples"]["assumed_pictures"] for one in (largest, given)]
    # 1024x1024 takes 765 tokens at high detail, the largest size 1,445: https://platform.openai.com/docs/guides/images
    assert 1_445 - 765 == largest["models"][0]["tokens"] - given["models"][0]["tokens"]


def test_preference_data_beside_the_chat_format(tmp_path: Path, spawn: Spawn) -> None:
    """Both are counted, and it is said that a job takes one of them."""
    preference = {
        "input": {"messages": [MESSAGES[0]]},
        "preferred_output": [MESSAGES[1]],
        "non_preferred_output": [{"role": "assistant", "content": "No."}],
    }
    (tmp_path / "a.jsonl").write_bytes(line() + b"\n" + json.dumps(preference).encode())
    ended = spawn("finetune", "a.jsonl")

    assert 0 == ended.status
    assert (2, 1) == (
        (found := document(spawn("finetune", "a.jsonl", "--json"))["examples"])["count"],
        found["preferences"],
    )
    assert "1 example of preference data: the prompt once, and both answers\n" in ended.stdout
    assert "1 example in the chat format beside preference data: a training job takes one format\n" in ended.stdout


def test_an_example_without_what_cannot_be_counted(tmp_path: Path, spawn: Spawn) -> None:
    """Refused as a rule; with ``--partial`` counted without it, as a lower bound."""
    sound = [{"type": "text", "text": "Hello"}, {"type": "input_audio", "input_audio": {}}]
    (tmp_path / "a.jsonl").write_bytes(line({"role": "user", "content": sound}, MESSAGES[1]))
    refused, partial = (spawn("finetune", "a.jsonl", "--json", *leave) for leave in ([], ["--partial"]))
    reason = "messages[0].content[1]: a part of the type input_audio, whose tokens cannot be counted here"

    assert [(3, 0, [reason]), (3, 1, [reason])] == [
        (ended.status, found["examples"]["count"], [one["reason"] for one in found["skipped"]])
        for ended in (refused, partial)
        for found in [document(ended)]
    ]
    assert 21 == document(partial)["models"][0]["tokens"]


def test_what_is_not_exact_has_a_range(spawn: Spawn, tmp_path: Path) -> None:
    """Text alone is one number; a call of a function is counted by rules, whose range the report and JSON have."""
    question, answer = {"role": "user", "content": "Weather in Paris?"}, {"role": "assistant", "content": "Sunny."}
    function = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    called = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}
    text = {"messages": [question, answer]}
    tools = {
        "messages": [question, {"role": "assistant", "tool_calls": [called]}],
        "tools": [{"type": "function", "function": function}],
    }
    for name, line in (("text.jsonl", text), ("tools.jsonl", tools)):
        (tmp_path / name).write_text(json.dumps(line) + "\n", "utf-8")
    words = ("--epochs", "10", "-m", "gpt-4.1", "--json")
    plain, ranged = (json.loads(spawn("finetune", name, *words).stdout) for name in ("text.jsonl", "tools.jsonl"))
    (one,), (other,) = plain["models"], ranged["models"]
    read = spawn("finetune", "tools.jsonl", *words[:-1]).stdout

    assert "low" not in one
    assert other["low"] < other["trained_tokens"] < other["high"]
    assert other["cost_low"] < other["cost"] < other["cost_high"]
    assert f"{other['trained_tokens']} tokens ({other['low']} to {other['high']}, $" in read
