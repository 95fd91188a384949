"""The image: built where a builder is found; elsewhere its steps are tried one by one."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from scratch import GIT

ROOT = Path(__file__).parents[2]
LINES = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
STEPS = [line.partition(" ")[::2] for line in LINES if line and not line.startswith("#")]


def said(instruction: str) -> list[str]:
    """Return what every such instruction says, in their order."""
    return [words for name, words in STEPS if name == instruction]


def copied() -> list[str]:
    """Return the files and folders of the checkout that are copied into the image."""
    own = [shlex.split(words)[:-1] for words in said("COPY") if not words.startswith("--from")]
    return [name for names in own for name in names]


def builder() -> str | None:
    """Return a program that builds images and can be reached; none if there is none."""
    for name in ("docker", "podman"):
        program = shutil.which(name)
        if program and subprocess.run([program, "info"], capture_output=True, check=False, timeout=30).returncode == 0:
            return program
    return None


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Return what a builder is sent: the files that git has and .dockerignore lets through."""
    listed = subprocess.run([GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = [line[1:] for line in patterns if line.startswith("!")]
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if any(name == one or name.startswith(f"{one}/") for one in sent) and (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_everything_that_is_copied_is_sent(context: Path) -> None:
    """What a step copies is there, and nothing that it does not copy is sent."""
    there = {path.relative_to(context).as_posix() for path in context.rglob("*") if path.is_file()}
    missing = [name for name in copied() if not (context / name).exists()]
    idle = [one for one in there if not any(one == name or one.startswith(f"{name}/") for name in copied())]

    assert ([], []) == (missing, idle)


def test_it_runs_as_nobody() -> None:
    """The last user is nobody, and nothing is installed after that."""
    names = [name for name, _ in STEPS]
    after = names[names.index("USER") :]

    assert (["nobody"], ["USER", "ENTRYPOINT"]) == (said("USER"), after)


def test_packages_are_installed_by_their_digests() -> None:
    """Every step of pip takes packages by digest, or nothing but the checkout."""
    steps = [step for words in said("RUN") for step in words.split("&&") if "pip install" in step]

    assert 2 == len(steps)
    assert all("--require-hashes" in step or "--no-index" in step for step in steps)


def test_the_entry_point_is_the_program() -> None:
    """The image starts the program that the package installs, with a Python that it supports."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = said("ARG")[0].partition("=")[2]

    assert ['["gpt41calc"]'] == said("ENTRYPOINT")
    assert "gpt41calc" in project["scripts"]
    assert SpecifierSet(project["requires-python"]).contains(version)


@pytest.mark.packaging
def test_what_is_copied_is_enough_to_install(context: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The step that installs the checkout works with what was copied, and with nothing of the network."""
    target = tmp_path_factory.mktemp("target")
    words = ["-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(target), "."]
    subprocess.run([sys.executable, *words], cwd=context, capture_output=True, check=True)
    command = [sys.executable, "-c", "from gpt41calc.__main__ import run; run()", "count", "-q"]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ended = subprocess.run(
        command, cwd="/", env=environment | {"PYTHONPATH": str(target)}, input=b"hello world", capture_output=True,
        check=False,
    )  # fmt: skip

    assert (0, b"2\n") == (ended.returncode, ended.stdout)


@pytest.mark.packaging
def test_image(tmp_path: Path) -> None:
    """The image is built from the checkout, runs as nobody without a network, and finds the base of a budget."""
    program = builder()
    if program is None:
        pytest.skip("no docker or podman that can be reached; the steps are tried above")
    built = subprocess.run([program, "build", "-q", str(ROOT)], capture_output=True, check=True, text=True)
    image = built.stdout.split()[-1]
    run = [program, "run", "--rm", "-i", "--network=none", "-v", f"{tmp_path}:/work:ro"]
    who = subprocess.run([*run, "--entrypoint", "id", image, "-un"], capture_output=True, check=True, text=True)
    count = subprocess.run([*run, image, "count", "-q"], input=b"hello world", capture_output=True, check=True)

    assert ("nobody\n", b"2\n") == (who.stdout, count.stdout)
