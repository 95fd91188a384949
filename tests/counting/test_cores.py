"""The cores that a process may use are those that it is given, not those of the machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gpt41calc.counting import cores
from gpt41calc.counting.cores import is_core_idle, usable_cores

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control groups of Linux")


V1 = "cpu,cpuacct/cpu.cfs"


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/\n", {"cpu.max": "max 100000"}, 8),
        ("0::/\n", {"cpu.max": "150000 100000"}, 1.5),
        ("0::/a/b\n", {"a/cpu.max": "200000 100000", "a/b/cpu.max": "max 100000"}, 2),
        ("0::/a/b\n", {"a/cpu.max": "200000 100000", "a/b/cpu.max": "50000 100000"}, 0.5),
        ("0::/of/the/host\n", {"cpu.max": "300000 100000"}, 3),
        ("4:cpu,cpuacct:/\n", {"cpu,cpuacct/cpu.cfs_quota_us": "-1", "cpu,cpuacct/cpu.cfs_period_us": "100000"}, 8),
        (
            "4:cpu,cpuacct:/x\n",
            {"cpu,cpuacct/cpu.cfs_quota_us": "400000", "cpu,cpuacct/cpu.cfs_period_us": "100000"},
            4,
        ),
        ("3:cpuset:/\n", {"cpu.max": "1 1"}, 8),
        ("nonsense", {"cpu.max": "1 1"}, 8),
        ("0::/\n", {"cpu.max": "nonsense"}, 8),
    ],
)
def test_quota(tmp_path: Path, groups: str, files: dict[str, str], expected: float) -> None:
    """The smallest quota of a control group and of those around it counts, of either version."""
    named = tmp_path / "groups"
    named.write_text(groups)
    mounted = tmp_path / "mounted"
    for name, content in files.items():
        (mounted / name).parent.mkdir(parents=True, exist_ok=True)
        (mounted / name).write_text(content + "\n")
    actual = cores.quota_in_cores(8, named, mounted)

    assert expected == actual


@pytest.mark.parametrize(("allowed", "quota", "expected"), [(8, 1.5, 2), (2, 5.0, 2), (8, 0.1, 1), (1, 1.0, 1)])
def test_cores_within_a_quota(monkeypatch: pytest.MonkeyPatch, allowed: int, quota: float, expected: int) -> None:
    """A part of a core counts as one, and there is always one."""
    monkeypatch.setattr(cores, "_allowed_cores", lambda: allowed)
    monkeypatch.setattr(cores, "quota_in_cores", lambda default: min(default, quota))

    assert expected == usable_cores.__wrapped__()


def test_no_control_groups(tmp_path: Path) -> None:
    """Where there are none, nothing is limited."""
    assert cores.quota_in_cores(4, tmp_path / "missing", tmp_path) == 4


@pytest.mark.parametrize(
    ("load", "expected"),
    [("0.00 0.01 0.05 1/300 4711\n", True), ("9.00 9.00 9.00 4/300 4711\n", False), ("nonsense", True), (None, True)],
)
def test_an_idle_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: str | None, expected: bool) -> None:  # noqa: FBT001 - what is expected
    """A core is idle while fewer processes run than there are cores, whatever the average of the last minutes."""
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    path = tmp_path / "loadavg"
    if load is not None:
        path.write_text(load)

    assert expected == is_core_idle(path)
