"""Escape text for the place where it is written; one function per place.

Results contain the real names; only these functions change them.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from typing import Literal

__all__ = [
    "as_unicode",
    "for_ci_log",
    "for_csv",
    "for_markdown",
    "for_screen",
    "for_terminal",
    "for_workflow",
    "for_workflow_property",
    "name_bytes",
    "raw_base64",
    "without_hidden",
]

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_PLAIN = re.compile(r"[\x20-\x5b\x5d-\x7e]*")


def for_terminal(text: str) -> str:
    r"""Return any text safe for one line of a terminal.

    Control characters, bidirectional overrides, lone surrogates and other invisible characters are written as escapes,
    and the backslash is doubled, so that the original can be recovered.

    >>> for_terminal("plain \N{SNOWMAN} name")
    'plain ☃ name'
    >>> print(for_terminal("a\nb\x1b[2J\u202e\udcff\\"))
    a\nb\x1b[2J\u202e\udcff\\
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if unicodedata.category(char) not in _HIDDEN:
        return char
    point = ord(char)
    if point < 0x100:  # noqa: PLR2004 - two hexadecimal digits hold as much
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"  # noqa: PLR2004 - as four hold


def for_screen(text: str) -> str:
    r"""Return a text of several lines safe for a terminal; tabs, newlines and backslashes stay as they are.

    >>> print(for_screen("a\nb\\\x1b[2J\u202e"))
    a
    b\\x1b[2J\u202e
    """
    return "".join(char if char in "\n\t\\" or char.isprintable() else _visible(char) for char in text)


def as_unicode(name: str) -> str:
    r"""Return a file name that is not Unicode with its bytes escaped.

    >>> as_unicode("caf\udce9.txt")
    'caf\\xe9.txt'
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode(errors="backslashreplace")
    return name


def name_bytes(name: str) -> bytes:
    r"""Return the bytes of a file name.

    >>> name_bytes("caf\udce9")
    b'caf\xe9'
    """
    try:
        return name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)


def raw_base64(name: str) -> str | None:
    r"""Return the bytes of a file name in base64 if it is not Unicode, else None.

    >>> raw_base64("\udcff"), raw_base64("a")
    ('/w==', None)
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        if _is_utf8(raw):  # in an ASCII locale, names may contain surrogates although their bytes are UTF-8
            return None
        import base64

        return base64.b64encode(raw).decode()
    return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def for_csv(text: str) -> str:
    """Return a text that spreadsheets do not read as a formula.

    >>> for_csv("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> for_csv("src/a.py")
    'src/a.py'
    """
    # Some spreadsheets treat full-width forms like their ASCII equivalents.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else text


def for_markdown(text: str) -> str:
    r"""Return any text safe for a cell of a Markdown table.

    >>> for_markdown("a|b <img> [x](y) `z`\n*")
    'a\\|b &lt;img&gt; \\[x\\](y) \\`z\\`\\\\n\\*'
    """
    escaped = re.sub(r"([\\`*_\[\]|~#@!])", r"\\\1", without_hidden(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def without_hidden(text: str) -> str:
    r"""Return a text with invisible characters as escapes.

    The result has no character that XML 1.0 forbids or that controls a terminal.

    >>> print(without_hidden("a\nb\x1b\ufffe\\"))
    a\nb\x1b\ufffe\
    """
    return "".join(char if char == "\\" else _visible(char) for char in text)


def for_workflow(text: str) -> str:
    r"""Return any text safe for the message of a GitHub workflow command.

    >>> for_workflow("100 %\n::error::")
    '100 %25\\n::error::'
    """
    return without_hidden(text).replace("%", "%25")


def for_workflow_property(text: str) -> str:
    r"""Return any text safe for a property of a GitHub workflow command.

    Line ends use the runner's own escapes, so that a file with them in its name is found; other hidden characters are
    made visible.

    >>> for_workflow_property("a,b:c%0A\n\x1b[2J")
    'a%2Cb%3Ac%250A%0A\\x1b[2J'
    """
    return "".join(_PROPERTY.get(char) or without_hidden(char) for char in text)


_PROPERTY = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}


Syntax = Literal["text", "json", "xml", "commands"]
"""The syntax of a text, which defines the escapes to use; ``commands`` are GitHub's workflow commands."""


def for_ci_log(text: str, syntax: Syntax = "text") -> str:
    r"""Return a text without anything that a CI service would read as a command in a job log.

    GitHub takes ``::`` at the beginning of a line, after blanks, and ``##[`` anywhere; Azure Pipelines ``##vso[``
    and TeamCity ``##teamcity[`` anywhere; GitLab ``section_start:`` and ``section_end:`` with a number.
    (``ActionCommand.cs`` of actions/runner, ``Command.cs`` of microsoft/azure-pipelines-agent, "Service messages" of
    TeamCity, "Job logs" of GitLab.) One character of each is written as an escape.

    Args:
        text: the text to be written.
        syntax: its syntax; in JSON and XML the escape stands for the character, so nothing is lost.

    >>> print(for_ci_log("3  ##[set-output name=passed;]true\n  ::add-mask::3"))
    3  #\x23[set-output name=passed;]true
      \x3a:add-mask::3
    >>> print(for_ci_log('{"path": "##vso[task.complete]"}', "json"))
    {"path": "#\u0023vso[task.complete]"}
    """
    escape = _ESCAPES[syntax]
    text = _ANYWHERE.sub(lambda found: escape(found[0]), text)
    return text if syntax == "commands" else _AT_START.sub(lambda found: escape(found[0]), text)


# One character of each match is replaced. GitHub's runner reads a line up to \r, \n or both.
_ANYWHERE = re.compile(r"(?<=#)#(?=\[|vso\[|teamcity\[)|(?<=section)_(?=(?:start|end):[0-9])", re.IGNORECASE)
_AT_START = re.compile(r"(?:(?<=[\r\n])|\A)[^\S\r\n]*+:(?=:)")

_ESCAPES: dict[Syntax, Callable[[str], str]] = {
    "text": lambda found: f"{found[:-1]}\\x{ord(found[-1]):02x}",
    "json": lambda found: f"{found[:-1]}\\u{ord(found[-1]):04x}",
    "xml": lambda found: f"{found[:-1]}&#{ord(found[-1])};",
    "commands": lambda found: f"{found[:-1]}\\x{ord(found[-1]):02x}",
}
