"""Options about prices: day, price table, names of models, and charges on top."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from .group import OptionGroup

__all__ = ["Aliases", "AsOf", "FeesARequest", "Prices", "PricingFile", "Uplifts"]

AsOf = Annotated[
    str | None,
    Option("--as-of", metavar="YYYY-MM-DD", help="Use the prices and statuses of that day. Default: today."),
]


PricingFile = Annotated[
    str | None, Option("--pricing", metavar="FILE", help="Lay the price table FILE (TOML) over the shipped one.")
]


Aliases = Annotated[
    list[str] | None,
    Option(
        "--alias",
        metavar="NAME=MODEL",
        help="Take NAME for MODEL: 'our-deployment=gpt-4.1'; * stands for the same on both sides. Repeatable.",
    ),
]


Uplifts = Annotated[
    list[str] | None,
    Option(
        "--uplift",
        metavar="PERCENT",
        help="Raise all prices: by 10 (percent), or as the table has it for data-residency or fedramp. Repeatable.",
    ),
]


FeesARequest = Annotated[
    list[str] | None,
    Option(
        "--fee",
        metavar="AMOUNT",
        help="Add to each request: 0.02 (dollars), or calls of a tool: web-search=2, file-search=1, container=1. "
        "Repeatable.",
    ),
]


class Prices(OptionGroup):
    """Options that select prices."""

    as_of: AsOf = None
    pricing: PricingFile = None
    alias: Aliases = None
    uplift: Uplifts = None
    fee: FeesARequest = None
