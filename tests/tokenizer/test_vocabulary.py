"""A vocabulary is used only if it is the published one."""

from __future__ import annotations

import pytest

from gpt41calc.errors import VocabularyError
from gpt41calc.tokenizer.vocabulary import VOCABULARIES


@pytest.mark.parametrize(("encoding", "tokens"), [("o200k_base", 199_998), ("cl100k_base", 100_256)])
def test_ranks_are_complete(encoding: str, tokens: int) -> None:
    """Ranks run from zero without a gap, one for each published token."""
    expected = list(range(tokens))
    actual = sorted(VOCABULARIES[encoding].ranks().values())

    assert expected == actual


def test_altered_file_is_refused() -> None:
    """A file with another digest is not used, and the message says what to do."""
    altered = VOCABULARIES["cl100k_base"]._replace(sha256="0" * 64)
    with pytest.raises(VocabularyError, match="not the one that was published") as refused:
        altered.ranks()
    expected = True
    actual = "install gpt41calc again" in refused.value.hint

    assert expected == actual


def test_missing_file_is_explained() -> None:
    """A file that is not there is an error with the reason and what to do."""
    missing = VOCABULARIES["cl100k_base"]._replace(name="no_base")
    with pytest.raises(VocabularyError, match=r"no vocabulary for no_base: .*: No such file") as refused:
        missing.verified_path()
    expected = True
    actual = "install gpt41calc again" in refused.value.hint

    assert expected == actual


def test_identity_names_the_content() -> None:
    """The identity changes with the content."""
    vocabulary = VOCABULARIES["o200k_base"]
    expected = ("o200k_base:" + vocabulary.sha256, False)
    other = vocabulary._replace(sha256="0" * 64)
    actual = (vocabulary.identity, vocabulary.identity == other.identity)

    assert expected == actual
