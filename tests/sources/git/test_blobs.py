"""Contents are read from git by one process, by the rules for files."""

from __future__ import annotations

import codecs
import os
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from scratch import Scratch

from gpt41calc.errors import UsageError
from gpt41calc.sources.decoding import NotText
from gpt41calc.sources.git import blobs, client
from gpt41calc.sources.git.blobs import Blob, BlobReading, contents
from gpt41calc.sources.git.changes import changes
from gpt41calc.sources.git.lfs import is_lfs_pointer
from gpt41calc.sources.git.repository import Repository, repository
from gpt41calc.sources.git.revisions import resolve_revision
from gpt41calc.sources.git.trees import tree
from gpt41calc.sources.read import BLOCK_BYTES, Reading
from gpt41calc.sources.source import Rules, Source

Seen = tuple[str, int, bool] | tuple[str, bool]
"""A text, its bytes on disk and whether it is lossy; or a reason, and whether it is expected."""


def read(reading: Iterable[bytes] | Reading | BlobReading) -> Seen:
    """Return what is read, or why nothing is."""
    try:
        text = b"".join(reading).decode()
    except NotText as reason:
        return reason.reason, reason.expected
    assert isinstance(reading, Reading | BlobReading)
    return text, reading.bytes, reading.lossy


def committed(at: Repository, rules: Rules | None = None) -> dict[str, Seen]:
    """Return the contents of the last commit."""
    entries = tree(at, resolve_revision(at, "HEAD"))
    found = contents(at, [entry.blob for entry in entries])
    return {entry.path: read(BlobReading(one, rules or Rules())) for entry, one in zip(entries, found, strict=True)}


CONTENTS = {
    "empty": b"",
    "ascii": b"text\r\n",
    "utf-8": codecs.BOM_UTF8 + "é".encode(),
    "utf-16": codecs.BOM_UTF16_LE + "é".encode("utf-16-le"),
    "only a mark": codecs.BOM_UTF16_LE,
    "lossy": b"\xff and \xc3",
    "binary": b"\0" + b"x" * 20_000,
    "binary later": b"x" * 20_000 + b"\0",
    "a wide zero": codecs.BOM_UTF16_LE + b"a\0\0\0",
    "long": b"x" * 9_000,
    "one block": b"x" * BLOCK_BYTES,
    "over one block": "é".encode() * (BLOCK_BYTES // 2) + b"x\n",
    "broken by a block": b"x" + "é".encode() * (BLOCK_BYTES // 2),
}


@pytest.mark.parametrize("rules", [Rules(), Rules(text=True), Rules(max_bytes=6), Rules(max_bytes=30_000)])
def test_a_content_is_read_as_a_file(scratch: Scratch, rules: Rules) -> None:
    """Marks, binaries, invalid bytes and limits mean for a content of a commit what they mean for the file."""
    for name, content in CONTENTS.items():
        scratch.write(name, content)
    scratch.commit()
    files = {name: Source(name, str(scratch.root / name), named=False) for name in sorted(CONTENTS)}
    expected = {name: read(Reading(source, rules)) for name, source in files.items()}
    actual = committed(repository(str(scratch.root)), rules)

    assert expected == actual


def test_blocks_are_bounded(scratch: Scratch) -> None:
    """A content comes in blocks of at most 4 MiB, a short one in one block."""
    scratch.commit(a="x" * (2 * BLOCK_BYTES + 5), b="short")
    at = repository(str(scratch.root))
    expected = [[BLOCK_BYTES, BLOCK_BYTES, 5], [5]]
    found = contents(at, [entry.blob for entry in tree(at, resolve_revision(at, "HEAD"))])
    actual = [[len(block) for block in one.blocks] for one in found]

    assert expected == actual


def test_what_is_not_read_is_passed_over(scratch: Scratch) -> None:
    """Contents that are not read, or not to their end, do not shift those that come after."""
    for name in ("a", "b", "c", "d"):
        scratch.write(name, name * (BLOCK_BYTES + 1) if name < "d" else name)
    scratch.commit()
    at = repository(str(scratch.root))
    begun: list[bytes] = []
    for one in contents(at, [entry.blob for entry in tree(at, resolve_revision(at, "HEAD"))]):
        if one.size_bytes == 1 or len(begun) == 1:
            begun.append(next(one.blocks)[:1])
        else:
            begun.append(b"")
    expected = [b"", b"b", b"", b"d"]
    actual = begun

    assert expected == actual


def test_a_content_is_read_in_its_turn(scratch: Scratch) -> None:
    """Reading a content after the next was asked for fails, rather than giving what belongs to another."""
    scratch.commit(a="a", b="b")
    at = repository(str(scratch.root))
    kept = list(contents(at, [entry.blob for entry in tree(at, resolve_revision(at, "HEAD"))]))
    with pytest.raises(ValueError, match="before the next one"):
        next(kept[0].blocks)


def test_many_at_once(scratch: Scratch) -> None:
    """Thousands of questions and answers larger than any pipe neither block nor get mixed up, in any order."""
    for number in range(5_000):
        scratch.write(f"{number % 50}/{number}", f"{number} " * (number % 200))
    scratch.commit()
    at = repository(str(scratch.root))
    entries = tree(at, resolve_revision(at, "HEAD"))
    random.Random(1).shuffle(entries)  # noqa: S311 - nothing is secret
    expected = [f"{(number := int(entry.path.rpartition('/')[2]))} " * (number % 200) for entry in entries]
    actual = [b"".join(one.blocks).decode() for one in contents(at, [entry.blob for entry in entries])]

    assert expected == actual


def test_stopping_early_leaves_nothing_behind(scratch: Scratch) -> None:
    """Whoever has seen enough may stop, also in the middle of a content."""
    scratch.commit(a="x" * (3 * BLOCK_BYTES))
    at = repository(str(scratch.root))
    many = [entry.blob for entry in tree(at, resolve_revision(at, "HEAD"))] * 20_000

    def next_descriptor() -> int:
        with open(os.devnull, "rb") as null:
            return null.fileno()

    expected = next_descriptor()
    found = contents(at, many)
    next(next(found).blocks)
    found.close()
    actual = next_descriptor()

    assert expected == actual


def test_nothing_asked(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no content is wanted, git is not asked."""
    scratch.commit()
    at = repository(str(scratch.root))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError):
        client.answer(at.root, "version")
    expected: list[blobs.Content] = []
    actual = list(contents(at, []))

    assert expected == actual


def test_a_missing_content(scratch: Scratch) -> None:
    """What is not there, or is no content, is a failure of its own, and the others are read."""
    scratch.commit(a="a", b="b")
    names = [scratch.git("rev-parse", "HEAD:a"), "1" * 40, scratch.git("rev-parse", "HEAD")]
    names.append(scratch.git("rev-parse", "HEAD:b"))
    found = contents(repository(str(scratch.root)), [Blob(name, 0o100644) for name in names])
    expected = [
        ("a", 1, False),
        ("not in this repository", False),
        ("not the content of a file", False),
        ("b", 1, False),
    ]
    actual = [read(BlobReading(one, Rules(max_bytes=1))) for one in found]

    assert expected == actual


def test_a_damaged_content(scratch: Scratch) -> None:
    """Where git gives up in the middle, what was asked for and did not come is a failure, and the run goes on."""
    noise = random.Random(1).randbytes(3 * BLOCK_BYTES)  # noqa: S311 - nothing is secret
    for name, content in (("a", b"a"), ("b", noise), ("c", b"c")):
        scratch.write(name, content)
    scratch.commit()
    name = scratch.git("rev-parse", "HEAD:b")
    kept = scratch.root / ".git" / "objects" / name[:2] / name[2:]
    kept.chmod(0o600)
    with open(kept, "r+b") as file:
        file.truncate(2 * BLOCK_BYTES)
    at = repository(str(scratch.root))
    listed = scratch.git("ls-tree", "HEAD").splitlines()
    found = contents(at, [Blob(line.split()[2], 0o100644) for line in listed])
    expected = [("a", 1, False), ("git could not read it", False), ("git could not read it", False)]
    actual = [read(BlobReading(one, Rules(text=True))) for one in found]

    assert expected == actual


def test_a_partial_clone(scratch: Scratch, tmp_path: Path) -> None:
    """What a partial clone does not hold is a failure that says so; nothing is fetched, and the rest is read."""
    scratch.commit(a="1\n", b="b\n")
    scratch.commit(a="2\n")
    scratch.git("config", "uploadpack.allowFilter", "true")
    scratch.git("clone", "-q", "--filter=blob:none", f"file://{scratch.root}", str(tmp_path / "clone"))
    at = repository(str(tmp_path / "clone"))
    before, after = resolve_revision(at, "HEAD~1"), resolve_revision(at, "HEAD")
    changed = changes(at, before, after)
    sides = [side for one in changed for side in (one.before, one.after) if isinstance(side, Blob)]
    sizes = [entry.blob.size_bytes for entry in tree(at, before)]
    missing = ("not in this partial clone", False)
    expected = (["a"], [None, None], [missing, ("2\n", 2, False)], [missing])
    actual = (
        [one.path for one in changed],
        sizes,
        [read(BlobReading(one, Rules())) for one in contents(at, sides)],
        [read(BlobReading(one, Rules())) for one in contents(at, sides[:1])],
    )

    assert expected == actual


def test_a_binary_that_became_text(scratch: Scratch) -> None:
    """Either side of a change is checked by itself."""
    scratch.write("a", b"\0binary")
    scratch.commit()
    scratch.commit(a="text")
    at = repository(str(scratch.root))
    one = changes(at, resolve_revision(at, "HEAD~1"), resolve_revision(at, "HEAD"))[0]
    sides = [side for side in (one.before, one.after) if isinstance(side, Blob)]
    expected = [("binary", True), ("text", 4, False)]
    actual = [read(BlobReading(content, Rules())) for content in contents(at, sides)]

    assert expected == actual


def test_pointers_are_text(scratch: Scratch) -> None:
    """What Git LFS keeps is recognised by its first block, and counted as its text."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"
    scratch.commit(a=pointer, b="version 2 of the text")
    at = repository(str(scratch.root))
    expected = [(pointer.encode(), True), (b"version 2 of the text", False)]
    texts = [
        b"".join(one.blocks) for one in contents(at, [entry.blob for entry in tree(at, resolve_revision(at, "HEAD"))])
    ]
    actual = [(text, is_lfs_pointer(text)) for text in texts]

    assert expected == actual
