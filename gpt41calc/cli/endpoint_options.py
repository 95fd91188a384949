"""Options about vendors' endpoints that count tokens."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from typer import Option

from .group import OptionGroup

__all__ = ["CountWith", "TypedEndpoints"]


class CountWith(StrEnum):
    """Where requests are counted: here only, or also by the vendor."""

    OFFLINE = "offline"
    API = "api"


class TypedEndpoints(OptionGroup):
    """Whether vendors' endpoints are used, and how."""

    count_with: Annotated[
        CountWith,
        Option(
            "--count-with",
            help="api: ask the vendor's endpoint for the tokens of each request, too; only if it is typed.",
        ),
    ] = CountWith.OFFLINE
    api_limit: Annotated[str, Option("--api-limit", metavar="N", help="Ask endpoints for at most N requests.")] = "100"
    api_timeout: Annotated[
        str, Option("--api-timeout", metavar="SECONDS", help="How long to wait for an endpoint.")
    ] = "30"
