"""Divide a text into sections: Markdown by its headings, Python and JavaScript by their functions and classes."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

__all__ = ["MOST_CODE_BYTES", "MOST_MARKDOWN_BYTES", "Divided", "DividedBy", "Section", "divide"]

DividedBy = Literal["headings", "functions", "messages"]
"""The borders between sections."""

MOST_MARKDOWN_BYTES = 256 << 10
"""Longest Markdown that is divided, in bytes: parsing takes 2 s, and 10 s if somebody wants it to."""

MOST_CODE_BYTES = 1 << 20
"""Longest program that is divided, in bytes: parsing takes a second or two."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text."""

    name: str
    """Its heading below those of higher level, or its function; unique in the text."""

    text: bytes
    """The text, in UTF-8; of a section in several places, all of them in order."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A text in sections."""

    by: DividedBy | None = None
    """What the sections are. None if the text is not divided."""

    sections: tuple[Section, ...] = ()
    """All sections, in order; together they are the text. Empty if it is not divided."""

    reason: str = ""
    """Why a text that should have sections has none, as a phrase; empty if there is nothing to say."""


def divide(name: str, text: bytes) -> Divided:
    """Return a text in sections, by rules that depend on the ending of its name.

    Args:
        name: name of the file.
        text: its text, in UTF-8.
    """
    borders, by = _RULES.get(_ending(name), (None, None))
    if borders is None or by is None:
        return Divided()
    most_bytes = MOST_MARKDOWN_BYTES if by == "headings" else MOST_CODE_BYTES
    if len(text) > most_bytes:
        return Divided(reason=f"longer than {most_bytes:,} bytes")
    lines = text.splitlines(keepends=True)
    try:
        owners = borders(text, lines)
    except _NotParsed as error:
        return Divided(reason=str(error))
    pieces: dict[str, list[bytes]] = {}
    for owner, group in groupby(zip(owners, lines, strict=True), key=lambda pair: pair[0]):
        pieces.setdefault(owner, []).append(b"".join(line for _, line in group))
    return Divided(by, tuple(Section(owner, b"".join(parts)) for owner, parts in pieces.items()))


class _NotParsed(Exception):
    """The text is not what its ending says."""


def _ending(name: str) -> str:
    """Return the ending of a file's name in lower case, with its dot; empty if there is none."""
    last = name[name.rfind("/") + 1 :]
    return last[last.rfind(".") :].lower() if "." in last.lstrip(".") else ""


def _numbered(names: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield first lines and names, of which each later one of the same name has a number."""
    seen: dict[str, int] = {}
    for line, name in names:
        seen[name] = seen.get(name, 0) + 1
        yield line, name if seen[name] == 1 else f"{name} ({seen[name]})"


def _owners(starts: Iterator[tuple[int, str]], lines: int, before: str) -> list[str]:
    """Return the section of every line, given the first line of each."""
    owners: list[str] = []
    current = before
    for line, name in starts:
        owners += [current] * (line - len(owners))
        current = name
    return owners + [current] * (lines - len(owners))


def _by_headings(text: bytes, lines: Sequence[bytes]) -> list[str]:
    """Return the section of every line of Markdown: the headings above it, by CommonMark; front matter is one."""
    skipped = _front_matter(lines)
    rest = b"".join(lines[skipped:]) if skipped else text
    starts = _numbered((line + skipped, name) for line, name in _headings(rest.decode("utf-8", "replace")))
    owners = _owners(starts, len(lines), BEFORE_HEADINGS)
    return [FRONT_MATTER] * skipped + owners[skipped:]


BEFORE_HEADINGS = "(before the first heading)"

FRONT_MATTER = "(front matter)"


def _front_matter(lines: Sequence[bytes]) -> int:
    """Return the number of lines of a YAML header, its rules among them; 0 if there is none."""
    if not lines or lines[0].rstrip() != b"---":
        return 0
    return next((at + 1 for at, line in enumerate(lines) if at and line.rstrip() in {b"---", b"..."}), 0)


def _headings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the first line of every heading, and its name below those of higher level."""
    from markdown_it import MarkdownIt

    # Only blocks: headings in a fence are none, and what is inside a line does not matter.
    parser = MarkdownIt("commonmark").disable(["inline", "reference"])
    above: list[tuple[int, str]] = []
    tokens = parser.parse(text)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            level = int(token.tag[1:])
            above = [one for one in above if one[0] < level]
            above.append((level, " ".join(inline.content.split()) or "(no heading)"))
            yield token.map[0], " › ".join(name for _, name in above)


def _by_python(text: bytes, lines: Sequence[bytes]) -> list[str]:
    """Return the function, class or method of every line of Python, by its own parser.

    Functions in functions belong to the outer one.

    Raises:
        _NotParsed: it is no Python of the version that runs this.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the other program, not of this one
            tree = ast.parse(text.decode("utf-8", "replace"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        message = f"not valid Python{line}"
        raise _NotParsed(message) from error
    owners = [OUTSIDE] * len(lines)
    for first, last, name in _definitions(tree.body, ""):
        owners[first:last] = [name] * (min(last, len(lines)) - first)
    return owners


def _definitions(body: Sequence[ast.stmt], within: str) -> Iterator[tuple[int, int, str]]:
    """Yield the lines and names of definitions, outer ones first; a later definition of a name has a number."""
    waiting = [(body, within)]
    seen: dict[str, int] = {}
    while waiting:
        statements, prefix = waiting.pop()
        for one in statements:
            if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            name = f"{prefix}{one.name}"
            seen[name] = seen.get(name, 0) + 1
            unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
            first = min([one.lineno, *(each.lineno for each in one.decorator_list)])
            yield first - 1, one.end_lineno or one.lineno, unique
            if isinstance(one, ast.ClassDef):
                waiting.append((one.body, f"{unique}."))


OUTSIDE = "(outside of functions)"


def _by_javascript(_text: bytes, lines: Sequence[bytes]) -> list[str]:
    """Return the function or class of every line of JavaScript or TypeScript: the last that began at a line's start.

    There is no parser for it here. So a declaration counts only at the beginning of a line, and reaches to the next
    one; the comment lines directly above it belong to it.
    """
    return _owners(_numbered(_declarations(lines)), len(lines), OUTSIDE)


def _declarations(lines: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    comment = None
    for at, line in enumerate(lines):
        found = _DECLARATION.match(line[:_MOST_OF_LINE])
        if found:
            yield at if comment is None else comment, (found[1] or found[2] or b"(default)").decode("utf-8", "replace")
        is_comment = line.startswith((b"//", b"/*", b" *", b"@"))
        comment = (at if comment is None else comment) if is_comment else None


_MOST_OF_LINE = 500

_DECLARATION = re.compile(
    rb"(?:export[ \t]+)?(?:default[ \t]+)?(?:declare[ \t]+)?(?:abstract[ \t]+)?(?:async[ \t]+)?"
    rb"(?:(?:function\b[ \t]*\*?|class\b|interface\b|enum\b)[ \t]*([\w$]+)?"
    rb"|(?:const|let|var)[ \t]+([\w$]+)[^=\n]*=[ \t]*(?:async\b[ \t]*)?"
    rb"(?:function\b|\([^\n]*=>|\([^)\n]*$|[\w$]+[ \t]*=>))"
)

_Rule = tuple[Callable[[bytes, Sequence[bytes]], list[str]], DividedBy]

_MARKDOWN: _Rule = (_by_headings, "headings")
_PYTHON: _Rule = (_by_python, "functions")
_JAVASCRIPT: _Rule = (_by_javascript, "functions")

_RULES: Mapping[str, _Rule] = {
    **dict.fromkeys(("", ".md", ".markdown", ".mdx", ".txt", ".prompt", ".j2", ".jinja", ".jinja2"), _MARKDOWN),
    **dict.fromkeys((".py", ".pyi"), _PYTHON),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"), _JAVASCRIPT),
}
"""How the text of a file is divided, by its ending; standard input has none."""
