"""Hints for a path that does not exist."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import islice

from .argv import COMMANDS

__all__ = ["missing_path_hint"]

_WORDS = {
    "help": "'gpt41calc --help' lists the commands, and 'gpt41calc COMMAND --help' the options of one",
    "version": "'gpt41calc --version' shows the version",
    "init": "'gpt41calc check --init' writes a project file to begin with",
    "list": "'gpt41calc models' lists the models",
    "ls": "'gpt41calc models' lists the models",
    "prices": "'gpt41calc pricing show' lists every price",
    "price": "'gpt41calc FILE' prices a file, and 'gpt41calc pricing show' lists every price",
    "cost": "'gpt41calc FILE' prices a file",
    "tokens": "'gpt41calc count FILE' counts tokens",
    "calc": "'gpt41calc FILE' prices a file",
}
"""Commands of other programs, and the words for the same in this program."""

_TAKES_TEXTS = frozenset({"estimate", "count", "tokens", "encode", "truncate", "split"})

_MOST_ENTRIES = 10_000
"""Most names of a folder that are compared."""

_MOST_CHARACTERS = 255
"""Longest name that is compared, in characters; no file system allows longer ones."""

_NEAR = 0.75


def missing_path_hint(words: Sequence[str], path: str) -> str:
    """Return a hint for a path that does not exist; empty if nothing is likely to have been meant.

    Args:
        words: the command line.
        path: as it was typed.
    """
    is_first = words[:1] == [path]
    if is_first and path.lower() in _WORDS:
        return _WORDS[path.lower()]
    if near := _near_name(path):
        return f"did you mean '{near}'?"
    if any(word.split("=", 1)[0] == "--files-from" for word in words):
        return "paths in a list are relative to the current folder, not to that of the list"
    if is_first and (command := get_close_matches(path[:_MOST_CHARACTERS], COMMANDS, n=1)):
        return f"did you mean the command '{command[0]}'?"
    takes_text = words[0] in _TAKES_TEXTS or words[0] not in COMMANDS if words else False
    return "--string TEXT takes a text itself" if takes_text and not path.startswith("-") else ""


def _near_name(path: str) -> str:
    """Return the path with the nearest name that there is in its folder; empty if none is near."""
    folder, name = os.path.split(path)
    if not 0 < len(name) <= _MOST_CHARACTERS:
        return ""
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in islice(entries, _MOST_ENTRIES)]
    except (OSError, ValueError):
        return ""
    lower = {each.lower(): each for each in names}
    near = get_close_matches(name.lower(), lower, n=1, cutoff=_NEAR)
    return os.path.join(folder, lower[near[0]]) if near else ""
