"""Every option, with its help, in the groups that commands take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import BadNumber

if TYPE_CHECKING:
    from ..requests.pictures import Size

from dataclasses import fields
from enum import StrEnum

from typer import Argument, Option

__all__ = [
    "AsOf",
    "Aspect",
    "Bounds",
    "By",
    "Calibrated",
    "CheckFormat",
    "CheckOutput",
    "Choice",
    "Colour",
    "Comparison",
    "Configuration",
    "Delivery",
    "Format",
    "Gate",
    "Inputs",
    "Level",
    "Migrating",
    "Output",
    "Parts",
    "Past",
    "Pictures",
    "Prices",
    "PricingFile",
    "Request",
    "RequestsPerMonth",
    "Vocabulary",
    "assumed_size",
]


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    PLAIN = "plain"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"


class Colour(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class By(StrEnum):
    """What the rows of a breakdown stand for."""

    FILE = "file"
    FOLDER = "folder"
    EXTENSION = "extension"


class Tier(StrEnum):
    """Which price list applies."""

    STANDARD = "standard"
    BATCH = "batch"
    FLEX = "flex"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files to count, and what of them."""

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


@dataclass(frozen=True, slots=True)
class Inputs(Choice):
    """What to count."""

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
    no_gitignore: Annotated[bool, Option("--no-gitignore", help="Count what git ignores, too.")] = False
    follow: Annotated[bool, Option("--follow", help="Follow symbolic links found in folders.")] = False


AsOf = Annotated[
    str | None,
    Option("--as-of", metavar="YYYY-MM-DD", help="Use the prices and statuses of that day. Default: today."),
]


PricingFile = Annotated[
    str | None, Option("--pricing", metavar="FILE", help="Lay the price table FILE (TOML) over the shipped one.")
]


@dataclass(frozen=True, slots=True)
class Prices:
    """Which prices to use."""

    as_of: AsOf = None
    pricing: PricingFile = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request, besides its input."""

    model: Annotated[
        list[str] | None,
        Option(
            "-m", "--model", metavar="ID", help="Model to price. Repeatable. Default: the three variants of GPT-4.1."
        ),
    ] = None
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
        Option("--cached-tokens", metavar="N", help="Input tokens of each request that the prompt cache serves."),
    ] = "0"
    tier: Annotated[Tier, Option("--tier", help="Price list.")] = Tier.STANDARD


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What an earlier run has taught."""

    calibration: Annotated[
        str | None,
        Option(
            "--calibration",
            metavar="FILE",
            help="Expect answers as long as 'gpt41calc usage --calibrate FILE' has seen them: half of them are no "
            "longer (p50; for check p90).",
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Where a vocabulary is that the package cannot ship."""

    gemma_model: Annotated[
        str | None,
        Option(
            "--gemma-model",
            metavar="FILE",
            help="Count bodies for Gemini with this SentencePiece model of Gemma's (tokenizer.model).",
        ),
    ] = None

    def use(self) -> None:
        """Count with it from now on.

        Raises:
            VocabularyError: it is no SentencePiece model, or cannot be read.
        """
        if self.gemma_model is not None:
            from ..tokenizer.gemma import use_model

            use_model(self.gemma_model)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How often, and against what."""

    versus: Annotated[
        list[str] | None,
        Option(
            "--versus",
            metavar="ID",
            help="Model to compare with. Repeatable. Default: gpt-4o, gpt-4.5-preview, claude-3-7-sonnet.",
        ),
    ] = None
    requests: Annotated[str, Option("--requests", metavar="N", help="How many times the request is made.")] = "1"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Which project file holds."""

    config: Annotated[
        str | None,
        Option(
            "--config",
            metavar="FILE",
            help="Use this project file instead of the nearest gpt41calc.toml or pyproject.toml upwards.",
        ),
    ] = None
    no_config: Annotated[bool, Option("--no-config", help="Use no project file.")] = False


@dataclass(frozen=True, slots=True)
class Past(Choice):
    """Which files of a repository to look at."""

    path: Annotated[
        list[str] | None,
        Option("--path", metavar="PATH", help="Only this file or folder; the same as PATHS after --. Repeatable."),
    ] = None

    @property
    def inputs(self) -> Inputs:
        """The same for whoever reads files."""
        return Inputs(paths=self.path, **{field.name: getattr(self, field.name) for field in fields(Choice)})


RequestsPerMonth = Annotated[
    str | None, Option("--requests-per-month", metavar="N", help="How often the request is made in a month.")
]


@dataclass(frozen=True, slots=True)
class Migrating:
    """What to say of the models that come after those that end."""

    migrate: Annotated[
        bool, Option("--migrate", help="Add what to move to from models that end, and what moving costs or saves.")
    ] = False
    reasoning_tokens: Annotated[
        str | None,
        Option(
            "--reasoning-tokens",
            metavar="N",
            help="With --migrate: tokens of each request that a replacement thinks in. Default: 1000.",
        ),
    ] = None
    requests_per_month: RequestsPerMonth = None


@dataclass(frozen=True, slots=True)
class Aspect:
    """What to show of the models."""

    benchmarks: Annotated[bool, Option("--benchmarks", help="Show how well they did in published tests.")] = False
    retiring: Annotated[
        str | None, Option("--retiring", metavar="DAYS", help="Show those that are shut down within DAYS: 120d, 12w.")
    ] = None
    fail: Annotated[bool, Option("--fail", help="With --retiring: status 1 if there are any.")] = False


class Level(StrEnum):
    """From which level on a broken budget fails the run."""

    ERROR = "error"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a budget that no file describes."""

    token_budget: Annotated[str | None, Option("--token-budget", metavar="N", help="Most tokens of all files.")] = None
    token_budget_per_file: Annotated[
        str | None, Option("--token-budget-per-file", metavar="N", help="Most tokens of every file.")
    ] = None
    max_cost: Annotated[
        str | None, Option("--max-cost", metavar="USD", help="Most dollars of a request, output included.")
    ] = None
    max_monthly_cost: Annotated[
        str | None, Option("--max-monthly-cost", metavar="USD", help="Most dollars of a month's requests.")
    ] = None
    requests_per_month: RequestsPerMonth = None
    max_context: Annotated[
        str | None,
        Option("--max-context", metavar="PERCENT", help="Largest share of the window, output included: 80%."),
    ] = None
    max_increase: Annotated[
        str | None,
        Option("--max-increase", metavar="X", help="Most that may come on top of the base: 5%, 500 (tokens), $0.01."),
    ] = None
    fail_if_retires_within: Annotated[
        str | None,
        Option("--fail-if-retires-within", metavar="DAYS", help="Days in which no model may be shut down: 90d."),
    ] = None


@dataclass(frozen=True, slots=True)
class Gate:
    """What budgets are held against, and what comes of it."""

    against: Annotated[
        str | None,
        Option(
            "--against",
            metavar="REV",
            help="The base of --max-increase. Default: where this branch left the default branch.",
        ),
    ] = None
    baseline: Annotated[
        str | None, Option("--baseline", metavar="FILE", help="Compare with a file of --write-baseline instead.")
    ] = None
    write_baseline: Annotated[
        str | None, Option("--write-baseline", metavar="FILE", help="Write what is counted, to compare with later.")
    ] = None
    fail_on: Annotated[Level, Option("--fail-on", help="From which level on a broken budget fails the run.")] = (
        Level.ERROR
    )
    strict: Annotated[bool, Option("--strict", help="A glob that matches nothing is an error.")] = False
    report: Annotated[
        list[str] | None,
        Option("--report", metavar="FORMAT:FILE", help="Write another report, such as junit:report.xml. Repeatable."),
    ] = None
    init: Annotated[
        bool, Option("--init", help="Write a gpt41calc.toml to begin with: today's numbers plus some room.")
    ] = False


@dataclass(frozen=True, slots=True)
class Parts:
    """How to divide the input."""

    by: Annotated[By | None, Option("--by", help="Show the tokens of every part.")] = None
    top: Annotated[str | None, Option("--top", metavar="N", help="Show only the N largest parts.")] = None
    tree: Annotated[
        str | None, Option("--tree", metavar="[=DEPTH]", help="Show the tokens as a tree of folders, to a depth.")
    ] = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a report goes, and how it looks."""

    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False
    output: Annotated[
        str | None, Option("-o", "--output", metavar="FILE", help="Write the report to FILE instead.")
    ] = None
    quiet: Annotated[
        bool,
        Option("-q", "--quiet", help="Print only what matters: tokens, the first model's total cost, names."),
    ] = False
    color: Annotated[Colour, Option("--color", help="Use colour.")] = Colour.AUTO
    no_progress: Annotated[bool, Option("--no-progress", help="Show no progress bar.")] = False
    raw_csv: Annotated[
        bool, Option("--raw-csv", help="In CSV, do not guard names that a spreadsheet may take for formulas.")
    ] = False

    @property
    def file(self) -> str | None:
        """The file to write to; none, also for ``-``: standard output."""
        return None if self.output == "-" else self.output


@dataclass(frozen=True, slots=True)
class Output(Delivery):
    """How to report."""

    format: Annotated[
        Format | None,
        Option(
            "-f",
            "--format",
            help="How to write the report. Default: table on a terminal, else plain.",
            show_default=False,
        ),
    ] = None


class CheckFormat(StrEnum):
    """How the report of a check is written."""

    TABLE = "table"
    PLAIN = "plain"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    GITHUB = "github"
    JUNIT = "junit"
    SARIF = "sarif"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True)
class CheckOutput(Delivery):
    """How to report a check."""

    format: Annotated[
        CheckFormat | None,
        Option(
            "-f",
            "--format",
            help="How to write the report. Default: table on a terminal, else plain.",
            show_default=False,
        ),
    ] = None


_SIZE = re.compile(r"([0-9]{1,5})[x×]([0-9]{1,5})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is done about pictures."""

    assume_image: Annotated[
        str | None,
        typer.Option(
            "--assume-image",
            metavar="WxH",
            help="Size of remote pictures, which are never fetched. Default: the size that takes the most tokens.",
        ),
    ] = None


def assumed_size(pictures: Pictures) -> Size | None:
    """Return the size of pictures that are not measured, if one is given.

    Raises:
        BadNumber: it is not written as WxH.
    """
    if pictures.assume_image is None:
        return None
    from ..requests.pictures import Size

    match = _SIZE.fullmatch(pictures.assume_image)
    if match is None or not int(match[1]) or not int(match[2]):
        message = f"--assume-image: expected width and height such as 1024x768, found '{pictures.assume_image:.40}'"
        raise BadNumber(message)
    return Size(int(match[1]), int(match[2]))
