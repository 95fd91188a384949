"""The sentences of ``dataset``: how its numbers were found, and what to know about them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...dataset.measure import EXACT_BYTES
from ...dataset.measured import Known
from ...dataset.own_tokenizers import GEMMA
from ...dataset.sample import FEWEST_DRAWS
from ...dataset.totals import Tally
from ...dataset.units import largest_undivided
from ...render.model_names import model_name_notes, names_taken
from ...render.numbers import number, plural, size
from ...render.sentences import status_sentence
from ...render.skipped import lost_lines
from ...render.surcharges import surcharge_summary
from .run import DatasetPrice

__all__ = ["about", "dataset_notes", "rounded"]

_CTOK = "its own tokenizer, as ctok reconstructs it"

_TOKENIZERS = {GEMMA: "Gemma's vocabulary"}

_NEARLY = 0.8
"""A sample of so many pieces differs from a share of the bytes."""


def about(known: Known) -> str:
    """Write a number in full if it is known, and with four digits if it is an estimate."""
    if known.low == known.high:
        return number(int(known.value.to_integral_value()))
    return f"~{rounded(known.value)}"


def rounded(value: Decimal) -> str:
    """Write a number with four digits.

    >>> rounded(Decimal(776_353)), rounded(Decimal(1_141_697)), rounded(Decimal(12))
    ('776.4 k', '1.142 M', '12')
    """
    for power, unit in ((12, "T"), (9, "G"), (6, "M"), (3, "k")):
        if value >= Decimal(10) ** power:
            return f"{value.scaleb(-power):.4g} {unit}"
    return f"{value:.0f}"


def dataset_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield the sentences below the tables."""
    measured, output = found.measured, found.output
    sums = measured.sums
    if measured.job.holds_requests:
        yield "rows are requests: counted with what the API adds around messages"
    yield f"output: {f'{output.tokens:,} tokens, ' if not output.from_column else ''}{output.rule}"
    yield from _sample_notes(found)
    for one in found.models:
        if one.over_window is not None and one.over_window.high:
            rows = "row is" if one.over_window.high == 1 else "rows are"
            yield f"{one.model.name}: {about(one.over_window)} {rows} longer than its window of {one.model.window:,}"
    yield from _model_notes(found)
    yield from _status_notes(found)
    if alone := largest_undivided(measured.parts):
        yield (
            f"{alone.file.name}: {size(alone.size)} that one worker reads alone, as it cannot be divided: "
            "Parquet, or lines without compression, can be"
        )
    if found.batch_files > 1:
        yield f"batch: {number(found.batch_files)} files at least"
    days = [f"{one.days:,} at tier {one.usage_tier}" for one in found.queue if one.days is not None]
    if any(one.days != 1 for one in found.queue) and days:
        yield f"days in the batch queue of {found.first.model.name}: {', '.join(days)}"
    yield from _rows_apart(sums)
    yield from _row_notes(found)
    if found.options.pricing.overlay:
        yield f"prices from {found.options.pricing.overlay} are laid over the shipped table"
    if found.options.config:
        yield f"options from {found.options.config}"
    yield from lost_lines(found.skipped, "place")


def _model_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield names that were taken for a model, how tokens were estimated, and what is charged on top of list prices."""
    yield from model_name_notes(names_taken(one.model for one in found.models))
    for one in found.models:
        if one.is_by_ratio:
            low, high = (number(int(bound)) for bound in (one.tokens.low, one.tokens.high))
            bounds = f"{low} to {high} tokens, " if found.complete and low != high else ""
            yield f"~ {one.model.name}: {bounds}estimated by its ratio to GPT-4.1"
    for one in found.models:
        if one.rows_drawn is not None:
            read = "rows" if not found.measured.is_sampled else "rows that were read"
            yield (
                f"{one.model.name}: counted by {_TOKENIZERS.get(one.encoding, _CTOK)}, "
                f"{number(one.rows_drawn)} of {number(found.measured.sums.rows)} {read}"
            )
    yield from surcharge_summary(one.model for one in found.models)


def _status_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield what has become of the models that were asked about; comparators may be gone."""
    wanted = {model.id for model in found.options.models}
    for one in found.models:
        if one.model.id in wanted and one.status == "retired":
            yield f"{one.model.name}: {status_sentence(one.model, one.status)}"


def _rows_apart(sums: Tally) -> Iterator[str]:
    apart = []
    if sums.nulls:
        apart.append(f"{number(sums.nulls)} without a value, not sent")
    if sums.empty:
        apart.append(f"{number(sums.empty)} empty")
    if sums.lossy:
        apart.append(f"{number(sums.lossy)} with bytes that are no UTF-8, counted as U+FFFD")
    if apart:
        yield f"rows: {'; '.join(apart)}"


def _sample_notes(found: DatasetPrice) -> Iterator[str]:
    measured, aim = found.measured, found.options.aim
    if measured.draws is None:
        if found.options.wants_sample and measured.parts:
            yield f"no sample: every row was counted, as {_why_whole(found)}"
        return
    read, of = number(len(measured.draws.positions)), number(len(measured.parts))
    yield f"sampled: {read} of {of} pieces, seed {aim.seed}; --exact counts every row"
    if found.complete:
        yield from _limit_notes(found)
    if not found.complete:
        yield "something could not be read: the totals have no interval"


def _why_whole(found: DatasetPrice) -> str:
    measured = found.measured
    if measured.size <= EXACT_BYTES:
        return f"it has no more than {size(EXACT_BYTES)}"
    if len(measured.parts) < FEWEST_DRAWS:
        return f"it has {plural(len(measured.parts), 'piece')}, and a sample takes {FEWEST_DRAWS}"
    return "a sample would have read more than a third of it"


def _limit_notes(found: DatasetPrice) -> Iterator[str]:
    """Yield what was asked of a sample and is not reached, since no more may be read."""
    measured, aim = found.measured, found.options.aim
    reached = measured.reached or 0.0
    if aim.mode == "precision" and reached > aim.half_width:
        yield f"± {aim.half_width:.2%} was asked, ± {reached:.2%} is reached: --max-read allows no more"
    read = measured.bytes_read / measured.size if measured.size else 1.0
    if aim.mode == "share" and read < aim.share * _NEARLY:
        yield f"{aim.share:.1%} was asked, {read:.1%} is read: --max-read allows no more"


def _row_notes(found: DatasetPrice) -> Iterator[str]:
    longest = found.measured.longest
    if longest.place:
        yield f"longest: {longest.place}"
    if found.around:
        tokens = plural(found.around, "token")
        yield f"template: {tokens} of every row; its text beside a column is counted with the column"
