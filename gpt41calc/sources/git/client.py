"""Ask git, the only place where a program is started.

A repository may come from anyone, so nothing in its configuration may run a
program, and nothing of the environment may point git at another repository.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Self, cast

from ...errors import UsageError
from ..open_path import why

__all__ = [
    "Conversation",
    "Listing",
    "answer",
    "excludes_file",
    "first_line",
    "is_ignored",
    "list_files",
    "run",
    "start",
]

_HARMLESS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "log.showSignature=false"),  # would run gpg.program
    *("-c", "protocol.allow=never"),
)
"""Given before every command, so that no setting of a repository runs a program."""

_OWN_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # unlike protocol.allow, no setting of one protocol weakens it
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # messages are recognised
}

_THE_USERS_OWN = re.compile(
    r"GIT_(?:CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL|COUNT|(?:KEY|VALUE)_\d+)"
    r"|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)"
)
"""What is said by whoever calls us, and not by a git that runs a hook: that is about another folder."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What git shows below a folder."""

    paths: tuple[str, ...]
    """Paths relative to the folder, with forward slashes."""

    complete: bool
    """Whether git could look everywhere."""

    complaints: tuple[bytes, ...] = ()
    """Where it could not, in its words."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A git that runs, until the end of a ``with`` block at the latest."""

    process: subprocess.Popen[bytes]
    """The process."""

    questions: IO[bytes]
    """What it reads."""

    answers: IO[bytes]
    """What it writes; nobody hears its complaints."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.answers.close()
        with suppress(OSError):  # what was still to be said
            self.questions.close()


def list_files(folder: str) -> Listing | None:
    """Return the tracked files below a folder and those it would offer to add, or none outside a repository."""
    listed = _asked(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listed is None or listed.returncode != 0:
        return None
    names = {os.fsdecode(name) for name in listed.stdout.split(b"\0") if name}
    # git goes on after a folder it cannot open, and says so only here.
    return Listing(tuple(names), complete=not listed.stderr)


def is_ignored(folder: str) -> bool:
    """Say whether the repository around a folder ignores the folder itself."""
    parent, name = os.path.split(os.path.realpath(folder))
    answered = _asked(parent, "check-ignore", "-q", "--", name)
    return answered is not None and answered.returncode == 0


def excludes_file(folder: str) -> str:
    """Return the path of the user's own ignore file, whether or not it exists; set to nothing, it is a folder."""
    answered = _asked(folder, "config", "--type=path", "--get", "core.excludesFile")
    if answered is not None and answered.returncode == 0:
        return os.path.join(folder, os.fsdecode(answered.stdout.rstrip(b"\n")))
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "git", "ignore")


def run(
    folder: str, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Return how git ended that was run in a folder.

    Args:
        folder: where to run it.
        arguments: a command and what it is told.
        given: its standard input.
        environment: what it finds there besides.

    Raises:
        UsageError: git is not installed, or the folder cannot be entered.
    """
    try:
        return subprocess.run(
            _command(arguments),
            cwd=folder,
            env={**_environment(), **(environment or {})},
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        message = f"cannot run git in '{folder}': {why(error)}"
        raise UsageError(message) from error


def answer(
    folder: str, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Return how git ended, which has to have ended well; arguments as of :func:`run`.

    Raises:
        UsageError: it did not, so the repository is damaged or git is too old.
    """
    ended = run(folder, *arguments, given=given, environment=environment)
    if ended.returncode != 0:
        message = f"git could not read the repository: {first_line(ended.stderr) or 'no reason given'}"
        raise UsageError(message, hint="see what git fsck says; git 2.31 or newer is needed")
    return ended


def start(folder: str, *arguments: str) -> Conversation:
    """Start git in a folder, to be told and heard while it runs.

    Raises:
        UsageError: git is not installed, or the folder cannot be entered.
    """
    try:
        process = subprocess.Popen(
            _command(arguments),
            cwd=folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        message = f"cannot run git in '{folder}': {why(error)}"
        raise UsageError(message) from error
    return Conversation(process, cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout))


def first_line(said: bytes) -> str:
    r"""Return the first thing git complains of, without the word before it.

    >>> first_line(b"fatal: bad object\nfatal: and more")
    'bad object'
    """
    line = said.decode("utf-8", "replace").partition("\n")[0]
    return re.sub(r"\A(?:fatal|error|warning): ", "", line)


def _asked(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """Return how git ended, or none where it cannot be asked."""
    try:
        return run(folder, *arguments)
    except UsageError:
        return None


def _command(arguments: tuple[str, ...]) -> list[str]:
    # Found by an absolute path only: a program named git in the folder that is looked at is none of ours.
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    program = shutil.which("git", path=os.pathsep.join(folder for folder in folders if os.path.isabs(folder)))
    if program is None or not os.path.isabs(program):
        raise UsageError("git is not installed", hint="install git, and see that it is on the PATH")
    return [program, *_HARMLESS, *arguments]


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _THE_USERS_OWN.fullmatch(name)
    }
    return kept | _OWN_ENVIRONMENT
