"""Examine and complete the words of the command line before Typer parses them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

__all__ = ["COMMANDS", "expand", "names_a_folder", "wants_json", "wants_version"]

COMMANDS: Mapping[str, str] = {
    "estimate": "Tokens, context fit, cost and savings (the default).",
    "count": "Token counts only, as wc counts words.",
    "explore": "Browse a folder by tokens and cost in the terminal.",
    "check": "Compare with budgets, and fail if one is broken; made for CI.",
    "diff": "What a change adds, against a git revision.",
    "compare": "Prompts side by side: tokens, dollars, and what differs.",
    "log": "The token count of files over their history, commit by commit.",
    "batch": "The cost of a file of requests, and the cheapest way to run it.",
    "dataset": "What the rows of a dataset cost: all, or from a sample.",
    "finetune": "What training on a file of examples costs.",
    "usage": "What a run really cost, and how far estimates were off.",
    "preflight": "Will the API accept it: every limit, and what to do if not.",
    "recommend": "Which variant of GPT-4.1 for a task, and why.",
    "models": "The models: prices, windows, limits, dates, benchmarks.",
    "tokens": "A text with its tokens, their ids and bytes.",
    "encode": "The token ids of a text.",
    "decode": "The text of token ids.",
    "truncate": "A text cut to a number of tokens.",
    "split": "A text in pieces of at most a number of tokens.",
    "pack": "Which whole files to send so that a token budget is used best.",
    "schema": "The JSON Schemas of the documents that --json prints.",
    "pricing": "Show, validate and compare price tables.",
    "cache": "The cache of counts.",
}
"""The commands, in the order of the help; a first word that is none of them is a path to estimate.

Each has the first line of its help, so that the list of commands is shown without importing one.
"""

_TAKES_REVISIONS = frozenset({"diff"})

_COUNTS_NO_FOLDER = frozenset(
    {"models", "pricing", "schema", "cache", "diff", "log", "batch", "dataset", "usage", "finetune"}
    | {"encode", "decode", "truncate", "split", "tokens"}
)

_OWN = frozenset({"-h", "--help", "-V", "--version", "--install-completion", "--show-completion"})


def expand(words: Sequence[str]) -> list[str]:
    """Return the words with the command that was left out, and the depth that ``--tree`` may leave out.

    >>> expand(["--json", ".", "--tree"])
    ['estimate', '--json', '.', '--tree=0']
    """
    given = list(words)
    if not given or given[0] not in _OWN.union(COMMANDS):
        given.insert(0, "estimate")
    options = _options(given)
    if given[0] in _TAKES_REVISIONS:  # what comes after -- is then no revision
        given = [*options, *(f"--path={path}" for path in given[len(options) + 1 :])]
        options = given
    return ["--tree=0" if word == "--tree" else word for word in options] + given[len(options) :]


def names_a_folder(words: Sequence[str]) -> bool:
    """Return whether a folder is likely to be counted: one is named, or nothing is and standard input is a terminal.

    A wrong guess costs only time: a vocabulary is loaded on a core that would be idle.
    """
    if _OWN & set(words) or not _COUNTS_NO_FOLDER.isdisjoint(words[:1]):
        return False
    return any(map(os.path.isdir, _likely_paths(words)))


def _likely_paths(words: Sequence[str]) -> list[str]:
    """Return the words that are existing paths; without any, at a terminal, the current folder."""
    given = words[1:] if words and words[0] in COMMANDS else words
    paths = [word for word in given if not word.startswith("-") and os.path.lexists(word)]
    return paths or (["."] if os.isatty(0) else [])


def wants_version(words: Sequence[str]) -> bool:
    """Return whether the version is requested, anywhere before ``--``; then nothing else is done.

    >>> wants_version(["count", "-V"]), wants_version(["--", "-V"])
    (True, False)
    """
    return not {"-V", "--version"}.isdisjoint(_options(words))


def wants_json(words: Sequence[str], environ: Mapping[str, str] | None = None) -> bool:
    """Return whether an error is reported as a JSON document, even if the words cannot be parsed.

    >>> wants_json(["-f", "json"]), wants_json(["--", "--json"])
    (True, False)
    >>> environ = {"GPT41CALC_FORMAT": "json"}
    >>> wants_json(["."], environ), wants_json(["-f", "csv"], environ)
    (True, False)
    """
    given = _options(words)
    if any(word == "--json" or re.match(_ANY_FORMAT, word) for word in given):
        return any(word == "--json" or re.fullmatch(_FORMAT_JSON, word) for word in given) or any(
            re.fullmatch(_FORMAT, word) and value.lower() == "json" for word, value in pairwise(given)
        )
    from .precedence import YES

    variables = environ or {}
    return variables.get("GPT41CALC_FORMAT", "").lower() == "json" or variables.get("GPT41CALC_JSON", "").lower() in YES


def _options(words: Sequence[str]) -> list[str]:
    """Return the words before ``--``."""
    return list(words[: words.index("--")] if "--" in words else words)


_FORMAT = "--format|-[0q]*f"
_ANY_FORMAT = "--format(?:=|$)|-[0q]*f"
_FORMAT_JSON = "(?:--format=|-[0q]*f)(?i:json)"
