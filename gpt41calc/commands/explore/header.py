"""The lines above the rows: totals, fit and cost, and what is shown."""

from __future__ import annotations

from decimal import Decimal

from rich.cells import cell_len

from ...calculator.model_estimate import ModelEstimate
from ...render.bar import bar
from ...render.cells import shown
from ...render.escape import for_terminal
from ...render.estimate_answer import approximately, share_of_window
from ...render.numbers import dollars, number, plural, signed
from .text import Line, fitted
from .totals import Totals
from .view import Filter, Order, Sums

__all__ = ["place_line", "totals_lines"]

_LONGEST_ROOT = 24
"""Most columns of the name of the folder, beside the numbers."""


def totals_lines(totals: Totals, root: str, width: int, *, least: bool) -> list[Line]:
    """Return three lines: what is counted and by which model, the fit, the cost.

    Args:
        totals: what is counted.
        root: the folder, as it was named.
        width: columns of the screen.
        least: whether something could not be counted, so that the numbers are lower bounds.
    """
    return [_counted_line(totals, root, width, least=least), _fit_line(totals.now, width), _cost_line(totals)]


def _counted_line(totals: Totals, root: str, width: int, *, least: bool) -> Line:
    name = totals.setting.model.name
    mark = approximately(totals.now)
    tokens = f"{'at least ' if least else ''}{mark}{plural(totals.now.tokens.value, 'token')}"
    folder = fitted(for_terminal(root[:200]), _LONGEST_ROOT).rstrip()
    sentence = f"{folder}  {tokens} in {plural(totals.counted.files, 'file')}"
    files = totals.whole.files - totals.counted.files
    if files:
        less = totals.before.tokens.value - totals.now.tokens.value
        sentence += f"; {mark}{number(less)} in {plural(files, 'file')} left out"
    columns_left = width - cell_len(name) - 1
    return [(fitted(sentence, columns_left), "bold"), (f" {name}", "bold")]


def _fit_line(now: ModelEstimate, width: int) -> Line:
    fit, share = now.context, share_of_window(now)
    if fit.fits:
        sentence = f"fits with {number(fit.headroom)} to spare" if fit.fits_certain else "probably fits"
    else:
        needed = "" if fit.requests_needed is None else f": {plural(fit.requests_needed, 'request')}"
        sentence = f"too long{needed}" if fit.fits_certain else f"probably too long{needed}"
        if fit.max_output is not None and fit.used.value - now.tokens.value > fit.max_output:
            sentence = f"writes at most {number(fit.max_output)} tokens"
    text = f" {shown(share)} of {number(fit.window)}, {sentence}"
    columns_left = max(width - cell_len(text), width // 4)
    return [(bar(share.percent, columns_left), share.style), (text, share.style)]


def _cost_line(totals: Totals) -> Line:
    now, workload = totals.now, totals.setting.workload
    cost, mark = now.cost, approximately(now)
    if cost is None:
        return [(str(now.cost_reason), "yellow")]
    unit = "a request" if now.context.fits or now.context.requests_needed is None else "in all"
    line: Line = [(f"{mark}{dollars(cost.per_request)} {unit}", "bold")]
    change = totals.change
    if totals.patterns and change is not None:
        line.append((f" ({_change(change)} by {plural(totals.patterns, 'exclusion')})", "green"))
    tier = "" if workload.tier == "standard" else f" at {workload.tier} prices"
    cached = f" + {mark}{dollars(cost.cached_input)} cached" if cost.cached_input else ""
    has_output = workload.output_tokens and now.model.kind != "embedding"
    output = f" + {dollars(cost.output)} for {number(workload.output_tokens)} out" if has_output else ""
    fees = f" + {dollars(cost.fees)} fees" if cost.fees else ""
    line.append((f"{tier}: {mark}{dollars(cost.input)} in{cached}{output}{fees}", ""))
    return line


def _change(amount: Decimal) -> str:
    return signed(dollars(amount), amount)


_DIRECTIONS = {
    Order.TOKENS: ("by tokens", "by tokens, fewest first"),
    Order.NAME: ("by name", "by name, last first"),
    Order.FILES: ("by files", "by files, fewest first"),
    Order.SIZE: ("by size", "by size, smallest first"),
}


def place_line(
    folder: str, order: Order, *, is_reversed: bool, chosen: Filter | None, shown_sums: Sums, width: int
) -> Line:
    """Return which folder is shown, how its rows are sorted, and the filter with the sums of what it shows.

    Args:
        folder: path of the folder from the root; empty for the root.
        order: by what the rows are sorted.
        is_reversed: whether the order is reversed.
        chosen: the filter. None if everything is shown.
        shown_sums: the files that are shown, in tokens of the model.
        width: columns of the screen.
    """
    details = f"  {_DIRECTIONS[order][is_reversed]}"
    if chosen is not None:
        glob = fitted(for_terminal(chosen.glob[:200]), 24).rstrip()
        sums = f"{plural(shown_sums.files, 'file')}, {plural(shown_sums.tokens, 'token')}"
        details += f"  only {glob}: {sums}"
    columns_left = max(width - cell_len(details), 12)
    # The end of a long path says more than its beginning.
    path = for_terminal("/" + folder[-200:] if len(folder) <= 200 else "…" + folder[-200:])  # noqa: PLR2004 - as above
    while cell_len(path) > columns_left:
        path = "…" + path[2:]
    return [(path, "bold"), (details, "dim")]
