"""The options that commands share, with their help, in groups."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from .choices import By, CheckFormat, Colour, Format, SortBy, Tier
from .group import OptionGroup
from .output_options import CheckOutput, Delivery, Output
from .price_options import Aliases, AsOf, FeesARequest, Prices, PricingFile, Uplifts

__all__ = [
    "Aliases",
    "AsOf",
    "By",
    "Calibrated",
    "CheckFormat",
    "CheckOutput",
    "Choice",
    "Colour",
    "Comparison",
    "Configuration",
    "CountedAs",
    "Delivery",
    "FeesARequest",
    "Follow",
    "Format",
    "Inputs",
    "LimitsFile",
    "Models",
    "NoGitignore",
    "Output",
    "Partial",
    "Parts",
    "Prices",
    "PricingFile",
    "Request",
    "RequestsPerMonth",
    "Sort",
    "Strings",
    "Tier",
    "Uplifts",
    "Versus",
]


class Choice(OptionGroup):
    """Options that select files below folders, and how they are read."""

    hidden: Annotated[bool, Option("--hidden", help="Count hidden files and folders, too.")] = False
    include: Annotated[
        list[str] | None,
        Option("--include", metavar="GLOB", help="Count only matching files, in gitignore syntax. Repeatable."),
    ] = None
    exclude: Annotated[
        list[str] | None,
        Option("--exclude", metavar="GLOB", help="Leave out matching files, in gitignore syntax. Repeatable."),
    ] = None
    max_file_size: Annotated[
        str | None, Option("--max-file-size", metavar="SIZE", help="Leave out larger files: 500k, 10M, 2MiB.")
    ] = None
    text: Annotated[bool, Option("--text", help="Count binary files as if they were text.")] = False
    no_cache: Annotated[
        bool, Option("--no-cache", help="Read and count everything, also what was counted in an earlier run.")
    ] = False


NoGitignore = Annotated[bool, Option("--no-gitignore", help="Count what git ignores, too.")]


Follow = Annotated[bool, Option("--follow", help="Follow symbolic links found in folders.")]


class Inputs(Choice):
    """Options that name the inputs."""

    paths: Annotated[
        list[str] | None,
        Argument(
            metavar="[PATHS]...",
            help="Files, folders, or - for standard input. Default: standard input if it is a pipe or a file, "
            "else the current folder.",
            show_default=False,
        ),
    ] = None
    files_from: Annotated[
        str | None,
        Option("--files-from", metavar="FILE", help="Read paths from FILE, one a line; - is standard input."),
    ] = None
    null: Annotated[bool, Option("-0", "--null", help="Paths from --files-from are separated by NUL bytes.")] = False
    no_gitignore: NoGitignore = False
    follow: Follow = False


Sort = Annotated[
    SortBy | None,
    Option(
        "--sort",
        help="List models by this: cheapest first, fullest window last, by name, largest window first.",
        show_default=False,
    ),
]


Strings = Annotated[
    list[str] | None,
    Option("--string", metavar="TEXT", help="Count TEXT itself, beside files if any are named. Repeatable."),
]


CountedAs = Annotated[
    str | None, Option("-m", "--model", metavar="ID", help="Count as this model does. Default: as GPT-4.1.")
]


Models = Annotated[
    list[str] | None,
    Option(
        "-m",
        "--model",
        metavar="ID",
        help="Model to price: a name in any spelling, all, openai (a provider), 'gpt-4*', or a,b. Repeatable. "
        "Default: the three variants of GPT-4.1.",
    ),
]


Versus = Annotated[
    list[str] | None,
    Option(
        "--versus",
        metavar="ID",
        help="Model to compare with, none, or replacement. Repeatable. Default: gpt-4o, gpt-4.5-preview, "
        "claude-3-7-sonnet.",
    ),
]


LimitsFile = Annotated[
    str | None, Option("--limits", metavar="FILE", help="Lay the table of limits FILE (TOML) over the shipped one.")
]


class Request(OptionGroup):
    """Options about one request, beside its input."""

    model: Models = None
    output_tokens: Annotated[
        str | None,
        Option(
            "--output-tokens",
            metavar="N",
            help="Output tokens of each request; 4k and 1_000 are numbers, p50, p90 and p99 are of the calibration. "
            "Default: 1000.",
        ),
    ] = None
    cached_tokens: Annotated[
        str,
        Option(
            "--cached-tokens",
            metavar="N|%",
            help="Input tokens of each request that the prompt cache serves, as a number or as a share.",
        ),
    ] = "0"
    tier: Annotated[Tier, Option("--tier", help="Price list.")] = Tier.STANDARD


class Calibrated(OptionGroup):
    """The option for the calibration of an earlier run."""

    calibration: Annotated[
        str | None,
        Option(
            "--calibration",
            metavar="FILE",
            help="Expect answers as long as 'gpt41calc usage --calibrate FILE' has seen them: half of them are no "
            "longer (p50; for check p90).",
        ),
    ] = None


class Comparison(OptionGroup):
    """Options about the number of requests, and the models to compare with."""

    versus: Versus = None
    requests: Annotated[str, Option("--requests", metavar="N", help="How many times the request is made.")] = "1"


class Configuration(OptionGroup):
    """Options that choose the project file."""

    config: Annotated[
        str | None,
        Option(
            "--config",
            metavar="FILE",
            help="Use this project file instead of the nearest gpt41calc.toml or pyproject.toml upwards.",
        ),
    ] = None
    no_config: Annotated[bool, Option("--no-config", help="Use no project file.")] = False


Partial = Annotated[
    bool,
    Option("--partial", help="Count a request without what cannot be counted (sound, files, built-in tools); exit 3."),
]


RequestsPerMonth = Annotated[
    str | None, Option("--requests-per-month", metavar="N", help="How often the request is made in a month.")
]


class Parts(OptionGroup):
    """Options that break the input down into parts."""

    by: Annotated[By | None, Option("--by", help="Show the tokens of every part.")] = None
    top: Annotated[
        str | None,
        Option(
            "--top", metavar="N", help="Show only the N largest parts, or with --sort (estimate) the first N models."
        ),
    ] = None
    tree: Annotated[
        str | None, Option("--tree", metavar="[=DEPTH]", help="Show the tokens as a tree of folders, to a depth.")
    ] = None
