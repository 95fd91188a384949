"""A model as a line to choose from, with what it would cost."""

from __future__ import annotations

from dataclasses import replace

from ...pricing.schema import Model
from ...render.cells import shown
from ...render.estimate_answer import approximately, share_of_window
from ...render.numbers import dollars
from .text import Line, fitted
from .totals import Setting, estimate_of
from .view import View

__all__ = ["HEADING", "model_line"]

HEADING = f"{'Model':<30}{'Window':>11}{'Used':>12}{'A request':>13}"
"""The headings of the columns."""


def model_line(model: Model, view: View | None, setting: Setting) -> Line:
    """Return the line of a model.

    Args:
        model: the model.
        view: what is counted, in the encoding of the model. None if it is not counted in that one.
        setting: workload and day.
    """
    status = model.status(setting.on)
    name = fitted(model.name, 29)
    word = "" if status == "live" else f"  {status}"
    if view is None:
        return [(f"{name} {model.window:>11,}", ""), (f"{'not counted yet':>25}{word}", "dim")]
    one = estimate_of(view.counted.tokens, replace(setting, model=model))
    share = share_of_window(one)
    cost = "no price" if one.cost is None else f"{approximately(one)}{dollars(one.cost.per_request)}"
    return [
        (f"{name} {model.window:>11,}", ""),
        (f"{shown(share):>12}", share.style),
        (f"{cost:>13}", ""),
        (word, "dim"),
    ]
