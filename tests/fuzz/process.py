"""Run a case: in a forked copy of this process, which has everything loaded, or in a process of its own."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import NoReturn

from .case import Case

__all__ = ["DEADLINE_SECONDS", "Ended", "Workshop", "preload"]

DEADLINE_SECONDS = 30
"""A run that takes longer hangs; the inputs are chosen so that none takes more than a few seconds."""

ROOT = Path(__file__).parent.parent.parent

_ESCAPED = 99
"""Status of a fork in which ``main`` raised, which it never may."""

_WHO = {
    "GIT_AUTHOR_NAME": "A. Author",
    "GIT_AUTHOR_EMAIL": "author@example.org",
    "GIT_COMMITTER_NAME": "A. Author",
    "GIT_COMMITTER_EMAIL": "author@example.org",
}


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    status: int
    """Its exit status; negative if a signal ended it."""

    stdout: bytes
    """What it wrote on standard output."""

    stderr: bytes
    """What it wrote on standard error."""

    seconds: float
    """How long it took."""

    @property
    def hung(self) -> bool:
        """Whether it was ended because it took too long."""
        return self.seconds >= DEADLINE_SECONDS


def preload() -> None:
    """Import what commands import and load the vocabularies, so that a fork need not."""
    import importlib
    import pkgutil

    import gpt41calc
    from gpt41calc.tokenizer.engines import tokenizer

    for module in pkgutil.walk_packages(gpt41calc.__path__, "gpt41calc."):
        importlib.import_module(module.name)
    for encoding in ("o200k_base", "cl100k_base"):
        tokenizer(encoding, short=False).count("\u0378 loads both engines")
        # Not by counting with it: that would use up the bytes that it looks up instead of loading anything.
        tokenizer(encoding)._faster.count("\u0378")  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    gc.collect()
    gc.freeze()


class Workshop:
    """A temporary folder in which cases are run one after the other."""

    def __init__(self) -> None:
        """Make the folder."""
        self.root = Path(tempfile.mkdtemp(prefix="gpt41calc-fuzz-"))
        self.work = self.root / "work"
        self._home = self.root / "home"

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.root, ignore_errors=True)

    def prepare(self, case: Case) -> None:
        """Make the folder of a case, and an empty home with an empty cache beside it."""
        for folder in (self.work, self._home):
            shutil.rmtree(os.fsencode(folder), ignore_errors=True)
        self._home.mkdir()
        if case.repository:
            shutil.copytree(_repository(self.root), self.work)
        else:
            self.work.mkdir()
        for name, content in case.files.items():
            path = os.path.join(os.fsencode(self.work), name)
            with suppress(OSError, ValueError):  # names that the file system does not take are left out
                os.makedirs(os.path.dirname(path), exist_ok=True)
                if not name.endswith(b"/"):
                    with open(path, "wb") as file:
                        file.write(content)

    def run(self, case: Case, *words: bytes, stdin: bytes | None = None, own_process: bool = False) -> Ended:
        """Run the words of a case, or others, in the folder that was prepared."""
        given = words or case.words
        environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "XDG_CACHE_HOME": str(self._home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(self.root),
            "GPT41CALC_DEBUG": "1",
            "LC_ALL": "C.UTF-8",
            **case.environ,
        }
        source = case.stdin if stdin is None else stdin
        if own_process or not hasattr(os, "fork"):
            return self._in_own_process(given, environ, source)
        return self._in_fork(given, environ, source)

    def _in_own_process(self, words: tuple[bytes, ...], environ: dict[str, str], source: bytes) -> Ended:
        """Start Python anew; standard input is a pipe."""
        command = [os.fsencode(sys.executable), b"-m", b"gpt41calc", *words]
        environ = {**environ, "PYTHONPATH": str(ROOT)}
        start = time.monotonic()
        try:
            ended = subprocess.run(
                command,
                cwd=self.work,
                env=environ,
                input=source,
                capture_output=True,
                timeout=DEADLINE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            return Ended(-signal.SIGKILL, late.stdout or b"", late.stderr or b"", time.monotonic() - start)
        return Ended(ended.returncode, ended.stdout, ended.stderr, time.monotonic() - start)

    def _in_fork(self, words: tuple[bytes, ...], environ: dict[str, str], source: bytes) -> Ended:
        """Run in a copy of this process; standard input is a file."""
        with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            into.write(source)
            into.seek(0)
            start = time.monotonic()
            pid = os.fork()
            if not pid:
                self._become(words, environ, (into.fileno(), out.fileno(), err.fileno()))
            status = _waited(pid)
            seconds = time.monotonic() - start
            out.seek(0)
            err.seek(0)
            return Ended(status, out.read(), err.read(), seconds)

    def _become(self, words: tuple[bytes, ...], environ: dict[str, str], streams: tuple[int, int, int]) -> NoReturn:
        """Be the program, in a fork."""
        try:
            os.setsid()
            for number, descriptor in enumerate(streams):
                os.dup2(descriptor, number)
            os.chdir(self.work)
            os.environ.clear()
            os.environ.update(environ)
            sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it lives as long as the fork
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - the same
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - the same
            from gpt41calc.boundary import main

            status = main([os.fsdecode(word) for word in words])
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        except BaseException:  # noqa: BLE001 - whatever it is, the fork must end here
            import traceback

            os.write(2, traceback.format_exc().encode(errors="backslashreplace"))
        finally:
            os._exit(_ESCAPED)


def _waited(pid: int) -> int:
    """Wait for a fork, and end it with everything that it started once the time is over."""

    def end(_signum: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, DEADLINE_SECONDS)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@cache
def _repository(root: Path) -> Path:
    """Make a repository with two commits once; cases copy it."""
    folder = root / "repository"
    folder.mkdir()
    environ = {**os.environ, **_WHO, "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=folder, env=environ, check=True, capture_output=True)  # noqa: S607 - any git

    git("init", "-q", "-b", "main", "--template=")
    for version in (1, 2):
        (folder / "tracked.md").write_text(f"this is version {version}\n" * version, encoding="utf-8")
        (folder / "kept.txt").write_text("kept as it is\n", encoding="utf-8")
        git("add", "-A")
        git("commit", "-q", "-m", f"version {version}")
    return folder
