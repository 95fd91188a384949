"""Git patterns, compiled with pathspec so that matching takes linear time in the length of a name."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import AnyStr

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

__all__ = ["compiled"]


def compiled(lines: Sequence[str]) -> GitIgnoreSpec | None:
    """Return the compiled patterns; as in git, an invalid line is ignored. None if there is no pattern."""
    patterns = [pattern for line in lines if (pattern := _compiled(line)) is not None]
    return GitIgnoreSpec(patterns) if any(pattern.include is not None for pattern in patterns) else None


@lru_cache(maxsize=1024)  # a pattern is compiled alone, as a check, and then with others
def _compiled(line: str) -> GitIgnoreSpecPattern | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # re warns about [[:alpha:]]
            line = _TRAILING_BLANK.sub(r"[\g<0>]", line)
            return _Linear(line)
    except (ValueError, re.error):  # pathspec passes a bad range such as [z-a] on to re
        return None


_TRAILING_BLANK = re.compile(r"(?<!\\)[^\S ](?= *\Z)")
"""Other white space than blanks at the end: part of the pattern for git, which only strips blanks, but not for
pathspec.
"""


class _Linear(GitIgnoreSpecPattern):
    """A pattern in which many wildcards cost no more than one.

    Matching ``a*a*a*…b`` against a long name, or ``**/a/**/a/**/…b`` against a
    deep path, takes hours when each wildcard may give back what it took. Only
    the last one ever needs to: for all others the first place where the text
    up to the next wildcard fits is as good as any. (ripgrep's crate compiles
    to an automaton instead; its bindings, rignore, only walk folders and match
    no paths. pathspec's re2 backend needs a package without wheels for all
    Pythons, and reads some patterns otherwise than git.)
    """

    @classmethod
    def pattern_to_regex(cls, pattern: AnyStr) -> tuple[AnyStr | None, bool | None]:
        """Translate as pathspec does, but make all wildcards but the last atomic, and let no bracket match a slash."""
        regex, include = super().pattern_to_regex(pattern)
        if isinstance(regex, str):
            regex = _STARS.sub("[^/]*", regex)
            regex = _STAR_BEFORE_STAR.sub(r"(?>[^/]*?\1)", regex)
            regex = _BRACKETS.sub(lambda found: "(?!/)" + found[0] if found[1] else found[0], regex)
            regex = _with_atomic_folders(regex)
        return regex, include


def _with_atomic_folders(regex: str) -> str:
    """Make every ``**`` except the last match the fewest possible folders, without backtracking."""
    first, *others = regex.split(_ANY_FOLDERS)
    if not first.startswith(_ANY_FOLDERS_FIRST):
        parts = [first]
    elif others:
        parts = [rf"^(?>(?:[^/]+/)*?{first.removeprefix(_ANY_FOLDERS_FIRST)}(?=/))"]
    else:
        parts = ["^(?:[^/]+/)*" + first.removeprefix(_ANY_FOLDERS_FIRST)]
    parts += [rf"(?>(?:/[^/]+)*?{part}(?=/))" for part in others[:-1]]
    parts += [f"(?:/[^/]+)*{part}" for part in others[-1:]]
    return "".join(parts)


_ANY_FOLDERS = "(?:/.+)?"
"""The translation of ``/**`` before a slash in pathspec; a parenthesis of the pattern itself is escaped."""

_ANY_FOLDERS_FIRST = "^(?:.+/)?"
"""The translation of ``**/`` at the beginning."""

_STARS = re.compile(r"\[\^/\]\*(?:\[\^/\]\*)+")
"""Consecutive stars, which mean the same as one."""

_STAR_BEFORE_STAR = re.compile(
    r"\[\^/\]\*"  # a star, as pathspec translates it,
    r"((?:\\.|\[\^?[^\]]+\](?![*+])|[^][\\()$*+?])+)"  # the text up to
    r"(?=\[\^/\]\*)"  # the next star
)

_BRACKETS = re.compile(r"\\.|\[\^/\]|(\[\^?(?:\\.|[^\\\]])+\])")
"""An escaped character, a star, or a bracket expression: only the last is a group, and in git it never matches a slash.
"""
