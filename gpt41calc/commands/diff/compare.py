"""What a change adds to the files that it affects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ...calculator.change import FileChange, ModelChange, compare_tallies, cost_of_tokens
from ...calculator.workload import Workload
from ...pricing.schema import Model
from ...tally import Tally

__all__ = ["Difference", "compare", "cost_delta_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The tokens and costs that a change adds to the files that it affects."""

    base: str
    """The base as shown in reports: a revision and its hash."""

    head: str
    """The compared side: a revision and its hash, ``staged`` or ``work tree``."""

    base_source: str | None = None
    """Where the base was named: a variable of a CI service, or the default branch; None if the user gave it."""

    is_base_compared_itself: bool = False
    """Whether a commit is compared with itself, so that nothing can differ."""

    changes: tuple[FileChange, ...]
    """Every file that differs between the sides, by path."""

    models: tuple[ModelChange, ...]
    """The effect for each model."""

    encoding: str
    """Encoding of the first model, in which files are reported."""

    workload: Workload
    """Output tokens, number of requests and other settings beside the files."""

    as_of: date
    """The day whose prices apply."""

    requests_per_month: int | None = None
    """Number of requests per month. None if it was not given."""

    config: str | None = None
    """Path of the project file that set options. None if there is none."""

    @property
    def before(self) -> Tally:
        """The changed files before."""
        return Tally.of(*(one.before for one in self.changes if one.before is not None))

    @property
    def after(self) -> Tally:
        """The changed files after."""
        return Tally.of(*(one.after for one in self.changes if one.after is not None))

    @property
    def is_complete(self) -> bool:
        """Whether everything was counted on both sides."""
        return self.before.complete and self.after.complete


def compare(
    changes: Sequence[FileChange], models: Sequence[Model], workload: Workload, on: date
) -> tuple[ModelChange, ...]:
    """Return the effect of a change for each model, as if the affected files were one request.

    Args:
        changes: the files, counted in the encodings of all models.
        models: the models whose prices and limits are used.
        workload: output tokens and tier; the number of requests is not used.
        on: the day whose prices apply.
    """
    before = Tally.of(*(one.before for one in changes if one.before is not None))
    after = Tally.of(*(one.after for one in changes if one.after is not None))
    return compare_tallies(before, after, models, workload, on)


def cost_delta_of(change: FileChange, model: Model, workload: Workload, on: date) -> Decimal | None:
    """Return the additional cost of one request with only this file, without its output, in US dollars.

    Args:
        change: the file, counted in the encoding of the model.
        model: the model whose prices apply.
        workload: the workload, of which only the tier is used.
        on: the day whose prices apply.

    Returns:
        The cost, negative if it is less. None if the file was not counted, or there is no price.
    """
    if change.delta(model.counted_in) is None:
        return None
    return cost_of_tokens(*change.tokens(model.counted_in), model, workload, on)
