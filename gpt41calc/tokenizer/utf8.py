"""Convert text to the UTF-8 that an API receives."""

from __future__ import annotations

from ..utf8 import valid_bytes

__all__ = ["as_utf8"]


def as_utf8(text: str | bytes) -> bytes:
    r"""Return valid UTF-8, with U+FFFD for everything that UTF-8 cannot encode.

    >>> as_utf8("caf\u00e9 \ud800").decode()
    'café �'
    >>> as_utf8(b"\xff").decode()
    '�'
    """
    if isinstance(text, str):
        try:
            return text.encode()
        except UnicodeEncodeError:  # lone surrogates; a surrogate pair is one character
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return text if valid_bytes(text) == len(text) else text.decode(errors="replace").encode()
