"""The models as lines to choose from, with what each would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...pricing.schema import Model
from ...render.cells import shown
from ...render.estimate_answer import approximately, share_of_window
from ...render.numbers import dollars
from .text import Line, fitted
from .totals import Setting, totals_of
from .view import View

__all__ = ["HEADING", "model_lines"]

HEADING = f"{'Model':<30}{'Window':>11}{'Used':>12}{'A request':>13}"
"""The headings of the columns."""


def model_lines(models: Sequence[Model], views: Mapping[str, View], setting: Setting) -> list[Line]:
    """Return a line for each model.

    Args:
        models: the models, as they are counted here.
        views: what is counted, by encoding; a model in another one has no numbers yet.
        setting: workload and day.
    """
    return [_line(model, views.get(model.counted_in), setting) for model in models]


def _line(model: Model, view: View | None, setting: Setting) -> Line:
    status = model.status(setting.on)
    name = fitted(model.name, 29)
    word = "" if status == "live" else f"  {status}"
    if view is None:
        return [(f"{name} {model.window:>11,}", ""), (f"{'not counted yet':>25}{word}", "dim")]
    one = totals_of(view, replace(setting, model=model)).now
    share = share_of_window(one)
    cost = "no price" if one.cost is None else f"{approximately(one)}{dollars(one.cost.per_request)}"
    return [
        (f"{name} {model.window:>11,}", ""),
        (f"{shown(share):>12}", share.style),
        (f"{cost:>13}", ""),
        (word, "dim"),
    ]
