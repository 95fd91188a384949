"""The exceptions of the program as one tree, with the exit code of each.

    Gpt41calcError                 anything that can be explained to the user
    ├── UsageError                 wrong use
    │   ├── BadNumber              a number, size or date that is not one
    │   ├── MissingExtra           a package that not everybody needs, and that is not installed
    │   └── NoSuchPath             a named path that does not exist
    ├── ConfigError                a project file that cannot be used
    ├── UnknownModel               not in the pricing table
    ├── UnknownToken               an id that no token of the encoding has
    ├── PricingError               a pricing table that cannot be used
    ├── LimitsError                a table of limits that cannot be used
    ├── GuidanceError              benchmarks or guidance that cannot be used
    ├── WorkloadError              numbers that contradict each other
    ├── RequestError               the body of a request that no API would take, or that cannot be counted
    ├── NoBase                     a base to compare with that this clone does not hold
    ├── EndpointError              a vendor's endpoint that gives no count
    ├── VocabularyError            a vocabulary that is missing or altered
    ├── Uncountable                text that no engine can count
    └── CannotWrite                the report could not be delivered

Errors are raised where they are found and shown once, by ``boundary``.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

__all__ = [
    "BadNumber",
    "CannotWrite",
    "ConfigError",
    "EndpointError",
    "ExitCode",
    "Gpt41calcError",
    "GuidanceError",
    "LimitsError",
    "MissingExtra",
    "NoBase",
    "NoSuchPath",
    "PricingError",
    "RequestError",
    "Uncountable",
    "UnknownModel",
    "UnknownToken",
    "UsageError",
    "VocabularyError",
    "WorkloadError",
]


class ExitCode(IntEnum):
    """The exit codes, on which scripts may rely."""

    OK = 0
    """Done; every budget kept."""

    OVER_BUDGET = 1
    """A budget or a condition given by the user is broken. Nothing else ends with 1."""

    USAGE = 2
    """Wrong use: usage, configuration, price table, unknown model, no such path."""

    INCOMPLETE = 3
    """Something that should have been counted could not be; totals are lower bounds."""

    INTERNAL = 70
    """A defect of gpt41calc."""

    CANNOT_WRITE = 74
    """The report could not be written."""

    INTERRUPTED = 130
    """Interrupted by the user or the system: SIGINT, SIGTERM or SIGHUP."""


class Gpt41calcError(Exception):
    """An error with a message for people, a code for programs, and an exit code for shells."""

    code: ClassVar[str] = "error"
    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, message: str, *, hint: str = "") -> None:
        """Take the message, a lower-case sentence, and a hint with the next step; empty for none."""
        super().__init__(message)
        self.hint = hint


class UsageError(Gpt41calcError, ValueError):
    """The command line is wrong: an unknown option, a contradiction, or an option without effect."""

    code = "usage"


class BadNumber(UsageError):
    """A number, a size or a date is not written in the documented grammar."""

    code = "bad-number"


class MissingExtra(UsageError):
    """A package of an extra is needed and not installed; the hint names the extra."""

    code = "missing-extra"


class NoSuchPath(UsageError):
    """A path that the user named does not exist."""

    code = "no-such-path"

    path: str | None = None
    """The path as it was typed. None if no similar paths are to be suggested."""


class ConfigError(Gpt41calcError, ValueError):
    """A project file breaks a rule; the message names the file, the budget and the key."""

    code = "config"


class UnknownModel(Gpt41calcError, LookupError):
    """The pricing table does not list the requested model."""

    code = "unknown-model"


class UnknownToken(Gpt41calcError, LookupError):
    """No token of the encoding has this id."""

    code = "unknown-token"


class PricingError(Gpt41calcError, ValueError):
    """A pricing table breaks a rule; the message names the model and the key."""

    code = "pricing"


class LimitsError(Gpt41calcError, ValueError):
    """A table of limits breaks a rule; the message names the model and the key."""

    code = "limits"


class GuidanceError(Gpt41calcError, ValueError):
    """The table of benchmarks or of guidance breaks a rule; the message names the place."""

    code = "guidance"


class WorkloadError(Gpt41calcError, ValueError):
    """The numbers of a workload contradict each other or the input."""

    code = "workload"


class RequestError(Gpt41calcError, ValueError):
    """The body of a request is refused by every API, or cannot be counted; the message says where."""

    code = "request"
    exit_code = ExitCode.INCOMPLETE


class NoBase(Gpt41calcError, LookupError):
    """The base that a CI service names is not in this clone, so nothing can be compared with it."""

    code = "no-base"
    exit_code = ExitCode.INCOMPLETE


class EndpointError(Gpt41calcError, RuntimeError):
    """A vendor's endpoint returned no count; the message never contains an API key."""

    code = "endpoint"
    exit_code = ExitCode.INCOMPLETE


class VocabularyError(Gpt41calcError, RuntimeError):
    """A vocabulary file is missing, or is not the one that was published."""

    code = "vocabulary"


class Uncountable(Gpt41calcError, RuntimeError):
    """No engine can count this text, so a total with it would be a guess."""

    code = "uncountable"
    exit_code = ExitCode.INCOMPLETE


class NothingCounted(Gpt41calcError, RuntimeError):
    """Every input was skipped, so there is nothing to report."""

    code = "nothing-counted"
    exit_code = ExitCode.INCOMPLETE


class CannotWrite(Gpt41calcError, OSError):
    """The report could not be delivered."""

    code = "cannot-write"
    exit_code = ExitCode.CANNOT_WRITE
