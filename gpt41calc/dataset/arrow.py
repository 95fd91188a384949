"""pyarrow and numpy, which only datasets need."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import Any

from ..errors import MissingExtra

__all__ = ["numpy", "pa", "require"]


@cache
def require(module: str, extra: str, purpose: str) -> Any:
    """Return a module that not everybody needs.

    Args:
        module: its name.
        extra: the extra of this package that installs it.
        purpose: what it is needed for, behind "needed to".

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        message = f"{name} is not installed, and is needed to {purpose}"
        raise MissingExtra(message, hint=f"pip install 'gpt41calc[{extra}]'") from error


def pa() -> Any:
    """Return pyarrow.

    Raises:
        MissingExtra: it is not installed.
    """
    return require("pyarrow", "dataset", "read datasets")


def numpy() -> Any:
    """Return numpy, without the threads of its OpenBLAS.

    Raises:
        MissingExtra: it is not installed.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return require("numpy", "dataset", "read datasets")
