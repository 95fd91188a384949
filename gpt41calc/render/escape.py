"""Make any text safe where it is written; one function for each place.

Reports keep the real names; only these functions change them.
"""

from __future__ import annotations

import base64
import os
import re
import unicodedata

__all__ = [
    "as_unicode",
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
