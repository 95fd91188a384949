"""Cached counts cost time at worst: never a wrong number, never a failure."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from conftest import Outcome, Spawn
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.counting.cache import CountCache
from gpt41calc.counting.cached_files import CachedFiles
from gpt41calc.counting.count import count_all
from gpt41calc.counting.count_slots import KEY_BYTES, Slot
from gpt41calc.counting.count_table import MAX_TABLE_BYTES, CountTable
from gpt41calc.counting.counter import SourceCounter
from gpt41calc.counting.file_systems import FileSystems, is_trusted_mount
from gpt41calc.counting.fingerprint import CachedCounts, Fingerprints
from gpt41calc.sources.source import Rules, Source
from gpt41calc.tally import Counted, Skipped, Tally
from gpt41calc.tokenizer.engines import tokenizer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files and modes of POSIX")

COUNT = ("count", "tree", "--json", "--by", "file")
HOUR = 3600
RULES = Rules()

COUNTS = 24
"""So many texts there are to count below, each once; empty ones are not cached, and binary ones by file only."""

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
def trusted(tree: Path) -> Path:
    """Return the folder, on a file system where unchanged files are known by what the system says of them."""
    if FileSystems().identity(tree.stat().st_dev, str(tree)) is None:
        pytest.skip("files are not known by what this file system says")
    return tree


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
    return folder / "counts-v2"


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
        tally = count_all(found, {name: tokenizer(name) for name in encodings}, rules, cache=cache)
        cache.close()
        return tally, warnings

    return run


def plain(*paths: Path, rules: Rules = RULES) -> Tally:
    """Count files without a cache."""
    found = [Source(path.name, str(path), named=False) for path in paths]
    return count_all(found, {"o200k_base": tokenizer("o200k_base")}, rules)


def slots(path: Path) -> list[Slot]:
    """Return everything that a cache holds."""
    table = CountTable(path)
    found = list(table.slots())
    table.close()
    return found


def files(path: Path) -> int:
    """Return how many entries a cache has by which unchanged files are known."""
    return sum(bool(slot.flags & 4) for slot in slots(path))


def contents(path: Path) -> int:
    """Return how many counts of contents a cache has."""
    return len(slots(path)) - files(path)


def mislead(path: Path) -> None:
    """Make every count one token too high, so that a count from the cache shows."""
    table = CountTable(path)
    for slot in list(table.slots()):
        table.put([slot._replace(tokens=slot.tokens + 1)])
    table.close()


def told(run: Outcome) -> list[str]:
    """Return what a run said of its cache; of a lossy file it says something, too."""
    return [line for line in run.stderr.splitlines() if "cache" in line]


# -- What is cached


@pytest.mark.usefixtures("trusted")
def test_a_second_run_says_the_same(spawn: Spawn, cached: Path, later: dict[str, str]) -> None:
    """With the cache cold, warm, or not used, of fresh files or old ones, the report is the same to the byte."""
    runs = [spawn(*COUNT, "--no-cache"), spawn(*COUNT), spawn(*COUNT, env=later), spawn(*COUNT, env=later)]
    remembered = files(cached)
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
    counts = contents(cached)
    expected = (right, True, right + counts)
    actual = (unread, unwritten, int(spawn("count", "-q", "tree", env=later).stdout))

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_texts_alike_in_files_that_are_not(count: Count, tree: Path) -> None:
    """A mark, another encoding and bytes that are no text are cached with their own file, in either order."""
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
    """A file that may change without showing it is read again; its content is still found."""
    path = tree / "00.txt"
    tomorrow = time.time() + 24 * HOUR
    os.utime(path, (tomorrow, tomorrow))
    right = count(path)[0].tokens("o200k_base")
    database = tmp_path / "cache" / "counts-v2"
    mislead(database)
    expected = (0, right + 1)
    actual = (files(database), count(path)[0].tokens("o200k_base"))

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
    count_all([Source("fresh", str(path), named=True)], {"slow": Slow()}, Rules(), cache=cache)
    cache.close()
    expected = (0, 1)
    actual = (files(cache.path), contents(cache.path))

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_content_elsewhere_is_recalled(count: Count, tree: Path, tmp_path: Path) -> None:
    """A file that was moved, and one that was copied, is known by its content."""
    right = count(tree / "05.txt")[0].tokens("o200k_base")
    mislead(tmp_path / "cache" / "counts-v2")
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
    stored = sum(bool(slot.flags & 2) for slot in slots(tmp_path / "cache" / "counts-v2"))
    found: list[Counted | Skipped] = [
        Skipped("binary.bin", "binary", expected=True),
        Skipped("late.bin", "binary", expected=True),
        Counted("lossy.txt", 12, {"o200k_base": tokenizer("o200k_base").count(b"caf\xff au lait")}, lossy=True),
    ]
    expected: Any = ((Tally.of(*found), []), (Tally.of(*found), []), 2)
    actual = (first, count(*paths), stored)

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
@pytest.mark.parametrize(
    "rules",
    [Rules(text=True), Rules(max_bytes=1), Rules(max_bytes=100), Rules(text=True, max_bytes=10**6)],
    ids=["text", "tiny", "small", "large"],
)
def test_other_rules_with_a_warm_cache(count: Count, tree: Path, rules: Rules) -> None:
    """What is cached under some rules is not used where others lead elsewhere, either way round."""
    paths = sorted(tree.iterdir())
    expected = [plain(*paths), plain(*paths, rules=rules), plain(*paths), plain(*paths, rules=rules)]
    actual = [count(*paths)[0], count(*paths, rules=rules)[0], count(*paths)[0], count(*paths, rules=rules)[0]]

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
def test_other_encodings_with_a_warm_cache(count: Count, tree: Path) -> None:
    """A count in one encoding is not taken for another's, and both are stored side by side."""
    paths = sorted(tree.iterdir())
    both = ("o200k_base", "cl100k_base")
    found = [Source(path.name, str(path), named=False) for path in paths]
    right = count_all(found, {name: tokenizer(name) for name in both}, Rules())
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
def test_any_time_of_change_has_a_fingerprint_or_none(seconds: int, trusted: Path) -> None:
    """A time far from ours is no failure, and one to come is never trusted."""
    path = trusted / "00.txt"
    known = Fingerprints().of(
        status_of(path, st_mtime_ns=seconds * 10**9), str(path), now_ns=time.time_ns() + HOUR * 10**9, as_text=False
    )
    expected = seconds <= 0
    actual = known is not None

    assert expected == actual


def status_of(path: Path, **changes: int) -> os.stat_result:
    """Return what the system says of a file, but for some of it."""
    status = path.stat()
    parts = ("st_dev", "st_ino", "st_size", "st_mode", "st_mtime_ns", "st_ctime_ns")
    return cast("os.stat_result", SimpleNamespace(**{part: getattr(status, part) for part in parts} | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"st_ctime_ns": 1_577_836_800 * 10**9},
        {"st_ctime_ns": 10**30},
        {"st_mode": stat.S_IFIFO | 0o644},
        {"st_dev": 0},
    ],
    ids=["a time that was made", "a time to come", "a pipe", "not the device where it is"],
)
def test_a_file_that_may_be_mistaken_has_no_fingerprint(trusted: Path, changes: dict[str, int]) -> None:
    """A whole second is the time of an image's maker, not of a kernel's clock; and so for all else in doubt."""
    path, later_ns = trusted / "00.txt", time.time_ns() + HOUR * 10**9
    of = Fingerprints().of
    expected = (True, None)
    actual = (
        of(status_of(path, st_ctime_ns=1), str(path), now_ns=later_ns, as_text=False) is not None,
        of(status_of(path, **changes), str(path), now_ns=later_ns, as_text=False),
    )

    assert expected == actual


MOUNTS = rb"""22 1 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
28 27 254:0 /src /src ro,relatime - ext4 /dev/vda rw,discard
29 27 254:16 / /image ro,relatime - ext4 /dev/loop0 ro
30 27 7:0 / /snap/one ro,nodev,relatime shared:5 - squashfs /dev/loop0 ro,errors=continue
31 27 0:25 / /mnt/ext4\040-\040ext4 rw - tmpfs ext4 rw,size=4k
32 27 0:26 / /far rw master:1 propagate_from:2 - nfs4 host:/x rw,vers=4.2
33 27 0:27 / /home/sshfs rw - fuse.sshfs ext4 rw,user_id=0
34 27 0:28 / /tank rw - zfs tank rw,xattr
35 27 0:29 / /snapshots rw - btrfs /dev/vdb rw,space_cache=v2,subvol=/@ro
36 27 0:30 / /merged rw - overlay overlay rw,lowerdir=/a,upperdir=/b
37 27 8:1 / /torn rw
"""


@pytest.mark.parametrize(
    ("mount", "is_trusted"),
    [*[(number, True) for number in (27, 28, 35, 36)], *[(number, False) for number in (22, 29, 30, 31, 32, 33, 34)]],
)
def test_mounts(mount: int, is_trusted: bool) -> None:  # noqa: FBT001
    """Only file systems that tell every change themselves are trusted, and none that is read-only itself."""
    lines = MOUNTS.splitlines(keepends=True)
    expected = [is_trusted, False, False, False]
    actual = [is_trusted_mount(lines, one) for one in (b"%d" % mount, b"37", b"99", None)]

    assert expected == actual


STORES = """
import mmap, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
mapped = mmap.mmap(file, 0)
mapped[:6] = b"x1x2x3"
print("stored", flush=True)
input()
mapped[:6] = b"words "
print("stored", flush=True)
input()
"""


def test_stores_through_a_shared_mapping(spawn: Spawn, tree: Path) -> None:
    """What is stored to a mapped file is counted, though the second store does not change what the system says."""
    path = tree / "long.txt"
    with subprocess.Popen(
        [sys.executable, "-c", STORES, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdin
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(2.1)  # a file that was written to in the ordinary way would be settled
        first, before = spawn("count", "-q", "tree"), path.stat()
        writer.stdin.write("\n")
        writer.stdin.flush()
        writer.stdout.readline()
        second, after = spawn("count", "-q", "tree"), path.stat()
        right = spawn("count", "-q", "--no-cache", "tree").stdout
        writer.stdin.write("\n")
    unseen = (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)
    if not unseen:
        pytest.skip("this system shows such a store at once")
    expected = (True, right)
    actual = (first.stdout != right, second.stdout)

    assert expected == actual


@pytest.fixture
def images(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Return a function that mounts one of two disk images at one place: they differ in the text of one file only."""
    if not hasattr(os, "geteuid") or os.geteuid() or not all(map(shutil.which, ("mkfs.ext4", "debugfs", "mount"))):
        pytest.skip("only root may mount an image")
    place = tmp_path / "mounted"
    place.mkdir()
    for name, text in (("one", b"some text\n"), ("two", b"x1y2z3 %%\n")):
        content = tmp_path / f"content of {name}"
        content.mkdir()
        (content / "file.txt").write_bytes(text * 9000)
        os.utime(content / "file.txt", (10**9, 10**9))
        image = tmp_path / name
        image.write_bytes(bytes(8 << 20))
        as_root("mkfs.ext4", "-q", "-U", "00000000-0000-4000-8000-000000000000", "-d", content, image)
        for field in ("ctime 20010909014640", "ctime_extra 0"):
            as_root("debugfs", "-w", "-R", f"set_inode_field /file.txt {field}", image)

    def mount(name: str, options: str) -> Path:
        as_root("umount", place)
        if not as_root("mount", "-o", f"loop,{options}", tmp_path / name, place):
            pytest.skip("an image cannot be mounted here")
        return place

    yield mount
    as_root("umount", place)


def as_root(program: str, *arguments: str | Path) -> bool:
    """Run a program of the system; return whether it did what it was told."""
    return not subprocess.run(
        [shutil.which(program) or program, *arguments], check=False, capture_output=True
    ).returncode


@pytest.mark.parametrize("options", ["ro", "rw"])
def test_images_one_after_the_other(
    spawn: Spawn, images: Callable[[str, str], Path], later: dict[str, str], options: str
) -> None:
    """Two images whose files have equal device, inode, size and times are told apart by what is in them."""
    right, statuses, counted = [], [], []
    for name in ("one", "two"):
        place = images(name, options)
        status = (place / "file.txt").stat()
        statuses.append((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
        right.append(spawn("count", "-q", "--no-cache", "mounted", env=later).stdout)
        counted.append([spawn("count", "-q", "mounted", env=later).stdout for _ in range(2)])
    if statuses[0] != statuses[1]:
        pytest.skip("the system has not yet freed the first image's device")
    expected = (True, [[right[0]] * 2, [right[1]] * 2])
    actual = (right[0] != right[1], counted)

    assert expected == actual


@pytest.mark.skipif(not os.path.exists("/proc/uptime"), reason="no /proc")
@pytest.mark.usefixtures("hour_later")
def test_files_that_the_system_makes_up_are_not_remembered(count: Count, tmp_path: Path) -> None:
    """A file of /proc or /sys, which changes without showing it, is always read."""
    paths = [Path(path) for path in ("/proc/uptime", "/sys/kernel/mm/transparent_hugepage/enabled")]
    counted = count(*(path for path in paths if path.exists()))[0].files
    expected = (True, 0)
    actual = (counted > 0, files(tmp_path / "cache" / "counts-v2"))

    assert expected == actual


@pytest.mark.usefixtures("hour_later")
@pytest.mark.skipif(sys.platform != "linux", reason="a size of 0 is believed on Linux only")
def test_an_empty_file_is_not_opened(
    count: Count, trusted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read of an empty file, nor looked up, unless it is one of /proc or may not be read."""
    paths = [trusted / "empty.txt", trusted / "00.txt"]
    count(*paths)
    looked_up: list[bytes] = []

    class Cache(CountCache):
        def find_files(self, fingerprints: Sequence[bytes]) -> Sequence[CachedCounts | None]:
            looked_up.extend(fingerprints)
            return super().find_files(fingerprints)

    found = [Source(str(path), str(path), named=False) for path in (*paths, Path("/proc/uptime"))]
    with CachedFiles(Cache(tmp_path / "cache", pytest.fail), RULES, len(found)) as cached:
        known = cached.find(found)
        monkeypatch.setattr(os, "access", lambda path, _mode: path != str(paths[0]))
        readable = cached.find(found[:1])
    counters = SourceCounter({"o200k_base": tokenizer("o200k_base")}, RULES)
    expected: tuple[object, ...] = ([Counted(str(paths[0]), 0, {"o200k_base": 0})], [found[1], found[0]], 1, {})
    actual = ([counters.cached(found[0], known[found[0]])], list(known), len(looked_up), readable)

    assert expected == actual


# -- What is not believed


@pytest.mark.usefixtures("hour_later")
@pytest.mark.parametrize(
    "changes",
    [
        {"tokens": -1},
        {"tokens": 2**63 - 1},
        {"tokens": 3 * 12 + 4},
        {"bytes": -1},
        {"bytes": 2**63 - 1},
        {"variant": b"p50k_bas"},
        {"key": bytes(KEY_BYTES)},
        {"flags": 255},
    ],
)
def test_counts_that_cannot_be_true(count: Count, tree: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    """A count that is out of range, or of something else, is as if it were not there: never a failure."""
    path = tree / "lossy.txt"
    count(path)
    table = CountTable(tmp_path / "cache" / "counts-v2")
    for slot in list(table.slots()):
        with suppress(OverflowError):
            table.put([slot._replace(**changes)])
    table.close()
    runs = [count(path), count(path)]
    expected: Any = [[]] * 2
    actual = [warnings for _, warnings in runs]

    assert expected == actual


def garbage(path: Path) -> None:
    """Write what is no table, and not as long as one."""
    path.write_bytes(bytes(range(256)) * 41)


def garbage_as_long_as_a_table(path: Path) -> None:
    """Write what is no table, and as long as one."""
    path.write_bytes(os.urandom(MAX_TABLE_BYTES // 1024))


def truncated(path: Path) -> None:
    """Cut a table off."""
    path.write_bytes(path.read_bytes()[:4097] if path.exists() else b"begun")


def overwritten(path: Path) -> None:
    """Fill all of a table but its beginning with something else."""
    path.write_bytes((path.read_bytes()[:4096] if path.exists() else bytes(4096)) + b"\xa5" * (15 * 4096))


def a_database(path: Path) -> None:
    """Put a database in its place that brings a trigger without end, as a cache of an earlier version could."""
    import sqlite3

    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE content (digest BLOB);
        CREATE TABLE file (fingerprint BLOB);
        CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
        CREATE TRIGGER more AFTER INSERT ON file BEGIN INSERT INTO content SELECT randomblob(1000) FROM endless; END;
        """
    )
    database.close()


def enormous(path: Path) -> None:
    """Put a file in its place that says to have a terabyte."""
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)


def as_large_as_can_be(path: Path) -> None:
    """Put a file in its place that says to be a full table, and has nothing in it."""
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        os.truncate(file.fileno(), MAX_TABLE_BYTES)


def a_pipe(path: Path) -> None:
    """Put a pipe in its place, to which nobody writes."""
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    """Put a socket in its place."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.getcwd()
        os.chdir(path.parent)  # a name for a socket has a hundred characters at most
        listening.bind(path.name)
        os.chdir(here)


def a_link(path: Path) -> None:
    """Put a link in its place, to a file that is somebody's own."""
    path.unlink(missing_ok=True)
    other = path.with_name("own")
    other.write_bytes(b"own")
    path.symlink_to(other)


def a_second_name(path: Path) -> None:
    """Make it another name of somebody's own file."""
    path.unlink(missing_ok=True)
    other = path.with_name("own")
    other.write_bytes(b"own")
    os.link(other, path)


def a_device(path: Path) -> None:
    """Put a device in its place that has no end."""
    path.unlink(missing_ok=True)
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root may make a device")


def open_for_writing(path: Path) -> None:
    """Let everybody write to it."""
    path.touch()
    path.chmod(0o666)


REPLACED = [garbage, truncated, a_database, enormous]
PASSED_OVER = [overwritten, garbage_as_long_as_a_table, as_large_as_can_be]
REFUSED = [a_pipe, a_socket, a_link, a_second_name, a_device, open_for_writing]


@pytest.mark.parametrize("damage", [*REPLACED, *PASSED_OVER, *REFUSED])
def test_whatever_is_in_the_place_of_a_cache(
    spawn: Spawn, tree: Path, cached: Path, damage: Callable[[Path], None]
) -> None:
    """It costs time and one warning; ``cache info`` lives, ``cache clear`` removes it, and then there is a cache again.

    No file that is written is larger than a table may be.
    """
    right = plain(*tree.iterdir()).tokens("o200k_base")
    spawn(*COUNT)
    damage(cached)
    runs = [spawn(*COUNT), spawn("cache", "info", "--json")]
    largest = max(path.lstat().st_size for path in cached.parent.iterdir())
    warned = [len(told(run)) for run in runs]
    cleared = [spawn("cache", "clear"), spawn(*COUNT), spawn("cache", "info")]
    is_once = damage in REPLACED
    expected: Any = (
        [0, 0],
        right,
        [1, 0] if is_once else [0, 0] if damage in PASSED_OVER else [1, 1],
        [(0, []), (0, []), (0, [])],
        {b"own"},
    )
    actual = (
        [run.status for run in runs],
        json.loads(runs[0].stdout)["inputs"]["tokens"],
        warned,
        [(run.status, told(run)) for run in cleared],
        {path.read_bytes() for path in cached.parent.glob("own")} or {b"own"},
    )

    assert expected == actual
    assert largest <= MAX_TABLE_BYTES


def slot_of(number: int) -> Slot:
    """Return a count with a key as a hash gives it."""
    return Slot(sha256(b"%d" % number).digest()[:KEY_BYTES], b"identity", number, number, 0)


@given(edits=st.lists(st.tuples(st.integers(0, 16 * 4096 - 1), st.binary(min_size=1, max_size=80)), max_size=30))
def test_no_damage_makes_a_wrong_number(edits: list[tuple[int, bytes]]) -> None:
    """Whatever bytes are written anywhere, what is found is what was stored, or nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        table = CountTable(path)
        known = [
            Slot(sha256(b"%d" % number).digest()[:KEY_BYTES], b"identity", number, number, 0) for number in range(200)
        ]
        for slot in known:
            table.put([slot])
        with path.open("r+b") as file:
            for at, raw in edits:
                file.seek(at)
                file.write(raw)
        found = [table.find(slot.key) for slot in known]
        table.close()
    expected: list[list[Slot]] = []
    actual = [one for one, slot in zip(found, known, strict=True) if one and one != [slot]]

    assert expected == actual


@pytest.mark.parametrize("together", [1, 700, 20_000])
def test_a_table_grows_and_keeps_what_it_has(tmp_path: Path, together: int) -> None:
    """Ten thousand counts, ten times what a new table has room for, are all found; the last of each is kept."""
    (tmp_path / "cache").mkdir()
    path = tmp_path / "cache" / "table"
    table = CountTable(path)
    known = [slot_of(number) for number in range(10_000)]
    written = [one for slot in known for one in (slot._replace(tokens=1), slot)]
    for start in range(0, len(written), together):
        table.put(written[start : start + together])
    table.close()
    table = CountTable(path)
    expected = ([[slot] for slot in known], sorted(known), ["table"])
    actual = ([table.find(slot.key) for slot in known], sorted(table.slots()), os.listdir(path.parent))
    table.close()

    assert expected == actual


def test_a_table_that_is_read_ahead_has_the_same_counts(tmp_path: Path) -> None:
    """Reading the whole table at once changes no answer, and what is stored afterwards is found."""
    table = CountTable(tmp_path / "table")
    known, later = [slot_of(number) for number in range(500)], slot_of(500)
    for slot in known:
        table.put([slot])
    found = [table.find(slot.key) for slot in known]
    table.read_ahead(len(known))
    found_ahead = [table.find(slot.key) for slot in known]
    before = table.find(later.key)
    table.put([later])
    after = table.find(later.key)
    table.close()

    assert ([[slot] for slot in known], found, [], [later]) == (found, found_ahead, before, after)


def test_keys_that_were_chosen_do_not_make_a_table_grow(tmp_path: Path) -> None:
    """A thousand counts that all belong to one bucket push one another out."""
    table = CountTable(tmp_path / "table")
    before = (tmp_path / "table").stat().st_size
    for number in range(1000):
        table.put([Slot(bytes(8) + b"%016d" % number, b"identity", 9, number, 0)])
    table.close()
    expected = before
    actual = (tmp_path / "table").stat().st_size

    assert expected == actual


def test_the_file_of_another_version_is_left_alone(spawn: Spawn, cached: Path) -> None:
    """Whatever another version of the program keeps is neither read nor written nor removed."""
    others = [cached.with_name(f"counts-v{version}") for version in (0, 3)]
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
    (folder / "counts-v2").mkdir(parents=True)
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (a_file_in_its_place, "File exists"),
        (a_file_above, "Not a directory"),
        (open_to_all, "others may write to it"),
        (a_folder_as_the_file, "it is not a regular file"),
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


def test_four_at_once(tmp_path: Path, environment: dict[str, str], spawn: Spawn) -> None:
    """Processes that begin one cache together are all right, and so is the cache."""
    command = [sys.executable, "-m", "gpt41calc", *COUNT]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    ended = [one.communicate(timeout=100) for one in running]
    complaints = [complaint for _, complaint in ended if b"cache" in complaint]
    right = spawn(*COUNT, "--no-cache").stdout.encode()
    database = Path(environment["XDG_CACHE_HOME"], "gpt41calc", "counts-v2")
    expected: Any = ({right}, [], {0}, COUNTS)
    actual = (
        {report for report, _ in ended},
        complaints,
        {one.returncode for one in running},
        contents(database),
    )

    assert expected == actual


WRITER = """
import os, signal, sys
from pathlib import Path
from gpt41calc.counting.count_table import CountTable
table = CountTable(Path(sys.argv[1]))
for number in range(5000):
    table.put([next(table.slots())._replace(key=os.urandom(24))])
os.pwrite(table._descriptor, b"half a count", 0)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_while_writing(spawn: Spawn, cached: Path, later: dict[str, str]) -> None:
    """A run that is killed half way through writing, in the middle of a count, leaves a cache that is right."""
    right = spawn(*COUNT, env=later)
    size = cached.stat().st_size
    killed = subprocess.run([sys.executable, "-c", WRITER, cached], check=False).returncode
    again = spawn(*COUNT, env=later)
    expected = (-signal.SIGKILL, True, right)
    actual = (killed, cached.stat().st_size > size, again)

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
    counts = contents(cached)
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
