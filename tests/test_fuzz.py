"""The fuzz test itself: it sees what is broken, tries again what it found earlier, and runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz.case import Case
from fuzz.engines import check_engines
from fuzz.process import DEADLINE_SECONDS, Ended, Workshop
from fuzz.promises import Broken, check_counts, check_run, expected_text
from fuzz.targets import TARGETS
from fuzz.texts import texts
from hypothesis import HealthCheck, given, settings

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "tests" / "fuzz" / "seeds").glob("*.json"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it runs the program in forks")


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    """Return a folder in which cases are run."""
    made = Workshop()
    yield made
    made.close()


def attempt(case: Case, workshop: Workshop) -> None:
    """Run a case as a process of its own, and hold it against every promise."""
    workshop.prepare(case)
    if case.counts:
        list(check_counts(case, workshop, own_process=True))
    else:
        check_run(case, workshop.run(case, own_process=True))


@pytest.mark.parametrize("seed", SEEDS, ids=[path.stem for path in SEEDS])
def test_what_was_found_stays_repaired(seed: Path, workshop: Workshop) -> None:
    """Every case that once broke a promise keeps it now."""
    attempt(Case.from_json(seed.read_text(encoding="utf-8")), workshop)


def test_a_case_survives_being_kept(tmp_path: Path) -> None:
    """Bytes, names and environment come back as they were."""
    case = Case((b"\xff", b"base64:x"), {b"a\nb": bytes(range(256))}, b"\0", {"A": "\udcff"}, repository=True)
    path = case.keep(tmp_path, "words")

    assert case == Case.from_json(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ([b"count"], Ended(70, b"", b"Traceback (most recent call last):\nKeyError: 1", 0)),
        ([b"count"], Ended(0, b"1", b"Traceback (most recent call last):\n", 0)),
        ([b"count"], Ended(1, b"1", b"", 0)),
        ([b"count"], Ended(120, b"1", b"", 0)),
        ([b"count"], Ended(-11, b"", b"", 0)),
        ([b"count"], Ended(0, b"1", b"", DEADLINE_SECONDS)),
        ([b"count", b"--json"], Ended(0, b'{"schema_version": 1, "x": NaN}', b"", 0)),
        ([b"count", b"--json"], Ended(0, b"", b"", 0)),
        ([b"count", b"--json"], Ended(2, b'{"schema_version": 1}', b"", 0)),
        ([b"check", b"--json"], Ended(0, b'{"schema_version": 1, "passed": false}', b"", 0)),
        ([b"check", b"--json"], Ended(1, b'{"schema_version": 1, "passed": true}', b"", 0)),
    ],
)
def test_a_broken_promise_is_seen(words: list[bytes], ended: Ended) -> None:
    """A crash, a hang, a status that is not ours, and a report that says something else than the status."""
    with pytest.raises(Broken):
        check_run(Case(tuple(words)), ended)


def test_a_wrong_count_is_seen(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What differs from the reference by one token is found, in whichever way it was counted."""
    case = Case((), {b"in/a.md": b"hello world"}, counts=True)
    monkeypatch.setattr("fuzz.promises.reference_tokens", lambda *_: [1, 2, 3])
    workshop.prepare(case)
    with pytest.raises(Broken, match="counts differ"):
        list(check_counts(case, workshop, own_process=True))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\xff\xfea\0", "a"),
        (b"\xef\xbb\xbfa", "a"),
        (b"a\xff", "a\ufffd"),
        (b"a\0", None),
        (b"\0\0\xfe\xff\0\0\0a", "a"),
    ],
)
def test_what_a_file_is_expected_to_say(raw: bytes, expected: str | None) -> None:
    """The rules of byte order marks, damage and NUL, apart from the program's own code."""
    assert expected == expected_text(raw)


@settings(max_examples=5, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(text=texts(5_000))
def test_engines(text: str) -> None:
    """A few texts through every engine; the fuzz test tries millions."""
    assert check_engines(text, 1) >= 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("target", TARGETS)
def test_every_target_runs(target: str, workshop: Workshop) -> None:
    """A case of every target keeps every promise; the fuzz test tries thousands."""

    @settings(max_examples=1, derandomize=True, database=None, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=TARGETS[target])
    def tried(case: Case) -> None:
        attempt(case, workshop)

    tried()


@pytest.mark.exhaustive
def test_it_runs_and_says_what_it_did() -> None:
    """As a program: figures at the end, status 0 if nothing was found."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--minutes", "0.01", "--seed", "7", "--target", "bodies"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert ended.stdout.startswith("seed 7: "), ended.stderr
    assert (0, True) == (ended.returncode, "found:\n  nothing" in ended.stdout)
