"""Compile the tables when the package is built: checked TOML becomes JSON that is read in a tenth of the time.

A wheel gets ``gpt41calc/data/compiled/``; an editable install gets ``data/compiled/``
in the checkout, which git ignores. A table whose TOML was changed since is read
from its TOML; ``python hatch_build.py`` compiles it anew.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


def compile_tables(folder: Path) -> None:
    """Write every table of the package to a folder, as it is shipped."""
    sys.path.insert(0, str(ROOT))
    from gpt41calc.errors import PricingError
    from gpt41calc.guidance.advice import Guidance
    from gpt41calc.guidance.benchmarks import Benchmarks
    from gpt41calc.pricing.compiled import compiled
    from gpt41calc.pricing.limits_schema import LimitsTable
    from gpt41calc.pricing.schema import PricingTable
    from gpt41calc.pricing.toml import read_as

    folder.mkdir(exist_ok=True)
    for name, noun in (
        ("benchmarks", Benchmarks),
        ("guidance", Guidance),
        ("limits", LimitsTable),
        ("pricing", PricingTable),
    ):
        toml = ROOT / "data" / f"{name}.toml"
        written = compiled(read_as(noun, toml, PricingError), toml.read_bytes())
        (folder / f"{name}.json").write_text(written, encoding="utf-8", newline="\n")


class CustomBuildHook(BuildHookInterface[Any]):
    """Adds the compiled tables to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the tables.

        Args:
            version: ``editable`` for an editable install.
            build_data: what is built; files are added to it.
        """
        if version == "editable":
            compile_tables(ROOT / "data" / "compiled")
            return
        self._folder = tempfile.TemporaryDirectory()
        compile_tables(Path(self._folder.name))
        build_data["force_include"][self._folder.name] = "gpt41calc/data/compiled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's
        """Remove what was only needed to build."""
        if version != "editable":
            self._folder.cleanup()


if __name__ == "__main__":
    compile_tables(ROOT / "data" / "compiled")
