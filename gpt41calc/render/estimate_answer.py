"""The first line of an estimate: input, fit, cost."""

from __future__ import annotations

from decimal import Decimal

from ..calculator.estimate import Estimate
from ..calculator.interval import is_approximate
from ..calculator.model_estimate import ModelEstimate
from ..calculator.workload import DEFAULT_OUTPUT_TOKENS, Workload
from ..tally import Tally
from .answer import Answer, Verdict
from .cells import Share, shown
from .numbers import dollars, number, plural

__all__ = ["approximately", "estimate_answer", "share_of_window"]


def estimate_answer(estimate: Estimate) -> Answer:
    """Return the answer for the first model."""
    first = estimate.models[0]
    return Answer(f"{_counted(estimate)}, {_fit(first)}, {_price(estimate)}", _verdict(estimate))


def approximately(one: ModelEstimate) -> str:
    """Return ``~`` if the tokens of a model are not exact."""
    return "~" if is_approximate(one.exactness) or not one.tokens.is_exact else ""


_LEAST_PERCENT = Decimal("0.01")
"""Smallest share shown: smaller shares are not rounded to 0."""


def share_of_window(one: ModelEstimate) -> Share:
    """Return the used share of a model's window: green, yellow from 80 %, red if it does not fit."""
    fit, share = one.context, one.context.used_percent
    style = "red" if not fit.fits else "yellow" if share >= 80 else "green"  # noqa: PLR2004 - a percentage
    if fit.used.value and not share:
        return Share(_LEAST_PERCENT, "<", style)
    return Share(share, approximately(one), style)


def _verdict(estimate: Estimate) -> Verdict:
    fit = estimate.models[0].context
    if not fit.fits_certain:
        return "not known"
    if not fit.fits:
        return "broken"
    return "kept" if estimate.inputs.complete else "not known"


def _counted(estimate: Estimate) -> str:
    """Return the number of tokens and files, and of files left out."""
    inputs, first = estimate.inputs, estimate.models[0]
    tokens = first.tokens
    least = "" if inputs.complete else "at least "
    files = "" if inputs.files == 1 or estimate.is_given else f" in {plural(inputs.files, _what(inputs))}"
    skipped = f" ({number(len(inputs.skipped))} skipped)" if inputs.skipped else ""
    return f"{least}{approximately(first)}{plural(tokens.value, 'token')}{_how(estimate)}{files}{skipped}"


def _what(inputs: Tally) -> str:
    """Return what the inputs are called: texts if all of them were given on the command line."""
    return "text" if all(one.path.startswith("<string") for one in inputs.counted) else "file"


def _how(estimate: Estimate) -> str:
    """Return the exactness of the number, unless it is exact."""
    first = estimate.models[0]
    tokens = first.tokens
    if first.exactness == "exact":
        return ""
    missing = sum(seen.pictures for seen in estimate.requests if first.model.name in seen.unknown)
    pictures = f"; {plural(missing, 'picture')} in the range alone: no rule is known" if missing else ""
    between = "" if tokens.is_exact else f"{number(tokens.low)} to {number(tokens.high)}, "
    return f" ({between}{first.exactness}{pictures})"


def _fit(one: ModelEstimate) -> str:
    """Return whether a request fits, and how many requests are needed if it does not."""
    fit, name = one.context, one.model.name
    if fit.max_output is not None and fit.used.value - one.tokens.value > fit.max_output:
        output = number(fit.used.value - one.tokens.value)
        return f"but {output} tokens out are more than the {number(fit.max_output)} that {name} writes"
    ended = f"; retired on {one.model.shutdown}" if one.status == "retired" else ""
    share = f"{shown(share_of_window(one))} of {number(fit.window)}"
    if fit.fits:
        return f"{'fits' if fit.fits_certain else 'probably fits'} {name} ({share}{ended})"
    word = "too long" if fit.fits_certain else "probably too long"
    needed = "" if fit.requests_needed is None else f", {plural(fit.requests_needed, 'request')} needed"
    if fit.headroom >= 0 and fit.max_input is not None:
        share = f"prompts of at most {number(fit.max_input)} tokens"
    return f"{word} for {name} ({share}{needed}{ended})"


def _price(estimate: Estimate) -> str:
    """Return the cost of a request and its parts, then of all requests and of a month."""
    one, workload = estimate.models[0], estimate.workload
    cost, mark = one.cost, approximately(one)
    if cost is None:
        return str(one.cost_reason)
    unit = "a request" if one.context.fits or one.context.requests_needed is None else "in all"
    tier = "" if workload.tier == "standard" else f" at {workload.tier} prices"
    cached = f" + {mark}{dollars(cost.cached_input)} cached" if cost.cached_input else ""
    has_output = workload.output_tokens and one.model.kind != "embedding"
    answers = _output(workload) if unit == "a request" else f"one answer of {_output(workload)}"
    output = f" + {dollars(cost.output)} for {answers}" if has_output else ", nothing out"
    if cost.fees:
        output += f" + {dollars(cost.fees)} fees"
    sentence = f"{mark}{dollars(cost.per_request)} {unit}{tier}: {mark}{dollars(cost.input)} in{cached}{output}"
    if workload.requests != 1:
        sentence += f"; {mark}{dollars(cost.total.value)} for {plural(workload.requests, 'request')}"
    monthly = estimate.a_month(one)
    if monthly is not None and estimate.requests_per_month is not None:
        sentence += f"; {mark}{dollars(monthly)} a month for {plural(estimate.requests_per_month, 'request')}"
    return sentence


def _output(workload: Workload) -> str:
    """Return the expected length of an answer, and its source."""
    sentence = f"{plural(workload.output_tokens, 'token')} out"
    source = workload.forecast_source
    if source is not None:
        return f"{sentence} ({source.percentile} of {source.path})"
    # A given 1000 and the default are the same number, so the note is right for both.
    return f"{sentence} (assumed)" if workload.output_tokens == DEFAULT_OUTPUT_TOKENS else sentence
