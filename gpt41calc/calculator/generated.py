"""Files that no person wrote and no model needs to read, where they weigh."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ..tally import Counted

__all__ = ["LEAST_PERCENT", "Generated", "generated_files"]

LEAST_PERCENT = 5
"""Of all tokens: less than this is not worth a line of a report."""

_LOCK_FILES = frozenset(
    {
        *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "deno.lock"),
        *("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml", "pixi.lock"),
        *("Cargo.lock", "go.sum", "Gemfile.lock", "composer.lock", "mix.lock", "pubspec.lock", "Podfile.lock"),
        *("Package.resolved", "packages.lock.json", "flake.lock", "gradle.lockfile", ".terraform.lock.hcl"),
    }
)
"""Written by package managers, under the names that their manuals give."""

_GENERATED = (
    *(".min.js", ".min.css", ".js.map", ".css.map", ".pb.go", "_pb2.py", "_pb2_grpc.py", ".pb.cc", ".pb.h"),
    *(".g.dart", ".freezed.dart", ".designer.cs", ".g.cs", ".snap"),
)
"""Endings that minifiers, bundlers, protoc and other generators give their files."""


class Generated(NamedTuple):
    """Files that one pattern leaves out."""

    pattern: str
    """For ``--exclude``: the name of a lock file, or ``*`` and an ending."""

    files: int
    """How many there are."""

    tokens: int
    """How many tokens they have together."""

    percent: Decimal
    """Share of all tokens."""


def generated_files(counted: Iterable[Counted], encoding: str) -> tuple[Generated, ...]:
    """Return lock files and generated files that weigh 5 % of all tokens or more together, heaviest first.

    >>> files = [Counted("a/uv.lock", 9, {"o200k_base": 30}), Counted("b.py", 9, {"o200k_base": 70})]
    >>> generated_files(files, "o200k_base")
    (Generated(pattern='uv.lock', files=1, tokens=30, percent=Decimal('30.0')),)
    """
    sums: dict[str, tuple[int, int]] = {}
    total = 0
    for one in counted:
        tokens = one.tokens.get(encoding, 0)
        total += tokens
        pattern = _pattern(one.path.rpartition("/")[2])
        if pattern:
            files, before = sums.get(pattern, (0, 0))
            sums[pattern] = (files + 1, before + tokens)
    found = [
        Generated(pattern, files, tokens, (Decimal(100 * tokens) / total).quantize(Decimal("0.1")))
        for pattern, (files, tokens) in sums.items()
        if tokens * 100 >= LEAST_PERCENT * total > 0
    ]
    return tuple(sorted(found, key=lambda each: (-each.tokens, each.pattern)))


def _pattern(name: str) -> str | None:
    """Return what leaves a file out; None if somebody may have written it."""
    if name in _LOCK_FILES:
        return name
    if not name.endswith(_GENERATED):  # one look at all endings: folders may have a hundred thousand files
        return None
    return next((f"*{ending}" for ending in _GENERATED if name.endswith(ending)), None)
