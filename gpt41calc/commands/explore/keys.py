"""The keys of the explorer: what each does, and what ``--help``, the page of keys and the guide say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["ACTIONS", "KEYS", "Key", "keys_in_one_line"]


class Key(NamedTuple):
    """A key, or keys that do the same, with what is said of them."""

    shown: str
    """The key or keys, as people write them."""

    does: str
    """What it does, in a few words."""

    actions: Mapping[str, str]
    """The action of each key, by the name that Textual has for the key."""


def _all(action: str, *names: str) -> Mapping[str, str]:
    return dict.fromkeys(names, action)


KEYS = (
    Key(
        "↑ ↓ PgUp PgDn Home End",
        "move; so does the wheel of a mouse",
        {
            **_all("line_up", "up", "k"),
            **_all("line_down", "down", "j"),
            **_all("page_up", "pageup"),
            **_all("page_down", "pagedown"),
            **_all("first", "home", "g"),
            **_all("last", "end", "G"),
        },
    ),
    Key(
        "Enter →",
        "open a folder, or the tokens of a file; a double click does, too",
        _all("choose", "enter", "right", "l"),
    ),
    Key("← Backspace", "go to the folder above", _all("up", "left", "backspace", "h")),
    Key("x Space", "leave a row out of the totals, or take it back", _all("leave_out", "x", "space")),
    Key("e", "leave out what matches a glob", _all("exclude", "e")),
    Key("u", "take back what was left out last", _all("take_back", "u")),
    Key("/", "show only what matches a glob; Esc shows everything again", {"slash": "filter", "escape": "escape"}),
    Key("s", "sort by tokens, name, number of files, or size; so does a click on a heading", _all("sort", "s")),
    Key("r", "reverse the order", _all("reverse", "r")),
    Key("m", "count and price for another model; there, typing a name finds it", _all("models", "m")),
    Key("?", "show the keys and what the columns mean", _all("help", "question_mark")),
    Key("q", "quit, and write what was left out as --exclude options", _all("leave", "q")),
    Key("Ctrl+C", "quit, and write nothing", _all("abandon", "ctrl+c")),
)
"""The keys, in the order in which they are explained."""

ACTIONS: Mapping[str, str] = {name: action for key in KEYS for name, action in key.actions.items()}
"""The action of each key."""


def keys_in_one_line() -> str:
    """Return all keys as one paragraph, for ``--help``."""
    return "; ".join(f"{key.shown}: {key.does.partition(';')[0]}" for key in KEYS)
