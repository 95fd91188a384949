"""Run git, the only external program that is used.

A repository may come from an untrusted person. So its configuration must not run programs, the environment must not
redirect git to another repository, no replacement object may stand in for an object, and a git that hangs is ended.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ...errors import UsageError
from ...resources import Refusals
from ..open_path import why
from .child import Conversation, Silent, run_child, start_child

__all__ = ["Conversation", "answer", "excludes_file", "first_line", "is_ignored", "parsed", "run", "start"]

_HARMLESS = (
    "--no-pager",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "log.showSignature=false"),  # would run gpg.program
    *("-c", "protocol.allow=never"),
    *("-c", "advice.graftFileDeprecated=false"),  # printed wherever GIT_GRAFT_FILE names a file
)
"""Arguments before every command, so that no setting of a repository runs a program."""

_OWN_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",  # refs/replace/ID is another content under the name ID
    "GIT_GRAFT_FILE": os.devnull,  # info/grafts gives commits other parents
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # unlike protocol.allow, no setting of one protocol weakens it
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # messages are matched in English
}

_THE_USERS_OWN = re.compile(
    r"GIT_(?:CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL|COUNT|(?:KEY|VALUE)_\d+)"
    r"|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)"
)
"""Variables that the user may set; those that git sets for a hook belong to another folder."""


def is_ignored(folder: str) -> bool:
    """Return whether the repository around a folder ignores the folder itself."""
    parent, name = os.path.split(os.path.realpath(folder))
    answered = _answer_or_none(parent, "check-ignore", "-q", "--", name)
    return answered is not None and answered.returncode == 0


def excludes_file(folder: str) -> str:
    """Return the path of the user's global ignore file, which may not exist; an empty setting gives a folder."""
    answered = _answer_or_none(folder, "config", "--type=path", "--get", "core.excludesFile")
    if answered is not None and answered.returncode == 0:
        return os.path.join(folder, os.fsdecode(answered.stdout.rstrip(b"\n")))
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(home, "git", "ignore")


def run(
    folder: str, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder and return its result.

    Args:
        folder: its working folder.
        arguments: a command and its arguments.
        given: its standard input.
        environment: additional environment variables.

    Raises:
        UsageError: git is not installed, does not answer, or the folder cannot be entered.
    """
    whole = {**_environment(), **(environment or {})}
    with _explained(folder, arguments):
        return run_child(_command(arguments), folder, whole, given, _silence_seconds())


def answer(
    folder: str, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git and return its result, which must be a success; arguments as for :func:`run`.

    Raises:
        UsageError: git failed, so the repository is damaged or git is too old.
    """
    ended = run(folder, *arguments, given=given, environment=environment)
    if ended.returncode != 0:
        message = f"git could not read the repository: {first_line(ended.stderr) or 'no reason given'}"
        raise UsageError(message, hint="see what git fsck says; git 2.31 or newer is needed")
    return ended


def start(folder: str, *arguments: str) -> Conversation:
    """Start git in a folder, with pipes to its standard input and output.

    Raises:
        UsageError: git is not installed, or the folder cannot be entered.
    """
    with _explained(folder, arguments):
        return start_child(_command(arguments), folder, _environment(), _silence_seconds())


@contextmanager
def parsed(command: str) -> Iterator[None]:
    """Turn errors in parsing git's output into an explanation.

    Raises:
        UsageError: the output is malformed or empty.
    """
    try:
        yield
    except Silent as error:
        raise _hung((command,)) from error
    except (ValueError, LookupError, RuntimeError) as error:  # StopIteration in a generator is a RuntimeError
        if isinstance(error, UsageError):
            raise
        message = f"git ended well, but what it wrote cannot be understood (git {command})"
        raise UsageError(message, hint=_WHICH_GIT) from error


_WHICH_GIT = "see that the git on the PATH is git, and that it is 2.31 or newer"


@contextmanager
def _explained(folder: str, arguments: tuple[str, ...]) -> Iterator[None]:
    try:
        yield
    except Silent as error:
        raise _hung(arguments) from error
    except OSError as error:
        message = f"cannot run git in '{folder}': {why(error)}"
        raise UsageError(message) from error


def _hung(arguments: tuple[str, ...]) -> UsageError:
    command = next((word for word in arguments if not word.startswith("-")), "")
    message = f"git did not answer in time (git {command})"
    hint = f"look for a named pipe among its settings and ignore files; {_SECONDS_NAME}=300 gives it longer"
    _after_a_hang.add(os.getpid())
    return UsageError(message, hint=hint)


_SECONDS_NAME = "GPT41CALC_GIT_TIMEOUT"

_USUAL_SECONDS = 30.0
"""Longest silence of git, in seconds: it lists a tree of a million files in less."""

_SECONDS_AFTER_A_HANG = 1.0

_after_a_hang: set[int] = set()
"""Ids of processes in which git hung once: from then on the time limit is short, so that waits do not add up."""


def _silence_seconds() -> float:
    """Return the longest allowed silence of git, in seconds.

    Raises:
        UsageError: the environment variable is not a number.
    """
    typed = os.environ.get(_SECONDS_NAME, "")
    if typed and not re.fullmatch(r"[1-9][0-9]{0,5}", typed):
        message = f"{_SECONDS_NAME}: expected whole seconds, found '{typed:.60}'"
        raise UsageError(message, hint=f"for example {_SECONDS_NAME}=300")
    seconds = float(typed) if typed else _USUAL_SECONDS
    return min(seconds, _SECONDS_AFTER_A_HANG) if os.getpid() in _after_a_hang else seconds


def first_line(output: bytes) -> str:
    r"""Return git's first error message, without its prefix.

    >>> first_line(b"hint: a hint\nfatal: bad object\nfatal: and more")
    'bad object'
    """
    lines = output.decode("utf-8", "replace").splitlines() or [""]
    line = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[0])
    return re.sub(r"\A(?:fatal|error|warning): ", "", line)


def _answer_or_none(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """Return the result of git, or None if it cannot be run."""
    try:
        return run(folder, *arguments)
    except UsageError as error:
        Refusals.ignore(error)
        return None


def _command(arguments: tuple[str, ...]) -> list[str]:
    # Only found by an absolute path: a program named git in the examined folder must not run.
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    program = shutil.which("git", path=os.pathsep.join(folder for folder in folders if os.path.isabs(folder)))
    if program is None or not os.path.isabs(program):
        raise UsageError("git is not installed", hint="install git, and see that it is on the PATH")
    return [program, *_HARMLESS, *arguments]


def _environment() -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or _THE_USERS_OWN.fullmatch(name)
    }
    return inherited | _OWN_ENVIRONMENT
