"""Every token has the bytes that tiktoken gives it, and decoding gives back what was encoded."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktoken import Encoding

from gpt41calc.errors import UnknownToken
from gpt41calc.tokenizer.engines import tokenizer
from gpt41calc.tokenizer.special_tokens import SPECIAL_TOKENS, encode_blocks
from gpt41calc.tokenizer.token_bytes import Decoded, token_bytes
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

ENCODINGS = sorted(VOCABULARIES)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_token(encoding: str) -> None:
    """The bytes of every token are those of the rank file, and no other id has any."""
    ranks, found = VOCABULARIES[encoding].ranks(), token_bytes(encoding)

    assert list(ranks) == [found[token] for token in ranks.values()]
    for none in (-1, len(ranks), max(SPECIAL_TOKENS[encoding].values()) + 1):
        if none not in SPECIAL_TOKENS[encoding].values():
            with pytest.raises(UnknownToken):
                found[none]


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.lists(st.text() | st.sampled_from(["<|endoftext|>", "\ufeff", "\x00", "👨‍👩‍👧", "\n\n", "  "])).map("".join))
def test_decoding_is_the_inverse(encoding: str, text: str) -> None:
    """decode(encode(x)) is x for every text."""
    decoded = Decoded(encoding, encode_blocks(tokenizer(encoding), [text.encode()]))

    assert (text, False) == (b"".join(decoded).decode(), decoded.lossy)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(st.lists(st.text(max_size=5) | st.sampled_from(["<|endoftext|>", "<|endofprompt|>", "<|", "a "])).map("".join))
def test_special_tokens(encoding: str, text: str) -> None:
    """Names of special tokens become these tokens only if that is requested, exactly as tiktoken reads them."""
    reference = (
        Encoding(
            encoding,
            pat_str=VOCABULARIES[encoding].pattern,
            mergeable_ranks=VOCABULARIES[encoding].ranks(),
            special_tokens=dict(SPECIAL_TOKENS[encoding]),
        )
        if encoding not in REFERENCES
        else REFERENCES[encoding]
    )
    REFERENCES[encoding] = reference
    engine = tokenizer(encoding)
    found = [
        [token for ids in encode_blocks(engine, [text.encode()], names) for token in ids]
        for names in (SPECIAL_TOKENS[encoding], None)
    ]

    assert [reference.encode(text, allowed_special="all"), reference.encode(text, disallowed_special=())] == found


REFERENCES: dict[str, Encoding] = {}


def test_published_special_tokens() -> None:
    """The special tokens are those in tiktoken's source."""
    openai_public = importlib.import_module("tiktoken_ext.openai_public")  # has no types
    published = {
        "<|endoftext|>": openai_public.ENDOFTEXT,
        "<|fim_prefix|>": openai_public.FIM_PREFIX,
        "<|fim_middle|>": openai_public.FIM_MIDDLE,
        "<|fim_suffix|>": openai_public.FIM_SUFFIX,
        "<|endofprompt|>": openai_public.ENDOFPROMPT,
    }

    assert [*published] == [*published.values()]
    assert set(SPECIAL_TOKENS["cl100k_base"]) == set(published)


def test_half_a_character() -> None:
    """Tokens that end inside a character become U+FFFD, or their bytes."""
    half = Decoded("o200k_base", [tokenizer("o200k_base").encode("🫠")[:-1]])

    assert ("\ufffd", True) == (b"".join(half).decode(), half.lossy)
    assert b"".join(half.raw()) == "🫠".encode()[:-1]
