"""Options about pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from typer import Option

from ..errors import BadNumber
from .group import OptionGroup

if TYPE_CHECKING:
    from ..requests.pictures import Size

__all__ = ["ImageOptions", "assumed_size"]

_SIZE = "([0-9]{1,5})[x×]([0-9]{1,5})"


class ImageOptions(OptionGroup):
    """How pictures are counted."""

    assume_image: Annotated[
        str | None,
        Option(
            "--assume-image",
            metavar="WxH",
            help="Size of remote pictures, which are never fetched. Default: the size that takes the most tokens.",
        ),
    ] = None


def assumed_size(typed: ImageOptions) -> Size | None:
    """Return the size of pictures that cannot be measured. None if no size is given.

    Raises:
        BadNumber: the size is not written as WxH, or is 0.
    """
    if typed.assume_image is None:
        return None
    from ..requests.pictures import Size

    match = re.fullmatch(_SIZE, typed.assume_image)
    if match is None or not int(match[1]) or not int(match[2]):
        message = f"--assume-image: expected width and height such as 1024x768, found '{typed.assume_image:.40}'"
        raise BadNumber(message)
    return Size(int(match[1]), int(match[2]))
