"""Read the answers of a run, price them, and compare them with their requests and the invoice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from ...calculator.calibration import Calibration, Sample, learn
from ...calculator.forecast import OutputForecast
from ...counting.runtime import Runtime
from ...errors import RequestError, UnknownModel, UsageError
from ...pricing.fees import load_fees
from ...pricing.price import Tier
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.json_records import folder_of, is_large, require_files, usable
from ...tally import STDIN_NAME, Skipped
from .accuracy import Compared, Expected, UsageAccuracy, compared, usage_accuracy
from .answer import Answer, Usage
from .charges import Priced, priced
from .ledger import Ledger
from .moments import time_zone
from .read_logs import LogReader
from .row_keys import DEFAULT_KEYS, Keys
from .usage_cost import UsageCost

__all__ = ["UsageOptions", "price_usage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageOptions:
    """The answers to price, and the files to compare them with."""

    paths: Sequence[str]
    """Files of answers, and folders of logs; ``-`` for standard input."""

    requests: Sequence[str] = ()
    """Batch input files with the requests, for estimate against actual."""

    invoices: Sequence[str] = ()
    """Invoices exported from the provider (CSV or JSON)."""

    forecast: OutputForecast
    """Expected length of answers."""

    keys: Keys = DEFAULT_KEYS
    """The keys by which rows are grouped."""

    shows_kinds: bool = False
    """Whether the report shows the accuracy of the estimates by kind of request; needs ``requests``."""

    zone: str | None = None
    """Name of the time zone of days, weeks and months, such as ``Europe/Berlin``. None for UTC."""

    unnamed_model: str | None = None
    """Model of answers that do not name one. None to refuse such answers."""

    tier: Tier | None = None
    """Tier of answers that do not state theirs. None for batch in a Batch output file, else standard."""

    calibration: str | None = None
    """Path of the calibration file to write. None if no calibration is wanted."""

    pricing: Pricing
    """The price table."""

    on: date
    """The day whose prices apply to answers without a date."""

    today: date
    """The date written into the calibration."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""


def price_usage(options: UsageOptions, runtime: Runtime) -> tuple[UsageCost, Calibration | None]:
    """Return the cost of the answers in some files, and the calibration from them; None without answers.

    Raises:
        NoSuchPath: a file does not exist.
        UsageError: standard input would have to be two things, the time zone is not known, or an invoice is not one.
    """
    inputs, invoices = options.requests, options.invoices
    require_files([*inputs, *invoices])
    require_files([*options.paths, *(each for each in (*inputs, *invoices) if each == "-")], takes_folders=True)
    paths = list(dict.fromkeys(options.paths))  # a file named twice was billed once
    table, day, keys, forecast = options.pricing, options.on, options.keys, options.forecast
    zone = time_zone(options.zone)
    refused: list[Skipped] = []
    if options.shows_kinds and not inputs:
        message = "--by kind needs the requests, as it is their bodies that say of which kind they are"
        raise UsageError(message, hint="add --input FILE with the requests, as a Batch input file")
    expected = _expected(inputs, table, forecast, refused, runtime.stdin)
    find, fees = table.find, cache(load_fees)
    pairs = _Pairs(expected, day, learns=options.calibration is not None)
    ledger = Ledger(find, fees, day, (*keys, "utc_day") if invoices else keys, zone, pairs.note)
    reader = LogReader(ledger, options.tier, options.unnamed_model)
    reader.read(paths, runtime.stdin, runtime.progress)
    usage_cost = UsageCost(
        paths=tuple(STDIN_NAME if path == "-" else path for path in paths),
        files=tuple(reader.paths),
        groups=tuple(ledger.rows()),
        keys=keys,
        zone=options.zone or "UTC",
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
        shows_kinds=options.shows_kinds,
        expected_output=f"{forecast.sentence}, or what a request allows" if inputs else None,
        calibration=options.calibration if pairs.samples else None,
        names_taken=ledger.names_taken,
        overlay=table.overlay,
        surcharged=tuple(_surcharged(table, sorted({group.model for group in ledger.rows() if group.model}))),
        config=options.config,
    )
    if invoices:
        from .invoice.compare import compare
        from .invoice.prices import PriceFinder
        from .invoice.read import read_invoices

        lines = read_invoices(invoices, runtime.stdin)
        usage_cost = replace(
            usage_cost, invoice=compare(lines, usage_cost.groups, ledger.merged, PriceFinder(find, fees))
        )
    return usage_cost, learn(list(pairs.samples.values()), on=options.today)


def _surcharged(table: Pricing, names: Sequence[str]) -> Iterator[Model]:
    """Yield the named models that have surcharges, or whose prices were not checked."""
    for model in map(table.find, names):
        if model.uplift_percent or model.fee or model.unknown_fees or not model.audited:
            yield model


def _expected(
    paths: Sequence[str], table: Pricing, forecast: OutputForecast, skipped: list[Skipped], stdin: int
) -> dict[str, Expected]:
    """Return every request by name, and add lines that are not requests to the skipped ones."""
    from ...tokenizer.engines import tokenizer
    from .expected import expected_request

    found: dict[str, Expected] = {}
    for path in paths:
        tokenizer_of = partial(tokenizer, short=not is_large(path))
        for record in usable(path, stdin, skipped):
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
    """Pairs of an answer and its request, and the samples for a calibration."""

    def __init__(self, expected: Mapping[str, Expected], day: date, *, learns: bool) -> None:
        self._expected, self._day, self._learns = expected, day, learns
        self._owners: dict[str, int] = {}
        """Number of the answer that belongs to a request, by its custom_id."""
        self._pairs: dict[int, Compared] = {}
        self._unmatched: set[int] = set()
        self.samples: dict[int, Sample] = {}
        """Samples for a calibration, if one is wanted, by number of the answer."""

    def note(self, one: Priced, number: int) -> None:
        """Add an answer, or replace it by the version in a later line."""
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
        """Return the comparison of all pairs, and the numbers of unpaired requests and answers."""
        return usage_accuracy(
            self._pairs.values(),
            unanswered=len(self._expected) - len(self._owners),
            unmatched=len(self._unmatched),
        )


def _as_expected(answer: Answer, request: Expected) -> Answer:
    usage = Usage(fresh_tokens=request.input_tokens, output_tokens=request.output_tokens)
    return replace(answer, usage=usage, region=None, searches=None, uncharged=())


def _sample(one: Priced, request: Expected | None) -> Sample:
    """Return the sample of an answer; a prompt with pictures or of an estimated model is left out of it."""
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
