"""Sentences of reports for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ..calculator.estimate import Comparison, Estimate
from ..calculator.model_estimate import ModelEstimate
from ..calculator.workload import DEFAULT_OUTPUT_TOKENS, Workload
from ..pricing.schema import Model, Status
from ..tally import Tally
from .model_names import model_name_notes, names_taken
from .numbers import about, dollars, number, percent, plural, size
from .skipped import skipped_sentence
from .surcharges import surcharge_notes, surcharge_summary

if TYPE_CHECKING:
    from ..calculator.request_seen import RequestSeen

__all__ = [
    "cached_sentence",
    "endings",
    "estimated_sentence",
    "fit_sentence",
    "input_sentence",
    "notes",
    "notes_on_counts",
    "output_sentence",
    "request_notes",
    "request_warnings",
    "saving_sentence",
    "status_notes",
    "status_sentence",
    "workload_sentence",
]


def input_sentence(estimate: Estimate) -> str:
    """Return a phrase with the number of counted inputs, tokens and bytes."""
    inputs, first = estimate.inputs, estimate.models[0]
    is_ranged = inputs.is_modelled and first.model.ratio is None and not first.tokens.is_exact
    if estimate.is_given:
        return f"{plural(estimate.input_tokens, 'token')}, given: so many for every model, whatever its tokenizer"
    tokens = f"{'~' if is_ranged else ''}{plural(estimate.input_tokens, 'token')}"
    between = f"{number(first.tokens.low)} to {number(first.tokens.high)}; " if is_ranged else ""
    missing = sum(seen.pictures for seen in estimate.requests if first.model.name in seen.unknown)
    pictures = f"; {plural(missing, 'picture')} in the range alone: no rule is known" if missing else ""
    bound = "" if inputs.complete else "; a lower bound: some input could not be counted"
    how = "modelled" if inputs.is_modelled else "exact"
    counted = f"{plural(inputs.files, 'file')}, {size(inputs.bytes)}, {tokens}"
    return f"{counted} ({between}{estimate.encoding}, {how}{pictures}{bound})"


def workload_sentence(estimate: Estimate) -> str:
    """Return a phrase with the workload: requests, output tokens, cached tokens and tier."""
    workload = estimate.workload
    # Python cannot tell a given 1000 from the default, nor need it: it is the number that is used.
    is_default = workload.output_tokens == DEFAULT_OUTPUT_TOKENS and workload.forecast_source is None
    parts = [
        plural(workload.requests, "request"),
        output_sentence(workload, "each") + (" (the default)" if is_default else ""),
        f"{number(workload.cached_tokens)} cached{_share(workload)}" if workload.cached_tokens else "",
        f"{workload.tier} tier",
        f"prices of {estimate.as_of} (table checked {estimate.pricing_checked})",
    ]
    return ", ".join(filter(None, parts))


def _share(workload: Workload) -> str:
    return "" if workload.cached_percent is None else f" ({workload.cached_percent:f} %)"


def cached_sentence(workload: Workload) -> str:
    """Return a phrase with the cached input of a request; empty if none is cached.

    >>> cached_sentence(Workload(cached_tokens=1)), cached_sentence(Workload())
    ('1 cached token', '')
    """
    if workload.cached_percent is not None:
        return f"{workload.cached_percent:f} % of the input cached"
    return plural(workload.cached_tokens, "cached token") if workload.cached_tokens else ""


def output_sentence(workload: Workload, each: str) -> str:
    """Return a phrase with the expected length of answers, and its source.

    >>> output_sentence(Workload(output_tokens=500), "a request")
    '500 output tokens a request'
    """
    sentence = f"{plural(workload.output_tokens, 'output token')} {each}"
    source = workload.forecast_source
    if source is None:
        return sentence
    whose = "the" if source.model is None else f"{source.model}'s"
    return f"{sentence} ({source.percentile.upper()} of {whose} answers in {source.path})"


def status_sentence(model: Model, status: Status) -> str:
    """Return a sentence with the status of a model, and its replacement."""
    then = f", move to {model.replacement}" if model.replacement else ""
    if status == "retired":
        return f"shut down on {model.shutdown}{then}"
    if status == "deprecated":
        return f"deprecated, shuts down on {model.shutdown}{then}"
    return f"not released before {model.released}" if status == "unreleased" else "live"


def fit_sentence(one: ModelEstimate) -> str:
    """Return a phrase that says whether a request fits, by how much, and what to do if not."""
    fit = one.context
    mark = "" if fit.used.is_exact else "~"
    doubt = "" if fit.fits_certain else "; the estimate's bounds lie on both sides of the limit"
    if fit.fits:
        return f"fits, {mark}{plural(fit.headroom, 'token')} left{doubt}"
    if fit.requests_needed is None:
        longest = fit.max_output if fit.max_output is not None else fit.window
        return f"the output alone is too long: at most {number(longest)} tokens"
    over = -fit.headroom
    if over <= 0 and fit.max_input is not None:
        return (
            f"the prompt is over its limit of {number(fit.max_input)} tokens; "
            f"takes {mark}{plural(fit.requests_needed, 'request')}{doubt}"
        )
    return f"over by {mark}{plural(over, 'token')}; takes {mark}{plural(fit.requests_needed, 'request')}{doubt}"


def saving_sentence(comparison: Comparison) -> str:
    """Return a phrase with the saving, or the additional cost."""
    saving = comparison.saving
    if saving is None:
        return "not comparable: one of the two has no price"
    share = f", {percent(saving.percent)}" if saving.percent is not None else ""
    doubt = "" if saving.sign_certain else "; may be either way"
    return f"{about(saving.amount, dollars)}{share}{doubt}"


def notes(estimate: Estimate) -> list[str]:
    """Return sentences on how the numbers of an estimate were made."""
    sentences = model_name_notes(estimate.names_taken)
    for one in estimate.models:
        if one.model.ratio:
            sentences.append(f"~ {estimated_sentence(one.model)}")
        if one.cost_reason:
            sentences.append(f"{one.model.name}: {one.cost_reason}")
    sentences += surcharge_notes([one.model for one in estimate.models])
    for seen in estimate.requests:
        sentences += request_notes(seen, estimate.workload.output_tokens)
    if estimate.overlay:
        sentences.append(f"prices from {estimate.overlay} are laid over the shipped table")
    if estimate.config:
        sentences.append(f"options from {estimate.config}")
    return [*sentences, *_notes_on_inputs(estimate.inputs)]


def request_notes(seen: RequestSeen, output_tokens: int) -> list[str]:
    """Return sentences on a request: what was counted, how, and how long its answer may be."""
    if seen.endpoint is None:
        return []
    parts = [plural(seen.messages, "message")]
    parts += [plural(count, thing) for count, thing in ((seen.tools, "tool"), (seen.pictures, "picture")) if count]
    api = {"chat": "Chat", "responses": "Responses", "anthropic": "Messages", "google": "generateContent"}[
        seen.endpoint
    ]
    sentences = [f"{seen.path}: a {api} request of {', '.join(parts)}: exact text, modelled frame"]
    if seen.max_output is not None and seen.max_output >= output_tokens:
        sentences.append(f"{seen.path}: its own cap is {plural(seen.max_output, 'output token')}")
    return [*sentences, *request_warnings(seen, output_tokens)]


def request_warnings(seen: RequestSeen, output_tokens: int) -> list[str]:
    """Return sentences on reasons why a request may cost more or less than its price here."""
    if seen.endpoint is None:
        return []
    sentences = []
    if seen.unknown:
        sentences.append(f"{seen.path}: pictures are not counted for {', '.join(seen.unknown)}: no rule is known")
    if seen.assumed:
        sentences.append(f"{seen.path}: {plural(seen.assumed, 'picture')} of assumed size (--assume-image WxH)")
    if seen.max_output is not None and seen.max_output < output_tokens:
        cap = plural(seen.max_output, "output token")
        sentences.append(f"{seen.path}: its own cap is {cap}: shorter than what is priced")
    if seen.choices > 1:
        sentences.append(f"{seen.path}: asks for {plural(seen.choices, 'answer')}; one is priced")
    return sentences


def status_notes(estimate: Estimate) -> list[str]:
    """Return sentences on models of an estimate that are deprecated or shut down, with their replacements."""
    return endings((one.model for one in estimate.models), estimate.as_of)


def endings(models: Iterable[Model], on: date) -> list[str]:
    """Return sentences on models that are deprecated or shut down on a day, one for each date of shutdown."""
    names: dict[str, list[str]] = {}
    for model in models:
        status = model.status(on)
        if status != "live":
            names.setdefault(status_sentence(model, status), []).append(model.name)
    return [f"{', '.join(group)}: {ending}" for ending, group in names.items()]


def notes_on_counts(inputs: Tally, model: Model | None) -> list[str]:
    """Return sentences on how a count was made."""
    taken = model_name_notes(names_taken([model] if model else []))
    estimated = [f"~ {estimated_sentence(model)}"] if model and model.ratio else []
    skipped = [f"skipped {skipped_sentence(inputs.skipped)}"] if inputs.skipped else []
    unaudited = surcharge_summary([model] if model else [])
    return [*taken, *unaudited, *estimated, *skipped, *_notes_on_inputs(inputs)]


def _notes_on_inputs(inputs: Tally) -> list[str]:
    sentences = []
    if inputs.lossy:
        sentences.append(f"{plural(len(inputs.lossy), 'file')} with bytes that are no text, counted as U+FFFD")
    if not inputs.complete:
        sentences.append("some input could not be counted: tokens and costs are lower bounds")
    return sentences


def estimated_sentence(model: Model) -> str:
    """Return a sentence on how a count was estimated."""
    ratio = model.ratio
    if ratio is None:
        return f"{model.name}: {model.text_exactness}"
    if ratio.low == ratio.value == ratio.high == 1:
        return f"{model.name}: its tokenizer is not public; it is assumed to count as {ratio.of} does"
    bounds = "" if ratio.low == ratio.high else f" ({ratio.low} to {ratio.high})"
    made = f"{ratio.value}{bounds} times as many tokens as {ratio.of}"
    if ratio.is_sampled:
        return f"{model.name}: a sample of this input was counted: {made} (--full counts all of it)"
    return f"{model.name}: its tokenizer is not public; estimated as {made}"
