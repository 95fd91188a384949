"""The git index: the content of the next commit, and recorded facts about the files on disk."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from . import client
from .blobs import Blob
from .listing import Listing
from .repository import Repository, pathspec

__all__ = ["Indexed", "index_environment", "index_file", "indexed", "untracked"]

_ENTRY = re.compile(
    rb"(?P<tag>\S) (?P<mode>\d{6}) (?P<name>[0-9a-f]+) (?P<stage>\d)\t(?P<path>[^\0]+)\0"
    rb"  ctime: (?P<changed_seconds>\d+):(?P<changed_nanoseconds>\d+)\n"
    rb"  mtime: (?P<seconds>\d+):(?P<nanoseconds>\d+)\n"
    rb"  dev: \d+\tino: (?P<inode>\d+)\n"
    rb"  uid: \d+\tgid: \d+\n"
    rb"  size: (?P<size>\d+)\tflags: (?P<flags>[0-9a-f]+)\n"
)
"""Format of an entry in ``ls-files --debug``; git does not guarantee it."""

_PLAIN_ENTRY = re.compile(
    rb"(?P<tag>\S) (?P<mode>\d{6}) (?P<name>[0-9a-f]+) (?P<stage>\d)\t(?P<path>[^\0]+)\0"
    rb"(?P<changed_seconds>)(?P<changed_nanoseconds>)(?P<seconds>)(?P<nanoseconds>)(?P<inode>)(?P<size>)(?P<flags>)"
)

_ADD_INTENDED = 1 << 29


@dataclass(frozen=True, slots=True)
class Indexed:
    """An entry of the index."""

    path: str
    """Path from the root, with forward slashes."""

    blob: Blob
    """The object that would be committed."""

    stage: int
    """0, or in a conflict the number of the side."""

    size_bytes: int
    """Recorded size of the file on disk, modulo 2 to the 32nd; -1 if not known."""

    mtime_ns: int
    """Recorded modification time (mtime), in nanoseconds since 1970."""

    ctime_ns: int
    """Recorded change time (ctime), in nanoseconds since 1970, which programs cannot set."""

    inode: int
    """Recorded inode number, modulo 2 to the 32nd; 0 if not known."""

    announced: bool
    """Whether the file is only announced (``git add -N``), so that none of its content would be committed."""

    assumed: bool
    """Whether the user told git to assume that the file is unchanged."""

    absent: bool
    """Whether it is outside a sparse checkout."""


def index_file(repository: Repository) -> str:
    """Return the path of the index.

    While ``git commit -a`` runs a hook, the content of the next commit is in another index, named in the environment.
    It is used only if it is inside this repository.
    """
    index_path = client.answer(repository.root, "rev-parse", "--path-format=absolute", "--git-path", "index")
    usual = os.fsdecode(index_path.stdout.removesuffix(b"\n"))
    with client.parsed("rev-parse"):
        if not os.path.isabs(usual):
            raise ValueError(usual)
    named = os.environ.get("GIT_INDEX_FILE")
    if not named:
        return usual
    path = os.path.join(repository.root, named)
    is_its_own = os.path.realpath(os.path.dirname(path)) == os.path.realpath(os.path.dirname(usual))
    return path if is_its_own else usual


def index_environment(repository: Repository) -> Mapping[str, str]:
    """Return the environment with which git reads that index."""
    return {"GIT_INDEX_FILE": index_file(repository)} if os.environ.get("GIT_INDEX_FILE") else {}


def indexed(repository: Repository, below: tuple[str, ...]) -> list[Indexed]:
    """Return the entries of the index."""
    listed = _listed(repository, ("--stage", "-v", "--debug"), below).stdout
    entries = _entries(_ENTRY, listed)
    if entries is None:  # another version of git, another format: then every file has to be read
        listed = _listed(repository, ("--stage", "-v"), below).stdout
        entries = _entries(_PLAIN_ENTRY, listed)
    return entries or []


def untracked(repository: Repository, below: tuple[str, ...]) -> Listing:
    """Return the untracked files that are not ignored; the path of a nested repository ends in a slash."""
    listed = _listed(repository, ("--others", "--exclude-standard"), below)
    names = tuple(os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)
    return Listing(names, complete=not listed.stderr, complaints=tuple(listed.stderr.splitlines()))


def _listed(
    repository: Repository, what: tuple[str, ...], below: tuple[str, ...]
) -> subprocess.CompletedProcess[bytes]:
    arguments = ("--literal-pathspecs", "ls-files", "-z", *what, *pathspec(below))
    return client.answer(repository.root, *arguments, environment=index_environment(repository))


def _entries(pattern: re.Pattern[bytes], listed: bytes) -> list[Indexed] | None:
    """Return the entries in a listing, or None if its format is unknown."""
    entries: list[Indexed] = []
    at = 0
    while at < len(listed):
        found = pattern.match(listed, at)
        if found is None:
            return None
        at = found.end()
        entries.append(_indexed(found))
    return entries


def _indexed(found: re.Match[bytes]) -> Indexed:
    return Indexed(
        path=os.fsdecode(found["path"]),
        blob=Blob(found["name"].decode(), int(found["mode"], 8)),
        stage=int(found["stage"]),
        size_bytes=int(found["size"] or -1),
        mtime_ns=int(found["seconds"] or 0) * 10**9 + int(found["nanoseconds"] or 0),
        ctime_ns=int(found["changed_seconds"] or 0) * 10**9 + int(found["changed_nanoseconds"] or 0),
        inode=int(found["inode"] or 0),
        announced=bool(int(found["flags"] or b"0", 16) & _ADD_INTENDED),
        assumed=found["tag"].islower(),
        absent=found["tag"].upper() == b"S",
    )
