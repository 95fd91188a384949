"""The lock files: everything that pyproject.toml asks for, in versions that it allows, each with its digests."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME: list[str] = PYPROJECT["project"]["dependencies"]
BUILD: list[str] = PYPROJECT["build-system"]["requires"]
EXTRAS: list[str] = [
    one
    for extra in PYPROJECT["project"]["optional-dependencies"].values()
    for one in extra
    if not one.startswith("gpt41calc[")  # an extra that is made of others, which are here themselves
]

RENEW = "run .ci/lock"

MACHINES = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@cache
def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    """Return the packages of a lock file with their digests."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    found = []
    for line in filter(None, lines):
        requirement, *digests = line.split(" --hash=")
        found.append((Requirement(requirement), [digest.strip() for digest in digests]))
    return found


def pinned(name: str, package: str, environment: dict[str, str]) -> list[str]:
    """Return the versions of a package that a lock file holds for a machine."""
    return [
        next(iter(entry.specifier)).version
        for entry, _ in entries(name)
        if canonicalize_name(entry.name) == canonicalize_name(package)
        and (entry.marker is None or entry.marker.evaluate(environment))
    ]


@pytest.mark.parametrize(
    ("name", "wanted"), [("dev", [*RUNTIME, *EXTRAS, *BUILD]), ("action", [*RUNTIME, *BUILD])], ids=["dev", "action"]
)
def test_every_dependency_is_locked(name: str, wanted: list[str]) -> None:
    """On every machine and Python that is supported, in exactly one version, which pyproject.toml allows."""
    wrong = []
    for python in PYTHONS:
        for machine in MACHINES:
            versions_of_python = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
            environment = {**{key: str(value) for key, value in default_environment().items()}, **machine}
            environment |= versions_of_python
            for text in wanted:
                requirement = Requirement(text)
                if requirement.marker is not None and not requirement.marker.evaluate(environment):
                    continue
                versions = pinned(name, requirement.name, environment)
                if len(versions) != 1 or not requirement.specifier.contains(versions[0], prereleases=True):
                    wrong.append((python, machine["sys_platform"], text, versions, RENEW))

    assert [] == wrong


@pytest.mark.parametrize("name", ["dev", "action"])
def test_everything_has_a_digest(name: str) -> None:
    """Each package is pinned to one version, with the SHA-256 of its files."""
    assert len(entries(name)) > 20
    assert [] == [
        str(entry)
        for entry, digests in entries(name)
        if not re.fullmatch(r"==[^*,]+", str(entry.specifier))
        or not digests
        or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests)
    ]


@pytest.mark.parametrize("name", ["dev", "action"])
def test_no_index_is_named(name: str) -> None:
    """A lock file says what to install, not from where: no address, no option of pip but the digests."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")

    assert [] == re.findall(r"://|^\s*-(?!-hash=).*|[ \t]--(?!hash=)\S*", text, re.MULTILINE)


def test_both_agree() -> None:
    """The action installs what was developed with."""
    developed = {(entry.name, str(entry.marker)): str(entry.specifier) for entry, _ in entries("dev")}
    installed = {(entry.name, str(entry.marker)): str(entry.specifier) for entry, _ in entries("action")}

    assert {} == {
        key: (version, developed[key]) for key, version in installed.items() if developed.get(key, version) != version
    }
