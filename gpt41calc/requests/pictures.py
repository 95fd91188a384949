"""How large is a picture? Its header says so; no pixel is decoded, and nothing is fetched."""

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

__all__ = ["PICTURE_ENDINGS", "Picture", "Size", "measure", "measure_file", "picture_of"]

PICTURE_ENDINGS = frozenset({".gif", ".jpeg", ".jpg", ".png", ".webp"})
"""Of files that are pictures which a model takes."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is."""

    width: int
    """In pixels."""

    height: int
    """In pixels."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose size is known, or cannot be."""

    url: str
    """Where it comes from: two pictures of one address are the same to a cache."""

    size: Size | None
    """How large it is. None if it is remote, and not fetched."""

    low: bool
    """Whether it is looked at in low detail."""

    where: str
    """Where it stands in the body."""

    def tokens(self, model: Model, assumed: Size | None = None) -> int:
        """Return what it takes; if its size is not known, what one of an assumed size takes, or else the largest.

        A model whose rule is not known counts nothing.
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
        """Say whether its tokens rest on a size that was not measured."""
        images = model.images
        return self.size is None and images is not None and not (self.low and images.rule == "tiles")


_MOST_PIXELS = 65_535
"""Of one side; no model takes a picture that large."""

_HEADER_BYTES = 64 << 10
"""Where the size mostly stands; a JPEG may hold a preview before it."""

_MOST_HEADER_BYTES = 16 << 20

_DATA = re.compile(r"data:[^,]{0,200}?(;base64)?,", re.IGNORECASE)
_REMOTE = re.compile(r"https?://", re.IGNORECASE)
_SIGNATURES = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)


def measure(image: Image, folder: str) -> Size | None:
    """Return how large a picture is, or none if that is not known here: it is remote.

    A request may come from anyone. So a file is only opened below the folder of the request: what is in it elsewhere
    would be revealed by the size, the error or the time that it takes.

    Args:
        image: a picture in a request.
        folder: where the paths of files begin: the folder of the request.

    Raises:
        RequestError: it is no picture, broken, too large, outside of the folder or cannot be read.
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
    """Return where a file really is, which must be below a folder, wherever links lead.

    Raises:
        ValueError: it is not.
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
    """Measure a picture.

    Args:
        image: a picture in a request.
        folder: where the paths of files begin.

    Raises:
        RequestError: it is no picture, broken, too large or cannot be read.
    """
    return Picture(image.url, measure(image, folder), image.detail == "low", image.where)


def measure_file(path: str, descriptor: int | None = None, flags: int = 0) -> Size:
    """Return how large the picture in a file is.

    Args:
        path: where it is, or what it is called.
        descriptor: the file, if it is open already; it is closed.
        flags: with which it is opened besides, if it is not open.

    Raises:
        ValueError: it is no picture, broken, too large or cannot be read; a phrase says why.
    """
    shown = os.path.basename(path)[:100]
    if "\0" in path:  # checked here, because Python's own words for it differ between 3.12 and 3.13
        message = f"cannot read the picture {shown!a}: not the name of a file"
        raise ValueError(message)
    try:
        # Without waiting: what is named here may be a pipe.
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
    """Return the beginning of a picture in a data URL, and as much as may be needed."""
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
    """Return the size that the first of two beginnings gives."""
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
    """Return width and height. None if the header does not say."""
    import imagesize  # only where there is a picture

    width, height = imagesize.get(io.BytesIO(raw), exif_rotation=False)
    return (int(width), int(height)) if width > 0 and height > 0 else None
