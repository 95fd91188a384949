"""Gemma's tokens: by a model of the user's, by the package that ships one, or estimated."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.errors import VocabularyError
from gpt41calc.tokenizer import gemma as module
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.gemma import MODEL_VARIABLE, PieceGemma, SentencePieceGemma, SplintrGemma, gemma, use_model

O200K = tokenizer("o200k_base")
GEMMA = SplintrGemma()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SentencePiece model trained on a few words."""
    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the sea and the sky", "the sky over the sea", "a sea of words"] * 20),
        model_writer=written,
        vocab_size=40,
        model_type="bpe",
        minloglevel=2,
    )
    path = tmp_path_factory.mktemp("model") / "tokenizer.model"
    path.write_bytes(written.getvalue())
    return str(path)


def test_a_model_of_the_users_counts(model: str) -> None:
    """A SentencePiece model counts as it was trained to: words it knows are few tokens."""
    counted = SentencePieceGemma(model)

    assert counted.is_exact
    assert counted.tokens("the sea").value < counted.tokens("zygote").value


def test_the_environment_names_a_model(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable names the file to count with."""
    monkeypatch.setenv(MODEL_VARIABLE, model)

    assert isinstance(gemma(O200K), SentencePieceGemma)


def test_a_file_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    """A wrong file is refused with a sentence that says what is wrong, and so is a missing one."""
    wrong = tmp_path / "tokenizer.model"
    wrong.write_text("no model", encoding="utf-8")

    with pytest.raises(VocabularyError, match=r"tokenizer\.model is not a SentencePiece model"):
        use_model(str(wrong))
    with pytest.raises(VocabularyError, match="cannot read the Gemma model"):
        use_model(str(tmp_path / "missing"))


def test_without_sentencepiece_the_extra_is_named(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sentencepiece is not installed, the hint names the extra that brings it."""
    monkeypatch.setitem(__import__("sys").modules, "sentencepiece", None)

    with pytest.raises(VocabularyError) as refused:
        SentencePieceGemma(model)

    assert "gpt41calc[gemini]" in str(refused.value.hint)


def test_without_any_vocabulary_tokens_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither a file nor the package is there, counts are estimated and say so."""
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    monkeypatch.setattr(module, "_shipped", lambda: None)

    assert not gemma(O200K).is_exact


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of Norway?",
        "What's the 100th prime number, and why?",
        '{"town": "Oslo", "degrees": [12, 7]}',
        "def double(x):\n    return 2 * x\n",
    ],
)
def test_common_texts_are_estimated_to_the_token(text: str) -> None:
    """Common English and code come out as Gemma's own vocabulary counts them."""
    assert round(PieceGemma(O200K).tokens(text).value) == GEMMA.tokens(text).value


@pytest.mark.parametrize(
    "text",
    [
        "Der Donaudampfschifffahrtsgesellschaftskapitän winkte.",
        "私は毎朝コーヒーを飲みます。",
        "मैं हर सुबह कॉफ़ी पीता हूँ।",
        "Я пью кофе каждое утро.",
        "لا أشرب القهوة في المساء.",
        "x = [[0] * 1024 for _ in range(1 << 20)]",
    ],
)
def test_other_texts_lie_within_the_bounds(text: str) -> None:
    """What is only estimated has bounds that hold Gemma's own count."""
    estimated, exact = PieceGemma(O200K).tokens(text), GEMMA.tokens(text).value

    assert estimated.low <= exact <= estimated.high


@given(st.text(max_size=200))
def test_any_text_has_bounds_in_order(text: str) -> None:
    """Whatever a text holds, it is counted, and the bounds are in order."""
    tokens = PieceGemma(O200K).tokens(text)

    assert 0 <= tokens.low <= tokens.value <= tokens.high
