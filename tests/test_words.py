"""The words of the package: the field's own, so that a reader has no language to learn first."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

COINED = {
    r"companions?": "worker pool",
    r"scouts?|fores(?:een?|ees|ight)": "run history, forecast",
    r"survey\w*": "count, source counter",
    r"nouns?": "type, record, source",
    r"rooms": "accepted lengths, packages",
    r"spread": "distribution",
    r"ways?[ _]out": "remedies",
    r"rulings?|judg\w+": "limit check, evaluate",
    r"reckon\w*": "accuracy",
    r"remember\w*|recall\w*": "store, cache, find",
    r"manner": "settings",
    r"(?:held|hold|holds) against": "compared with, checked against",
    r"(?:an?|the|its|their|how much|far) bills?": "billed tokens, usage cost",
    r"none: .*": "None if ...",
}
"""Words and phrases that stand nowhere in the package and its documentation, with what to say."""

NAMES = frozenset(
    {
        *("account", "asked", "bill", "bills", "copies", "kept", "manner", "noun", "nouns", "room", "rooms", "ruling"),
        *("said", "span", "spans", "special", "spread", "told", "unasked", "unkept"),
    }
)
"""Words that a sentence may have, and a name may not: they do not say what it holds."""

EXCEPTIONS = {
    "gpt41calc/commands/encode/command.py": {"special"},  # an option: --special
    "gpt41calc/commands/usage/document.py": {"reckoning"},  # a key of the document; within a version none is renamed
    "gpt41calc/commands/usage/shapes/opentelemetry.py": {"span", "spans"},  # OpenTelemetry's own word
    "gpt41calc/commands/usage/shapes/__init__.py": {"spans"},  # the same
    "gpt41calc/commands/recommend/report.py": {
        "none: no variant of gpt-4.1 satisfies every condition for"
    },  # an answer
    "gpt41calc/render/endpoint_counts.py": {"remembered"},  # a key of the document, too
    "gpt41calc/counting/cache.py": {"foreseen"},  # a file of an earlier version, to be removed
    "gpt41calc/pricing/google_rules.py": {"bills"},  # a verb, in a key of pricing.toml
    "gpt41calc/requests/google_tokens.py": {"bills"},  # the same
    "gpt41calc/tokenizer/claude.py": {"span"},  # a method of Python's re.Match
    "gpt41calc/tokenizer/engines.py": {"special"},  # arguments of tiktoken
}

_COINED = re.compile(rf"(?<!\w)(?:{'|'.join(COINED)})(?!\w)", re.IGNORECASE)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def parts(name: str) -> set[str]:
    """Return the words of an identifier, in lower case."""
    return {part.lower() for part in _PART.findall(name)}


@cache
def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words of an identifier that are not to be in it."""
    words = parts(name)
    if "tokens" in words:  # special tokens are the field's own word for what stands for no text
        words.discard("special")
    return (*(words & NAMES), *chain.from_iterable(map(_COINED.findall, (*words, name))))


def words_of(source: str) -> Iterator[str]:
    """Yield the words and phrases of a module that are not to be in it."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield from words_of_name(token.string)
        elif token.type == tokenize.COMMENT:
            yield from _COINED.findall(token.string)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _COINED.findall(" ".join(node.value.split()))


def prose(markdown: str) -> str:
    """Return the sentences of a page, without its examples and code."""
    return " ".join(re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL).split())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("scout = 1", {"scout"}),
        ("def said_bytes(): ...", {"said"}),
        ("class UnaskedThing: ...", {"unasked"}),
        ('"""The surveyors judge what is\nheld against it."""', {"surveyors", "judge", "held against"}),
        ("x = 1  # none: it is not there", {"none: it is not there"}),
        ('"""None if it is billed; what was asked is kept."""', set()),
    ],
)
def test_words_are_found(source: str, expected: set[str]) -> None:
    """Words of names, docstrings, comments and messages are found, and plain sentences are not."""
    assert expected == set(words_of(source))


def test_the_package_has_the_words_of_the_field() -> None:
    """No coined word is left in the package; an exception that is not needed any more is none."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "gpt41calc").rglob("*.py"):
        if words := set(map(str.lower, words_of(path.read_text(encoding="utf-8")))):
            found[path.relative_to(ROOT).as_posix()] = words

    assert EXCEPTIONS == found


def test_the_documentation_has_the_words_of_the_field() -> None:
    """Nor is one in the pages that people read."""
    pages = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    found = {path.name: _COINED.findall(prose(path.read_text(encoding="utf-8"))) for path in pages}

    assert {} == {name: words for name, words in found.items() if words}
