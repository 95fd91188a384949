"""Both engines count what the published encodings do, for any text whatsoever."""

from __future__ import annotations

import base64
import importlib
import random
from collections.abc import Iterator
from functools import cache

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.errors import UnknownModel
from gpt41calc.tokenizer.engines import GigatokenEngine, TiktokenEngine, tokenizer
from gpt41calc.tokenizer.protocol import Tokenizer
from gpt41calc.tokenizer.utf8 import as_utf8
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

ENCODINGS = tuple(VOCABULARIES)

BLANKS = 1_200_000
"""More than the reference can count."""

BITS = (
    *(
        "it's",
        "I'LL",
        "they've",
        "'re",
        "'\u017f",
        "don't",
        "HTTPServer",
        "camelCase",
        "Ǆ",
        "ﬁ",
        "naïve",
        "e\u0301\u0323",
    ),
    *("0", "1234567", "٣٤٥", "Ⅷ", "²", "１２", "3.14", "a1b2"),
    *(
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\x85",
        "\x0b",
        "\x1c",
        "\u200b",
        "\ufeff",
    ),
    *("Привет", "κόσμε", "שלום", "مرحبا", "नमस्ते", "汉字", "かな", "カナ", "한국어", "ไทย"),
    *("😀", "👨‍👩‍👧", "🇩🇪", "👍🏽", "!", "...", "//", "/\n", "{}", "_", "-", "'", '"'),
    *(
        "<|endoftext|>",
        "<|endofprompt|>",
        "<|fim_prefix|>",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "\udcff",
        "\0",
        "\ufffd",
    ),
)

TEXTS = st.lists(st.sampled_from(BITS) | st.text(st.characters(), max_size=6), max_size=25).map("".join)
"""Runs of everything that the patterns treat in its own way, surrogates included."""


class Unwanted:
    """A reference that is never to be asked."""

    identity = "none"

    def count(self, text: str | bytes) -> int:
        """Fail."""
        pytest.fail(f"was asked to count {text[:40]!r}")


@cache
def engine(kind: str, encoding: str) -> Tokenizer:
    """Return one of the engines."""
    vocabulary = VOCABULARIES[encoding]
    reference = TiktokenEngine(vocabulary)
    return reference if kind == "tiktoken" else GigatokenEngine(vocabulary, reference)


@pytest.fixture(scope="module")
def published() -> Iterator[dict[str, tiktoken.Encoding]]:
    """Return the encodings as tiktoken publishes them, with the shipped ranks in place of a download."""

    def shipped(address: str, expected_hash: str) -> dict[bytes, int]:
        name = address.rpartition("/")[2].removesuffix(".tiktoken")
        assert expected_hash == VOCABULARIES[name].sha256
        lines = VOCABULARIES[name].verified_path().read_bytes().splitlines()
        return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}

    public = importlib.import_module("tiktoken_ext.openai_public")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(public, "load_tiktoken_bpe", shipped)
        yield {
            "o200k_base": tiktoken.Encoding(**public.o200k_base()),
            "cl100k_base": tiktoken.Encoding(**public.cl100k_base()),
        }


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", ["tiktoken", "gigatoken"])
@given(text=TEXTS)
def test_any_text_counts_as_published(
    published: dict[str, tiktoken.Encoding], kind: str, encoding: str, text: str
) -> None:
    """Scripts, contractions, blanks, special tokens and surrogates count as in the published encoding."""
    expected = len(published[encoding].encode(text, disallowed_special=()))
    actual = engine(kind, encoding).count(text)

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(raw=st.binary(max_size=60))
def test_any_bytes_count_as_they_would_be_sent(
    published: dict[str, tiktoken.Encoding], encoding: str, raw: bytes
) -> None:
    """Bytes that are no UTF-8 count as U+FFFD, in both engines and in the one that is chosen."""
    expected = {len(published[encoding].encode(raw.decode(errors="replace"), disallowed_special=()))}
    actual = {
        engine("tiktoken", encoding).count(raw),
        engine("gigatoken", encoding).count(raw),
        tokenizer(encoding).count(raw),
    }

    assert expected == actual


def long_runs() -> dict[str, str]:
    """Return texts that are one piece of 100,000 characters, or nearly."""
    letters = random.Random(41)  # noqa: S311 - the same letters in every run
    return {
        "a": "a" * 100_000,
        "underscore": "_" * 100_000,
        "letters": "".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=100_000)),
        "Letters": "".join(letters.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=100_000)),
        "CJK": "".join(map(chr, letters.choices(range(0x4E00, 0x9FFF), k=100_000))),
        "emoji": "😀" * 100_000,
        "newlines": "\n" * 100_000,
        "CRLF": "\r\n" * 50_000,
        "base64": base64.b64encode(letters.randbytes(75_000)).decode(),
        "marks": "e" + "\u0301" * 100_000,
        "digits": "7" * 100_000,
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("run", long_runs())
def test_long_runs_count_as_published(published: dict[str, tiktoken.Encoding], run: str, encoding: str) -> None:
    """A word as long as a minified program has its exact count.

    https://github.com/openai/tiktoken/issues/195
    """
    text = long_runs()[run]
    expected = {len(published[encoding].encode(text, disallowed_special=()))}
    actual = {engine("tiktoken", encoding).count(text), engine("gigatoken", encoding).count(text)}

    assert expected == actual


@pytest.mark.parametrize(
    ("text", "o200k", "cl100k"),
    [
        (" " * 2_000_000, 15_625, 15_625),
        (" " * 2_000_000 + "x", 15_627, 15_627),
        (" " * BLANKS + "!", 9_377, 9_377),
        (" " * BLANKS + "\n", 9_376, 9_376),
        ("\t" * BLANKS, 75_000, 75_000),
        ("\u3000" * BLANKS + "x", 75_003, 600_002),
        ("Hello there,\n" + " " * BLANKS + " world", 9_379, 9_379),
    ],
    ids=["plain", "letter", "mark", "newline", "tabs", "U+3000", "prose"],
)
def test_blanks_without_end(text: str, o200k: int, cl100k: int) -> None:
    """Where the reference gives up, at a million blanks, both engines agree on the exact count.

    https://github.com/openai/tiktoken/issues/245
    """
    expected = [(o200k, o200k), (cl100k, cl100k)]
    actual = [(engine("tiktoken", name).count(text), engine("gigatoken", name).count(text)) for name in ENCODINGS]

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=40)
@given(
    before=st.sampled_from(["", "x", "x\n", "!", "\r\n", "1", "é"]),
    blank=st.sampled_from([" ", "\t", "\u3000", "\xa0"]),
    after=st.sampled_from(["", "x", "\n", "\r\nx", "!", "1", "'s", "é", "\n x", "汉"]),
)
def test_runs_taken_apart_count_as_published(
    published: dict[str, tiktoken.Encoding], encoding: str, before: str, blank: str, after: str
) -> None:
    """A run that is counted apart from its neighbours adds up to the count of the whole."""
    text = f"{before}{blank * 100_001}{after}"
    expected = len(published[encoding].encode(text, disallowed_special=()))
    actual = engine("tiktoken", encoding).count(text)

    assert expected == actual


@pytest.mark.parametrize(("encoding", "tokens"), [("o200k_base", 8), ("cl100k_base", 7)])
def test_special_tokens_are_ordinary_text(encoding: str, tokens: int) -> None:
    """What looks like a special token is neither counted as one nor refused.

    https://github.com/openai/tiktoken/issues/290
    """
    expected = {tokens}
    actual = {
        one.count("hello <|endoftext|>")
        for one in (tokenizer(encoding), engine("tiktoken", encoding), engine("gigatoken", encoding))
    }

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ordinary_text_needs_no_reference(encoding: str) -> None:
    """Text of long-known characters is counted by the fast engine alone."""
    fast = GigatokenEngine(VOCABULARIES[encoding], Unwanted())
    expected = tokenizer(encoding).count("Grüße, 世界! Привет, 😀")
    actual = fast.count("Grüße, 世界! Привет, 😀")

    assert expected == actual


def test_nothing_is_no_token() -> None:
    """Empty text has no tokens."""
    expected = {0}
    actual = {engine(kind, encoding).count("") for kind in ("tiktoken", "gigatoken") for encoding in ENCODINGS}

    assert expected == actual


@given(text=st.text(st.characters()))
def test_what_is_sent_is_valid(text: str) -> None:
    """Any string becomes UTF-8, with U+FFFD for half a surrogate pair and one character for a whole one."""
    expected = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    actual = as_utf8(text).decode()

    assert expected == actual


def test_unknown_encoding() -> None:
    """An encoding that does not exist is refused with the names of those that do."""
    with pytest.raises(UnknownModel) as refused:
        tokenizer("p50k_base")
    expected = ("unknown encoding 'p50k_base'", "known are o200k_base and cl100k_base")
    actual = (str(refused.value), refused.value.hint)

    assert expected == actual


def test_identities_differ() -> None:
    """Engines of one encoding share an identity; two encodings do not."""
    expected = 2
    actual = len({engine(kind, encoding).identity for kind in ("tiktoken", "gigatoken") for encoding in ENCODINGS})

    assert expected == actual
