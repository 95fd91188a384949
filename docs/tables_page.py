"""The tables of the package and where their facts are from, read from the tables themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown import escaped

from gpt41calc.locations import shipped_file

__all__ = ["models", "sources", "tables"]

_DATA = shipped_file("pricing.toml").parent
_HOLDS = {
    "pricing": "models with their prices by day, tier and prompt length, windows, dates, and the rules of requests",
    "limits": "what the API accepts, by usage tier: tokens and requests a minute, batch queues",
    "benchmarks": "measured results as their makers printed them, and how soon models begin to answer",
    "guidance": "which variant OpenAI recommends for which task",
    "fees": "what is charged beside tokens: tools that run at the provider, regions",
    "differences": "where other price databases differ, with the reason",
}


def tables() -> Iterator[str]:
    """Yield a row for every table."""
    yield from ("| table | holds | entries | checked |", "|---|---|--:|---|")
    for path in sorted(_DATA.glob("*.toml")):
        table = _read(path)
        entries = sum(len(rows) for rows in table.values() if isinstance(rows, list) and isinstance(rows[0], dict))
        yield f"| `data/{path.name}` | {_HOLDS[path.stem]} | {entries} | {table['checked']} |"


def models() -> Iterator[str]:
    """Yield a row for every model that has a price."""
    yield from ("| model | provider | counted in | prices since | shutdown |", "|---|---|---|---|---|")
    for one in _read(_DATA / "pricing.toml")["model"]:
        days = [price["since"] for price in one.get("price", ())]
        row = (
            f"`{one['id']}`",
            one.get("provider", "–"),
            f"`{one['encoding']}`" if "encoding" in one else "–",
            str(min(days)) if days else "–",
            str(one.get("shutdown", "–")),
        )
        yield f"| {' | '.join(row)} |"


def sources() -> Iterator[str]:
    """Yield every source with the tables that name it."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted(_DATA.glob("*.toml")):
        for key, text in _read(path).get("sources", {}).items():
            found.setdefault((key, text), []).append(path.stem)
    yield from ("| source | what it is | named in |", "|---|---|---|")
    for (key, text), names in sorted(found.items()):
        yield f"| {escaped(key)} | {escaped(text)} | {', '.join(names)} |"


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
