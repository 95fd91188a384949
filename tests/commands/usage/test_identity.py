"""One answer in several lines is one; two answers that look alike are two."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.commands.usage.answer import Answer, Usage
from gpt41calc.commands.usage.charges import total
from gpt41calc.commands.usage.ledger import Ledger
from gpt41calc.commands.usage.read_logs import LogReader
from gpt41calc.commands.usage.row_keys import DEFAULT_KEYS
from gpt41calc.pricing.fees import load_fees
from gpt41calc.pricing.table import load_pricing

PRICING = load_pricing()
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def ledger() -> Ledger:
    """Return an empty ledger."""
    return Ledger(PRICING.find, load_fees, date(2026, 11, 22), DEFAULT_KEYS, UTC)


def answer(output: int, prompt: int = 1000, **changed: Any) -> Answer:
    """Return a line of an answer that was logged at noon."""
    known: dict[str, Any] = {
        "place": "a:1",
        "model": "claude-sonnet-4-6",
        "tier": "standard",
        "day": NOON.date(),
        "at": NOON,
        "usage": Usage(fresh_tokens=prompt, output_tokens=output),
        "id": "msg_1",
    }
    return Answer(**(known | changed))


def later(seconds: int) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(seconds=seconds)


def test_largest_line_of_a_stream_wins() -> None:
    """What is written again while it streams is one answer, as long as its longest line."""
    book = ledger()
    fates = [
        book.add(answer(output, at=later(at), session="s", request_id="r")) for at, output in enumerate((9, 9, 159, 20))
    ]
    whole = total(book.rows())

    assert ["billed", "duplicate", "duplicate", "duplicate"] == fates
    assert (1, 159, Decimal("0.005385"), 1) == (
        whole.requests,
        whole.usage.output_tokens,
        whole.charge.total,
        book.repeated,
    )


def test_shared_identifier() -> None:
    """Answers of another session and time, of another prompt, request or model are answers of their own."""
    book = ledger()
    fates = [
        book.add(one)
        for one in (
            answer(5, session="s"),
            answer(5, session="t", at=later(1)),
            answer(5, prompt=1001, session="s", at=later(2)),
            answer(5, session="s", model="claude-sonnet-4-5"),
            answer(5, id="chatcmpl", custom_id="a"),
            answer(5, id="chatcmpl", custom_id="b"),
            answer(5, id="dated", is_dated=True),
            answer(5, id="dated", is_dated=True, at=later(3)),
            answer(5, id="relay", file="a"),
            answer(5, id="relay", file="b", at=later(1)),
            answer(5, id=None),
            answer(5, id=None),
        )
    ]

    assert ["billed"] * 12 == fates


def test_replay_of_a_resumed_session() -> None:
    """A log of another session that repeats lines with their times is a replay, wherever it begins."""
    book = ledger()
    for at, output in enumerate((9, 159)):
        book.add(answer(output, at=later(at), session="parent", request_id="r"))
    fates = [
        book.add(answer(output, at=later(at), session="fork", request_id="r")) for at, output in ((1, 159), (2, 9))
    ]

    assert ["replay", "replay"] == fates
    assert (1, 159) == (total(book.rows()).requests, total(book.rows()).usage.output_tokens)


def test_same_answer_in_two_files() -> None:
    """The answer itself says when it was made: any copy of it is the same answer."""
    book = ledger()
    one = answer(5, is_dated=True, request_id="b1", custom_id="a")

    assert ["billed", "duplicate"] == [book.add(one), book.add(one)]


lines = st.lists(
    st.tuples(st.sampled_from(("x", "y", None)), st.integers(1, 50), st.sampled_from(("s", "t", None))), max_size=12
)


@given(lines, st.randoms(use_true_random=False))
def test_order_does_not_matter(written: list[tuple[str | None, int, str | None]], chance: Any) -> None:
    """In whatever order lines come, the same answers are billed, with the same sum."""
    shuffled = written.copy()
    chance.shuffle(shuffled)
    sums = []
    for some in (written, shuffled):
        book = ledger()
        for name, output, session in some:
            book.add(answer(output, id=name, session=session))
        whole = total(book.rows())
        sums.append((whole.requests, whole.usage, whole.charge.total))

    assert sums[0] == sums[1]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_merging_leaves_nothing_behind(outputs: list[int]) -> None:
    """However often an answer is written again, the sum is that of its longest line alone."""
    book, alone = ledger(), ledger()
    for output in outputs:
        book.add(answer(output, session="s", stated_cost=Decimal(output) / 100))
    alone.add(answer(max(outputs), session="s", stated_cost=Decimal(max(outputs)) / 100))

    assert total(alone.rows()) == total(book.rows())
    assert alone.stated == book.stated


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    """Of long lines, digests and numbers are held: of 24 MB of log, less than a third is in memory at a time."""
    usage = {"input_tokens": 3, "output_tokens": 9}
    with (tmp_path / "log.jsonl").open("w", encoding="utf-8") as file:
        for number in range(1200):
            message = {"id": f"m{number}", "model": "claude-sonnet-4-6", "content": "x" * 20_000, "usage": usage}
            file.write(json.dumps({"type": "assistant", "sessionId": "s", "message": message}) + "\n")
    book = ledger()
    tracemalloc.start()
    LogReader(book, None, None).read([str(tmp_path / "log.jsonl")], 0)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 1200 == book.lines.billed
    assert most < 8 << 20
