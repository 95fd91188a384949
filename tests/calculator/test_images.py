"""Pictures take what the guides and the bills say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.images import image_patches, image_tokens, largest_image_tokens
from gpt41calc.pricing.table import load_pricing
from gpt41calc.pricing.token_rules import Images


def rule(model: str) -> Images:
    """Return how a model counts pictures."""
    images = load_pricing().find(model).images
    assert images is not None
    return images


@pytest.mark.parametrize(
    ("model", "width", "height", "low", "expected"),
    [
        ("gpt-4o", 1024, 1024, False, 765),
        ("gpt-4o", 2048, 4096, False, 1105),
        ("gpt-4o", 4096, 8192, True, 85),
        ("gpt-4o-mini", 1024, 1024, False, 25501),
        ("gpt-4o-mini", 1024, 1024, True, 2833),
        ("o1", 1024, 1024, False, 675),
        ("o3", 1024, 1024, False, 675),
        ("gpt-4.1", 1024, 1024, False, 765),
        ("gemini-2.5-pro", 960, 540, False, 258),
        ("gemini-2.5-pro", 384, 384, False, 258),
        ("claude-3-7-sonnet", 200, 200, False, 54),
        ("claude-3-7-sonnet", 1000, 1000, False, 1334),
        ("claude-3-7-sonnet", 1092, 1092, False, 1590),
    ],
)
def test_worked_examples_of_the_guides(model: str, width: int, height: int, low: bool, expected: int) -> None:  # noqa: FBT001
    """What the vendors work out in their guides, and what follows for their other models."""
    assert expected == image_tokens(rule(model), width, height, low=low)


@pytest.mark.parametrize(
    ("model", "small", "large"),
    [
        ("gpt-4.1-mini", Decimal("1658.88"), Decimal("2352.24")),
        ("gpt-4.1-nano", Decimal("2519.04"), Decimal("3571.92")),
        ("o4-mini", Decimal("1761.28"), Decimal("2497.44")),
    ],
)
def test_worked_examples_of_patches(model: str, small: Decimal, large: Decimal) -> None:
    """1024x1024 takes 1024 patches, 1800x2400 is made smaller and takes 1452, times what a model makes of one."""
    images = rule(model)

    assert (1024, small) == ((patches := image_patches(1024, 1024, images.budget)), patches * images.multiplier)
    assert (1452, large) == ((patches := image_patches(1800, 2400, images.budget)), patches * images.multiplier)


@pytest.mark.parametrize(
    ("model", "low", "high"),
    [
        ("o3", 86 - 11, 236 - 11),
        ("o4-mini", 26 - 11, 26 - 11),
        ("gpt-4.1", 97 - 12, 267 - 12),
        ("gpt-4.1-mini", 26 - 12, 26 - 12),
        ("gpt-4.1-nano", 33 - 12, 33 - 12),
        ("gpt-4.5-preview", 97 - 12, 267 - 12),
        ("gpt-4o", 97 - 12, 267 - 12),
        ("gpt-4o-2024-05-13", 97 - 12, 267 - 12),
        ("gpt-4-turbo", 97 - 12, 267 - 12),
        ("gpt-4o-mini", 2845 - 12, 8512 - 12),
    ],
)
def test_what_was_billed_for_a_picture_of_128_by_64(model: str, low: int, high: int) -> None:
    """Bills of May 2025, less the text around the picture; o1 alone does not follow its guide."""
    images = rule(model)

    assert (low, high) == (image_tokens(images, 128, 64, low=True), image_tokens(images, 128, 64))


SIDES = st.integers(1, 20_000)


@given(SIDES, SIDES, st.sampled_from(["gpt-4.1", "gpt-4.1-mini", "gpt-4o-mini", "o4-mini", "claude-3-7-sonnet"]))
def test_no_picture_takes_more_than_the_largest_and_turning_it_changes_nothing(
    width: int, height: int, model: str
) -> None:
    """However long and thin it is."""
    images = rule(model)
    tokens = image_tokens(images, width, height)

    assert 0 < tokens <= largest_image_tokens(images)
    assert tokens == image_tokens(images, height, width)
