"""The index of a vocabulary belongs to it, or is not used."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.errors import VocabularyError
from gpt41calc.locations import shipped_file
from gpt41calc.tokenizer import lookup
from gpt41calc.tokenizer.engines import TiktokenEngine
from gpt41calc.tokenizer.lookup import Lookup, build_index
from gpt41calc.tokenizer.token_bytes import token_bytes
from gpt41calc.tokenizer.vocabulary import VOCABULARIES


@pytest.mark.parametrize("encoding", VOCABULARIES)
def test_the_shipped_index_is_the_one_that_is_built(encoding: str) -> None:
    """The index that ships is what its vocabulary gives, and its digest is pinned."""
    vocabulary = VOCABULARIES[encoding]
    built = build_index(vocabulary)
    expected = (built, vocabulary.index_sha256)
    actual = (shipped_file(f"{encoding}.index").read_bytes(), hashlib.sha256(built).hexdigest())

    assert expected == actual


@pytest.mark.parametrize("encoding", VOCABULARIES)
def test_every_token_is_found_in_the_order_of_ranks(encoding: str) -> None:
    """Every token is found; what comes first in the file has the lower rank; what is no token is not found."""
    ranks = VOCABULARIES[encoding].ranks()
    index = lookup._Index(VOCABULARIES[encoding])  # noqa: SLF001 - its order is what merging relies on
    tokens = sorted(ranks, key=ranks.__getitem__)
    found = [index.find(token) for token in tokens]
    strangers = [token + b"\0\xff" for token in tokens[::97]]
    expected = (True, sorted(set(found)), {0})
    actual = (all(found), found, {index.find(token) for token in strangers})

    assert expected == actual


@pytest.mark.parametrize("encoding", VOCABULARIES)
@given(text=st.text(st.sampled_from("abé漢🜁🙂 '\n\t019,.ǅ\u0301") | st.characters(exclude_categories=["Cs"])))
def test_a_text_is_split_as_it_is_encoded(encoding: str, text: str) -> None:
    """The bytes of the tokens that are looked up are those of the ids that the reference returns."""
    vocabulary = VOCABULARIES[encoding]
    known = token_bytes(encoding)

    assert [known[token] for token in _reference(encoding).encode(text)] == Lookup(vocabulary).split(text.encode())


def test_a_long_piece_is_not_split() -> None:
    """What would take too long to merge here is left to a tokenizer."""
    assert Lookup(VOCABULARIES["o200k_base"]).split(b"x" * 3000) is None


@cache
def _reference(encoding: str) -> TiktokenEngine:
    return TiktokenEngine(VOCABULARIES[encoding])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no index for cl100k_base: .*: No such file or directory"),
        (b"", "no index for cl100k_base: .*: cannot mmap an empty file"),
        (b"\0" * 524_288, "the index .* does not belong to its vocabulary"),
        (b"\0", "the index .* does not belong to its vocabulary"),
    ],
    ids=["missing", "empty", "zeros", "truncated"],
)
def test_another_index_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, message: str
) -> None:
    """An index that is missing or altered is never searched, and the message says what to do."""
    file = tmp_path / "cl100k_base.index"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(lookup, "shipped_file", lambda name: tmp_path / name)
    with pytest.raises(VocabularyError, match=message) as refused:
        Lookup(VOCABULARIES["cl100k_base"]).count(b"hello")
    expected = True
    actual = "install gpt41calc again" in refused.value.hint

    assert expected == actual


@pytest.mark.parametrize(("altered", "message"), [("sha256", "the one that was published"), ("index_sha256", "belong")])
def test_an_altered_digest_is_noticed(altered: str, message: str) -> None:
    """Neither the ranks nor their index are used with another digest than the pinned one."""
    vocabulary = VOCABULARIES["cl100k_base"]._replace(**{altered: "0" * 64})
    with pytest.raises(VocabularyError, match=message) as refused:
        Lookup(vocabulary).count(b"hello")
    expected = True
    actual = "install gpt41calc again" in refused.value.hint

    assert expected == actual
