"""Every way a process can end, and every stream it may be given, through real processes."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import Outcome, Spawn

from gpt41calc.cli.process import Process

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors, signals and pipes of POSIX")

DEBUG = {"GPT41CALC_DEBUG": "1"}
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
HELLO = b"hello world\n"

PANIC = """
import sys
import gpt41calc.tokenizer.engines

class Panic(BaseException):
    pass

def broken(encoding, *, short):
    password = "hunter2"
    raise Panic("it broke")

gpt41calc.tokenizer.engines.tokenizer = broken

from gpt41calc.boundary import main

sys.exit(main())
"""


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path) -> None:
    """Put a text and a binary file into the folder."""
    (tmp_path / "a.txt").write_bytes(HELLO)
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")


@pytest.fixture
def dead_pipe() -> Iterator[int]:
    """Return the end to write to of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def without(*descriptors: int) -> Callable[[], None]:
    """Return what a child does to start with descriptors closed."""

    def close() -> None:
        for descriptor in descriptors:
            os.close(descriptor)

    return close


# -- Readers that have left


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["count", "a.txt"], 0),
        (["count", "a.bin"], 3),
        (["pricing", "show", "--json"], 0),
        (["estimate", "--json", "missing"], 2),
        (["--help"], 0),
    ],
)
def test_broken_pipe_keeps_the_verdict(
    spawn: Spawn, buffering: dict[str, str], dead_pipe: int, arguments: list[str], status: int
) -> None:
    """A reader who has left changes no status, whether the output is small or large; a pipe is never status 1."""
    ended = spawn(*arguments, env=buffering, stdout=dead_pipe)

    assert status == ended.status
    assert "Traceback" not in ended.stderr
    assert "pipe" not in ended.stderr


def test_broken_pipe_in_the_middle(buffering: dict[str, str], tmp_path: Path) -> None:
    """``| head -1`` of a large report ends quietly and well."""
    script = f'"{sys.executable}" -m gpt41calc pricing show -f plain | head -1; exit ${{PIPESTATUS[0]}}'
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **buffering}
    ended = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, check=False)  # noqa: S607 - where it is differs

    assert (0, b"") == (ended.returncode, ended.stderr)
    assert ended.stdout.endswith(b" models, in US dollars per million tokens\n")


@pytest.mark.parametrize(("arguments", "status"), [(["count", "a.bin"], 3), (["count", "missing"], 2)])
def test_dead_standard_error(
    spawn: Spawn, buffering: dict[str, str], dead_pipe: int, arguments: list[str], status: int
) -> None:
    """Warnings that cannot be told do not change the status, with standard output dead or not."""
    actual = [
        spawn(*arguments, env=buffering, stderr=dead_pipe).status,
        spawn(*arguments, env=buffering, stderr=dead_pipe, stdout=dead_pipe).status,
    ]

    assert [status, status] == actual


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_closed_descriptors(spawn: Spawn, tmp_path: Path, closed: tuple[int, ...]) -> None:
    """A closed descriptor is not given to a file that is opened: nothing is written there, nothing fails."""
    ended = spawn("count", "a.txt", python=("-W", "error"), preexec_fn=without(*closed))
    expected = "" if 1 in closed else "  3  a.txt\n"

    assert (0, expected, "") == (ended.status, ended.stdout, ended.stderr)
    assert HELLO == (tmp_path / "a.txt").read_bytes()


# -- Reports that cannot be written


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
@pytest.mark.parametrize("arguments", [["count", "a.txt"], ["--help"], ["pricing", "show", "--json"]])
def test_disk_full(spawn: Spawn, buffering: dict[str, str], arguments: list[str]) -> None:
    """A report that does not go on the disk is status 74 with the reason, and no document follows it."""
    with open("/dev/full", "wb") as full:
        ended = spawn(*arguments, env=buffering, stdout=full.fileno())

    assert ended.status == 74
    assert ended.stderr.startswith("gpt41calc: error: cannot write")
    assert "No space left on device" in ended.stderr


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("missing/report.txt", "No such file or directory"),
        ("a.txt/report.txt", "Not a directory"),
        ("folder", "Is a directory"),
        pytest.param(
            "/dev/full",
            "No space left on device",
            marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux"),
        ),
    ],
)
def test_report_to_an_impossible_place(spawn: Spawn, tmp_path: Path, target: str, reason: str) -> None:
    """A report that cannot be put where it was asked to go is status 74 and leaves nothing behind."""
    (tmp_path / "folder").mkdir()
    ended = spawn("count", "a.txt", "-o", target)

    assert (74, f"gpt41calc: error: cannot write the report to {target}: {reason}\n") == (ended.status, ended.stderr)
    assert ["a.bin", "a.txt", "folder"] == sorted(os.listdir(tmp_path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_report_to_a_folder_without_permission(spawn: Spawn, tmp_path: Path) -> None:
    """A folder that takes no files is status 74."""
    (tmp_path / "locked").mkdir(mode=0o500)

    assert spawn("count", "a.txt", "-o", "locked/report.txt").status == 74


def test_report_through_a_link(spawn: Spawn, tmp_path: Path) -> None:
    """A report goes to where a link points; the link stays, and so do the permissions of the file."""
    target = tmp_path / "report.txt"
    target.write_text("yesterday")
    target.chmod(0o640)
    (tmp_path / "link").symlink_to("report.txt")
    ended = spawn("count", "a.txt", "-o", "link")

    assert (0, "", "  3  a.txt\n") == (ended.status, ended.stdout, target.read_text())
    assert (True, 0o640) == ((tmp_path / "link").is_symlink(), target.stat().st_mode & 0o777)


@pytest.mark.parametrize("arguments", [["missing"], ["a.txt", "-m", "nope"], ["a.txt", "--output-tokens", "x"]])
def test_failure_keeps_the_old_report(spawn: Spawn, tmp_path: Path, arguments: list[str]) -> None:
    """A run that fails leaves yesterday's report as it was."""
    (tmp_path / "report.json").write_text("yesterday")
    ended = spawn("estimate", *arguments, "-o", "report.json")

    assert (2, "yesterday") == (ended.status, (tmp_path / "report.json").read_text())


# -- Interruption


def listen() -> None:
    """Undo what a shell does to its background jobs, to which SIGINT means nothing."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("deaf", [False, True])
def test_interrupted_while_reading(
    tmp_path: Path, environment: dict[str, str], dead_pipe: int, number: signal.Signals, *, deaf: bool
) -> None:
    """Ctrl-C or a polite kill is status 130: no traceback, no half of a report, even if nobody listens."""
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "report.txt").write_text("yesterday")
    process = subprocess.Popen(
        [sys.executable, "-m", "gpt41calc", "count", "fifo", "-o", "report.txt"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=dead_pipe if deaf else subprocess.PIPE,
        preexec_fn=listen,  # noqa: PLW1509 - there are no threads
    )
    with process, (tmp_path / "fifo").open("wb", buffering=0) as fifo:  # opened once the child reads
        fifo.write(HELLO)
        # Python itself loses a signal between its last look and the system call; by now the child waits in that.
        time.sleep(0.3)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=60)

    assert (130, b"", b"") == (process.returncode, stdout, (stderr or b"").strip())
    assert ["a.bin", "a.txt", "fifo", "report.txt"] == sorted(os.listdir(tmp_path))
    assert (tmp_path / "report.txt").read_text() == "yesterday"


# -- Standard input


def test_standard_input_is_a_pipe(spawn: Spawn) -> None:
    """Text that is piped in is counted without being named, as a bare number."""
    ended = spawn("count", stdin=HELLO)

    assert (0, "3\n", "") == (ended.status, ended.stdout, ended.stderr)


def test_standard_input_is_a_file(spawn: Spawn, tmp_path: Path) -> None:
    """A file that is redirected in is counted as a pipe is."""
    with (tmp_path / "a.txt").open("rb") as file:
        ended = spawn("count", stdin=file.fileno())

    assert (0, "3\n") == (ended.status, ended.stdout)


def test_standard_input_is_the_null_device(spawn: Spawn) -> None:
    """In a job without standard input the current folder is counted."""
    ended = spawn("count")

    assert (0, "  3  a.txt\n") == (ended.status, ended.stdout)


def test_standard_input_is_binary(spawn: Spawn) -> None:
    """Binary data on standard input was meant to be counted, so leaving it out is said, and status 3."""
    ended = spawn("count", stdin=b"\0\1")

    hint = "gpt41calc: hint: --text counts binary files as if they were text\n"
    assert (3, f"gpt41calc: error: <stdin>: not counted: binary\n{hint}") == (ended.status, ended.stderr)


# -- Crashes


@pytest.mark.parametrize("env", [{}, DEBUG])
def test_internal_error(tmp_path: Path, environment: dict[str, str], env: dict[str, str]) -> None:
    """A defect is status 70 and one sentence; a traceback only if asked for, and no local variable ever."""
    script = tmp_path / "panic.py"
    script.write_text(PANIC)
    ended = subprocess.run(
        [sys.executable, str(script), "count", "a.txt"],
        cwd=tmp_path,
        env=environment | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    stderr = ended.stderr.decode()

    assert (70, b"") == (ended.returncode, ended.stdout)
    assert stderr.startswith("gpt41calc: error: internal error: Panic: 'it broke'\n")
    assert ("Traceback" in stderr) == bool(env)
    assert "hunter2'" not in stderr.replace('password = "hunter2"', "")


def test_internal_error_nobody_hears_of(tmp_path: Path, environment: dict[str, str], dead_pipe: int) -> None:
    """A defect is status 70 even if it cannot be told."""
    script = tmp_path / "panic.py"
    script.write_text(PANIC)
    ended = subprocess.run(
        [sys.executable, str(script), "count", "a.txt"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=dead_pipe,
        check=False,
    )

    assert ended.returncode == 70


# -- Environment


@pytest.mark.parametrize("python", [("-O",), ("-I",), ("-W", "error"), ("-b", "-b")])
def test_interpreter_options(spawn: Spawn, python: tuple[str, ...]) -> None:
    """The numbers do not hang on asserts, on the environment of Python, or on warnings."""
    ended = spawn("estimate", "-q", "a.txt", python=python)

    assert (0, "0.008006\n", "") == (ended.status, ended.stdout, ended.stderr)


def test_ascii_locale(spawn: Spawn, tmp_path: Path) -> None:
    """Where the locale is ASCII, JSON is UTF-8 nevertheless, and text has escapes in place of a crash."""
    (tmp_path / "ü.txt").write_bytes(HELLO)
    name = "ü.txt".encode()
    report = spawn("count", "--json", name, env=ASCII)
    listed = spawn("count", name, "a.bin", env=ASCII)
    drawn = spawn("estimate", "-f", "table", "a.txt", env=ASCII)

    assert (0, 1, 0) == (report.status, report.stdout.count('{"path": "ü.txt", "bytes": 12, "tokens": 3}'), 0)
    assert (3, True) == (listed.status, (listed.stdout + listed.stderr).isascii())
    assert (0, True, 0) == (drawn.status, drawn.stdout.isascii(), drawn.stdout.count(r"\u"))


@pytest.mark.parametrize("env", [{"TERMINAL_WIDTH": "abc"}, {"GITHUB_ACTIONS": "true"}])
def test_help_is_plain(spawn: Spawn, env: dict[str, str]) -> None:
    """Help is plain text, whatever is said of the terminal."""
    ended = spawn("--help", env=env)

    assert (0, "", 0) == (ended.status, ended.stderr, ended.stdout.count("\x1b"))
    assert "estimate" in ended.stdout


def test_deleted_folder(spawn: Spawn, tmp_path: Path) -> None:
    """In a folder that is gone there is nothing to count, which is said in a line; other paths still work."""
    gone = tmp_path / "gone"
    gone.mkdir()
    here = spawn("count", cwd=gone, preexec_fn=gone.rmdir)
    gone.mkdir()
    elsewhere = spawn("count", "-q", str(tmp_path / "a.txt"), cwd=gone, preexec_fn=gone.rmdir)

    assert (2, "gpt41calc: error: the current folder: no such file or directory\n") == (here.status, here.stderr)
    assert (0, "3\n") == (elsewhere.status, elsewhere.stdout)


@pytest.mark.parametrize(
    ("environ", "choice", "expected"),
    [
        ({}, "auto", False),
        ({}, "always", True),
        ({}, "never", False),
        ({"FORCE_COLOR": "1"}, "auto", True),
        ({"FORCE_COLOR": "1"}, "never", False),
        ({"FORCE_COLOR": "0"}, "auto", False),
        ({"FORCE_COLOR": ""}, "auto", False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "0", "FORCE_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, "auto", True),
        ({"NO_COLOR": "1"}, "always", True),
        ({"TERM": "dumb"}, "always", True),
        ({"CI": "true"}, "auto", False),
    ],
)
def test_colour_is_decided_once(*, environ: dict[str, str], choice: str, expected: bool) -> None:
    """The option is stronger than NO_COLOR, that than FORCE_COLOR, that than the terminal."""
    assert expected == Process(environ, date(2026, 11, 22)).uses_colour(choice)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("1", 1),
        ("5", 5),
        ("20", 20),
        ("1000000", 100_000),
        ("0", 100),
        ("abc", 100),
        ("", 100),
        ("-5", 100),
        ("５", 100),
    ],
)
def test_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: str, expected: int) -> None:
    """COLUMNS is used where it is a positive number, and nothing fails where it is not."""
    with (tmp_path / "out").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        actual = Process({"COLUMNS": columns}, date(2026, 11, 22)).width()

    assert expected == actual


@pytest.mark.parametrize("columns", ["5", "abc"])
def test_amounts_are_whole_at_any_width(spawn: Spawn, columns: str) -> None:
    """However narrow or wide the terminal says it is, the total is written in full."""
    ended = spawn("estimate", "-f", "table", "a.txt", env={"COLUMNS": columns})

    assert (0, True) == (ended.status, "$0.00801" in ended.stdout)


@pytest.mark.parametrize(
    ("env", "coloured", "drawn"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_on_a_terminal(spawn: Spawn, *, env: dict[str, str], coloured: bool, drawn: bool) -> None:
    """A terminal gets tables in colour, one that asks for none gets none, a dumb one gets lines."""
    master, slave = pty.openpty()
    ended = spawn("estimate", "a.txt", env=env | {"COLUMNS": "100"}, stdout=slave)
    os.close(slave)
    written = _read_all(master)

    assert (0, coloured, drawn) == (ended.status, "\x1b[" in written, "───" in written)


def _read_all(master: int) -> str:
    """Read what was written to a terminal, until it hangs up."""
    raw = b""
    try:
        while block := os.read(master, 1 << 16):
            raw += block
    except OSError:  # Linux says so that the other end is closed
        pass
    os.close(master)
    return raw.decode()


def test_pipe_gets_lines(spawn: Spawn) -> None:
    """Where nobody looks there are no frames, no colour and no progress."""
    ended: Outcome = spawn("estimate", "a.txt")

    assert ended.stdout.startswith("3 tokens, fits GPT-4.1 (0.1 % of 1,047,576), $0.0080 a request: ")
    assert (0, "", True) == (ended.status, ended.stderr, "\x1b" not in ended.stdout)
