"""Load the shipped tables of benchmarks and advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import GuidanceError
from ..pricing.toml import read_shipped

if TYPE_CHECKING:
    from .advice import Guidance
    from .benchmarks import Benchmarks

__all__ = ["load_benchmarks", "load_guidance"]


def load_benchmarks() -> Benchmarks:
    """Return the shipped table of benchmarks.

    Raises:
        GuidanceError: the file is missing or breaks a rule.

    >>> load_benchmarks().find("swe-bench").scores["gpt-4.1"]
    Decimal('54.6')
    """
    from .benchmarks import Benchmarks

    return read_shipped(Benchmarks, "benchmarks", GuidanceError)


def load_guidance() -> Guidance:
    """Return the shipped table of advice.

    Raises:
        GuidanceError: the file is missing or breaks a rule.

    >>> load_guidance().task[0].order[0]
    'gpt-4.1'
    """
    from .advice import Guidance

    return read_shipped(Guidance, "guidance", GuidanceError)
