"""What was found below a folder is opened through no link, with few descriptors."""

from __future__ import annotations

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.sources.folders import MOST_OPEN, OpenFolders

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links and descriptors of folders")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder with folders of three levels, in each a file and links to what is outside and inside."""
    top = tmp_path_factory.mktemp("tree")
    (top / "secret").write_text("secret")
    for path in PATHS:
        file = top / "root" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    (top / "root" / "out").symlink_to("..")
    (top / "root" / "0" / "in").symlink_to("../1")
    return f"{top}/root/"


PATHS = ["f", *(f"{a}/f" for a in range(3)), *(f"{a}/{b}/{c}/f" for a in range(3) for b in range(5) for c in range(5))]


def read(folders: OpenFolders, root: str, path: str) -> str:
    """Return what is in a file."""
    with open(folders.open(root, path), encoding="utf-8") as file:
        return file.read()


@given(asked=st.lists(st.sampled_from(PATHS), max_size=60))
def test_every_file_is_the_one_that_was_asked_for(tree: str, asked: list[str]) -> None:
    """In whatever order files are asked for, and however many folders are open by then."""
    with OpenFolders() as folders:
        expected = [(path, len(path)) for path in asked]
        actual = [(read(folders, tree, path), folders.status(tree, path).st_size) for path in asked]

    assert expected == actual


@pytest.mark.parametrize("path", ["out/secret", "0/in/f", "out", "0/in"])
def test_no_link_is_followed_anywhere(tree: str, path: str) -> None:
    """Neither as the last part of a path nor on the way, whether it leads outside or not."""
    with OpenFolders() as folders, pytest.raises(OSError) as refused:  # noqa: PT011 - which one is asserted
        folders.open(tree, path)
    expected = {errno.ELOOP, errno.ENOTDIR}
    actual = refused.value.errno

    assert actual in expected


def test_links_are_followed_when_asked(tree: str) -> None:
    """With --follow they are."""
    with OpenFolders(follow=True) as folders:
        expected = ["secret", "1/f"]
        actual = [read(folders, tree, path) for path in ("out/secret", "0/in/f")]

    assert expected == actual


def test_a_refused_path_spoils_nothing(tree: str) -> None:
    """After a path that could not be opened, others are found where they are."""
    with OpenFolders() as folders:
        folders.status(tree, "1/1/1/f")
        with pytest.raises(OSError):  # noqa: PT011 - whichever
            folders.status(tree, "0/in/f")
        expected = ["1/1/1/f", "0/f"]
        actual = [read(folders, tree, path) for path in ("1/1/1/f", "0/f")]

    assert expected == actual


def test_few_folders_stay_open(tree: str) -> None:
    """As many as there is a bound for, and none after the end."""
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else pytest.skip("needs /proc")
    with OpenFolders() as folders:
        for path in PATHS * 2:
            folders.status(tree, path)
        during = len(os.listdir("/proc/self/fd"))
    expected = (True, before)
    actual = (during <= before + MOST_OPEN, len(os.listdir("/proc/self/fd")))

    assert expected == actual


def test_a_process_without_descriptors_goes_on(tree: str) -> None:
    """Where the system gives no more, folders that are not needed give theirs."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with OpenFolders() as folders:
        highest = max(map(int, os.listdir("/proc/self/fd")))
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 4, limits[1]))
        try:
            actual = [read(folders, tree, path) for path in PATHS]
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    expected = PATHS

    assert expected == actual
