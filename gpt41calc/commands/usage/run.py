"""Read the answers of a run, price them, and compare them with their requests and the invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

from ...calculator.calibration import Calibration, Sample, learn
from ...calculator.forecast import OutputForecast
from ...cli import resolve
from ...cli.calibration import output_forecast
from ...cli.options import Calibrated, Prices
from ...cli.process import Process
from ...counting.runtime import Progress, unobserved
from ...errors import RequestError, UnknownModel
from ...pricing.fees import load_fees
from ...pricing.table import Pricing
from ...sources.json_records import folder_of, is_large, require_files, usable
from ...tally import STDIN_NAME, Skipped
from .accuracy import Compared, Expected, UsageAccuracy, compared, usage_accuracy
from .answer import Answer, Usage
from .charges import Priced, priced
from .grouping import DEFAULT_KEYS, Keys
from .ledger import Ledger
from .moments import time_zone
from .options import UsageOptions
from .read_logs import LogReader
from .usage_cost import UsageCost

__all__ = ["price_usage"]


def price_usage(
    paths: Sequence[str],
    options: UsageOptions,
    calibrated: Calibrated,
    process: Process,
    progress: Progress = unobserved,
) -> tuple[UsageCost, Calibration | None]:
    """Return what the answers in some files cost, and what they teach; None if there is no answer.

    Raises:
        Gpt41calcError: an option or a path is wrong, or a file does not exist.
    """
    inputs, invoices = list(options.input or ()), list(options.invoice or ())
    require_files([*inputs, *invoices])
    require_files([*paths, *(each for each in (*inputs, *invoices) if each == "-")], takes_folders=True)
    paths = list(dict.fromkeys(paths))  # what is named twice was paid once
    table, day = (
        resolve.pricing(Prices(pricing=options.pricing, alias=options.alias)),
        resolve.as_of(options.as_of, process),
    )
    zone = time_zone(options.timezone)
    forecast = output_forecast(options.output_tokens, calibrated.calibration)
    refused: list[Skipped] = []
    expected = _expected(inputs, table, forecast, refused, process)
    keys: Keys = tuple(dict.fromkeys(options.row_keys)) if options.row_keys else DEFAULT_KEYS
    find, fees = table.find, cache(load_fees)
    pairs = _Pairs(expected, day, learns=options.calibrate is not None)
    ledger = Ledger(find, fees, day, (*keys, "utc_day") if invoices else keys, zone, pairs.note)
    reader = LogReader(ledger, options.tier.value if options.tier else None, options.unnamed_model)
    reader.read(paths, process.stdin, progress)
    usage_cost = UsageCost(
        paths=tuple(STDIN_NAME if path == "-" else path for path in paths),
        files=tuple(reader.paths),
        groups=tuple(ledger.rows()),
        keys=keys,
        zone=options.timezone or "UTC",
        undated=ledger.undated,
        lines=ledger.lines,
        repeated=ledger.repeated,
        merged_lines=ledger.merged_lines,
        stated=ledger.stated,
        failed=tuple(reader.failed),
        skipped=(*refused, *reader.skipped),
        missing=tuple(ledger.missing()),
        as_of=day,
        pricing_checked=table.checked,
        accuracy=pairs.accuracy() if inputs else None,
        expected_output=f"{forecast.sentence}, or what a request allows" if inputs else None,
        calibration=options.calibrate if pairs.samples else None,
        names_taken=ledger.names_taken,
        overlay=table.overlay,
        config=process.project.path if process.project else None,
    )
    if invoices:
        from .invoice.compare import compare
        from .invoice.prices import PriceFinder
        from .invoice.read import read_invoices

        lines = read_invoices(invoices, process.stdin)
        usage_cost = replace(
            usage_cost, invoice=compare(lines, usage_cost.groups, ledger.merged, PriceFinder(find, fees))
        )
    return usage_cost, learn(list(pairs.samples.values()), on=process.today)


def _expected(
    paths: Sequence[str], table: Pricing, forecast: OutputForecast, skipped: list[Skipped], process: Process
) -> dict[str, Expected]:
    """Return every request by its name, and keep the lines that are none."""
    from ...tokenizer.engines import tokenizer
    from .expected import expected_request

    found: dict[str, Expected] = {}
    for path in paths:
        tokenizer_of = partial(tokenizer, short=not is_large(path))
        for record in usable(path, process.stdin, skipped):
            try:
                one = expected_request(record, folder_of(path), table.find, tokenizer_of, forecast.of)
            except (RequestError, UnknownModel) as error:
                skipped.append(Skipped(record.place, str(error), expected=False))
                continue
            if one.custom_id in found:
                reason = f"the custom_id '{one.custom_id:.40}' is there twice, first at {found[one.custom_id].place}"
                skipped.append(Skipped(record.place, reason, expected=False))
                continue
            found[one.custom_id] = one
    return found


class _Pairs:
    """Pairs of an answer and its request, and the samples that a calibration learns from."""

    def __init__(self, expected: Mapping[str, Expected], day: date, *, learns: bool) -> None:
        self._expected, self._day, self._learns = expected, day, learns
        self._owners: dict[str, int] = {}
        """Which answer a request was given to, by its custom_id."""
        self._pairs: dict[int, Compared] = {}
        self._unmatched: set[int] = set()
        self.samples: dict[int, Sample] = {}
        """What can be learned from, if it is to be; by the number of the answer."""

    def note(self, one: Priced, number: int) -> None:
        """Take an answer, or take it anew as a later line has it."""
        name = one.answer.custom_id or ""
        request = self._expected.get(name)
        if request is not None and self._owners.setdefault(name, number) == number:
            estimate = priced(_as_expected(one.answer, request), one.model, self._day)
            if isinstance(estimate, Priced):
                self._pairs[number] = compared(request, one, estimate)
        elif self._expected:
            request = None
            self._unmatched.add(number)
        if self._learns:
            self.samples[number] = _sample(one, request)

    def accuracy(self) -> UsageAccuracy:
        """Return all pairs, and how many have none."""
        return usage_accuracy(
            self._pairs.values(),
            unanswered=len(self._expected) - len(self._owners),
            unmatched=len(self._unmatched),
        )


def _as_expected(answer: Answer, request: Expected) -> Answer:
    usage = Usage(fresh_tokens=request.input_tokens, output_tokens=request.output_tokens)
    return replace(answer, usage=usage, region=None, searches=None, uncharged=())


def _sample(one: Priced, request: Expected | None) -> Sample:
    """Return what an answer teaches; of a prompt with pictures or of an estimated one nothing is learned."""
    usage = one.answer.usage
    is_comparable = request is not None and request.exactness == "modelled" and not request.images
    return Sample(
        model=one.model.id,
        output_tokens=usage.output_tokens,
        input_tokens=usage.input_tokens,
        modelled_tokens=request.modelled_tokens if request and is_comparable else None,
        messages=request.messages if request else 0,
        tools=request.tools if request else 0,
    )
