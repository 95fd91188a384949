"""Patterns by git's rules, through pathspec, at a cost that is linear in the length of a name."""

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
    """Compile patterns; like git, pass over a line that is no pattern. None if there is no pattern at all."""
    patterns = [pattern for line in lines if (pattern := _compiled(line)) is not None]
    return GitIgnoreSpec(patterns) if any(pattern.include is not None for pattern in patterns) else None


@lru_cache(maxsize=1024)  # a pattern is compiled alone, to be checked, and then with others
def _compiled(line: str) -> GitIgnoreSpecPattern | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # re thinks aloud about [[:alpha:]]
            line = _TRAILING_BLANK.sub(r"[\g<0>]", line)
            return _Linear(line)
    except (ValueError, re.error):  # pathspec lets a bad range such as [z-a] through to re
        return None


_TRAILING_BLANK = re.compile(r"(?<!\\)[^\S ](?= *\Z)")
"""A tab or the like at the end: part of the pattern for git, which strips only spaces, but not for pathspec."""


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
        """Translate as pathspec does, make every wildcard but the last atomic, and keep brackets off slashes."""
        regex, include = super().pattern_to_regex(pattern)
        if isinstance(regex, str):
            regex = _STARS.sub("[^/]*", regex)
            regex = _STAR_BEFORE_STAR.sub(r"(?>[^/]*?\1)", regex)
            regex = _BRACKETS.sub(lambda found: "(?!/)" + found[0] if found[1] else found[0], regex)
            regex = _with_atomic_folders(regex)
        return regex, include


def _with_atomic_folders(regex: str) -> str:
    """Make every ``**`` but the last take the fewest folders that will do, and no others."""
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
"""A ``/**`` before a slash, as pathspec translates it; a parenthesis of the pattern's own is escaped."""

_ANY_FOLDERS_FIRST = "^(?:.+/)?"
"""A ``**/`` at the beginning."""

_STARS = re.compile(r"\[\^/\]\*(?:\[\^/\]\*)+")
"""Stars beside each other, which mean one."""

_STAR_BEFORE_STAR = re.compile(
    r"\[\^/\]\*"  # a star, as pathspec translates it,
    r"((?:\\.|\[\^?[^\]]+\](?![*+])|[^][\\()$*+?])+)"  # the text up to
    r"(?=\[\^/\]\*)"  # the next star
)

_BRACKETS = re.compile(r"\\.|\[\^/\]|(\[\^?(?:\\.|[^\\\]])+\])")
"""What is escaped, a star, or a bracket expression: only that is a group, and in git it never matches a slash."""
