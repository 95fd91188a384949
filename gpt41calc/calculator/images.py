"""The tokens of a picture, from its size and a model's rule."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING
from fractions import Fraction
from math import isqrt

from ..pricing.token_rules import Images

__all__ = ["image_patches", "image_tokens", "largest_image_tokens"]

_FITTED_PIXELS = 2048
_SHORTEST_PIXELS = 768
_TILE_PIXELS = 512
_PATCH_PIXELS = 32
_SMALL_PIXELS = 384
_CROP = Fraction(3, 2)
"""The crop size is the shorter side divided by this number."""


def image_tokens(images: Images, width: int, height: int, *, low: bool = False) -> int:
    """Return the tokens of a picture.

    Args:
        images: the rule of a model.
        width: in pixels.
        height: in pixels.
        low: whether low detail is requested; only the ``tiles`` rule has it.

    >>> from gpt41calc.pricing.table import load_pricing
    >>> image_tokens(load_pricing().find("gpt-4.1").images, 1024, 1024)
    765
    """
    if images.rule == "tiles":
        return images.base if low else images.base + images.tile * _tiles(width, height)
    if images.rule == "patches":
        weighted = image_patches(width, height, images.budget) * images.multiplier
        return int(weighted.to_integral_value(ROUND_CEILING)) + images.added
    if images.rule == "area":
        return _area_tokens(images, width, height)
    if images.rule == "grid":
        return _grid(width, height, images.budget)
    if images.rule == "fixed":
        return images.tile
    crops = _crops(width, height)
    return images.tile * crops + (images.added if crops > 1 else 0)


def largest_image_tokens(images: Images) -> int:
    """Return the tokens of the most expensive picture, an upper bound for a picture of unknown size."""
    if images.rule == "tiles":
        return image_tokens(images, _FITTED_PIXELS, _SHORTEST_PIXELS)
    if images.rule == "patches":
        return int((images.budget * images.multiplier).to_integral_value(ROUND_CEILING)) + images.added
    if images.rule == "area":
        return images.most + images.added
    if images.rule == "grid":
        return images.budget
    return image_tokens(images, *_COMMON_SIZE)  # the number of crops of a long strip has no upper bound


_COMMON_SIZE = (1920, 1080)


def _tiles(width: int, height: int) -> int:
    """Return the number of tiles, after fitting the picture into a square and its shorter side into 768 pixels."""
    scale = min(Fraction(1), Fraction(_FITTED_PIXELS, max(width, height)))
    scale *= min(Fraction(1), _SHORTEST_PIXELS / (min(width, height) * scale))
    return math.ceil(width * scale / _TILE_PIXELS) * math.ceil(height * scale / _TILE_PIXELS)


def image_patches(width: int, height: int, budget: int) -> int:
    """Return the number of patches that cover a picture, after shrinking it if they exceed the budget.

    >>> image_patches(1024, 1024, 1536), image_patches(1800, 2400, 1536)
    (1024, 1452)
    """
    patches = math.ceil(Fraction(width, _PATCH_PIXELS)) * math.ceil(Fraction(height, _PATCH_PIXELS))
    if patches <= budget:
        return patches
    # The square root is computed with many digits and in integers: a float could land on the wrong side of a patch
    # border.
    digits = 10**40
    scale = Fraction(isqrt(_PATCH_PIXELS**2 * budget * digits**2 // (width * height)), digits)
    across, down = width * scale / _PATCH_PIXELS, height * scale / _PATCH_PIXELS
    if across >= 1 and down >= 1:
        shrunk = min(math.floor(across) / across, math.floor(down) / down)
        across, down = across * shrunk, down * shrunk
    return min(math.ceil(across) * math.ceil(down), budget)


def _area_tokens(images: Images, width: int, height: int) -> int:
    scale = min(Fraction(1), Fraction(images.longest, max(width, height)))
    if images.patch:
        tokens = math.ceil(width * scale / images.patch) * math.ceil(height * scale / images.patch)
    else:
        tokens = math.ceil(width * height * scale**2 / images.pixels_per_token)
    return max(1, min(tokens, images.most)) + images.added


def _crops(width: int, height: int) -> int:
    if max(width, height) <= _SMALL_PIXELS:
        return 1
    unit = max(1, math.floor(min(width, height) / _CROP))
    return math.ceil(Fraction(width, unit)) * math.ceil(Fraction(height, unit))


def _grid(width: int, height: int, budget: int) -> int:
    """Return the number of cells of the largest grid with a picture's proportions and at most ``budget`` cells.

    >>> _grid(128, 128, 1120), _grid(60, 30, 1120)
    (1089, 1081)
    """
    across = isqrt(budget * width // height)
    down = isqrt(budget * height // width)
    return max(1, min(max(1, across) * max(1, down), budget))
