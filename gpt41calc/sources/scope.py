"""The files that a budget or comparison is about, both on disk and in a revision."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ..errors import UsageError
from ..tally import Skipped
from .find import as_shown, gather
from .ignore import globs
from .selection import Selection
from .source import Rules, Source

__all__ = ["FolderListing", "Gather", "Scope", "Take", "globbed_scope", "named_scope", "past_scope", "place", "shown"]


Gather = Callable[[Sequence[str], Rules], Sequence[Source | Skipped]]
"""Returns all sources for some paths, as ``gather`` does."""


@dataclass(frozen=True, slots=True)
class Take:
    """The selected files below one folder."""

    folder: str
    """The folder, absolute and without links, ending in a slash."""

    selection: Selection | None
    """Selection among its files. None for the single file ``file``."""

    file: str = ""
    """Name of the single file."""

    def takes(self, path: str) -> bool:
        """Return whether a file is selected, by its absolute path."""
        if not path.startswith(self.folder):
            return False
        below = path[len(self.folder) :]
        return below == self.file if self.selection is None else self.selection.takes(below)


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of files: those that exist, and the rule by which other files would belong to it."""

    found: tuple[Source | Skipped, ...]
    """The existing files."""

    parts: tuple[Take, ...]
    """The parts of the rule; a file belongs to the scope if one of them selects it."""

    unmatched: tuple[str, ...] = ()
    """Globs that match no existing file."""

    def takes(self, path: str) -> bool:
        """Return whether a file belongs to the scope, by its absolute path without links."""
        return any(part.takes(path) for part in self.parts)


def named_scope(paths: Sequence[str], rules: Rules, find: Gather = gather) -> Scope:
    """Return the scope of files and folders that the user named.

    Args:
        paths: the files and folders.
        rules: the rules for files in folders.
        find: finds the files.

    Raises:
        NoSuchPath: a path does not exist.
        UsageError: a glob pattern is invalid.
    """
    found = find(paths, rules)
    return Scope(tuple(found), tuple(_take(path, rules) for path in paths if path != "-"))


def past_scope(paths: Sequence[str], rules: Rules) -> Scope:
    """Return the scope of files and folders that may no longer exist; the disk is not read.

    Raises:
        UsageError: a glob pattern is invalid.
    """
    files = [_take(path, rules) for path in paths if not os.path.isdir(path)]
    folders = [_folder(path, rules) for path in paths]
    return Scope((), (*files, *folders))


def _take(path: str, rules: Rules) -> Take:
    if os.path.isdir(path):
        return _folder(path, rules)
    folder, name = os.path.split(path)
    return Take(os.path.join(os.path.realpath(folder or "."), ""), None, name)


def _folder(path: str, rules: Rules) -> Take:
    shown = "" if os.path.normpath(path) == "." else path.rstrip("/") + "/"
    return Take(os.path.join(os.path.realpath(path), ""), Selection(rules, shown_as=shown))


class FolderListing:
    """The content of a folder, listed once for any number of scopes."""

    def __init__(self, folder: str, rules: Rules, find: Gather = gather) -> None:
        """Take the folder to list; nothing is read yet.

        Args:
            folder: the folder.
            rules: the rules for its files; their ``include`` is applied to each scope later.
            find: finds the files.
        """
        self._find = find
        self.folder = as_shown(folder)
        self.rules = rules
        self.top = os.path.join(os.path.realpath(self.folder), "")
        self._found: dict[bool, _Ordered] = {}

    def below(self, prefixes: Iterable[str], *, hidden: bool) -> list[tuple[str, Source | Skipped]]:
        """Return the files in some folders of the folder, or these paths themselves, by path from the folder.

        Args:
            prefixes: paths from the folder; an empty one means everything.
            hidden: whether to include hidden files.
        """
        if hidden not in self._found:
            rules = self.rules._replace(include=(), hidden=hidden)
            self._found[hidden] = _Ordered(
                (_below(self.folder, _name(one)), one) for one in self._find([self.folder], rules)
            )
        return self._found[hidden].below(prefixes)


class _Ordered:
    """Items sorted by path, so that those below a folder are found without examining the others."""

    def __init__(self, things: Iterable[tuple[str, Source | Skipped]]) -> None:
        self._things = sorted(things, key=_path_of)
        self._paths = [path for path, _ in self._things]
        # An unreadable folder may contain wanted files, wherever it is.
        self._lost = [at for at, (_, one) in enumerate(self._things) if isinstance(one, Skipped) and not one.expected]

    def below(self, prefixes: Iterable[str]) -> list[tuple[str, Source | Skipped]]:
        wanted = set(prefixes)
        if "" in wanted:
            return self._things
        places = set(self._lost)
        for prefix in wanted:
            at = bisect_left(self._paths, prefix)
            if at < len(self._paths) and self._paths[at] == prefix:
                places.add(at)
            places.update(
                range(bisect_left(self._paths, prefix + "/"), bisect_left(self._paths, prefix + chr(ord("/") + 1)))
            )
        return [self._things[at] for at in sorted(places)]


def _path_of(thing: tuple[str, object]) -> str:
    return thing[0]


def globbed_scope(listing: FolderListing, paths: Iterable[str], exclude: Iterable[str]) -> Scope:
    """Return the scope of the files below a folder that match at least one glob.

    A glob that names a hidden file or folder, such as ``.github/*.md``, matches it; other globs match hidden files only
    if the rules include them. ``./a`` is only the path in the folder itself, while ``a`` may be at any depth.

    Args:
        listing: the listing of the folder to which the globs are relative.
        paths: globs in gitignore syntax.
        exclude: globs of files to leave out.

    Raises:
        UsageError: a glob pattern is invalid.
    """
    typed = tuple(paths)
    wanted = tuple(map(_anchored, typed))
    rules, folder = listing.rules, listing.folder
    shown_as = "" if os.path.normpath(folder) == "." else folder.rstrip("/") + "/"
    left_out = tuple(map(_anchored, exclude))
    narrower = Selection(rules._replace(exclude=(), hidden=True))
    found: dict[str, Source | Skipped] = {}
    parts: list[Take] = []
    for dotted in (False, True):
        chosen = tuple(glob for glob in wanted if _is_dotted(glob) is dotted or glob.startswith("!"))
        if all(glob.startswith("!") for glob in chosen):
            continue
        hidden = rules.hidden or dotted
        some = rules._replace(include=chosen, exclude=(*rules.exclude, *left_out), hidden=hidden)
        both = _Both(some, narrower)
        parts.append(Take(listing.top, both))
        selection = _Both(some, narrower, shown_as=shown_as) if shown_as else both
        prefixes = [_first_folders(glob, shown_as) for glob in chosen if not glob.startswith("!")]
        found |= {
            _name(one): one for path, one in listing.below(prefixes, hidden=hidden) if _is_of(path, one, selection)
        }
    names = [_below(folder, name) for name, one in found.items() if isinstance(one, Source)]
    unmatched = tuple(
        glob
        for glob, pattern in zip(typed, wanted, strict=True)
        if not pattern.startswith("!") and not _matches(pattern, names)
    )
    ordered = sorted(found.items(), key=lambda each: os.fsencode(each[0]))
    return Scope(tuple(one for _, one in ordered), tuple(parts), unmatched)


def _first_folders(glob: str, shown_as: str) -> str:
    r"""Return a path that contains everything a glob can match; empty if matches may be anywhere.

    >>> [_first_folders(glob, "") for glob in ("a/b/*.md", "/a.md", "a.md", "a/b/", "**/a", "a/\\*/b")]
    ['a/b', 'a.md', '', 'a/b', '', 'a']
    """
    if "/" not in glob.rstrip("/") or shown_as:  # outside the current folder, a glob may also match the shown path
        return ""
    literal = []
    for step in glob.strip("/").split("/"):
        if _WILD.search(step):
            break
        literal.append(step)
    return "/".join(literal)


_WILD = re.compile(r"[*?\[\\]|\s$")
"""Characters that git does not treat as a plain name."""


def _is_of(path: str, one: Source | Skipped, selection: Selection) -> bool:
    """Return whether a found path belongs to a selection; an unreadable folder that may contain such paths does."""
    if selection.is_wanted(path):
        return True
    if isinstance(one, Source) or one.expected:
        return False
    return not selection.is_excluded(path + "/") and os.path.isdir(one.path)


class _Both(Selection):
    """A selection combined with a second one: a path must be in both."""

    def __init__(self, rules: Rules, other: Selection, *, shown_as: str = "") -> None:
        super().__init__(rules, shown_as=shown_as)
        self._other = other

    @property
    def has_patterns(self) -> bool:
        """Whether one of them has patterns."""
        return super().has_patterns or self._other.has_patterns

    def is_wanted(self, path: str) -> bool:
        """Return whether both selections include a path."""
        return super().is_wanted(path) and self._other.is_wanted(path)


def place(source: Source) -> str:
    """Return the absolute path of a source without links, by which scopes identify it.

    Raises:
        UsageError: the source is standard input.
    """
    if source.path is None:
        message = "standard input has no past to compare with"
        raise UsageError(message, hint="name files or folders that are under version control")
    folder, name = os.path.split(source.path)
    return os.path.join(os.path.realpath(folder or "."), name)


def shown(path: str) -> str:
    """Return an absolute path without links in the form shown for a file named in the current folder."""
    with suppress(ValueError):  # another drive
        return os.path.relpath(path, os.path.realpath(".")).replace(os.sep, "/")
    return path


def _anchored(glob: str) -> str:
    """Return a glob in gitignore syntax: "./a", which would match nothing there, becomes "/a"."""
    negation = "!" if glob.startswith("!") else ""
    plain = glob.removeprefix("!")
    return f"{negation}{plain[1:]}" if plain.startswith("./") else glob


def _is_dotted(glob: str) -> bool:
    return any(step.startswith(".") and step not in {".", ".."} for step in glob.split("/"))


def _name(one: Source | Skipped) -> str:
    return one.name if isinstance(one, Source) else one.path


def _below(folder: str, name: str) -> str:
    return name if os.path.normpath(folder) == "." else name.removeprefix(folder.rstrip("/") + "/")


def _matches(glob: str, names: Iterable[str]) -> bool:
    spec = globs((glob,), option="paths")
    return spec is not None and any(spec.match_file(name) for name in names)
