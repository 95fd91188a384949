"""Find the files below a folder that git would show, by default without hidden ones.

Inside a repository, git itself lists the files. Elsewhere, behind followed links, and without git, the tree is walked
here by git's rules.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ..resources import Refusals
from ..tally import Skipped
from .entries import kinds_of_entries
from .folders import OpenFolders
from .git import client
from .git.listing import Listing, Refused, list_files
from .ignore import Chain, ignore_patterns, outer_chain
from .open_path import require_regular, why
from .selection import Selection
from .source import Rules, Source

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["walk"]

_NOT_FILES = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_MAX_DEPTH = 5000
"""Deepest nesting of folders. The cost of a walk grows with its square: 2 s for 5,000."""


def walk(root: str, rules: Rules) -> list[Source | Skipped]:
    """Return the sources below a folder, in the byte order of their names.

    Raises:
        UsageError: a glob pattern is invalid, or an ignore file is too large.
    """
    with OpenFolders(follow=rules.follow) as folders:
        found = list(_Walk(root, rules, folders).run())
    return _in_byte_order(found)


def _in_byte_order(found: list[Source | Skipped]) -> list[Source | Skipped]:
    """Return them sorted by the bytes of their names. In UTF-8, these have the order of the characters."""
    name_of = itemgetter(0)  # of both, the name is the first field
    if sys.getfilesystemencoding() == "utf-8":
        with suppress(UnicodeEncodeError):  # some bytes of a name are not UTF-8
            "".join(map(name_of, found)).encode()
            return sorted(found, key=name_of)
    return sorted(found, key=lambda one: os.fsencode(name_of(one)))


class _Folder(NamedTuple):
    """A folder still to be listed."""

    path: str
    """Path below the root of the walk, ending in a slash; empty for the root."""

    chain: Chain
    """Ignore files in force in it."""


class _Plan:
    """The folders still to be visited by a walk."""

    def __init__(self, *folders: _Folder) -> None:
        self.folders = list(folders)
        """Folders to list, last one first."""
        self.links: list[_Folder] = []
        """Links to folders, followed after all real folders, so that a real path takes precedence."""

    def pop(self) -> _Folder | None:
        waiting = self.folders or self.links
        return waiting.pop() if waiting else None


class _Walk:
    """One walk over one tree."""

    def __init__(self, root: str, rules: Rules, folders: OpenFolders) -> None:
        self._folders = folders
        self._root = root
        self._within = os.path.join(root, "")
        self._shown = "" if os.path.normpath(root) == "." else root.rstrip("/") + "/"
        self._rules = rules
        self._entered: set[tuple[int, int]] = set()  # device and inode of folders, only recorded if links are followed
        self._selection = Selection(rules, shown_as=self._shown)
        self._is_ignored = False

    def run(self) -> Iterator[Source | Skipped]:
        """Yield every wanted file, and everything found that cannot be read."""
        listing = list_files(self._root) if self._rules.gitignore else None
        if isinstance(listing, Refused):
            yield self._skip("", listing.reason, expected=False)
            listing = None
        self._is_ignored = listing is not None and not listing.paths and client.is_ignored(self._root)
        if listing is None or self._is_ignored:
            yield from self._walked()
        else:
            yield from self._listed(listing, "")

    def _listed(self, listing: Listing, below: str) -> Iterator[Source | Skipped]:
        """Yield the files that git lists in the repository at a folder, and those behind links in it."""
        plan = _Plan()
        for name in listing.paths:
            path = below + name
            if not self._selection.is_hidden(name) and self._is_link_to_follow(path):
                plan.links.append(_Folder(path + "/", self._outer_chain()))
            elif not self._selection.is_hidden(name) and self._selection.is_wanted(path):
                try:
                    mode = self._lstat(path)
                except (FileNotFoundError, NotADirectoryError):
                    continue  # tracked, but deleted from the work tree, or its folder became a file or a link
                except OSError as error:
                    if error.errno != errno.ELOOP:
                        yield self._skip(path, why(error), expected=False)
                    continue
                yield self._source_or_skip(path, mode)
        if plan.links:
            self._mark_entered({posixpath.dirname(below + name) for name in listing.paths})
            yield from self._carried_out(plan, below)
        if not listing.complete:
            yield from self._missed(listing, below)

    def _missed(self, listing: Listing, below: str) -> Iterator[Source | Skipped]:
        """Yield the folders that git could not read: git does not name them, so a walk finds them again."""
        listed = {self._shown + below + name for name in listing.paths}
        for one in self._walked(below):
            is_known = one.name in listed if isinstance(one, Source) else one.expected or one.path in listed
            if not is_known:
                yield one

    def _walked(self, below: str = "") -> Iterator[Source | Skipped]:
        """Yield the files found by listing folders."""
        yield from self._carried_out(_Plan(_Folder(below, self._outer_chain())), below)

    def _outer_chain(self) -> Chain:
        return outer_chain(self._root, is_ignored=self._is_ignored) if self._rules.gitignore else Chain()

    def _carried_out(self, plan: _Plan, below: str) -> Iterator[Source | Skipped]:
        """Yield the files in the folders of a plan, with an explicit stack.

        Trees may be deeper than Python's call stack (cpython #99803).
        """
        while (folder := plan.pop()) is not None:
            try:
                entries = self._entries(folder)
            except OSError as error:
                yield self._skip(folder.path.rstrip("/"), why(error), expected=False)
                continue
            if entries is None:
                yield self._skip(folder.path.rstrip("/"), "a link to a folder that is already counted", expected=True)
                continue
            listing = self._own_repository(folder, entries, below)
            if isinstance(listing, Listing):
                yield from self._listed(listing, folder.path)
                continue
            if listing is not None:
                yield self._skip(folder.path.rstrip("/"), listing.reason, expected=False)
            yield from self._sorted_out(folder, entries, plan)

    def _sorted_out(self, folder: _Folder, entries: dict[str, int], plan: _Plan) -> Iterator[Source | Skipped]:
        """Yield the files of a folder, and add its subfolders to the plan.

        The only loop with a noticeable cost.
        """
        chain = self._chain_in(folder, entries)
        takes_all = not (self._selection.has_patterns or chain.layers)
        shown, real, within = self._shown + folder.path, self._within + folder.path, self._within
        for name, mode in entries.items():
            if name == ".git" or (name.startswith(".") and not self._rules.hidden):
                continue
            if takes_all and mode == stat.S_IFREG:  # as nearly all
                yield Source(shown + name, real + name, named=False, root=within)
                continue
            path = folder.path + name
            is_folder = stat.S_ISDIR(mode)
            if chain.layers and chain.ignores(path + "/" if is_folder else path):
                continue
            if is_folder:
                if path.count("/") >= _MAX_DEPTH:
                    yield self._skip(path, f"nested in more than {_MAX_DEPTH:,} folders", expected=False)
                elif not self._selection.is_excluded(path + "/"):
                    plan.folders.append(_Folder(path + "/", chain))
            elif stat.S_ISLNK(mode) and self._is_link_to_follow(path):
                plan.links.append(_Folder(path + "/", chain))
            elif self._selection.is_wanted(path):
                yield self._source_or_skip(path, mode)

    def _is_link_to_follow(self, path: str) -> bool:
        """Return whether a path is a link to a folder, and links are followed."""
        if not self._rules.follow:
            return False
        real = self._real(path)
        return os.path.islink(real) and os.path.isdir(real)

    def _is_entered(self, folder: str) -> bool:
        """Return whether a folder was visited before under any name, and record the visit."""
        status = os.stat(folder)
        identity = (status.st_dev, status.st_ino)
        before = identity in self._entered
        self._entered.add(identity)
        return before

    def _mark_entered(self, folders: set[str]) -> None:
        """Record the folders in which git listed files, so that no link leads into them again."""
        for folder in folders:
            with suppress(OSError):
                self._is_entered(self._real(folder) or ".")

    def _entries(self, folder: _Folder) -> dict[str, int] | None:
        """Return names and kinds of the entries of a folder, or None if it was visited before.

        The folder is closed again before a subfolder is opened.
        """
        path = self._real(folder.path) or "."
        if self._rules.follow and self._is_entered(path):
            return None
        if os.scandir not in os.supports_fd:  # Windows
            return kinds_of_entries(path)
        descriptor = self._folders.open(self._within, folder.path.rstrip("/"), os.O_DIRECTORY)
        try:
            return kinds_of_entries(descriptor)
        finally:
            os.close(descriptor)

    def _own_repository(self, folder: _Folder, entries: dict[str, int], start: str) -> Listing | Refused | None:
        """Return git's list if a folder below the start is a repository of its own."""
        if not self._rules.gitignore or ".git" not in entries or folder.path == start:
            return None
        return list_files(self._real(folder.path))

    def _chain_in(self, folder: _Folder, entries: dict[str, int]) -> Chain:
        """Return the ignore files in force for the entries of a folder."""
        chain = folder.chain
        if self._rules.gitignore:
            for name in (".git/info/exclude", ".gitignore"):
                if name.partition("/")[0] in entries:
                    chain = chain.with_patterns(
                        self._ignore_file(folder.path + name), self._shown + folder.path + name, below=folder.path
                    )
        return chain

    def _ignore_file(self, path: str) -> GitIgnoreSpec | None:
        try:
            descriptor = require_regular(self._folders.open(self._within, path))
        except OSError as error:
            Refusals.ignore(error)
            return None  # git does not follow a link to an ignore file either
        with open(descriptor, "rb") as file:
            return ignore_patterns(file, self._shown + path)

    def _source_or_skip(self, path: str, mode: int) -> Source | Skipped:
        """Return a file as a source, and any other entry as a skip with the reason."""
        if stat.S_ISREG(mode):
            return Source(self._shown + path, self._real(path), named=False, root=self._within)
        if stat.S_ISLNK(mode):
            real = self._real(path)
            if not os.path.exists(real):
                return self._skip(path, "a broken symbolic link", expected=True)
            if not self._rules.follow:
                return self._skip(path, "a symbolic link", expected=True)
            mode = os.stat(real).st_mode
        if stat.S_ISDIR(mode):
            return self._skip(path.rstrip("/"), "a git repository of its own", expected=True)
        if not stat.S_ISREG(mode):
            return self._skip(path, _NOT_FILES.get(stat.S_IFMT(mode), "not a file"), expected=True)
        return Source(self._shown + path, self._real(path), named=False, root=self._within)

    def _lstat(self, path: str) -> int:
        """Return the mode of a file listed by git, which with --follow may be behind a link."""
        if self._rules.follow:
            return os.lstat(self._real(path)).st_mode
        return self._folders.status(self._within, path).st_mode

    def _real(self, path: str) -> str:
        return self._within + path

    def _skip(self, path: str, reason: str, *, expected: bool) -> Skipped:
        return Skipped((self._shown + path).rstrip("/") or ".", reason, expected)
