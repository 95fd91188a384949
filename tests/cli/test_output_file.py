"""Where a report goes, in which format, and what it never replaces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Spawn


@pytest.fixture(autouse=True)
def prompt(tmp_path: Path) -> None:
    """Put a prompt where the program runs."""
    (tmp_path / "prompt.txt").write_text("Say hello.", encoding="utf-8")


BEGINNINGS = {
    "report.json": '{\n  "schema_version": 1,',
    "REPORT.JSON": '{\n  "schema_version": 1,',
    "report.csv": "model,name,role,",
    "report.md": "**",
}


@pytest.mark.parametrize("name", BEGINNINGS)
def test_the_ending_says_the_format(spawn: Spawn, tmp_path: Path, name: str) -> None:
    """A report is written in the format that the name of its file stands for."""
    ended = spawn("estimate", "-o", name, "prompt.txt")

    assert (0, "") == (ended.status, ended.stdout)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(BEGINNINGS[name])


@pytest.mark.parametrize("name", ["report.txt", "report.log", "report", "report."])
def test_any_other_ending_is_plain_text(spawn: Spawn, tmp_path: Path, name: str) -> None:
    """A file with another ending, or none, has what ``-f plain`` writes."""
    spawn("estimate", "-o", name, "prompt.txt")
    plain = spawn("estimate", "-f", "plain", "prompt.txt").stdout

    assert plain == (tmp_path / name).read_text(encoding="utf-8")


def test_formats_of_a_check(spawn: Spawn, tmp_path: Path) -> None:
    """A check writes what CI services read, too."""
    for name in ("report.xml", "report.sarif"):
        assert 0 == spawn("check", "--token-budget", "10", "-o", name, "prompt.txt").status

    assert (tmp_path / "report.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert "2.1.0" == json.loads((tmp_path / "report.sarif").read_text(encoding="utf-8"))["version"]


@pytest.mark.parametrize("said", [["-f", "json"], ["--json"], ["--format=JSON"]])
def test_what_is_said_counts_more_than_the_ending(spawn: Spawn, tmp_path: Path, said: list[str]) -> None:
    """``-f`` and ``--json`` decide, whatever the file is called."""
    spawn("estimate", *said, "-o", "report.csv", "prompt.txt")

    assert (tmp_path / "report.csv").read_text(encoding="utf-8").startswith("{")


def test_the_ending_counts_more_than_the_environment(spawn: Spawn, tmp_path: Path) -> None:
    """What is typed comes first, the name of a file among it."""
    spawn("estimate", "-o", "report.csv", "prompt.txt", env={"GPT41CALC_FORMAT": "json"})

    assert (tmp_path / "report.csv").read_text(encoding="utf-8").startswith("model,")


@pytest.mark.parametrize(
    ("command", "name"),
    [("estimate", "a.sarif"), ("estimate", "a.xml"), ("count", "a.sarif"), ("recommend", "a.xml")],
)
def test_a_format_that_the_command_does_not_write(spawn: Spawn, tmp_path: Path, command: str, name: str) -> None:
    """An ending that promises more than the command can write is refused before anything is written."""
    ended = spawn(command, "-o", name, "prompt.txt")

    assert 2 == ended.status
    assert f"-o {name}: this command writes no " in ended.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("said", "beginning"),
    [("md", "**"), ("MARKDOWN", "**"), ("JSON", "{"), ("txt", "35"), ("text", ""), ("Csv", "model,")],
)
def test_other_names_of_formats(spawn: Spawn, said: str, beginning: str) -> None:
    """Formats have the names that other programs give them, in any case."""
    ended = spawn("estimate", "-f", said, "prompt.txt")

    assert 0 == ended.status, ended.stderr
    assert said in {"txt", "text"} or ended.stdout.startswith(beginning)


def test_other_names_of_choices(spawn: Spawn) -> None:
    """Colours, tiers and parts, too."""
    expected = spawn("estimate", "--tier", "priority", "--by", "folder", "--color", "never", "prompt.txt").stdout
    actual = spawn("estimate", "--tier", "Fast", "--by", "dir", "--no-color", "prompt.txt").stdout

    assert expected == actual


def test_colour_cannot_be_both(spawn: Spawn) -> None:
    """Two options that contradict each other are an error."""
    ended = spawn("estimate", "--color", "always", "--no-color", "prompt.txt")

    assert 2 == ended.status
    assert "--color and --no-color contradict each other" in ended.stderr


def test_no_colour_where_there_would_be_some(spawn: Spawn) -> None:
    """``--no-color`` is stronger than what the environment asks for."""
    forced = spawn("estimate", "-f", "table", "prompt.txt", env={"FORCE_COLOR": "1"})
    plain = spawn("estimate", "-f", "table", "--no-color", "prompt.txt", env={"FORCE_COLOR": "1"})

    assert ("\x1b[" in forced.stdout, "\x1b[" in plain.stdout) == (True, False)


# -- What is never replaced


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["estimate", "prompt.txt"], "prompt.txt"),
        (["count", "./prompt.txt"], "prompt.txt"),
        (["estimate", "."], "prompt.txt"),
        (["count", "."], "prompt.txt"),
        (["check", "--token-budget", "1k", "."], "prompt.txt"),
        (["recommend", "--task", "chat", "."], "prompt.txt"),
        (["check", "--token-budget", "1k", ".", "--report", "json:prompt.txt"], "other.txt"),
        (["check", "--token-budget", "1k", ".", "--write-baseline", "prompt.txt"], "other.txt"),
        (["usage", "log.jsonl"], "log.jsonl"),
        (["usage", "logs"], "logs/log.jsonl"),
        (["usage", "logs", "--calibrate", "logs/log.jsonl"], "other.txt"),
        (["dataset", "log.jsonl", "--column", "model"], "log.jsonl"),
        (["dataset", "logs", "--column", "model"], "logs/log.jsonl"),
        (["dataset", "log.jsonl", "--template", "template.txt"], "template.txt"),
        (["batch", "log.jsonl"], "link.jsonl"),
        (["finetune", "log.jsonl"], "log.jsonl"),
        (["estimate", "--files-from", "list", "prompt.txt"], "list"),
        (["estimate", "--config", "own.toml", "prompt.txt"], "own.toml"),
        (["pricing", "diff", "a.toml", "b.toml"], "b.toml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_no_input_is_written_over(spawn: Spawn, tmp_path: Path, arguments: list[str], target: str) -> None:
    """A file that is read keeps its content, by whatever name it is called."""
    answer = {"model": "gpt-4.1", "usage": {"prompt_tokens": 1, "completion_tokens": 1}}
    (tmp_path / "log.jsonl").write_text(json.dumps(answer), encoding="utf-8")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log.jsonl").write_text(json.dumps(answer), encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to("log.jsonl")
    texts = {
        "list": "prompt.txt\n",
        "own.toml": "requests = 1\n",
        "a.toml": "",
        "b.toml": "",
        "template.txt": "{model}",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = contents(tmp_path)
    ended = spawn(*arguments, "-o", target)

    assert 2 == ended.status, ended.stderr
    assert "would be written over" in ended.stderr
    assert before == contents(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["4k", "1000", "1_000", "2.5M", "80%"])
def test_a_number_is_no_file(spawn: Spawn, tmp_path: Path, name: str) -> None:
    """``--output`` with a number was meant as tokens."""
    ended = spawn("estimate", "--output", name, "prompt.txt")

    assert 2 == ended.status
    assert f"-o {name}: expected the name of a file, found a number" in ended.stderr
    assert f"--output-tokens sets how long answers are; a file of that name is written ./{name}" in ended.stderr
    assert not (tmp_path / name).exists()


def test_a_file_whose_name_is_a_number(spawn: Spawn, tmp_path: Path) -> None:
    """Whoever insists gets it."""
    assert 0 == spawn("estimate", "--output", "./4k", "prompt.txt").status
    assert (tmp_path / "4k").is_file()
