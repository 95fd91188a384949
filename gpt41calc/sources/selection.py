"""Which paths are wanted, on disk or in a revision."""

from __future__ import annotations

from .ignore import globs
from .source import Rules

__all__ = ["Selection"]


class Selection:
    """The rules that go by the path of a file alone, seen from a folder."""

    def __init__(self, rules: Rules, *, shown_as: str = "") -> None:
        """Compile the patterns.

        Args:
            rules: whether hidden files are taken, and the patterns.
            shown_as: what a report puts before a path from the folder: empty, or ending in a slash.

        Raises:
            UsageError: a glob is not a pattern.
        """
        self._hidden = rules.hidden
        self._shown_as = shown_as
        self._include = globs(rules.include, option="--include")
        self._exclude = globs(rules.exclude, option="--exclude")

    def takes(self, path: str) -> bool:
        """Say whether a file is to be counted that was found by its path from the folder."""
        return not self.is_hidden(path) and self.is_wanted(path)

    def is_hidden(self, path: str) -> bool:
        """Say whether a path, or a folder on the way to it, begins with a dot, and such are left out."""
        return not self._hidden and (path.startswith(".") or "/." in path)

    def is_excluded(self, path: str) -> bool:
        """Say whether a path matches --exclude, seen from the folder or as it is shown."""
        spec = self._exclude
        return spec is not None and (spec.match_file(path) or spec.match_file(self._shown_as + path))

    def is_wanted(self, path: str) -> bool:
        """Say whether a path is included and not excluded, seen from the folder or as it is shown."""
        spec = self._include
        included = spec is None or spec.match_file(path) or spec.match_file(self._shown_as + path)
        return included and not self.is_excluded(path)
