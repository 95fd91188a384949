"""What is done to the words of the command line before they are parsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["expand", "wants_json"]

_OWN = frozenset({"-h", "--help", "-V", "--version", "--install-completion", "--show-completion"})


def expand(words: Sequence[str], commands: frozenset[str]) -> list[str]:
    """Put in the command that is left out, and the depth that ``--tree`` may leave out.

    ``--version`` anywhere is all that is answered, as by most programs.

    >>> expand(["--json", ".", "--tree"], frozenset({"estimate"}))
    ['estimate', '--json', '.', '--tree=0']
    >>> expand(["count", "-V"], frozenset({"estimate"}))
    ['--version']
    """
    given = list(words)
    if _VERSION & set(_options(given)):
        return ["--version"]
    if not given or given[0] not in commands | _OWN:
        given.insert(0, "estimate")
    options = _options(given)
    return ["--tree=0" if word == "--tree" else word for word in options] + given[len(options) :]


def wants_json(words: Sequence[str]) -> bool:
    """Say whether a failure is to be a JSON document, even if the words cannot be parsed.

    >>> wants_json(["-f", "json"]), wants_json(["--", "--json"])
    (True, False)
    """
    given = _options(words)
    return any(word in {"--json", "--format=json"} or _FORMAT_JSON.fullmatch(word) for word in given) or any(
        _FORMAT.fullmatch(word) and value == "json" for word, value in pairwise(given)
    )


def _options(words: Sequence[str]) -> list[str]:
    """Return the words before ``--``."""
    return list(words[: words.index("--")] if "--" in words else words)


_VERSION = frozenset({"-V", "--version"})
_FORMAT = re.compile("--format|-[0q]*f")
_FORMAT_JSON = re.compile("-[0q]*fjson")
