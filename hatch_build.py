"""Compile the tables when the package is built: checked TOML becomes JSON that is read in a tenth of the time.

They are written to ``data/compiled/``, which git ignores and which goes into the
wheel with the rest of ``data/``. A table whose TOML was changed since is read from
its TOML; ``python hatch_build.py`` compiles it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


def compile_tables() -> None:
    """Write every table of the package as it is shipped."""
    sys.path.insert(0, str(ROOT))
    from gpt41calc.errors import PricingError
    from gpt41calc.guidance.advice import Guidance
    from gpt41calc.guidance.benchmarks import Benchmarks
    from gpt41calc.pricing.compiled import compiled
    from gpt41calc.pricing.fees import Fees
    from gpt41calc.pricing.limits_schema import LimitsTable
    from gpt41calc.pricing.sellers import Sellers
    from gpt41calc.pricing.table_schema import PricingTable
    from gpt41calc.pricing.toml import read_as

    folder = ROOT / "data" / "compiled"
    folder.mkdir(exist_ok=True)
    for name, noun in (
        ("benchmarks", Benchmarks),
        ("fees", Fees),
        ("sellers", Sellers),
        ("guidance", Guidance),
        ("limits", LimitsTable),
        ("pricing", PricingTable),
    ):
        toml = ROOT / "data" / f"{name}.toml"
        written = compiled(read_as(noun, toml, PricingError), toml.read_bytes())
        (folder / f"{name}.json").write_text(written, encoding="utf-8", newline="\n")


class CustomBuildHook(BuildHookInterface[Any]):
    """Compiles the tables before a wheel is built or the checkout is installed as editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the signature is hatchling's
        """Compile the tables."""
        compile_tables()


if __name__ == "__main__":
    compile_tables()
