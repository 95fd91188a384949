"""Make the corpora from pinned packages, and the environment of the peers."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

DJANGO = ("Django==5.2.8",)

LARGE = (
    "Django==5.2.8",
    "ansible==12.3.0",
    "google-api-python-client==2.202.0",
    "pandas==3.1.1",
    "pyarrow==26.0.1",
    "scipy==1.17.1",
)
"""Together more than 400 MB of text among as much that is binary."""

PEERS = ("tiktoken==0.14.0", "gigatoken==0.10.0", "ttok==1.0", "gitingest==0.3.1", "typer>=0.29,<0.30")

REPOMIX = "repomix@1.18.1"

_FILES, _EVERY, _FILE_BYTES = 5000, 50, 3000

_VOCABULARY_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"


@dataclass(frozen=True)
class Corpora:
    """Where everything is that a measurement needs."""

    django: Path
    """The unpacked wheel of Django: 16 MB of text."""

    large: Path
    """Several large packages, as in a site-packages folder."""

    prompt: Path
    """A prompt of 8 kB."""

    gigabyte: Path
    """One gigabyte of text."""

    peers: Path
    """The folder of programs of the peers' environment."""

    tiktoken_cache: Path
    """A cache in which tiktoken finds the vocabulary without a network."""

    repository: Path
    """A repository of 5,000 files, the last commit of which changed 100."""

    requests: Path
    """100 MB of requests, one a line, with one beginning."""

    repomix: Path | None
    """The program of that name. None if there is no npm to install it with."""


def make(folder: Path, vocabulary: Path) -> Corpora:
    """Download, unpack and install whatever is not there yet."""
    django = unpacked(DJANGO, folder / "django")
    large = unpacked(LARGE, folder / "large")
    source = b"".join(path.read_bytes() for path in sorted(django.rglob("*.py")))
    prompt = folder / "prompt.txt"
    prompt.write_bytes(source[:8000])
    cache = folder / "tiktoken"
    cache.mkdir(exist_ok=True)
    shutil.copyfile(vocabulary, cache / hashlib.sha1(_VOCABULARY_URL.encode(), usedforsecurity=False).hexdigest())
    return Corpora(
        django,
        large,
        prompt,
        make_gigabyte(folder / "gigabyte.txt", source),
        _peers(folder / "peers"),
        cache,
        make_repository(folder / "repository", source),
        make_requests(folder / "requests.jsonl", source.decode()),
        _repomix(folder / "node"),
    )


def make_gigabyte(path: Path, source: bytes) -> Path:
    """Write some source again and again."""
    if not path.exists():
        with path.open("wb") as file:
            for _ in range(10**9 // len(source) + 1):
                file.write(source)
    return path


def make_requests(path: Path, source: str, size: int = 10**8) -> Path:
    """Write requests with the same instructions and another piece of source each, for a batch."""
    if path.exists():
        return path
    stable, written, number = source[:6000], 0, 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while written < size:
            begin = number * 7919 % (len(source) - 9000)
            piece = source[begin : begin + 1000 + number * 613 % 7000]
            messages = [{"role": "system", "content": stable}, {"role": "user", "content": f"{number}: {piece}"}]
            body = {"model": "gpt-4.1", "messages": messages, "max_tokens": 200}
            line = {"custom_id": f"r{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}
            written += file.write(json.dumps(line) + "\n")
            number += 1
    return path


def make_prose(path: Path, source: str, size: int = 10**8) -> Path:
    """Write sentences of words of some source, the frequent ones far more often, with names that are met once."""
    if path.exists():
        return path
    dice = Random(5)  # noqa: S311 - no secret
    words = sorted(set(re.findall(r"[A-Za-z]{2,12}", source)))
    dice.shuffle(words)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while written < size:
            sentences = []
            for _ in range(dice.randint(2, 8)):
                sentence = dice.choices(words, cum_weights=weights, k=dice.randint(5, 25))
                if dice.random() < 1 / 2:
                    sentence[dice.randrange(len(sentence))] = _name(dice)
                sentences.append(" ".join(sentence).capitalize() + dice.choice(".....?!"))
            end = "’s end.\n\n" if dice.random() < 1 / 5 else "\n\n"
            written += file.write(" ".join(sentences) + end)
    return path


def _name(dice: Random) -> str:
    syllables = (dice.choice("bcdfghklmnprstvwz") + dice.choice("aeiou") for _ in range(dice.randint(2, 4)))
    return "".join(syllables).capitalize()


def unpacked(packages: tuple[str, ...], folder: Path) -> Path:
    """Return a folder with what is in some packages, downloaded if it is not there."""
    if folder.exists():
        return folder
    wheels = folder.with_name(folder.name + "-wheels")
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels)]
    subprocess.run([sys.executable, "-m", "pip", "download", *options, *packages], check=True)
    for wheel in sorted(wheels.glob("*.whl")):
        zipfile.ZipFile(wheel).extractall(folder)
    return folder


def make_repository(folder: Path, source: bytes) -> Path:
    """Commit 5,000 files of 3 kB each, then a change of every fiftieth; unless that was done before."""
    if folder.exists():
        return folder
    half = folder.with_name(folder.name + "-unfinished")
    shutil.rmtree(half, ignore_errors=True)
    files = [half / f"{number % 50:02}" / f"{number:04}.py" for number in range(_FILES)]
    for number, file in enumerate(files):
        file.parent.mkdir(parents=True, exist_ok=True)
        begin = number * _FILE_BYTES % (len(source) - _FILE_BYTES)
        file.write_bytes(source[begin : begin + _FILE_BYTES])
    _git(half, "init", "--quiet")
    _commit(half)
    for file in files[::_EVERY]:
        file.write_bytes(file.read_bytes() + b"\n# One line more.\n")
    _commit(half)
    return half.rename(folder)


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "-c", "user.name=A. Author", "-c", "user.email=author@example.org", "commit", "--quiet", "-m", "files")


def _git(folder: Path, *words: str) -> None:
    git = shutil.which("git") or "git"
    subprocess.run([git, "-c", "gc.auto=0", "-c", "core.autocrlf=false", *words], cwd=folder, check=True)


def _peers(folder: Path) -> Path:
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not programs.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return programs


def _repomix(folder: Path) -> Path | None:
    npm = shutil.which("npm")
    program = folder / "node_modules" / ".bin" / "repomix"
    if npm and not program.exists():
        options = ["--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run([npm, "install", *options, REPOMIX], check=True)
    return program if program.exists() else None
