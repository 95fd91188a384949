"""Decompress and decode files while they are read: gzip, Zstandard, UTF-16 and UTF-32 become UTF-8."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from typing import Protocol

__all__ = ["NotReadable", "as_utf8"]

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_HEAD_BYTES = 4
"""First bytes that are needed to detect the format."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_STEP_BYTES = 1 << 20
"""Bytes decompressed at once: a small compressed file may expand to gigabytes."""


class NotReadable(Exception):
    """Bytes that cannot be decompressed or decoded, with the reason."""

    def __init__(self, reason: str) -> None:
        """Store the reason, a lower-case phrase."""
        super().__init__(reason)
        self.reason = reason


def as_utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    r"""Yield the blocks of a file as UTF-8; the memory used does not grow with the file.

    Args:
        blocks: the bytes as they are read.

    Raises:
        NotReadable: they are damaged, or the decompressor is not installed.

    >>> b"".join(as_utf8(iter([b"\xff\xfe", b"h\x00i\x00"])))
    b'hi'
    """
    head, blocks = _head(blocks)
    if head.startswith(_GZIP):
        head, blocks = _head(_gunzipped(blocks))
    elif head.startswith(_ZSTD):
        head, blocks = _head(_unzstd(blocks))
    for mark, name in _BOMS:
        if head.startswith(mark):
            yield from _recoded(blocks, name, len(mark))
            return
    yield from blocks


def _head(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes, and an iterator over all blocks including them."""
    begun = b""
    for block in blocks:
        begun += block
        if len(begun) >= _HEAD_BYTES:
            break

    def whole() -> Iterator[bytes]:
        if begun:
            yield begun
        yield from blocks

    return begun[:_HEAD_BYTES], whole()


def _gunzipped(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress gzip, including several concatenated members, as in rotated logs."""
    engine = zlib.decompressobj(wbits=31)
    try:
        for block in blocks:
            rest = block
            while rest:
                if engine.eof:
                    engine = zlib.decompressobj(wbits=31)
                yield engine.decompress(rest, _STEP_BYTES)
                rest = engine.unconsumed_tail or engine.unused_data
                if engine.eof and not rest.strip(b"\0"):
                    break
        yield engine.flush()
    except zlib.error as error:
        message = f"not gzip: {error}"
        raise NotReadable(message) from error
    if not engine.eof:
        raise NotReadable("gzip that breaks off")


class _Decompressor(Protocol):
    """The interface that Python 3.14's standard library and the package zstandard share."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, /) -> bytes: ...


def _unzstd(blocks: Iterator[bytes]) -> Iterator[bytes]:
    make = _zstd()
    engine = make()
    try:
        for block in blocks:
            rest = block
            while rest:
                if engine.eof:
                    engine = make()
                yield engine.decompress(rest)
                rest = engine.unused_data if engine.eof else b""
    except Exception as error:  # each of the two libraries has its own error
        if isinstance(error, OSError):
            raise
        message = f"not Zstandard: {error}"
        raise NotReadable(message) from error
    if not engine.eof:
        raise NotReadable("Zstandard that breaks off")


def _zstd() -> type[_Decompressor]:
    try:
        from compression.zstd import ZstdDecompressor  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        pass
    else:
        return ZstdDecompressor  # type: ignore[no-any-return,unused-ignore]
    try:
        import zstandard
    except ImportError:
        reason = "Zstandard, which takes Python 3.14 or the extra zstd: pip install 'gpt41calc[zstd]'"
        raise NotReadable(reason) from None
    return lambda: zstandard.ZstdDecompressor().decompressobj()  # type: ignore[return-value]


def _recoded(blocks: Iterator[bytes], name: str, skip: int) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for block in blocks:
            # Lone surrogates are kept: the JSON reader reports where they are.
            yield decoder.decode(block[skip:]).encode("utf-8", "surrogatepass")
            skip = 0
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        message = f"not {name.upper()}: {error.reason}"
        raise NotReadable(message) from error
