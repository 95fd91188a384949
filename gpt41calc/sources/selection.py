"""Select paths by patterns, on disk or in a revision."""

from __future__ import annotations

from .ignore import globs
from .source import Rules

__all__ = ["Selection"]


class Selection:
    """The rules that depend only on the path of a file from a folder."""

    def __init__(self, rules: Rules, *, shown_as: str = "") -> None:
        """Compile the patterns.

        Args:
            rules: whether hidden files are included, and the patterns.
            shown_as: prefix of paths in reports: empty, or ending in a slash.

        Raises:
            UsageError: a glob pattern is invalid.
        """
        self._hidden = rules.hidden
        self._shown_as = shown_as
        self._include = globs(rules.include, option="--include")
        self._exclude = globs(rules.exclude, option="--exclude")

    @property
    def has_patterns(self) -> bool:
        """Whether there are patterns for paths."""
        return not (self._include is None and self._exclude is None)

    def takes(self, path: str) -> bool:
        """Return whether to count a file, by its path from the folder."""
        return not self.is_hidden(path) and self.is_wanted(path)

    def is_hidden(self, path: str) -> bool:
        """Return whether hidden paths are left out, and the path or a parent folder begins with a dot."""
        return not self._hidden and (path.startswith(".") or "/." in path)

    def is_excluded(self, path: str) -> bool:
        """Return whether a path, from the folder or as shown, matches --exclude."""
        spec = self._exclude
        return spec is not None and (spec.match_file(path) or spec.match_file(self._shown_as + path))

    def is_wanted(self, path: str) -> bool:
        """Return whether a path, from the folder or as shown, is included and not excluded."""
        spec = self._include
        included = spec is None or spec.match_file(path) or spec.match_file(self._shown_as + path)
        return included and not self.is_excluded(path)
