"""Try every target in turn until the time is over: ``python -m tests.fuzz --minutes 60 [--seed 1]``."""

from __future__ import annotations

import argparse
import contextlib
import secrets
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

from .case import Case
from .engines import check_engines
from .process import Workshop, preload
from .promises import Broken, check_counts, check_run
from .targets import TARGETS
from .texts import texts

SEEDS = Path(__file__).parent / "seeds"

_EXAMPLES = {"counts": 10, "engines": 200}
_OTHER_EXAMPLES = 60
"""Cases of a target before it is the turn of the next; one of ``counts`` is a dozen runs."""

_OWN_PROCESS_EVERY = 40
"""One run in so many starts Python anew and reads a pipe; the others are forks."""

_MOST_BULK = 400_000
"""Characters of the longest generated text."""

# Cases of a megabyte are meant; hypothesis warns that showing them is slow.
warnings.simplefilter("ignore", HypothesisWarning)


class Campaign:
    """What was tried, and what was found."""

    def __init__(self, minutes: float, first_seed: int) -> None:
        """Begin now."""
        self.end = time.monotonic() + 60 * minutes
        self.seed = first_seed
        self.workshop = Workshop()
        self.runs: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.texts = self.bytes = 0
        self.slowest_seconds = 0.0
        self.found: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.end

    def try_case(self, target: str, case: Case) -> None:
        """Run a case and hold it against every promise.

        Raises:
            Broken: one does not hold.
        """
        self.workshop.prepare(case)
        own_process = sum(self.runs.values()) % _OWN_PROCESS_EVERY == 0
        if case.counts:
            self.texts += len(case.files)
            endings = check_counts(case, self.workshop, own_process=own_process)
        else:
            endings = iter([self.workshop.run(case, own_process=own_process)])
        self.bytes += case.size
        for ended in endings:
            self.runs[target] += 1
            self.statuses[ended.status] += 1
            self.slowest_seconds = max(self.slowest_seconds, ended.seconds)
            if not case.counts:
                check_run(case, ended)

    def fuzz(self, target: str, number: int) -> None:
        """Try some cases of a target; of a new defect, keep the smallest case that shows it."""
        last: list[tuple[Case, Broken]] = []

        def attempt(case: Case) -> None:
            if self.over:
                return
            try:
                self.try_case(target, case)
            except Broken as broken:
                if broken.kind in self.found:
                    self.found[broken.kind] += 1
                    return
                last[:] = [(case, broken)]
                if not broken.kind.startswith("hang"):  # to make it smaller would take a deadline each time
                    raise

        self._drive(attempt, TARGETS[target], number, _EXAMPLES.get(target, _OTHER_EXAMPLES))
        for case, broken in last:
            self._note(broken, str(case.keep(SEEDS, target)))

    def fuzz_engines(self, number: int) -> None:
        """Try some texts on the engines."""
        last: list[tuple[str, Broken]] = []

        def attempt(given_text: tuple[str, int]) -> None:
            text, division = given_text
            if self.over:
                return
            try:
                self.bytes += check_engines(text, division)
                self.texts += 1
            except Broken as broken:
                if broken.kind in self.found:
                    self.found[broken.kind] += 1
                    return
                last[:] = [(text, broken)]
                raise

        self._drive(attempt, st.tuples(texts(_MOST_BULK), st.integers(0, 1 << 32)), number, _EXAMPLES["engines"])
        for text, broken in last:
            case = Case((), {b"in/a.md": text.encode("utf-8", "surrogatepass")}, counts=True)
            self._note(broken, str(case.keep(SEEDS, "engines")))

    def _drive(
        self, attempt: Callable[[Any], None], strategy: st.SearchStrategy[Any], number: int, examples: int
    ) -> None:
        run = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )(seed(number)(given(strategy)(attempt)))
        with contextlib.suppress(Broken):
            run()

    def _note(self, broken: Broken, where: str) -> None:
        self.found[broken.kind] += 1
        self.examples[broken.kind] = f"{where}\n{broken}"
        print(f"FOUND {broken}\n      kept as {where}", flush=True)

    def summary(self) -> str:
        """Return the figures."""
        runs = ", ".join(f"{target} {number:,}" for target, number in sorted(self.runs.items()))
        statuses = ", ".join(f"{status}: {number:,}" for status, number in sorted(self.statuses.items()))
        found = "".join(f"  {number} x {kind}\n" for kind, number in self.found.most_common()) or "  nothing\n"
        return (
            f"seed {self.seed}: {self.texts:,} texts and {self.bytes:,} bytes of input, "
            f"{sum(self.runs.values()):,} runs ({runs})\n"
            f"exit statuses {statuses}; the slowest run took {self.slowest_seconds:.1f} s\n"
            f"found:\n{found}"
        )


def replay(campaign: Campaign) -> None:
    """Try again what was kept earlier."""
    for path in sorted(SEEDS.glob("*.json")):
        try:
            campaign.try_case("seeds", Case.from_json(path.read_text(encoding="utf-8")))
        except Broken as broken:
            campaign._note(broken, str(path))  # noqa: SLF001 - of this module


def main() -> int:
    """Fuzz until the time is over; return 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1, help="how long (default: 1)")
    parser.add_argument("--seed", type=int, default=None, help="repeat a campaign (default: a new one)")
    parser.add_argument("--target", action="append", choices=[*TARGETS, "engines"], help="only this; repeatable")
    given_options = parser.parse_args()
    first_seed = secrets.randbelow(1 << 31) if given_options.seed is None else given_options.seed
    targets = given_options.target or [*TARGETS, "engines"]
    preload()
    campaign = Campaign(given_options.minutes, first_seed)
    try:
        replay(campaign)
        number = first_seed
        while not campaign.over:
            for target in targets:
                number += 1
                if target == "engines":
                    campaign.fuzz_engines(number)
                else:
                    campaign.fuzz(target, number)
    except KeyboardInterrupt:
        pass
    finally:
        campaign.workshop.close()
        print(campaign.summary(), flush=True)
    return 1 if campaign.found else 0


if __name__ == "__main__":
    sys.exit(main())
