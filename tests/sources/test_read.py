"""Bytes become text, or a reason."""

from __future__ import annotations

import codecs
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gpt41calc.sources import read
from gpt41calc.sources.read import NotText, Reading
from gpt41calc.sources.source import Rules, Source


def source(path: Path | str, *, named: bool = True) -> Source:
    """Return a file as a source."""
    return Source(str(path), str(path), named=named)


def text_of(raw: bytes, rules: Rules | None = None, *, sizes: tuple[int, int] | None = None) -> tuple[str, bool]:
    """Return the text that is read through a pipe, and whether it is lossy."""
    out, into = os.pipe()
    with os.fdopen(into, "wb") as writer, pytest.MonkeyPatch.context() as patch:
        if sizes:
            patch.setattr(read, "SNIFFED_BYTES", sizes[0])
            patch.setattr(read, "BLOCK_BYTES", sizes[1])
        writer.write(raw)
        writer.close()
        reading = Reading(Source("<stdin>", None, named=True), rules or Rules(), stdin=out)
        try:
            return b"".join(reading).decode(), reading.lossy
        finally:
            os.close(out)


def refusal(one: Source, rules: Rules | None = None) -> tuple[str, bool]:
    """Return why a source is not read, and whether that is expected."""
    with pytest.raises(NotText) as refused:
        list(Reading(one, rules or Rules()))
    return refused.value.reason, refused.value.expected


MARKED = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
]

SIZES = st.tuples(st.integers(1, 9), st.integers(1, 9))
"""How many bytes are read at first and then at once."""


@pytest.mark.parametrize(("mark", "encoding"), MARKED)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), sizes=SIZES)
def test_a_mark_selects_the_encoding(mark: bytes, encoding: str, text: str, sizes: tuple[int, int]) -> None:
    """Text after a byte order mark is decoded by it, in blocks of any size, and the mark is not counted."""
    expected = (text, False)
    actual = text_of(mark + text.encode(encoding), sizes=sizes)

    assert expected == actual


@pytest.mark.parametrize(("mark", "encoding"), MARKED)
def test_one_mark_is_stripped_of_two(mark: bytes, encoding: str) -> None:
    """A second mark is text."""
    expected = ("\ufeffa", False)
    actual = text_of(mark + "\ufeffa".encode(encoding))

    assert expected == actual


@pytest.mark.parametrize(("mark", "encoding"), MARKED)
def test_only_a_mark_is_empty(mark: bytes, encoding: str) -> None:
    """A file that holds nothing but a mark holds no text."""
    expected = ("".encode(encoding).decode(), False)
    actual = text_of(mark)

    assert expected == actual


@pytest.mark.parametrize(("mark", "encoding"), MARKED[1:])
def test_half_a_character_is_lossy(mark: bytes, encoding: str) -> None:
    """Wide text with a byte too few ends in U+FFFD and is flagged."""
    expected = ("a\ufffd", True)
    actual = text_of(mark + "ab".encode(encoding)[:-1])

    assert expected == actual


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_half_a_surrogate_pair_is_lossy(encoding: str) -> None:
    """A lone surrogate in UTF-16 is what it would become on the way to an API."""
    raw = "\ufeffa\ud800b".encode(encoding, "surrogatepass")
    expected = ("a\ufffdb", True)
    actual = text_of(raw)

    assert expected == actual


@given(
    raw=st.lists(
        st.binary(max_size=4)
        | st.text(max_size=3).map(str.encode)
        | st.sampled_from([b"\xff", b"\xe2\x82", b"\xf0\x9f"])
    )
    .map(lambda bits: b"".join(bits).replace(b"\0", b""))
    .filter(lambda raw: not raw.startswith(tuple(mark for mark, _ in MARKED))),
    sizes=SIZES,
)
@example(raw=b"\xffword", sizes=(4, 4))
@example(raw=b"word\xff", sizes=(4, 4))
@example(raw=b"word\xe2\x82", sizes=(4, 4))
@example(raw=b"wor\xe2\x82\xac", sizes=(4, 1))
@example(raw=b"wor\xe2\x82word", sizes=(4, 4))
def test_invalid_bytes_become_replacement_characters(raw: bytes, sizes: tuple[int, int]) -> None:
    """Invalid UTF-8 at the start, at the end or across blocks reads as Python reads the whole, and is flagged."""
    text = raw.decode("utf-8", "replace")
    expected = (text, text.encode() != raw)
    actual = text_of(raw, sizes=sizes)

    assert expected == actual


@pytest.mark.parametrize("named", [True, False], ids=["named", "found"])
@pytest.mark.parametrize("at", [0, 10_001, 20_000])
def test_a_nul_byte_makes_it_binary(tmp_path: Path, at: int, named: bool) -> None:  # noqa: FBT001
    """A NUL anywhere is binary: expected of a file that was found, a failure of one that was named."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * at + b"\0" + b"x" * (20_000 - at))
    expected = ("binary", not named)
    actual = refusal(source(path, named=named))

    assert expected == actual


def test_a_nul_in_wide_text_is_binary() -> None:
    """A NUL character is binary in UTF-16 too; the zero bytes of its letters are not."""
    with pytest.raises(NotText, match="binary"):
        text_of("\ufeffa\0".encode("utf-16-le"))
    expected = ("ab", False)
    actual = text_of("\ufeffab".encode("utf-16-le"))

    assert expected == actual


def test_text_counts_binaries() -> None:
    """With --text a NUL is a character like another."""
    expected = ("a\0b\ufffd", True)
    actual = text_of(b"a\0b\xff", Rules(text=True))

    assert expected == actual


@pytest.mark.parametrize("size", [0, 1, 8_191, 8_192, 8_193, 100_000])
def test_size_is_of_what_was_read(tmp_path: Path, size: int) -> None:
    """A file as long as the limit is read, one byte more is too long, and the size is of the bytes read."""
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    reading = Reading(source(path), Rules(max_bytes=size))
    whole = b"".join(reading)
    path.write_bytes(b"x" * (size + 1))
    expected = (size, size, (f"larger than {size:,} bytes", False), (f"larger than {size:,} bytes", True))
    actual = (
        len(whole),
        reading.bytes,
        refusal(source(path), Rules(max_bytes=size)),
        refusal(source(path, named=False), Rules(max_bytes=size)),
    )

    assert expected == actual


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc")
def test_size_is_not_the_announced_one() -> None:
    """A file that says it is empty and is not is read, and held to the limit."""
    reading = Reading(source("/proc/self/status"), Rules())
    expected = (0, True, ("larger than 10 bytes", False))
    actual = (
        os.stat("/proc/self/status").st_size,
        len(b"".join(reading)) > 100,
        refusal(source("/proc/self/status"), Rules(max_bytes=10)),
    )

    assert expected == actual


def test_a_named_pipe_is_waited_for(tmp_path: Path) -> None:
    """A pipe that was named is read to its end, though its writer comes later and writes byte by byte."""
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def write() -> None:
        with open(path, "wb", buffering=0) as pipe:
            pipe.writelines(bytes([byte]) for byte in codecs.BOM_UTF8 + "é!".encode())

    writer = threading.Thread(target=write)
    writer.start()
    expected = "é!"
    actual = b"".join(Reading(source(path), Rules())).decode()
    writer.join()

    assert expected == actual


def test_what_took_the_place_of_a_file(tmp_path: Path) -> None:
    """A pipe, a folder or nothing where a file was listed does not block, and makes the total incomplete."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("/etc/hostname")
    expected = {
        "pipe": ("no longer a regular file", False),
        "folder": ("no longer a regular file", False),
        "gone": ("no such file or directory", False),
        "link": ("a symbolic link has taken the place of it or of a folder on the way to it", False),
    }
    actual = {name: refusal(source(tmp_path / name, named=False)) for name in expected}

    assert expected == actual


def test_devices_and_sockets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no end, or is no file, fails at once when it was named."""
    monkeypatch.chdir(tmp_path)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        expected = [("a device", False), ("a socket", False)]
        actual = [refusal(source("/dev/zero")), refusal(source("socket"))]

    assert expected == actual


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc")
def test_refusals_leave_nothing_open(tmp_path: Path) -> None:
    """Reading that ends early closes its file."""
    path = tmp_path / "a"
    path.write_bytes(b"\0")
    for _ in range(5):
        refusal(source(path))
        refusal(source(tmp_path, named=False))
    is_open = []
    for descriptor in Path("/proc/self/fd").iterdir():  # not by their numbers: other threads open some, too
        with suppress(OSError):
            is_open += [target for target in [os.readlink(descriptor)] if target.startswith(str(tmp_path))]

    assert [] == is_open
