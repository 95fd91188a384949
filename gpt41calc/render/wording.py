"""Numbers and facts in the words that people read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from ..calculator.estimate import Comparison, Estimate, ModelEstimate, RequestSeen
from ..calculator.span import Span
from ..calculator.workload import DEFAULT_OUTPUT_TOKENS, Workload
from ..pricing.schema import Model, Status
from ..tally import Tally
from .skips import skipped_sentence

__all__ = [
    "about",
    "dollars",
    "dollars_apart",
    "dollars_at_least",
    "dollars_beside",
    "dollars_in_full",
    "endings",
    "estimated_sentence",
    "fit_sentence",
    "input_sentence",
    "notes",
    "notes_on_counts",
    "number",
    "output_sentence",
    "percent",
    "plural",
    "request_notes",
    "saving_sentence",
    "signed",
    "size",
    "status_notes",
    "status_sentence",
    "workload_sentence",
]


def number(value: int) -> str:
    """Write a whole number with separators.

    >>> number(1047576)
    '1,047,576'
    """
    return f"{value:,}"


def dollars(amount: Decimal) -> str:
    """Write an amount with cents, or with two significant digits where cents would hide it.

    >>> [dollars(Decimal(text)) for text in ("8.835196", "0.008835", "0.0000001", "0", "-1234.5", "0.30")]
    ['$8.84', '$0.0088', '$0.00000010', '$0', '-$1,234.50', '$0.30']
    """
    return _dollars(amount, _cents(amount), ROUND_HALF_EVEN) if amount else "$0"


def dollars_at_least(amount: Decimal) -> str:
    """Write an amount rounded up, where less would not be enough.

    >>> dollars_at_least(Decimal("0.012001")), dollars_at_least(Decimal("1.2"))
    ('$0.013', '$1.20')
    """
    return _dollars(amount, _cents(amount), ROUND_CEILING) if amount else "$0"


def dollars_beside(amount: Decimal, limit: Decimal) -> str:
    """Write an amount with as many digits as it takes to see on which side of a limit it is.

    >>> [dollars_beside(Decimal(text), Decimal("0.05")) for text in ("0.05", "0.050004", "0.0499996", "0.0624")]
    ['$0.050', '$0.050004', '$0.050', '$0.062']
    """
    places = _cents(amount) if amount else 2
    while (_rounded(amount, places) > limit) != (amount > limit):
        places += 1
    return _dollars(amount, places, ROUND_HALF_EVEN) if amount else "$0"


def dollars_apart(one: Decimal, other: Decimal) -> tuple[str, str]:
    """Write two amounts with as many digits as it takes to see that they differ.

    >>> dollars_apart(Decimal("0.008736"), Decimal("0.008732")), dollars_apart(Decimal("1.5"), Decimal("1.5"))
    (('$0.00874', '$0.00873'), ('$1.50', '$1.50'))
    """
    if one == other or dollars(one) != dollars(other):
        return dollars(one), dollars(other)
    places = max(_cents(one), _cents(other))
    while _rounded(one, places) == _rounded(other, places):
        places += 1
    return _dollars(one, places, ROUND_HALF_EVEN), _dollars(other, places, ROUND_HALF_EVEN)


def dollars_in_full(amount: Decimal) -> str:
    """Write an amount with every digit that was given, and cents at least.

    >>> [dollars_in_full(Decimal(text)) for text in ("0.5", "0.0125", "1E+2")]
    ['$0.50', '$0.0125', '$100.00']
    """
    exponent = amount.normalize().as_tuple().exponent
    return _dollars(amount, max(2, -exponent) if isinstance(exponent, int) else 2, ROUND_HALF_EVEN)


def _cents(amount: Decimal) -> int:
    """Return the places after the point: two, or enough for two significant digits."""
    return max(2, 1 - amount.adjusted())


def _rounded(amount: Decimal, places: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding)


def _dollars(amount: Decimal, places: int, rounding: str) -> str:
    rounded = _rounded(amount, places, rounding)
    return f"{'-' if rounded < 0 else ''}${abs(rounded):,f}"


def signed(shown: str, amount: Decimal | int) -> str:
    """Put a plus before what is more than nothing.

    >>> signed("$0.40", Decimal("0.4")), signed("-3", -3), signed("0", 0)
    ('+$0.40', '-3', '0')
    """
    return f"+{shown}" if amount > 0 else shown


def percent(value: Decimal) -> str:
    """Write a percentage with as many digits as it takes to tell it from its neighbours.

    >>> [percent(Decimal(text)) for text in ("421.41", "20.00", "0.02", "99.99")]
    ['421.4 %', '20.0 %', '0.02 %', '99.99 %']
    """
    tenths = value.quantize(Decimal("0.1"))
    # 99.99 must not be shown as 100.0, nor 100.01: the verdict "fits" hangs on it.
    is_misleading = tenths != value and (abs(tenths) < 1 or tenths in {Decimal(100), Decimal("100.0")})
    return f"{value if is_misleading else tenths:,f} %"


def size(count: int) -> str:
    """Write a number of bytes in the unit that suits it.

    >>> [size(count) for count in (0, 999, 16_436_925)]
    ['0 B', '999 B', '16.4 MB']
    """
    value, unit = Decimal(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:  # noqa: PLR2004
            break
        value, unit = value / 1000, larger
    return f"{value:.1f} {unit}" if unit != "B" else f"{count} B"


def about(span: Span[Decimal] | Span[int], write: Callable[..., str]) -> str:
    """Write a number, and its bounds if it is not exact.

    >>> about(Span(Decimal(9), Decimal(10), Decimal(12)), dollars)
    '~$10.00 ($9.00 to $12.00)'
    """
    if span.is_exact:
        return write(span.value)
    value, low, high = write(span.value), write(span.low), write(span.high)
    return f"~{value}" if low == high else f"~{value} ({low} to {high})"


def plural(count: int, thing: str) -> str:
    """Write a number of things.

    >>> plural(1, "file"), plural(2, "file")
    ('1 file', '2 files')
    """
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"


def input_sentence(estimate: Estimate) -> str:
    """Say what was counted."""
    inputs = estimate.inputs
    counted = f"{plural(inputs.files, 'file')}, {size(inputs.bytes)}, {plural(estimate.input_tokens, 'token')}"
    bound = "" if inputs.complete else "; a lower bound: some input could not be counted"
    how = "modelled" if inputs.is_modelled else "exact"
    return f"{counted} ({estimate.encoding}, {how}{bound})"


def workload_sentence(estimate: Estimate) -> str:
    """Say what is asked of each model."""
    workload = estimate.workload
    # Python cannot tell a given 1000 from the default, nor need it: it is the number that is used.
    is_default = workload.output_tokens == DEFAULT_OUTPUT_TOKENS and workload.foreseen is None
    parts = [
        plural(workload.requests, "request"),
        output_sentence(workload, "each") + (" (the default)" if is_default else ""),
        f"{number(workload.cached_tokens)} cached" if workload.cached_tokens else "",
        f"{workload.tier} tier",
        f"prices of {estimate.as_of} (table checked {estimate.pricing_checked})",
    ]
    return ", ".join(filter(None, parts))


def output_sentence(workload: Workload, each: str) -> str:
    """Say how long answers are expected to be, and how that is known.

    >>> output_sentence(Workload(output_tokens=500), "a request")
    '500 output tokens a request'
    """
    said = f"{plural(workload.output_tokens, 'output token')} {each}"
    foreseen = workload.foreseen
    if foreseen is None:
        return said
    whose = "the" if foreseen.model is None else f"{foreseen.model}'s"
    return f"{said} ({foreseen.percentile.upper()} of {whose} answers in {foreseen.path})"


def status_sentence(model: Model, status: Status) -> str:
    """Say where a model stands, and what comes after it."""
    then = f", move to {model.replacement}" if model.replacement else ""
    if status == "retired":
        return f"shut down on {model.shutdown}{then}"
    if status == "deprecated":
        return f"deprecated, shuts down on {model.shutdown}{then}"
    return f"not released before {model.released}" if status == "unreleased" else "live"


def fit_sentence(one: ModelEstimate) -> str:
    """Say whether a request fits, by how much, and what to do if it does not."""
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
    """Say what is saved or spent on top."""
    saving = comparison.saving
    if saving is None:
        return "not comparable: one of the two has no price"
    share = f", {percent(saving.percent)}" if saving.percent is not None else ""
    doubt = "" if saving.sign_certain else "; may be either way"
    return f"{about(saving.amount, dollars)}{share}{doubt}"


def notes(estimate: Estimate) -> list[str]:
    """Say what a reader must know to trust the numbers."""
    said = []
    for one in estimate.models:
        if one.model.ratio:
            said.append(f"~ {estimated_sentence(one.model)}")
        if one.cost_reason:
            said.append(f"{one.model.name}: {one.cost_reason}")
    for seen in estimate.requests:
        said += request_notes(seen, estimate.workload.output_tokens)
    if estimate.overlay:
        said.append(f"prices from {estimate.overlay} are laid over the shipped table")
    if estimate.config:
        said.append(f"options from {estimate.config}")
    return [*said, *_notes_on_inputs(estimate.inputs)]


def request_notes(seen: RequestSeen, output_tokens: int) -> list[str]:
    """Say what a reader must know of a request: what was counted, how, and how long its answer may be."""
    if seen.endpoint is None:
        return []
    parts = [plural(seen.messages, "message")]
    parts += [plural(count, thing) for count, thing in ((seen.tools, "tool"), (seen.pictures, "picture")) if count]
    api = {"chat": "Chat", "responses": "Responses", "anthropic": "Messages"}[seen.endpoint]
    said = [f"{seen.path}: a {api} request of {', '.join(parts)}: exact text, modelled frame"]
    if seen.assumed:
        said.append(f"{seen.path}: {plural(seen.assumed, 'picture')} of assumed size (--assume-image WxH)")
    if seen.unknown:
        said.append(f"{seen.path}: pictures are not counted for {', '.join(seen.unknown)}: no rule is known")
    if seen.max_output is not None:
        longer = ": shorter than what is priced" if seen.max_output < output_tokens else ""
        said.append(f"{seen.path}: its own cap is {plural(seen.max_output, 'output token')}{longer}")
    if seen.choices > 1:
        said.append(f"{seen.path}: asks for {plural(seen.choices, 'answer')}; one is priced")
    return said


def status_notes(estimate: Estimate) -> list[str]:
    """Say which models of an estimate end or have ended, and what comes after them."""
    return endings((one.model for one in estimate.models), estimate.as_of)


def endings(models: Iterable[Model], on: date) -> list[str]:
    """Say which models end or have ended on a day, and what comes after them, each ending once."""
    names: dict[str, list[str]] = {}
    for model in models:
        status = model.status(on)
        if status != "live":
            names.setdefault(status_sentence(model, status), []).append(model.name)
    return [f"{', '.join(group)}: {ending}" for ending, group in names.items()]


def notes_on_counts(inputs: Tally, model: Model | None) -> list[str]:
    """Say what a reader must know to trust a count."""
    estimated = [f"~ {estimated_sentence(model)}"] if model and model.ratio else []
    skipped = [f"skipped {skipped_sentence(inputs.skipped)}"] if inputs.skipped else []
    return [*estimated, *skipped, *_notes_on_inputs(inputs)]


def _notes_on_inputs(inputs: Tally) -> list[str]:
    said = []
    if inputs.lossy:
        said.append(f"{plural(len(inputs.lossy), 'file')} with bytes that are no text, counted as U+FFFD")
    if not inputs.complete:
        said.append("some input could not be counted: tokens and costs are lower bounds")
    return said


def estimated_sentence(model: Model) -> str:
    """Say how a count was estimated."""
    ratio = model.ratio
    if ratio is None:
        return f"{model.name}: exact"
    bounds = "" if ratio.low == ratio.high else f" ({ratio.low} to {ratio.high})"
    return f"{model.name}: estimated, its tokenizer is not public: {ratio.value}{bounds} tokens for one of {ratio.of}"
