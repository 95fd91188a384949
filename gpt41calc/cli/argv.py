"""What is done to the words of the command line before they are parsed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["expand", "wants_json"]

_OWN = frozenset({"-h", "--help", "-V", "--version", "--install-completion", "--show-completion"})


def expand(words: Sequence[str], commands: frozenset[str]) -> list[str]:
    """Put in the command that is left out, and the depth that ``--tree`` may leave out.

    >>> expand(["--json", ".", "--tree"], frozenset({"estimate"}))
    ['estimate', '--json', '.', '--tree=0']
    >>> expand(["-V"], frozenset({"estimate"}))
    ['-V']
    """
    given = list(words)
    if not given or given[0] not in commands | _OWN:
        given.insert(0, "estimate")
    end = given.index("--") if "--" in given else len(given)
    return ["--tree=0" if word == "--tree" else word for word in given[:end]] + given[end:]


def wants_json(words: Sequence[str]) -> bool:
    """Say whether a failure is to be a JSON document, even if the words cannot be parsed.

    >>> wants_json(["-f", "json"]), wants_json(["--", "--json"])
    (True, False)
    """
    given = list(words)[: list(words).index("--")] if "--" in words else list(words)
    return (
        "--json" in given
        or any(word in {"--format=json", "-fjson"} for word in given)
        or any(word in {"-f", "--format"} and value == "json" for word, value in pairwise(given))
    )
