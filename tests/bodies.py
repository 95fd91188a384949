"""Pictures that are headers and nothing else, and files of requests."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import Any

__all__ = ["batch_line", "gif", "jpeg", "jsonl", "png", "url", "webp"]


def png(width: int, height: int) -> bytes:
    """Return the beginning of a PNG."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def jpeg(width: int, height: int, before: int = 0) -> bytes:
    """Return the beginning of a JPEG, with so many bytes of other segments before its size."""
    comments = b""
    while before > 0:
        size = min(before, 60_000)
        comments += b"\xff\xfe" + struct.pack(">H", size + 2) + b"c" * size
        before -= size
    frame = struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\x01\x11\x00\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8" + comments + b"\xff\xc0" + frame + b"\xff\xd9"


def gif(width: int, height: int) -> bytes:
    """Return the beginning of a GIF."""
    return b"GIF89a" + struct.pack("<HH", width, height) + bytes(3)


def webp(width: int, height: int) -> bytes:
    """Return the beginning of a WebP."""
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size


def url(raw: bytes, kind: str = "png") -> str:
    """Return a picture as a data URL."""
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"


def batch_line(custom_id: str, *said: str, model: str = "gpt-4.1", **more: Any) -> dict[str, Any]:
    """Return a line of a batch file: the first text is said by the system, the others by the user."""
    system, *others = said
    messages = [{"role": "system", "content": system}, *({"role": "user", "content": text} for text in others)]
    body = {"model": model, "messages": messages, **more}
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body}


def jsonl(*lines: Any) -> bytes:
    """Return values as JSON, one a line; bytes as they are."""
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines)
