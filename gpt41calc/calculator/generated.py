"""Find generated files and lock files that take a large share of the tokens and could be excluded."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ..tally import Counted

__all__ = ["LEAST_PERCENT", "Generated", "generated_files"]

LEAST_PERCENT = 5
"""Smallest share of all tokens, in percent, that is reported."""

_LOCK_FILES = frozenset(
    {
        *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "deno.lock"),
        *("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml", "pixi.lock"),
        *("Cargo.lock", "go.sum", "Gemfile.lock", "composer.lock", "mix.lock", "pubspec.lock", "Podfile.lock"),
        *("Package.resolved", "packages.lock.json", "flake.lock", "gradle.lockfile", ".terraform.lock.hcl"),
    }
)
"""Lock files of package managers, by the names in their manuals."""

_GENERATED = (
    *(".min.js", ".min.css", ".js.map", ".css.map", ".pb.go", "_pb2.py", "_pb2_grpc.py", ".pb.cc", ".pb.h"),
    *(".g.dart", ".freezed.dart", ".designer.cs", ".g.cs", ".snap"),
)
"""File name endings used by minifiers, bundlers, protoc and other generators."""

_ENDINGS = (*_LOCK_FILES, *_GENERATED)
"""Every path of a lock file or generated file has one of these endings; some other paths have one, too."""


class Generated(NamedTuple):
    """All generated files that one exclusion pattern matches."""

    pattern: str
    """A pattern for ``--exclude``: the name of a lock file, or ``*`` and an ending."""

    files: int
    """Number of files."""

    tokens: int
    """Tokens of these files together."""

    percent: Decimal
    """Percent of all tokens."""


def generated_files(counted: Iterable[Counted], encoding: str) -> tuple[Generated, ...]:
    """Return groups of lock files and generated files, largest first, if together they have 5 % of all tokens or more.

    >>> files = [Counted("a/uv.lock", 9, {"o200k_base": 30}), Counted("b.py", 9, {"o200k_base": 70})]
    >>> generated_files(files, "o200k_base")
    (Generated(pattern='uv.lock', files=1, tokens=30, percent=Decimal('30.0')),)
    """
    sums: dict[str, tuple[int, int]] = {}
    total = 0
    for one in counted:
        tokens = one.tokens.get(encoding, 0)
        total += tokens
        # One test for all endings: folders may have a hundred thousand files.
        if one.path.endswith(_ENDINGS) and (pattern := _pattern(one.path.rpartition("/")[2])):
            files, before = sums.get(pattern, (0, 0))
            sums[pattern] = (files + 1, before + tokens)
    found = [
        Generated(pattern, files, tokens, (Decimal(100 * tokens) / total).quantize(Decimal("0.1")))
        for pattern, (files, tokens) in sums.items()
        if tokens * 100 >= LEAST_PERCENT * total > 0
    ]
    return tuple(sorted(found, key=lambda each: (-each.tokens, each.pattern)))


def _pattern(name: str) -> str | None:
    """Return the exclusion pattern of a generated file; None for a file that a person may have written."""
    if name in _LOCK_FILES:
        return name
    return next((f"*{ending}" for ending in _GENERATED if name.endswith(ending)), None)
