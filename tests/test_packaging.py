"""The wheel holds all it needs, and works anywhere without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
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


def test_the_wheel_holds_code_and_numbers_and_nothing_else(wheel: Path) -> None:
    """Prices, vocabularies and the type marker are inside; tests and documents are not."""
    names = zipfile.ZipFile(wheel).namelist()
    needed = {
        "gpt41calc/data/benchmarks.toml",
        "gpt41calc/data/differences.toml",
        "gpt41calc/data/guidance.toml",
        "gpt41calc/data/pricing.toml",
        "gpt41calc/data/limits.toml",
        "gpt41calc/data/o200k_base.tiktoken",
        "gpt41calc/data/cl100k_base.tiktoken",
        "gpt41calc/data/LICENSE-vocabularies",
        "gpt41calc/py.typed",
    }

    assert (set(), set()) == (
        needed - set(names),
        {name.split("/")[0] for name in names} - {"gpt41calc", wheel.name.split("-py3")[0] + ".dist-info"},
    )


def test_the_source_archive_holds_what_others_plug_in(tmp_path: Path) -> None:
    """The action, its script and the hook for pre-commit are in the archive of the source."""
    subprocess.run(
        [sys.executable, "-m", "build", "--sdist", "--outdir", tmp_path, ROOT], check=True, capture_output=True
    )
    archive = next(tmp_path.glob("*.tar.gz"))
    with tarfile.open(archive) as files:
        names = {name.partition("/")[2] for name in files.getnames()}

    assert set() == {"action.yml", "action/comment.py", ".pre-commit-hooks.yaml", "docs/budgets/check.sh"} - names


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
