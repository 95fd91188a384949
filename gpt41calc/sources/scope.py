"""Which files something is about, on disk and in a revision alike."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ..errors import UsageError
from ..tally import Skipped
from .find import as_shown, gather
from .ignore import globs
from .selection import Selection
from .source import Rules, Source

__all__ = ["Scope", "Take", "globbed_scope", "named_scope", "past_scope", "place", "shown"]


@dataclass(frozen=True, slots=True)
class Take:
    """What to take below a folder."""

    folder: str
    """The folder, absolute and without links, ending in a slash."""

    selection: Selection | None
    """Which of its files; none: the one file that is named by ``file``."""

    file: str = ""
    """The name of that file."""

    def takes(self, path: str) -> bool:
        """Say whether a file is meant, by its absolute path."""
        if not path.startswith(self.folder):
            return False
        below = path[len(self.folder) :]
        return below == self.file if self.selection is None else self.selection.takes(below)


@dataclass(frozen=True, slots=True)
class Scope:
    """Some files: those that are there, and the rule by which others would belong to them."""

    found: tuple[Source | Skipped, ...]
    """What is there."""

    parts: tuple[Take, ...]
    """What belongs to them; a file belongs if one of these takes it."""

    unmatched: tuple[str, ...] = ()
    """Globs that match nothing that is there."""

    def takes(self, path: str) -> bool:
        """Say whether a file belongs to them, by its absolute path without links."""
        return any(part.takes(path) for part in self.parts)


def named_scope(paths: Sequence[str], rules: Rules) -> Scope:
    """Return the scope of files and folders that the user named.

    Raises:
        NoSuchPath: a path does not exist.
        UsageError: a glob is not a pattern.
    """
    found = gather(paths, rules)
    return Scope(tuple(found), tuple(_take(path, rules) for path in paths if path != "-"))


def past_scope(paths: Sequence[str], rules: Rules) -> Scope:
    """Return the scope of files and folders that need not be there any more; nothing is looked for.

    Raises:
        UsageError: a glob is not a pattern.
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


def globbed_scope(folder: str, paths: Iterable[str], exclude: Iterable[str], rules: Rules) -> Scope:
    """Return the scope of the files below a folder that match one of some globs.

    A glob that names a hidden file or folder, as ``.github/*.md`` does, takes
    it; others take hidden files only if the rules do. ``./a`` is the file or
    folder in the folder itself, where ``a`` may be at any depth.

    Args:
        folder: to which the globs are relative.
        paths: globs in gitignore syntax.
        exclude: globs of what is left out.
        rules: for everything else; their own globs narrow the scope further.

    Raises:
        UsageError: a glob is not a pattern.
    """
    typed = tuple(paths)
    wanted = tuple(map(_anchored, typed))
    found: dict[str, Source | Skipped] = {}
    parts = []
    folder = as_shown(folder)
    top = os.path.join(os.path.realpath(folder), "")
    left_out = tuple(map(_anchored, exclude))
    narrower = Selection(replace(rules, exclude=(), hidden=True))
    for dotted in (False, True):
        chosen = tuple(glob for glob in wanted if _is_dotted(glob) is dotted or glob.startswith("!"))
        if all(glob.startswith("!") for glob in chosen):
            continue
        hidden = rules.hidden or dotted
        some = replace(rules, include=chosen, exclude=(*rules.exclude, *left_out), hidden=hidden)
        parts.append(Take(top, _Both(some, narrower)))
        found |= {_name(one): one for one in gather([folder], some) if narrower.is_wanted(_below(folder, _name(one)))}
    names = [_below(folder, name) for name, one in found.items() if isinstance(one, Source)]
    unmatched = tuple(
        glob
        for glob, pattern in zip(typed, wanted, strict=True)
        if not pattern.startswith("!") and not _matches(pattern, names)
    )
    ordered = sorted(found.items(), key=lambda each: os.fsencode(each[0]))
    return Scope(tuple(one for _, one in ordered), tuple(parts), unmatched)


class _Both(Selection):
    """A selection that must hold together with another one."""

    def __init__(self, rules: Rules, other: Selection) -> None:
        super().__init__(rules)
        self._other = other

    def is_wanted(self, path: str) -> bool:
        """Say whether both want a path."""
        return super().is_wanted(path) and self._other.is_wanted(path)


def place(source: Source) -> str:
    """Return the absolute path of a source without links on the way to it, by which scopes know it.

    Raises:
        UsageError: it is standard input.
    """
    if source.path is None:
        message = "standard input has no past to compare with"
        raise UsageError(message, hint="name files or folders that are under version control")
    folder, name = os.path.split(source.path)
    return os.path.join(os.path.realpath(folder or "."), name)


def shown(path: str) -> str:
    """Write an absolute path without links as it is shown for a file that was named from here."""
    with suppress(ValueError):  # another drive
        return os.path.relpath(path, os.path.realpath(".")).replace(os.sep, "/")
    return path


def _anchored(glob: str) -> str:
    """Return a glob as gitignore has it: "./a", which nothing would match there, is "/a"."""
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
