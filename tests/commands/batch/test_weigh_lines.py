"""A file of many requests is priced alike by one process and by several."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Spawn
from processes import started_by

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")

two_cores = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="with one core, nobody works beside this process")


def requests() -> Iterator[Any]:
    """Yield lines of every kind: with shared beginnings, twice, broken, for other models and vendors."""
    handbook = "".join(f"Rule {number}: never promise what the table does not say.\n" for number in range(150))
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
    for number in range(1500):
        system = {"role": "system", "content": handbook if number % 3 else f"{number} {handbook}"}
        body: dict[str, Any] = {
            "model": "gpt-4.1",
            "messages": [system, {"role": "user", "content": f"Question {number} naïve?"}],
        }
        name = f"r{number - number % 50 if number % 7 == 0 else number}"
        match number % 11:
            case 1:
                body["tools"] = [tool]
            case 2:
                body |= {"model": "gpt-4.1-mini", "max_tokens": 40_000}
            case 3:
                body["messages"] = "none"
            case 4:
                body = {"model": "gpt-4.1", "input": f"{number} " + handbook}
        url = "/v1/responses" if "input" in body else "/v1/chat/completions"
        yield {"custom_id": name, "method": "POST", "url": url, "body": body}


@pytest.fixture(scope="module")
def lines() -> bytes:
    """Return 12 MB of lines, some of which are none."""
    made = [json.dumps(one) for one in requests()]
    made[700] = made[700][:-1]
    made.insert(900, "")
    return ("\n".join(made) + "\n").encode()


def alone() -> None:
    """Give a process one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "gpt-4o", "-m", "gpt-4.1-nano"),
        pytest.param(("--output-tokens", "cap"), marks=pytest.mark.exhaustive),
    ],
)
def test_several_say_what_one_says(spawn: Spawn, tmp_path: Path, lines: bytes, words: tuple[str, ...]) -> None:
    """Costs, what a cache serves, names that were there before, reasons with their lines: all of the report."""
    (tmp_path / "many.jsonl").write_bytes(lines)
    expected = spawn("batch", "many.jsonl", "--json", *words, preexec_fn=alone)
    actual = spawn("batch", "many.jsonl", "--json", *words)

    assert expected == actual
    assert expected.status == 3
    assert '"requests": ' in expected.stdout


def test_files_that_are_written_are_alike(spawn: Spawn, tmp_path: Path, lines: bytes) -> None:
    """Each line goes into the file that it would go into, in its order."""
    (tmp_path / "many.jsonl").write_bytes(lines)
    spawn("batch", "many.jsonl", "-q", "--split", "one", preexec_fn=alone)
    spawn("batch", "many.jsonl", "-q", "--split", "several")
    expected = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    actual = {path.name: path.read_bytes() for path in (tmp_path / "several").iterdir()}

    assert expected == actual
    assert ["many-001.jsonl", "many-002.jsonl"] == sorted(expected)


@two_cores
@pytest.mark.parametrize("sent", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.exhaustive)])
def test_who_dies_or_stalls_costs_only_time(
    tmp_path: Path, spawn: Spawn, lines: bytes, environment: dict[str, str], sent: signal.Signals
) -> None:
    """Its lines are worked out by the process that handed them over, and nobody is left."""
    (tmp_path / "many.jsonl").write_bytes(lines)
    expected = spawn("batch", "many.jsonl", "-q").stdout
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "batch", "many.jsonl", "-q"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not (workers := started_by(process.pid)) and process.poll() is None:
        time.sleep(0.005)
    for worker in workers:
        os.kill(worker, sent)
    stdout, _ = process.communicate(timeout=60)

    assert (3, expected) == (process.returncode, stdout.decode())
    assert [] == started_by(process.pid)
