"""The models that are shut down soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...render.answer import Answer
from ...render.json_fields import header, name_or_none
from ...render.numbers import plural
from ...render.sheet import Look, Sheet
from .run import retiring

__all__ = ["retiring_sheet"]


def retiring_sheet(models: Iterable[Model], table: Pricing, on: date, days: int) -> Sheet:
    """Return a row per available model that is shut down within some days, the next one first.

    A shutdown on the last of these days is included.
    """
    found = retiring(models, on, days)
    return Sheet(
        title="",
        columns=("Model", "Shutdown", "Days left", "Move to"),
        rows=tuple((model.id, day, (day - on).days, model.replacement) for day, model in found),
        document={
            **header(),
            "as_of": on.isoformat(),
            "pricing": {"checked": table.checked.isoformat(), "overlay": name_or_none(table.overlay)},
            "days": days,
            "retiring": [
                {
                    "model": model.id,
                    "shutdown": day.isoformat(),
                    "days_left": (day - on).days,
                    "replacement": model.replacement,
                }
                for day, model in found
            ],
        },
        notes=(f"table checked on {table.checked}",),
        answer=Answer(_answer(found, on, days)),
        look=Look(expendable=("Days left",), fixed=("Model", "Move to")),
        quiet=tuple(model.id for _, model in found),
    )


def _answer(found: Sequence[tuple[date, Model]], on: date, days: int) -> str:
    """Return a sentence with the number of models that are shut down, and the next one."""
    within = f"within {plural(days, 'day')}, by {on + timedelta(days)}"
    if not found:
        return f"0 models are shut down {within}"
    day, model = found[0]
    verb = "is" if len(found) == 1 else "are"
    return f"{plural(len(found), 'model')} {verb} shut down {within}; next: {model.id} on {day}"
