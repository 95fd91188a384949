"""The tables of the package and where their facts are from, read from the tables themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown import escaped

from gpt41calc.locations import shipped_file

__all__ = ["models", "sources", "tables"]

_DATA = shipped_file("pricing.toml").parent


def tables() -> Iterator[str]:
    """Yield a row for every table."""
    yield from ("| table | holds | entries | checked |", "|---|---|--:|---|")
    for path in sorted(_DATA.glob("*.toml")):
        table = _read(path)
        entries = sum(len(rows) for rows in table.values() if isinstance(rows, list) and isinstance(rows[0], dict))
        yield f"| `data/{path.name}` | {escaped(_first_sentence(path))} | {entries} | {table.get('checked', '–')} |"


def _first_sentence(path: Path) -> str:
    """Return what the comment at the top of a table says first."""
    comment = re.match(r"(?:#.*\n)+", path.read_text(encoding="utf-8"))
    text = " ".join(line.removeprefix("#").strip() for line in comment[0].splitlines()) if comment else ""
    return re.split(r"(?<=\.) |  ", text)[0]


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
