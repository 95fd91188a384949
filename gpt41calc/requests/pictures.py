"""Read the size of a picture from its header; no pixel is decoded, and nothing is downloaded."""

from __future__ import annotations

import io
import os
import re
import stat
from binascii import Error, a2b_base64
from dataclasses import dataclass

from ..calculator.images import image_tokens, largest_image_tokens
from ..errors import RequestError
from ..pricing.schema import Model
from ..sources.open_path import open_path, why
from .parts import Image

__all__ = ["Picture", "Size", "measure", "measure_file", "picture_of"]


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a picture."""

    width: int
    """Width, in pixels."""

    height: int
    """Height, in pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, with its size if it can be measured."""

    url: str
    """Its URL or path; the prompt cache treats two pictures with one URL as the same."""

    size: Size | None
    """Its size. None if it is remote, since nothing is downloaded."""

    low: bool
    """Whether low detail is requested."""

    where: str
    """Location in the body."""

    def tokens(self, model: Model, assumed: Size | None = None) -> int:
        """Return its tokens; without a known size, those of the assumed size, or else of the largest picture.

        For a model without a known rule the result is 0.
        """
        images, size = model.images, self.size or assumed
        if images is None:
            return 0
        if images.rule == "tiles" and self.low:
            return images.base
        if size is None:
            return largest_image_tokens(images)
        return image_tokens(images, size.width, size.height, low=self.low)

    def is_assumed(self, model: Model) -> bool:
        """Return whether its tokens are based on a size that was not measured."""
        images = model.images
        return self.size is None and images is not None and not (self.low and images.rule == "tiles")


_MOST_PIXELS = 65_535
"""Largest width or height, in pixels; no model accepts a larger picture."""

_HEADER_BYTES = 64 << 10
"""Bytes that usually contain the size; a JPEG may have a preview before it."""

_MOST_HEADER_BYTES = 16 << 20

_DATA = re.compile(r"data:[^,]{0,200}?(;base64)?,", re.IGNORECASE)
_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_SIGNATURES = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)


def measure(image: Image, folder: str) -> Size | None:
    """Return the size of a picture, or None if it is remote.

    A request may come from an untrusted person. So files are opened only inside the folder of the request: otherwise
    the size, the error message or the time would reveal something about files elsewhere.

    Args:
        image: a picture in a request.
        folder: the folder of the request, to which file paths are relative.

    Raises:
        RequestError: the file is not a picture, is damaged, too large, outside the folder, or cannot be read.
    """
    if _REMOTE.match(image.url):
        return None
    try:
        if image.url[:5].lower() == "data:":
            return _size(*_decoded(image.url))
        path = image.url.removeprefix("file://")
        return measure_file(_below(folder, path), flags=getattr(os, "O_NOFOLLOW", 0))
    except ValueError as error:
        message = f"{image.where}: {error}"
        raise RequestError(message) from error


def _below(folder: str, path: str) -> str:
    """Return the real path of a file, after resolving links; it must be inside a folder.

    Raises:
        ValueError: the file is outside the folder.
    """
    if "\0" in path:
        message = f"cannot read the picture {path!r:.100}: not the name of a file"
        raise ValueError(message)
    top, target = os.path.realpath(folder), os.path.realpath(os.path.join(folder, path))
    try:
        is_below = os.path.commonpath([top, target]) == top
    except ValueError:  # another drive
        is_below = False
    if not is_below:
        message = f"the picture {os.path.basename(path)[:100]} is outside the folder of the request, and is not opened"
        raise ValueError(message)
    return target


def picture_of(image: Image, folder: str) -> Picture:
    """Return a picture with its size.

    Args:
        image: a picture in a request.
        folder: the folder to which file paths are relative.

    Raises:
        RequestError: the file is not a picture, is damaged, too large, or cannot be read.
    """
    return Picture(image.url, measure(image, folder), image.detail == "low", image.where)


def measure_file(path: str, descriptor: int | None = None, flags: int = 0) -> Size:
    """Return the size of the picture in a file.

    Args:
        path: its path, or its name for messages.
        descriptor: descriptor of the file if it is already open; it is closed here.
        flags: further flags for opening it.

    Raises:
        ValueError: the file is not a picture, is damaged, too large, or cannot be read; the message is a phrase.
    """
    shown = os.path.basename(path)[:100]
    if "\0" in path:  # checked here, because Python's message for it differs between 3.12 and 3.13
        message = f"cannot read the picture {shown!a}: not the name of a file"
        raise ValueError(message)
    try:
        # Opened without waiting: a named file may be a pipe.
        if descriptor is None:
            descriptor = open_path(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | flags)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                message = f"{shown}: not a regular file"
                raise ValueError(message)
            return _size(file.read(_MOST_HEADER_BYTES))
    except OSError as error:
        message = f"cannot read the picture {shown}: {why(error)}"
        raise ValueError(message) from error


def _decoded(url: str) -> tuple[bytes, bytes]:
    """Return the first bytes of a picture in a data URL, and a longer beginning if the size is not in them."""
    head = _DATA.match(url)
    if head is None or not head[1]:
        message = "a data URL that is not in base64"
        raise ValueError(message)
    encoded = url[head.end() : head.end() + _MOST_HEADER_BYTES]
    try:
        start = a2b_base64(encoded[:_HEADER_BYTES], strict_mode=True) if len(encoded) > _HEADER_BYTES else b""
        if start and _dimensions(start):
            return start, b""
        return start, a2b_base64(encoded, strict_mode=True)
    except Error as error:
        message = "a picture that is not valid base64"
        raise ValueError(message) from error


def _size(start: bytes, rest: bytes = b"") -> Size:
    """Return the size from the first of two beginnings that contains it."""
    raw = rest or start
    if not _SIGNATURES.match(raw):
        message = "not a PNG, JPEG, GIF or WebP picture"
        raise ValueError(message)
    found = _dimensions(raw)
    if found is None:
        message = "a picture whose header is broken"
        raise ValueError(message)
    if max(found) > _MOST_PIXELS:
        message = f"a picture of {found[0]:,} by {found[1]:,} pixels, larger than any model takes"
        raise ValueError(message)
    return Size(*found)


def _dimensions(raw: bytes) -> tuple[int, int] | None:
    """Return width and height. None if the header has no size."""
    import imagesize  # imported only if there is a picture

    width, height = imagesize.get(io.BytesIO(raw), exif_rotation=False)
    return (int(width), int(height)) if width > 0 and height > 0 else None
