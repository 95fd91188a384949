"""Checks, differences and histories that several tests write in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from gpt41calc.calculator.budget import Budget, Check, Increase, Limits, Verdict
from gpt41calc.calculator.change import FileChange
from gpt41calc.calculator.workload import Workload
from gpt41calc.commands.check.evaluate import evaluate_budget
from gpt41calc.commands.diff.compare import Difference, compare
from gpt41calc.commands.log.history import CommitRow, History
from gpt41calc.pricing.table import load_pricing
from gpt41calc.tally import Counted, Skipped, Tally

TODAY = date(2026, 11, 22)
PRICING = load_pricing()
WORKLOAD = Workload(output_tokens=2000)
PROMPTS_BUDGET = """
model = ["gpt-4.1"]
[[budget]]
name = "prompts"
paths = ["prompts/**"]
"""
"""A project file with one budget, whose limits are still to be written."""
HOSTILE = (
    "a\nb\x1b[2J.md",
    "]]><script>alert(1)</script>",
    "::error::x%0A::error file=a,line=1::y",
    "\u202egpj.exe",
    "caf\udce9|`x`.md",
    "=cmd|' /C calc'!A0",
)
"""Names that some report could take for more than a name."""


def tally(files: Mapping[str, int], *skipped: Skipped) -> Tally:
    """Return files of so many tokens, in either encoding, and what was skipped."""
    counted = [Counted(path, 4 * n, {"o200k_base": n, "cl100k_base": n + 1}) for path, n in files.items()]
    return Tally.of(*counted, *skipped)


def verdict(
    budget: Budget,
    inputs: Tally,
    *,
    models: tuple[str, ...] = ("gpt-4.1",),
    before: Tally | None = None,
    unmatched: tuple[str, ...] = (),
) -> Verdict:
    """Return a budget, evaluated today."""
    found = [PRICING.find(name) for name in models]
    return evaluate_budget(budget, inputs, found, WORKLOAD, on=TODAY, before=before, unmatched=unmatched)


def check(*verdicts: Verdict, models: tuple[str, ...] = ("gpt-4.1",)) -> Check:
    """Return a check with these verdicts."""
    return Check(
        verdicts=verdicts,
        models=tuple(PRICING.find(name) for name in models),
        workload=WORKLOAD,
        as_of=TODAY,
        pricing_checked=TODAY,
        fail_on="error",
        config="pyproject.toml",
    )


PROMPTS = tally({"prompts/system.md": 9_000, "prompts/tools.md": 3_000})
GROWN = tally({"prompts/system.md": 10_120, "prompts/tools.md": 2_900, "prompts/new.md": 100})
LOST = Skipped("prompts/gone.md", "permission denied", expected=False)
BINARY = Skipped("prompts/logo.png", "binary", expected=True)


def kept() -> Check:
    """Return a check of which every budget is kept, one of them to its last token."""
    exactly = Budget(name="prompts", limits=Limits(token_budget=12_000, max_context=Decimal(60)))
    cheap = Budget(name="money", limits=Limits(max_cost=Decimal("0.05")))
    return check(verdict(exactly, PROMPTS), verdict(cheap, PROMPTS))


def broken() -> Check:
    """Return a check with every limit there is, most of them broken, one only warned of, one kept."""
    limits = Limits(
        token_budget=12_000,
        token_budget_per_file=10_000,
        max_cost=Decimal("0.04"),
        max_monthly_cost=Decimal(400),
        requests_per_month=10_000,
        max_context=Decimal("1.4"),
        fail_if_retires_within=90,
    )
    dollars = Limits(max_increase=Increase(Decimal("0.002"), "USD"))
    percent = Limits(max_increase=Increase(Decimal(5), "percent"))
    tokens = Limits(max_increase=Increase(Decimal(1_000), "tokens"))
    return replace(
        check(
            verdict(Budget(name="system prompts", limits=limits), GROWN, before=PROMPTS),
            verdict(Budget(name="growth", limits=percent), GROWN, before=PROMPTS),
            verdict(Budget(name="advice", limits=dollars, level="warn"), GROWN, before=PROMPTS),
            verdict(Budget(name="advice on tokens", limits=tokens, level="warn"), GROWN, before=PROMPTS),
            verdict(Budget(name="new", limits=percent), tally({"docs/a.md": 10}), before=Tally()),
            verdict(
                Budget(name="docs", limits=Limits(token_budget=500)),
                tally({"docs/a.md": 10}),
                unmatched=("docs/*.rst",),
            ),
        ),
        against="main (0123456789ab)",
        overlay="prices.toml",
    )


def incomplete() -> Check:
    """Return a check in which files are missing: one budget broken all the same, one within, one of growth."""
    seen = tally({"prompts/system.md": 9_000}, LOST, BINARY)
    within = Budget(name="within", limits=Limits(token_budget=12_000, max_cost=Decimal("0.05")))
    over = Budget(name="over", limits=Limits(token_budget=8_999))
    growth = Budget(name="growth", limits=Limits(max_increase=Increase(Decimal(5), "percent")))
    dates = Budget(name="dates", limits=Limits(fail_if_retires_within=10), level="warn")
    return check(
        verdict(within, seen), verdict(over, seen), verdict(growth, seen, before=PROMPTS), verdict(dates, seen)
    )


def estimated() -> Check:
    """Return a check for a model whose tokenizer is not public, beside one that is exact."""
    models = ("claude-sonnet-4-6", "gpt-4.1")
    limits = Limits(
        token_budget=15_000,
        token_budget_per_file=11_970,
        max_cost=Decimal("0.08"),
        max_context=Decimal("1.5"),
        max_increase=Increase(Decimal(500), "tokens"),
        fail_if_retires_within=10,
    )
    before = tally({"prompts/system.md": 8_000, "prompts/tools.md": 3_000})
    return check(verdict(Budget(name="prompts", limits=limits), PROMPTS, models=models, before=before), models=models)


def hostile() -> Check:
    """Return a check in which every name wants to be more than a name."""
    limits = Limits(token_budget=5, token_budget_per_file=9)
    inputs = tally(
        {name: 10 + at for at, name in enumerate(HOSTILE)}, Skipped(HOSTILE[0] + "2", "binary", expected=True)
    )
    verdicts = [
        verdict(Budget(name=name, limits=limits), inputs, unmatched=(HOSTILE[2],)) for name in (HOSTILE[0], HOSTILE[1])
    ]
    lost = tally({HOSTILE[4]: 1}, Skipped(HOSTILE[2], "permission denied", expected=False))
    verdicts.append(verdict(Budget(name=HOSTILE[2], limits=Limits(token_budget=5)), lost))
    return replace(check(*verdicts), config=HOSTILE[3], against=HOSTILE[1], overlay=HOSTILE[5])


CHECKS = {"kept": kept, "broken": broken, "incomplete": incomplete, "estimated": estimated, "hostile": hostile}


def counted(path: str, tokens: int) -> Counted:
    """Return a file of so many tokens."""
    return Counted(path, 4 * tokens, {"o200k_base": tokens, "cl100k_base": tokens + 1})


def difference(*changes: FileChange, models: tuple[str, ...] = ("gpt-4.1",)) -> Difference:
    """Return what these changes come to."""
    found = [PRICING.find(name) for name in models]
    return Difference(
        base="main (0123456789ab)",
        head="work tree",
        changes=changes,
        models=compare(changes, found, WORKLOAD, TODAY),
        encoding=found[0].counted_in,
        workload=WORKLOAD,
        as_of=TODAY,
    )


def changed() -> Difference:
    """Return a difference with every status and every reason not to count."""
    return replace(
        difference(
            FileChange(status="added", path="a/new.md", after=counted("a/new.md", 1_300)),
            FileChange(status="removed", path="a/old.md", before=counted("a/old.md", 300)),
            FileChange(
                status="renamed",
                path="b/to.md",
                old_path="b/from.md",
                before=counted("b/from.md", 50),
                after=counted("b/to.md", 50),
            ),
            FileChange(status="changed", path="c.md", before=counted("c.md", 2_000), after=counted("c.md", 1_990)),
            FileChange(
                status="changed",
                path="d.bin",
                before=Skipped("d.bin", "binary", expected=True),
                after=counted("d.bin", 9),
            ),
            FileChange(status="changed", path="lib", before=None, after=Skipped("lib", "a submodule", expected=True)),
        ),
        requests_per_month=30_000,
    )


def crossing() -> Difference:
    """Return a difference after which a window and a price step are crossed, with an estimated model first."""
    return difference(
        FileChange(status="changed", path="a.txt", before=counted("a.txt", 120_000), after=counted("a.txt", 260_000)),
        models=("gemini-2.5-pro", "gpt-4o", "gpt-4.5-preview"),
    )


def unchanged() -> Difference:
    """Return a difference of nothing."""
    return difference()


def hostile_difference() -> Difference:
    """Return a difference whose names want to be more than names, and of which input is missing."""
    one, two, three, four, five, six = HOSTILE
    return replace(
        difference(
            FileChange(status="added", path=one, after=counted(one, 7)),
            FileChange(status="renamed", path=two, old_path=five, before=counted(five, 7), after=counted(two, 8)),
            FileChange(
                status="changed", path=three, before=counted(three, 7), after=Skipped(three, "gone", expected=False)
            ),
            FileChange(status="removed", path=six, before=counted(six, 7)),
        ),
        base=four,
        head=three,
    )


DIFFERENCES = {"changed": changed, "crossing": crossing, "unchanged": unchanged, "hostile": hostile_difference}


def history(*tokens: int, **options: object) -> History:
    """Return a history in which the paths came to so many tokens, commit by commit."""
    rows = [
        CommitRow(
            hash=(f"{at + 1:x}" * 40)[:40],
            date=date(2026, 10, 1) + timedelta(at),
            subject=f"change {at + 1}",
            tokens=now,
            delta=now - tokens[at - 1] if at else None,
            files=at + 1,
        )
        for at, now in enumerate(tokens)
    ]
    return replace(History(rows=tuple(rows), paths=("prompts",), encoding="o200k_base"), **options)  # type: ignore[arg-type]


def grown() -> History:
    """Return a history in which the third commit breaks the budget, the fourth mends it, the fifth is incomplete."""
    found = history(900, 1_000, 1_001, 950, 990, budget_tokens=1_000, since="v1.0")
    return replace(found, rows=(*found.rows[:-1], replace(found.rows[-1], complete=False)), is_shallow=True)


def estimated_history() -> History:
    """Return a history for an estimated model, whose high bound breaks the budget."""
    return history(900, 1_000, model=PRICING.find("claude-sonnet-4-6"), budget_tokens=1_200)


def hostile_history() -> History:
    """Return a history whose subjects and paths want to be more than text."""
    found = history(*range(10, 10 + len(HOSTILE)), paths=HOSTILE, since=HOSTILE[3], budget_tokens=11)
    rows = [replace(row, subject=name) for row, name in zip(found.rows, HOSTILE, strict=True)]
    return replace(found, rows=tuple(rows))


HISTORIES = {"grown": grown, "estimated": estimated_history, "empty": history, "hostile": hostile_history}
