"""What does a change add: the same files on both sides, in tokens and dollars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.calculator.change import FileChange, ModelChange
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.diff.compare import Difference, compare, cost_delta_of
from gpt41calc.pricing.table import load_pricing
from gpt41calc.tally import Counted, Skipped

TODAY = date(2026, 11, 22)
PRICING = load_pricing()
GPT, CLAUDE, GEMINI = (PRICING.find(name) for name in ("gpt-4.1", "claude-sonnet-4-6", "gemini-2.5-pro"))
WORKLOAD = Workload(output_tokens=1000)
BINARY = Skipped("a", "binary", expected=True)
GONE = Skipped("a", "permission denied", expected=False)

tokens = st.integers(0, 3_000_000)


def side(tokens: int | Skipped | None) -> Counted | Skipped | None:
    """Return a file of so many tokens."""
    return Counted("a", tokens, {"o200k_base": tokens, "cl100k_base": tokens}) if isinstance(tokens, int) else tokens


def change(before: int | Skipped | None, after: int | Skipped | None) -> FileChange:
    """Return a file that has changed."""
    return FileChange(status="changed", path="a", before=side(before), after=side(after))


def compared(*changes: FileChange, model: str = "gpt-4.1", workload: Workload = WORKLOAD) -> ModelChange:
    """Return what changes mean for one model."""
    (one,) = compare(changes, [PRICING.find(model)], workload, TODAY)
    return one


def difference(*changes: FileChange) -> Difference:
    """Return the difference that changes make."""
    return Difference(
        base="main",
        head="work tree",
        changes=changes,
        models=compare(changes, [GPT], WORKLOAD, TODAY),
        encoding="o200k_base",
        workload=WORKLOAD,
        as_of=TODAY,
    )


def test_by_hand() -> None:
    """Tokens are added up on both sides; a request has the files and its output."""
    one = compared(change(100, 400), change(None, 50), change(30, None))

    assert (130, 450, 320) == (one.before.value, one.after.value, one.delta.value)
    assert (Decimal("0.00826"), Decimal("0.0089")) == (one.cost_before, one.cost_after)
    assert Decimal("0.00064") == one.cost_delta


@pytest.mark.parametrize(
    ("before", "after", "delta", "reasons"),
    [
        (1, 3, 2, ()),
        (None, 3, 3, ()),
        (3, None, -3, ()),
        (BINARY, 3, 3, ("binary",)),
        (3, BINARY, -3, ("binary",)),
        (BINARY, BINARY, None, ("binary",)),
        (None, BINARY, None, ("binary",)),
        (GONE, 3, None, ("permission denied",)),
        (3, GONE, None, ("permission denied",)),
        (BINARY, GONE, None, ("binary", "permission denied")),
    ],
)
def test_delta_of_a_file(
    before: int | Skipped | None, after: int | Skipped | None, delta: int | None, reasons: tuple[str, ...]
) -> None:
    """What need not be counted adds nothing; what should have been makes the delta unknown."""
    one = change(before, after)

    assert (delta, reasons) == (one.delta("o200k_base"), one.reasons)


def test_missing_input_makes_it_incomplete() -> None:
    """A side that should have been counted makes the difference incomplete; an expected skip does not."""
    found = [difference(change(1, 2), change(*sides)) for sides in ((1, BINARY), (1, GONE), (GONE, 1))]

    assert [True, False, False] == [one.is_complete for one in found]


def test_nothing_changed() -> None:
    """No changes are no tokens, no dollars and no limits crossed."""
    one = difference().models[0]

    assert (0, Decimal(0), ()) == (one.delta.value, one.cost_delta, one.crossed)


@pytest.mark.parametrize(
    ("before", "after", "crossed"),
    [
        (GPT.window - 1000, GPT.window - 999, ("no longer fits the window of 1,047,576 tokens",)),
        (GPT.window - 1001, GPT.window - 1000, ()),
        (GPT.window - 999, GPT.window, ()),
        (GPT.window, 1, ()),
    ],
)
def test_window_crossed(before: int, after: int, crossed: tuple[str, ...]) -> None:
    """The window is crossed by the token that no longer fits, once, and only upwards."""
    assert crossed == compared(change(before, after)).crossed


@pytest.mark.parametrize(
    ("before", "after", "crossed"),
    [
        (272_000, 272_001, ("prompts above 272,000 tokens have a higher price",)),
        (271_999, 272_000, ()),
        (272_001, 272_002, ()),
        (272_001, 272_000, ()),
    ],
)
def test_price_step_crossed(before: int, after: int, crossed: tuple[str, ...]) -> None:
    """A higher price for long prompts is crossed by the first token that it is asked for."""
    assert crossed == compared(change(before, after), model="gpt-5.4").crossed


def test_requests_and_cache_do_not_matter() -> None:
    """A change is priced as one request that no cache serves, whatever else is asked."""
    asked = replace(WORKLOAD, requests=1_000, cached_tokens=50)

    assert compared(change(100, 400)) == compared(change(100, 400), workload=asked)


def test_no_price() -> None:
    """Without a price on the day, or for the tier, there are tokens and no dollars."""
    (one,) = compare([change(1, 5)], [GPT], WORKLOAD, date(2025, 1, 1))

    assert (4, None, None, None) == (one.delta.value, one.cost_before, one.cost_after, one.cost_delta)
    assert cost_delta_of(change(1, 5), GPT, WORKLOAD, date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("before", "after", "cost"),
    [
        (1_000, 1_500, Decimal("0.001")),
        (None, 500, Decimal("0.001")),
        (500, None, Decimal("-0.001")),
        (BINARY, 500, Decimal("0.001")),
        (GONE, 500, None),
        (BINARY, None, None),
    ],
)
def test_cost_of_a_file(before: int | Skipped | None, after: int | Skipped | None, cost: Decimal | None) -> None:
    """A file costs more by what its input costs, without any output; unknown where its tokens are."""
    assert cost == cost_delta_of(change(before, after), GPT, WORKLOAD, TODAY)


@given(st.lists(st.tuples(tokens, tokens), max_size=5))
def test_files_add_up_to_the_whole(pairs: list[tuple[int, int]]) -> None:
    """Where the price does not depend on the length, files cost together what the whole change costs."""
    changes = [change(before, after) for before, after in pairs]
    one = compared(*changes)
    costs = [cost_delta_of(each, GPT, WORKLOAD, TODAY) for each in changes]

    assert one.delta.value == sum(each.delta("o200k_base") or 0 for each in changes)
    assert one.cost_delta == sum((cost for cost in costs if cost is not None), Decimal())


@given(tokens, tokens, st.sampled_from([GPT, CLAUDE, GEMINI]))
def test_there_and_back(before: int, after: int, model: object) -> None:
    """A change and its undoing cancel each other, in tokens and in dollars."""
    there, back = (
        compare([change(*sides)], [model], WORKLOAD, TODAY)[0]  # type: ignore[list-item]
        for sides in ((before, after), (after, before))
    )

    assert (0, 0) == (there.delta.value + back.delta.value, (there.cost_delta or 0) + (back.cost_delta or 0))
    assert (there.delta.low, there.delta.high) == (-back.delta.high, -back.delta.low)


@given(tokens, tokens)
def test_bounds_of_a_delta(before: int, after: int) -> None:
    """The bounds of an estimated delta lie where one ratio for both sides puts them, within a token."""
    delta = compared(change(before, after), model="claude-sonnet-4-6").delta
    ends = sorted([(after - before) * Decimal("1.02"), (after - before) * Decimal("1.50")])

    assert delta.low <= delta.value <= delta.high
    assert abs(delta.low - ends[0]) <= 1
    assert abs(delta.high - ends[1]) <= 1
