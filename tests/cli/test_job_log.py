"""Text that may not be changed reaches no CI service that would obey it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from conftest import Spawn
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.cli.job_log import without_commands
from gpt41calc.cli.process import Process
from gpt41calc.errors import UsageError
from gpt41calc.render.escape import for_ci_log

COMMANDS = (
    "::add-mask::x",
    "a\n  ::error::x",
    "a ##[group]x",
    "##vso[task.complete]",
    "section_start:1:a",
    "##TeamCity[x]",
)
SERVICES = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION")
TEXTS = st.lists(
    st.sampled_from((*COMMANDS, ":", "#", "[", " ", "\n", "\r", "a", "é", " " * 70_000, "b" * 70_000)), max_size=8
).map("".join)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_is_refused(spawn: Spawn, service: str, text: str) -> None:
    """Nothing of the line is printed, and the sentence names what to do."""
    ended = spawn("truncate", "-t", "100", stdin=text.encode(), env={service: "true"})

    assert (2, "") == (ended.status, ended.stdout), ended
    assert "would obey as a command" in ended.stderr
    assert "-o FILE" in ended.stderr


def test_decoded_commands_are_refused(spawn: Spawn) -> None:
    """The text of ids can be a command, too."""
    ids = spawn("encode", "--string", "::error::x").stdout.split()
    ended = spawn("decode", *ids, env={"GITHUB_ACTIONS": "true"})

    assert (2, "") == (ended.status, ended.stdout), ended


def test_files_receive_every_byte(spawn: Spawn, tmp_path: Path, environment: dict[str, str]) -> None:
    """No service reads a file, whether -o names it or the shell."""
    text = b"::error::x\n"
    spawn("truncate", "-t", "100", "-o", "a", stdin=text, env={"GITHUB_ACTIONS": "true"})
    with (tmp_path / "b").open("wb") as file:
        subprocess.run(
            [sys.executable, "-m", "gpt41calc", "truncate", "-t", "100"],
            input=text,
            stdout=file,
            env=environment | {"GITHUB_ACTIONS": "true"},
            check=True,
        )

    assert [text, text] == [(tmp_path / name).read_bytes() for name in "ab"]


@given(TEXTS, st.integers(1, 80_000))
def test_text_passes_as_it_is_or_not_at_all(text: str, size: int) -> None:
    """In whatever blocks a text comes: one with a command is refused, any other passes byte for byte."""
    raw = text.encode()
    size = max(size, len(raw) // 50)
    process = Process({"TF_BUILD": "true"}, date(2026, 1, 1))
    blocks = [raw[at : at + size] for at in range(0, len(raw), size)]
    if for_ci_log(text) != text:
        with pytest.raises(UsageError):
            list(without_commands(blocks, process))
    else:
        assert raw == b"".join(without_commands(blocks, process))
