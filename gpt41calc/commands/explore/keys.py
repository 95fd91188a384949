"""The keys of the explorer: what ``--help``, the screen of keys and the guide say of them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["KEYS", "Key", "keys_in_one_line"]


class Key(NamedTuple):
    """A key with what it does."""

    shown: str
    """The key or keys, as people write them."""

    does: str
    """What it does, in a few words."""


KEYS = (
    Key("↑ ↓ PgUp PgDn Home End", "move; so does the wheel of a mouse"),
    Key("Enter →", "open a folder, or the tokens of a file; a double click does, too"),
    Key("← Backspace", "go to the folder above"),
    Key("x Space", "leave a row out of the totals, or take it back"),
    Key("e", "leave out what matches a glob"),
    Key("u", "take back what was left out last"),
    Key("/", "show only what matches a glob; Esc shows everything again"),
    Key("s", "sort by tokens, name, number of files, or size; so does a click on a heading"),
    Key("r", "reverse the order"),
    Key("m", "count and price for another model"),
    Key("?", "show the keys and what the columns mean"),
    Key("q", "quit, and write what was left out as --exclude options"),
    Key("Ctrl+C", "quit, and write nothing"),
)
"""The keys, in the order in which they are explained."""


def keys_in_one_line() -> str:
    """Return all keys as one paragraph, for ``--help``."""
    return "; ".join(f"{key.shown}: {key.does.partition(';')[0]}" for key in KEYS)
