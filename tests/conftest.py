"""What tests share: the real program in a fresh folder, with its home elsewhere."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Reports are the same whether ctok is installed or not; tests of what it counts say so (fixture ``reconstructed``).
os.environ["GPT41CALC_CLAUDE"] = "ratio"

import pytest
from forkserver import ForkServer, can_fork
from hypothesis import HealthCheck, settings
from scratch import WHO, Scratch

# Times vary on shared machines, and a first count loads a vocabulary: no deadline. --hypothesis-profile=thorough looks
# longer; .ci/run does so with what is exhaustive.
settings.register_profile("steady", deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("steady"), max_examples=300)
settings.load_profile("steady")

ROOT = Path(__file__).parent.parent

TODAY = "2026-11-22"
"""The day of the prices and statuses that tests expect."""


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Return one worker more than there are cores, if there are several: it runs while another waits for something."""
    workers = yield
    is_chosen = "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ
    return workers if workers == 1 or is_chosen else workers + 1


@dataclass(frozen=True)
class Outcome:
    """How a process ended."""

    status: int
    """Its exit status; negative: the signal that killed it."""

    stdout: str
    """What it wrote on standard output; undecodable bytes are surrogates."""

    stderr: str
    """What it wrote on standard error."""


Spawn = Callable[..., Outcome]


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment without the machine's home, terminal or git settings."""
    home = tmp_path_factory.mktemp("home")
    names = ("PATH", "SYSTEMROOT", "COVERAGE_PROCESS_CONFIG", "GPT41CALC_CLAUDE")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "LC_ALL": "C.UTF-8"}


@pytest.fixture
def reconstructed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Count Claude by its reconstructed tokenizer; skip where the package ctok cannot be installed."""
    from gpt41calc.tokenizer.claude_vocabulary import ctok_folder, ctok_version

    pytest.importorskip("ctok", reason="ctok needs Python 3.12")
    monkeypatch.delenv("GPT41CALC_CLAUDE", raising=False)
    for known in (ctok_folder, ctok_version):
        known.cache_clear()
    yield
    for known in (ctok_folder, ctok_version):
        known.cache_clear()


@pytest.fixture
def quiet_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep git away from the settings of the machine; return the home where it looks for the user's."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return folder


@pytest.fixture
def scratch(tmp_path: Path, quiet_git: Path) -> Scratch:
    """Return an empty repository, beside which there is room for others."""
    assert quiet_git.is_dir()
    return Scratch(tmp_path / "scratch").init()


@pytest.fixture(params=["buffered", "unbuffered"])
def buffering(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return what to add to the environment, for a test to run both ways."""
    return {"PYTHONUNBUFFERED": "1"} if request.param == "unbuffered" else {}


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer | None]:
    """Return what starts copies of the imported program, where there is such a thing."""
    if sys.platform != "linux":
        yield None
        return
    server = ForkServer()
    yield server
    server.close()


@pytest.fixture
def spawn(tmp_path: Path, environment: dict[str, str], fork_server: ForkServer | None) -> Spawn:
    """Return a function that runs gpt41calc as a process of its own in ``tmp_path``.

    The process is a copy of one that has imported the program, unless the run
    needs an interpreter of its own: ``fresh=True``, or anything about how it starts.
    """

    def run(
        *arguments: str | bytes,
        stdin: bytes | int | None = None,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        python: Sequence[str] = (),
        fresh: bool = False,
        **options: Any,
    ) -> Outcome:
        around = environment | (env or {})
        plain = not fresh and not python and not options.keys() - {"stdout", "stderr"}
        if plain and fork_server is not None and can_fork(around):
            source = subprocess.DEVNULL if stdin is None else stdin
            status, output, errors = fork_server.run(
                arguments, environment=around, cwd=cwd or tmp_path, stdin=source, **options
            )
            return Outcome(status, _decode(output), _decode(errors))
        command = [sys.executable, *python, "-m", "gpt41calc", *arguments]
        given: dict[str, Any] = (
            {"input": stdin} if isinstance(stdin, bytes) else {"stdin": subprocess.DEVNULL if stdin is None else stdin}
        )
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        ended = subprocess.run(command, env=around, cwd=cwd or tmp_path, check=False, timeout=120, **given, **streams)
        return Outcome(ended.returncode, _decode(ended.stdout), _decode(ended.stderr))

    return run


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a gpt41calc that a shell finds."""
    if sys.platform == "win32":
        pytest.skip("needs a shell")
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "gpt41calc"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gpt41calc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (folder / "python").symlink_to(sys.executable)
    return folder


@pytest.fixture
def on_path(environment: dict[str, str], programs: Path) -> dict[str, str]:
    """Return an environment in which a shell finds gpt41calc, git knows who commits, and the day is known."""
    path = os.pathsep.join([str(programs), environment["PATH"]])
    return environment | WHO | {"PATH": path, "GPT41CALC_AS_OF": TODAY}


@pytest.fixture
def budgeted(scratch: Scratch) -> Scratch:
    """Return the repository of the README's examples in CI: two prompts, their budgets, and a branch."""
    shutil.copytree(ROOT / "docs" / "example" / "prompts", scratch.root / "prompts")
    shutil.copy(ROOT / "docs" / "budgets" / "gpt41calc.toml", scratch.root)
    scratch.commit("Prompts under a budget")
    scratch.git("switch", "-q", "-c", "longer")
    return scratch


def _decode(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "surrogateescape")


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Skip if Spark cannot run here; stop what the test has started."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("Spark needs Java 17 or 21")
    # Spark would start the first python3 of PATH.
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    yield
    session = sql.SparkSession.getActiveSession()
    if session is not None:
        session.stop()
