"""Read the answers of a run, price them, and hold them against their requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from ...calculator.calibration import Calibration, Sample, learn
from ...calculator.forecast import OutputForecast
from ...cli import resolve
from ...cli.calibration import output_forecast
from ...cli.options import Calibrated, Prices
from ...cli.process import Process
from ...errors import RequestError, UnknownModel
from ...pricing.price import Tier
from ...pricing.schema import Model
from ...pricing.table import Pricing
from ...sources.json_records import folder_of, is_large, usable
from ...tally import STDIN_NAME, Skipped
from .accuracy import Compared, Expected, compared, reckoning
from .charges import Answer, Priced, Usage, priced, spent
from .statement import Bill

if TYPE_CHECKING:
    from ...sources.json_records import Record
    from .options import Run

__all__ = ["account"]


def account(
    paths: Sequence[str], run: Run, calibrated: Calibrated, process: Process
) -> tuple[Bill, Calibration | None]:
    """Return what the answers in some files cost, and what they teach; none: there is no answer.

    Raises:
        Gpt41calcError: something is asked wrongly, or a file does not exist.
    """
    from ...sources.json_records import require_files

    asked = list(run.input or ())
    require_files([*paths, *asked])
    paths = list(dict.fromkeys(paths))  # what is named twice was paid once
    table, day = resolve.pricing(Prices(pricing=run.pricing)), resolve.as_of(run.as_of, process)
    forecast = output_forecast(run.output_tokens, calibrated.calibration)
    skipped: list[Skipped] = []
    expected = _expected(asked, table, forecast, skipped, process)
    ledger = _Ledger(table, run, day, expected)
    rows = spent(ledger.priced(paths, skipped, process))
    bill = Bill(
        paths=tuple(STDIN_NAME if path == "-" else path for path in paths),
        rows=tuple(rows),
        undated=ledger.undated,
        failed=tuple(ledger.failed),
        skipped=tuple(skipped),
        as_of=day,
        pricing_checked=table.checked,
        reckoning=reckoning(ledger.pairs, unanswered=len(ledger.expected), unasked=ledger.unasked) if asked else None,
        expected_output=f"{forecast.sentence}, or what a request allows" if asked else None,
        calibration=run.calibrate if ledger.samples else None,
        overlay=table.overlay,
        config=process.project.path if process.project else None,
    )
    return bill, learn(ledger.samples, on=process.today)


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


class _Ledger:
    """Answers one after the other: each is priced, held against its request, and learned from."""

    def __init__(self, table: Pricing, run: Run, day: date, expected: Mapping[str, Expected]) -> None:
        self._find = _remembering(table)
        self._tier: Tier | None = run.tier.value if run.tier else None
        self._day = day
        self._learns = run.calibrate is not None
        self._compares = bool(run.input)
        self.expected = dict(expected)
        """Requests that are not answered yet."""
        self.pairs: list[Compared] = []
        """Requests with their answers."""
        self.samples: list[Sample] = []
        """What can be learned from, if it is to be."""
        self.failed: list[Skipped] = []
        """Lines that have no usage and need none."""
        self.undated = 0
        """Answers that do not say when they were made."""
        self.unasked = 0
        """Answers without a request."""

    def priced(self, paths: Sequence[str], skipped: list[Skipped], process: Process) -> Iterator[Priced]:
        """Yield every answer with its price, and keep the lines of which it cannot be said what they cost."""
        for path in paths:
            for record in usable(path, process.stdin, skipped):
                for answer in self._answers(record, skipped):
                    one = self._price(answer)
                    if isinstance(one, Priced):
                        self._note(one)
                        yield one
                    else:
                        skipped.append(Skipped(record.place, one, expected=False))

    def _answers(self, record: Record, skipped: list[Skipped]) -> list[Answer]:
        from .responses import NoUsage, answers_in

        try:
            return answers_in(record.value, record.place, self._tier)
        except NoUsage as error:
            lost = Skipped(record.place, error.reason, expected=error.expected)
            (self.failed if error.expected else skipped).append(lost)
            return []

    def _price(self, answer: Answer) -> Priced | str:
        try:
            return priced(answer, self._find(answer.model), self._day)
        except UnknownModel as error:
            return str(error)

    def _note(self, one: Priced) -> None:
        self.undated += one.answer.day is None
        request = self.expected.pop(one.answer.custom_id or "", None)
        if request is not None:
            estimate = priced(_as_expected(one.answer, request), one.model, self._day)
            if isinstance(estimate, Priced):
                self.pairs.append(compared(request, one, estimate))
        elif self._compares:
            self.unasked += 1
        if self._learns:
            self.samples.append(_sample(one, request))


def _remembering(table: Pricing) -> Callable[[str], Model]:
    """Return what finds models, each once: the table is searched name by name."""
    found: dict[str, Model] = {}

    def find(name: str) -> Model:
        if name not in found:
            found[name] = table.find(name)
        return found[name]

    return find


def _as_expected(answer: Answer, request: Expected) -> Answer:
    return replace(answer, usage=Usage(fresh_tokens=request.input_tokens, output_tokens=request.output_tokens))


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
