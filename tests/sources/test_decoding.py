"""Bytes become UTF-8 text, however they are divided."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc import utf8
from gpt41calc.sources.decoding import Decoding

MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)

fragments = st.one_of(
    st.binary(max_size=6), st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass"))
)


@pytest.mark.parametrize("window", [4, 7, 64 << 10])
@given(blocks=st.lists(fragments, max_size=12))
def test_any_division_gives_what_python_decodes(blocks: list[bytes], window: int) -> None:
    """What is valid stays as it is, all else becomes U+FFFD, and ``lossy`` says whether there was such a byte."""
    raw = b"".join(blocks)
    if raw.startswith(MARKS):
        return
    whole = raw.decode(errors="replace").encode()
    expected = (whole, whole != raw)
    decoding_ = Decoding(as_text=True, expected=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(utf8, "_WINDOW_BYTES", window)
        texts = list(decoding_.decoded(iter(blocks)))
    actual = (b"".join(texts), decoding_.lossy)

    assert expected == actual
    assert all(text.decode() for text in texts)
