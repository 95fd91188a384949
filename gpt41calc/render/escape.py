"""Make any text safe where it is written; one function for each place.

Reports keep the real names; only these functions change them.
"""

from __future__ import annotations

import base64
import os
import re
import unicodedata
from collections.abc import Callable
from typing import Literal

__all__ = [
    "CI_LOGS",
    "as_unicode",
    "for_ci_log",
    "for_csv",
    "for_markdown",
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
    r"""Make any text safe to print on one line of a terminal.

    Control characters, bidirectional overrides, lone surrogates and whatever
    else is not visible are written as escapes, and the backslash is doubled,
    so that the result can be read back.

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


def as_unicode(name: str) -> str:
    r"""Write a file name that is not Unicode with its bytes escaped.

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
    r"""Return the bytes of a file name in base64, if it is not Unicode.

    >>> raw_base64("\udcff"), raw_base64("a")
    ('/w==', None)
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        # In an ASCII locale every other name holds surrogates, though its bytes may be UTF-8.
        return None if _is_utf8(raw) else base64.b64encode(raw).decode()
    return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def for_csv(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula.

    >>> for_csv("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> for_csv("src/a.py")
    'src/a.py'
    """
    # The full-width forms are read as their ASCII twins by some spreadsheets.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else text


def for_markdown(text: str) -> str:
    r"""Make any text safe in a cell of a Markdown table.

    >>> for_markdown("a|b <img> [x](y) `z`\n*")
    'a\\|b &lt;img&gt; \\[x\\](y) \\`z\\`\\\\n\\*'
    """
    escaped = re.sub(r"([\\`*_\[\]|~#@!])", r"\\\1", without_hidden(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def without_hidden(text: str) -> str:
    r"""Write whatever is not visible as escapes, and keep the rest.

    Nothing is left that XML 1.0 forbids, or that steers a terminal.

    >>> print(without_hidden("a\nb\x1b\ufffe\\"))
    a\nb\x1b\ufffe\
    """
    return "".join(char if char == "\\" else _visible(char) for char in text)


def for_workflow(text: str) -> str:
    r"""Make any text safe as the message of a GitHub workflow command.

    >>> for_workflow("100 %\n::error::")
    '100 %25\\n::error::'
    """
    return without_hidden(text).replace("%", "%25")


def for_workflow_property(text: str) -> str:
    r"""Make any text safe as a property of a GitHub workflow command.

    The ends of lines are the runner's own escapes, so that a file is found
    whose name holds them; other hidden characters are made visible.

    >>> for_workflow_property("a,b:c%0A\n\x1b[2J")
    'a%2Cb%3Ac%250A%0A\\x1b[2J'
    """
    return "".join(_PROPERTY.get(char) or without_hidden(char) for char in text)


_PROPERTY = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}


CI_LOGS = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION")
"""Variables by which a service says that it reads what a program writes, and obeys commands in it."""

Syntax = Literal["text", "json", "xml", "commands"]
"""What a text is written in, so that an escape can be written that it understands; ``commands`` are GitHub's own."""


def for_ci_log(text: str, syntax: Syntax = "text") -> str:
    r"""Take away the meaning of what a service would take for a command in the log of a job.

    GitHub takes ``::`` at the beginning of a line, after blanks, and ``##[`` anywhere; Azure Pipelines ``##vso[``
    and TeamCity ``##teamcity[`` anywhere; GitLab ``section_start:`` and ``section_end:`` with a number.
    (``ActionCommand.cs`` of actions/runner, ``Command.cs`` of microsoft/azure-pipelines-agent, "Service messages" of
    TeamCity, "Job logs" of GitLab.) One character of each is written as an escape.

    Args:
        text: what is about to be written.
        syntax: in what; in JSON and XML the escape means the character, and nothing is lost.

    >>> print(for_ci_log("3  ##[set-output name=passed;]true\n  ::add-mask::3"))
    3  #\x23[set-output name=passed;]true
      \x3a:add-mask::3
    >>> print(for_ci_log('{"path": "##vso[task.complete]"}', "json"))
    {"path": "#\u0023vso[task.complete]"}
    """
    escape = _ESCAPES[syntax]
    text = _ANYWHERE.sub(lambda found: escape(found[0]), text)
    return text if syntax == "commands" else _AT_START.sub(lambda found: escape(found[0]), text)


# Of what is matched, one character is replaced. GitHub's runner reads a line up to \r, \n or both.
_ANYWHERE = re.compile(r"(?<=#)#(?=\[|vso\[|teamcity\[)|(?<=section)_(?=(?:start|end):[0-9])", re.IGNORECASE)
_AT_START = re.compile(r"(?:(?<=[\r\n])|\A)[^\S\r\n]*+:(?=:)")

_ESCAPES: dict[Syntax, Callable[[str], str]] = {
    "text": lambda found: f"{found[:-1]}\\x{ord(found[-1]):02x}",
    "json": lambda found: f"{found[:-1]}\\u{ord(found[-1]):04x}",
    "xml": lambda found: f"{found[:-1]}&#{ord(found[-1])};",
    "commands": lambda found: f"{found[:-1]}\\x{ord(found[-1]):02x}",
}
