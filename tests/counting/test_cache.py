"""Remembered counts cost time at worst: never a wrong number, never a failure."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from conftest import Outcome, Spawn

from gpt41calc.counting.cache import CountCache
from gpt41calc.counting.count import survey
from gpt41calc.counting.fingerprint import fingerprint
from gpt41calc.sources.source import Rules, Source
from gpt41calc.tally import Counted, Skipped, Tally
from gpt41calc.tokenizer.engines import tokenizer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files and modes of POSIX")

COUNT = ("count", "tree", "--json", "--by", "file")
HOUR = 3600
RULES = Rules()

TEXTS = {
    **{f"{number:02}.txt": b"line %d of words\n" % number * (number + 1) for number in range(18)},
    "long.txt": b"A folder of less is looked up.\n" * 4000,
    "lossy.txt": b"caf\xff au lait",
    "same as lossy.txt": "caf\ufffd au lait".encode(),
    "utf8.txt": "Grüße".encode(),
    "mark.txt": b"\xef\xbb\xbf" + "Grüße".encode(),
    "utf16.txt": b"\xff\xfe" + "Grüße".encode("utf-16-le"),
    "binary.bin": b"\0\1\2",
    "late.bin": b"text " * 4000 + b"\0",
    "empty.txt": b"",
}
"""Enough text for the cache to be used, among them texts that are alike in files that are not."""


@pytest.fixture(autouse=True)
def tree(tmp_path: Path) -> Path:
    """Return a folder of files."""
    folder = tmp_path / "tree"
    folder.mkdir()
    for name, content in TEXTS.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def later(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what makes a process start an hour later, when no file is freshly written."""
    folder = tmp_path_factory.mktemp("clock")
    shift = f"import time\nnow = time.time_ns\ntime.time_ns = lambda: now() + {HOUR}_000_000_000\n"
    (folder / "sitecustomize.py").write_text(shift)
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an hour pass in this process."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + HOUR * 10**9)


@pytest.fixture
def cached(environment: dict[str, str]) -> Path:
    """Return the file of the cache, in a folder that is there already."""
    folder = Path(environment["XDG_CACHE_HOME"], "gpt41calc")
    folder.mkdir(parents=True, mode=0o700)
    return folder / "counts-v1.sqlite3"


Count = Callable[..., tuple[Tally, list[str]]]


@pytest.fixture
def count(tmp_path: Path) -> Count:
    """Return a function that counts files with a cache in ``tmp_path``, and says what it was warned of."""

    def run(
        *paths: Path, rules: Rules = RULES, encodings: tuple[str, ...] = ("o200k_base",)
    ) -> tuple[Tally, list[str]]:
        warnings: list[str] = []
        cache = CountCache(tmp_path / "cache", warnings.append)
        found = [Source(path.name, str(path), named=False) for path in paths]
        tally = survey(found, {name: tokenizer(name) for name in encodings}, rules, cache=cache)
        cache.close()
        return tally, warnings

    return run


def plain(*paths: Path, rules: Rules = RULES) -> Tally:
    """Count files without a cache."""
    found = [Source(path.name, str(path), named=False) for path in paths]
    return survey(found, {"o200k_base": tokenizer("o200k_base")}, rules)


def rows(path: Path, question: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask or change a cache."""
    database = sqlite3.connect(path)
    with database:
        found = database.execute(question, values).fetchall()
    database.close()
    return found


def mislead(path: Path) -> None:
    """Make every count one token too high, so that a count that was remembered shows."""
    rows(path, "UPDATE content SET tokens = tokens + 1")


def told(run: Outcome) -> list[str]:
    """Return what a run said of its cache; of a lossy file it says something, too."""
    return [line for line in run.stderr.splitlines() if "cache" in line]


# -- What is remembered


def test_a_second_run_says_the_same(spawn: Spawn, cached: Path, later: dict[str, str]) -> None:
    """With the cache cold, warm, or not used, of fresh files or old ones, the report is the same to the byte."""
    runs = [spawn(*COUNT, "--no-cache"), spawn(*COUNT), spawn(*COUNT, env=later), spawn(*COUNT, env=later)]
    remembered = rows(cached, "SELECT count(*) FROM file")[0][0]
    expected: Any = ({runs[0].stdout}, {0}, [[]] * 4, len(TEXTS) - 1)
    actual = ({run.stdout for run in runs}, {run.status for run in runs}, [told(run) for run in runs], remembered)

    assert expected == actual


def test_what_is_remembered_is_used_unless_forbidden(spawn: Spawn, cached: Path, later: dict[str, str]) -> None:
    """A warm cache is believed; --no-cache neither reads nor writes it."""
    right = int(spawn("count", "-q", "tree", env=later).stdout)
    mislead(cached)
    before = cached.read_bytes()
    unread = int(spawn("count", "-q", "--no-cache", "tree", env=later).stdout)
    unwritten = cached.read_bytes() == before
    counts = rows(cached, "SELECT count(*) FROM content")[0][0]
    expected = (right, True, right + counts)
    actual = (unread, unwritten, int(spawn("count", "-q", "tree", env=later).stdout))

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_texts_alike_in_files_that_are_not(count: Count, tree: Path) -> None:
    """A mark, another encoding and bytes that are no text are remembered with their own file, in either order."""
    paths = sorted(tree.iterdir())
    expected: Any = [(plain(*paths), [])] * 3
    actual = [count(*paths), count(*paths), [count(*reversed(paths)), count(*paths)][1]]

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_changed_content_is_counted_again(count: Count, tree: Path) -> None:
    """Another content of the same size, with the time of its change set back, is noticed."""
    path = tree / "00.txt"
    before = count(path)[0].tokens("o200k_base")
    status = path.stat()
    time.sleep(0.02)
    path.write_bytes((b"x1" * status.st_size)[: status.st_size])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    same = (path.stat().st_size, path.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)
    expected = (True, True, plain(path))
    actual = (same, before != plain(path).tokens("o200k_base"), count(path)[0])

    assert expected == actual


def test_a_fresh_file_is_known_by_its_content_only(count: Count, tree: Path, tmp_path: Path) -> None:
    """A file that may change without showing it is read again; its content is still recalled."""
    path = tree / "00.txt"
    tomorrow = time.time() + 24 * HOUR
    os.utime(path, (tomorrow, tomorrow))
    right = count(path)[0].tokens("o200k_base")
    database = tmp_path / "cache" / "counts-v1.sqlite3"
    mislead(database)
    expected = ([(0,)], right + 1)
    actual = (rows(database, "SELECT count(*) FROM file"), count(path)[0].tokens("o200k_base"))

    assert expected == actual


class Slow:
    """A tokenizer that takes longer than a fresh file stays fresh."""

    identity = "slow"

    def count(self, text: str | bytes) -> int:  # noqa: ARG002
        """Sleep."""
        time.sleep(2.1)
        return 1

    def encode(self, text: str | bytes) -> array[int]:
        """Sleep as long."""
        return array("I", [self.count(text)])


def test_a_file_does_not_age_while_it_is_counted(tmp_path: Path) -> None:
    """What was fresh when it was read stays so, however long counting takes."""
    path = tmp_path / "fresh"
    cache = CountCache(tmp_path / "cache", pytest.fail)
    path.write_bytes(b"text")
    survey([Source("fresh", str(path), named=True)], {"slow": Slow()}, Rules(), cache=cache)
    cache.close()
    expected = [(0, 1)]
    actual = rows(cache.path, "SELECT (SELECT count(*) FROM file), (SELECT count(*) FROM content)")

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_content_elsewhere_is_recalled(count: Count, tree: Path, tmp_path: Path) -> None:
    """A file that was moved, and one that was copied, is known by its content."""
    right = count(tree / "05.txt")[0].tokens("o200k_base")
    mislead(tmp_path / "cache" / "counts-v1.sqlite3")
    moved = (tree / "05.txt").rename(tmp_path / "moved")
    copied = Path(shutil.copy(moved, tmp_path / "copied"))
    expected = [right + 1, right + 1]
    actual = [count(path)[0].tokens("o200k_base") for path in (moved, copied)]

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_what_is_no_text_is_remembered_as_such(count: Count, tree: Path, tmp_path: Path) -> None:
    """Binary files are not opened again, and lossy ones stay lossy."""
    paths = (tree / "binary.bin", tree / "late.bin", tree / "lossy.txt")
    first = count(*paths)
    stored = rows(tmp_path / "cache" / "counts-v1.sqlite3", "SELECT count(*) FROM file WHERE digest = x''")
    found: list[Counted | Skipped] = [
        Skipped("binary.bin", "binary", expected=True),
        Skipped("late.bin", "binary", expected=True),
        Counted("lossy.txt", 12, {"o200k_base": tokenizer("o200k_base").count(b"caf\xff au lait")}, lossy=True),
    ]
    expected: Any = ((Tally.of(*found), []), (Tally.of(*found), []), [(2,)])
    actual = (first, count(*paths), stored)

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
@pytest.mark.parametrize(
    "rules",
    [Rules(text=True), Rules(max_bytes=1), Rules(max_bytes=100), Rules(text=True, max_bytes=10**6)],
    ids=["text", "tiny", "small", "large"],
)
def test_other_rules_with_a_warm_cache(count: Count, tree: Path, rules: Rules) -> None:
    """What is remembered under some rules is not used where others lead elsewhere, either way round."""
    paths = sorted(tree.iterdir())
    expected = [plain(*paths), plain(*paths, rules=rules), plain(*paths), plain(*paths, rules=rules)]
    actual = [count(*paths)[0], count(*paths, rules=rules)[0], count(*paths)[0], count(*paths, rules=rules)[0]]

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_other_encodings_with_a_warm_cache(count: Count, tree: Path) -> None:
    """A count in one encoding is not taken for another's, and both are remembered side by side."""
    paths = sorted(tree.iterdir())
    both = ("o200k_base", "cl100k_base")
    found = [Source(path.name, str(path), named=False) for path in paths]
    right = survey(found, {name: tokenizer(name) for name in both}, Rules())
    runs = [count(*paths, encodings=asked)[0] for asked in (both[:1], both[1:], both, both, both[1:])]
    o200k, cl100k = (right.tokens(name) for name in both)
    expected = ([(o200k, 0), (0, cl100k), (o200k, cl100k), (o200k, cl100k), (0, cl100k)], right)
    actual = ([(run.tokens(both[0]), run.tokens(both[1])) for run in runs], runs[3])

    assert expected == actual


def test_other_options_with_a_warm_cache(spawn: Spawn, later: dict[str, str]) -> None:
    """Another model, --text and --max-file-size give the same with a warm cache as without one."""
    spawn(*COUNT, env=later)
    options = (("-m", "gpt-4"), ("--text", "--max-file-size", "100"))
    expected = [spawn(*COUNT, *option, "--no-cache").stdout for option in options]
    actual = [spawn(*COUNT, *option, env=later).stdout for option in options]

    assert expected == actual


@pytest.mark.parametrize("seconds", [-(10**11), -1, 0, 10**11])
def test_any_time_of_change_has_a_fingerprint_or_none(seconds: int) -> None:
    """A time far from ours is no failure, and one to come is never trusted."""
    parts = {"st_dev": 1, "st_ino": 1, "st_size": 1, "st_mode": stat.S_IFREG, "st_ctime_ns": 0}
    status = cast("os.stat_result", SimpleNamespace(**parts, st_mtime_ns=seconds * 10**9))
    known = fingerprint(status, now_ns=time.time_ns() + HOUR * 10**9, as_text=False)
    expected = seconds <= 0
    actual = known is not None

    assert expected == actual


@pytest.mark.skipif(not os.path.exists("/proc/uptime"), reason="no /proc")
@pytest.mark.usefixtures("hour_later")
def test_files_that_the_system_makes_up_are_not_remembered(count: Count, tmp_path: Path) -> None:
    """A file of /proc or /sys, which changes without showing it, is always read."""
    paths = [Path(path) for path in ("/proc/uptime", "/sys/kernel/mm/transparent_hugepage/enabled")]
    counted = count(*(path for path in paths if path.exists()))[0].files
    expected = (True, [(0,)])
    actual = (counted > 0, rows(tmp_path / "cache" / "counts-v1.sqlite3", "SELECT count(*) FROM file"))

    assert expected == actual


# -- What is not believed


@pytest.mark.usefixtures("hour_later")
@pytest.mark.parametrize(
    "change",
    [
        "content SET tokens = -1",
        "content SET tokens = 1000000000000000000000000000000",
        "content SET tokens = 'many'",
        "content SET tokens = NULL",
        "content SET tokens = x'07'",
        "content SET tokens = 2.5",
        "content SET tokens = 3 * bytes + 4",
        "content SET lossy = 7",
        "content SET lossy = NULL",
        "content SET lossy = 'no'",
        "content SET bytes = -1",
        "content SET bytes = 'few'",
        "content SET identity = x'00'",
        "content SET identity = 'p50k_base:' || identity",
        "content SET digest = 'text'",
        "file SET digest = 'text'",
        "file SET digest = 5",
        "file SET digest = x'00'",
        "file SET fingerprint = 'text'",
        "file SET fingerprint = x'00'",
    ],
)
def test_rows_that_cannot_be_true(count: Count, tree: Path, tmp_path: Path, change: str) -> None:
    """A row of the wrong type or out of range is as if it were not there."""
    path = tree / "lossy.txt"
    count(path)
    database = tmp_path / "cache" / "counts-v1.sqlite3"
    rows(database, f"UPDATE {change}")
    expected: Any = [(plain(path), [])] * 2
    actual = [count(path), count(path)]

    assert expected == actual


def garbage(path: Path) -> None:
    """Write what is no database."""
    path.write_bytes(bytes(range(256)) * 40)


def truncated(path: Path) -> None:
    """Cut a database off after its first page."""
    path.write_bytes(path.read_bytes()[:4096])


def overwritten(path: Path) -> None:
    """Fill all pages but the first with something else."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))


def other_tables(path: Path) -> None:
    """Give the tables other columns."""
    path.unlink()
    rows(path, "CREATE TABLE content (a)")
    rows(path, "CREATE TABLE file (b)")


def other_text(path: Path) -> None:
    """Put bytes that are no UTF-8 where a name belongs."""
    rows(path, "UPDATE content SET identity = CAST(x'ff' AS TEXT) || hex(digest)")


@pytest.mark.usefixtures("hour_later")
@pytest.mark.parametrize("damage", [garbage, truncated, overwritten, other_tables, other_text])
def test_a_damaged_cache_is_begun_anew(
    count: Count, tree: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """What is damaged gives one warning and the right numbers, and the next run finds a cache that works."""
    paths = sorted(tree.iterdir())
    count(*paths)
    database = tmp_path / "cache" / "counts-v1.sqlite3"
    damage(database)
    tally, warnings = count(*paths)
    again = count(*paths)
    count(*paths)
    expected: Any = (plain(*paths), 1, True, (plain(*paths), []), len(TEXTS) - 1)
    actual = (
        tally,
        len(warnings),
        "damaged" in "".join(warnings) or "not written" in "".join(warnings),
        again,
        rows(database, "SELECT count(*) FROM file")[0][0],
    )

    assert expected == actual


def test_a_damaged_cache_in_a_real_run(spawn: Spawn, cached: Path) -> None:
    """The warning goes to standard error, once, and changes neither the report nor the status."""
    right = spawn(*COUNT, "--no-cache").stdout
    garbage(cached)
    runs = [spawn(*COUNT), spawn(*COUNT)]
    warned = [line.startswith("gpt41calc: warning: the cache ") for line in told(runs[0])]
    expected: Any = ([(right, 0), (right, 0)], [True], [])
    actual = ([(run.stdout, run.status) for run in runs], warned, told(runs[1]))

    assert expected == actual


def test_the_file_of_another_version_is_left_alone(spawn: Spawn, cached: Path) -> None:
    """Whatever another version of the program keeps is neither read nor written nor removed."""
    others = [cached.with_name(f"counts-v{version}.sqlite3") for version in (0, 2)]
    for other in others:
        other.write_bytes(b"another version's")
    ended = [spawn(*COUNT), spawn("cache", "clear")]
    expected: Any = ([0, 0], [[], []], [b"another version's"] * 2, False)
    actual = (
        [one.status for one in ended],
        [told(one) for one in ended],
        [other.read_bytes() for other in others],
        cached.exists(),
    )

    assert expected == actual


# -- Where it cannot be kept


def a_file_in_its_place(folder: Path) -> None:
    """Put a file where the folder would be."""
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"mine")


def a_file_above(folder: Path) -> None:
    """Put a file where the folder above would be."""
    folder.parent.write_bytes(b"mine")


def open_to_all(folder: Path) -> None:
    """Let everybody write to the folder."""
    folder.mkdir(parents=True)
    folder.chmod(0o777)


def a_folder_as_the_file(folder: Path) -> None:
    """Put a folder where the file would be."""
    (folder / "counts-v1.sqlite3").mkdir(parents=True)
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (a_file_in_its_place, "File exists"),
        (a_file_above, "Not a directory"),
        (open_to_all, "others may write to it"),
        (a_folder_as_the_file, "unable to open database file"),
    ],
)
def test_no_place_for_a_cache(
    spawn: Spawn, tree: Path, environment: dict[str, str], prepare: Callable[[Path], None], reason: str
) -> None:
    """Where there can be no cache, that is told once, and everything is counted; its commands do not fail either."""
    prepare(Path(environment["XDG_CACHE_HOME"], "gpt41calc"))
    runs = [spawn(*COUNT), spawn("cache", "info", "--json")]
    said = [(run.status, len(told(run)), reason in run.stderr, "is not used" in run.stderr) for run in runs]
    right = plain(*tree.iterdir()).tokens("o200k_base")
    expected = ([(0, 1, True, True)] * 2, right, 0)
    actual = (said, json.loads(runs[0].stdout)["inputs"]["tokens"], json.loads(runs[1].stdout)["files"])

    assert expected == actual


@pytest.mark.parametrize(
    "changes", [{"HOME": ""}, {"XDG_CACHE_HOME": "relative/cache"}, {"XDG_CACHE_HOME": "/proc/none"}]
)
def test_odd_homes(spawn: Spawn, tmp_path: Path, changes: dict[str, str]) -> None:
    """No home, or a cache folder that cannot be made, costs a warning at most; nothing is put beside the inputs."""
    ended = spawn(*COUNT, env=changes)
    expected = (0, True, len(TEXTS), ["tree"])
    actual = (
        ended.status,
        len(told(ended)) <= 1,
        len(json.loads(ended.stdout)["files"]) + len(json.loads(ended.stdout)["inputs"]["skipped"]),
        os.listdir(tmp_path),
    )

    assert expected == actual


@pytest.fixture
def theirs() -> Iterator[Path]:
    """Return a folder that a user who is not root can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("warm", [False, True])
def test_a_folder_that_cannot_be_written(spawn: Spawn, theirs: Path, warm: bool) -> None:  # noqa: FBT001
    """A cache that can only be read is read; what cannot be added to it is told once."""
    tree, folder = theirs / "tree", theirs / "gpt41calc"
    shutil.copytree(Path(__file__).parent, tree, ignore=shutil.ignore_patterns("__pycache__"))
    for number in range(20):
        (tree / f"{number}.txt").write_text("some words\n" * number)
    folder.mkdir(mode=0o700)
    env = {"XDG_CACHE_HOME": str(theirs)}
    if warm:
        spawn(*COUNT, env=env, cwd=theirs)
        (tree / "one more.txt").write_text("not yet known")
    folder.chmod(0o500)
    options: dict[str, Any] = {}
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        for file in folder.iterdir():
            os.chown(file, 65534, 65534)
        options = {"user": 65534, "group": 65534, "extra_groups": ()}
    right = spawn(*COUNT, "--no-cache", cwd=theirs)
    try:
        ended = spawn(*COUNT, env=env, cwd=theirs, **options)
    except PermissionError:
        pytest.skip("this Python is root's alone")
    expected = (0, right.stdout, 1, True)
    actual = (ended.status, ended.stdout, len(told(ended)), "warning: the cache" in ended.stderr)

    assert expected == actual


# -- Several at once, and ends before the end


def test_eight_at_once(tmp_path: Path, environment: dict[str, str]) -> None:
    """Processes that begin one cache together are all right, and so is the cache."""
    command = [sys.executable, "-m", "gpt41calc", *COUNT]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    ended = [one.communicate(timeout=100) for one in running]
    complaints = [complaint for _, complaint in ended if b"cache" in complaint]
    right = subprocess.run([*command, "--no-cache"], cwd=tmp_path, env=environment, capture_output=True, check=True)
    database = Path(environment["XDG_CACHE_HOME"], "gpt41calc", "counts-v1.sqlite3")
    expected: Any = ({right.stdout}, [], {0}, [("ok",)])
    actual = (
        {report for report, _ in ended},
        complaints,
        {one.returncode for one in running},
        rows(database, "PRAGMA integrity_check"),
    )

    assert expected == actual


WRITER = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("PRAGMA synchronous = OFF")
database.execute("BEGIN")
database.execute("UPDATE content SET tokens = tokens + 1")
for number in range(5000):
    database.execute("INSERT INTO content VALUES (?, 'o200k_base', 9, 9, 0)", (os.urandom(32),))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_while_writing(spawn: Spawn, cached: Path, later: dict[str, str]) -> None:
    """A run that is killed half way through writing leaves the cache as it was before."""
    right = spawn(*COUNT, env=later)
    size = cached.stat().st_size
    killed = subprocess.run([sys.executable, "-c", WRITER, cached], check=False).returncode
    torn = cached.stat().st_size > size and Path(f"{cached}-journal").exists()
    again = spawn(*COUNT, env=later)
    expected = (-signal.SIGKILL, True, right, [("ok",)])
    actual = (killed, torn, again, rows(cached, "PRAGMA integrity_check"))

    assert expected == actual


@pytest.mark.parametrize("seconds", [0.5])
def test_killed_at_any_time(spawn: Spawn, tmp_path: Path, environment: dict[str, str], seconds: float) -> None:
    """Whenever a run is killed, the next one has the right numbers and no complaint."""
    command = [sys.executable, "-m", "gpt41calc", *COUNT]
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    running.kill()
    running.wait()
    expected = spawn(*COUNT, "--no-cache")
    actual = spawn(*COUNT)

    assert expected == actual


# -- Its commands


def test_commands(spawn: Spawn, cached: Path, later: dict[str, str]) -> None:
    """``cache info`` says where the cache is and how much it holds; ``cache clear`` forgets it, also twice."""
    spawn(*COUNT, env=later)
    size = cached.stat().st_size
    counts = rows(cached, "SELECT count(*) FROM content")[0][0]
    document = json.loads(spawn("cache", "info", "--json").stdout)
    shown = spawn("cache", "info", "-f", "plain").stdout
    cleared = [spawn("cache", "clear"), spawn("cache", "clear")]
    expected = (
        {"schema_version": 1, "path": str(cached), "bytes": size, "files": len(TEXTS) - 1, "counts": counts},
        [True, True, True],
        [(0, "", "")] * 2,
        False,
    )
    actual = (
        {key: value for key, value in document.items() if key != "tool"},
        [str(cached) in shown, f"{len(TEXTS) - 1}" in shown, f"{counts}" in shown],
        [(one.status, one.stdout, one.stderr) for one in cleared],
        cached.exists(),
    )

    assert expected == actual
