"""The wheel holds all it needs, and works anywhere without a network."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a fresh virtual environment and return its folder of programs."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    return programs


CODE = ("*.py", "py.typed")
"""What a file of the package may be called."""

DATA = ("*.toml", "*.json", "*.tiktoken", "*.index", "*.jinja", "*.css", "*.js", "LICENSE-*")
"""What a file of the tables, the vocabularies and the pages may be called."""

METADATA = {
    *("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"),
    *("licenses/data/LICENSE-vocabularies", "licenses/data/html/LICENSE-d3-hierarchy"),
}


def below(folder: str, patterns: Sequence[str]) -> set[str]:
    """Return the files of a folder of the checkout that are called so."""
    return {path.relative_to(ROOT).as_posix() for pattern in patterns for path in (ROOT / folder).rglob(pattern)}


def test_the_wheel_holds_exactly_what_it_should(wheel: Path) -> None:
    """Every module, the tables and vocabularies, and the metadata; no test, no cache, nothing that lies about."""
    names = zipfile.ZipFile(wheel).namelist()
    information = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    expected = below("gpt41calc", CODE)
    expected |= {f"gpt41calc/{name}" for name in below("data", DATA)}
    expected |= {f"{information}/{name}" for name in METADATA}

    assert len(names) == len(set(names))
    assert (set(), set()) == (expected - set(names), set(names) - expected)
    assert {"gpt41calc/data/pricing.toml", "gpt41calc/data/o200k_base.tiktoken", "gpt41calc/py.typed"} <= set(names)


def test_the_record_lists_every_file_with_its_digest(wheel: Path) -> None:
    """What an installer checks holds: each file of the wheel has the digest that RECORD says."""
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
    recorded = {row[0]: row[1] for row in csv.reader(io.StringIO(archive.read(name).decode()))}
    digests = {
        one: "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(archive.read(one)).digest()).rstrip(b"=").decode()
        for one in archive.namelist()
        if one != name
    }

    assert digests | {name: ""} == recorded


def test_the_source_archive_holds_what_others_plug_in(tmp_path: Path) -> None:
    """The action with its script and lock file, and the hook for pre-commit; no cache."""
    subprocess.run(
        [sys.executable, "-m", "build", "--sdist", "--outdir", tmp_path, ROOT], check=True, capture_output=True
    )
    archive = next(tmp_path.glob("*.tar.gz"))
    with tarfile.open(archive) as files:
        names = {name.partition("/")[2] for name in files.getnames()}

    needed = {
        *("action.yml", "action/comment.py", "requirements/action.txt", "requirements/dev.txt", ".ci/lock"),
        *(".pre-commit-hooks.yaml", "docs/budgets/check.sh", "SECURITY.md", "CONTRIBUTING.md"),
    }

    assert set() == needed - names
    assert [] == [name for name in names if re.search(r"__pycache__|\.pyc$|(^|/)\.(git|venv|[a-z]+_cache)/", name)]


def test_it_counts_outside_the_checkout_without_a_network(installed: Path, tmp_path: Path) -> None:
    """An installed wheel counts and prices in an empty folder with the network unreachable."""
    (tmp_path / "prompt.md").write_text("hello <|endoftext|>", encoding="utf-8")
    dead = "http://127.0.0.1:9"
    environment = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment |= {"HOME": str(tmp_path / "home"), "HTTP_PROXY": dead, "HTTPS_PROXY": dead, "ALL_PROXY": dead}
    alone = ["unshare", "--map-root-user", "--net"] if _can_unshare() else []
    counted = [
        subprocess.run(
            [*alone, installed / "gpt41calc", *arguments, "prompt.md"],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for arguments in (["count", "-q"], ["count", "-q", "-m", "gpt-4"], ["-q", "--output-tokens", "0"])
    ]

    assert ["8\n", "7\n", "0.000016\n"] == counted


def _can_unshare() -> bool:
    tried = ["unshare", "--map-root-user", "--net", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(tried, check=False, capture_output=True).returncode == 0
