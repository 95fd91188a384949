"""All engines count what the published encodings do, for any text whatsoever."""

from __future__ import annotations

import base64
import importlib
import random
from array import array
from collections.abc import Iterator
from functools import cache

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from gpt41calc.errors import UnknownModel
from gpt41calc.tokenizer.engines import GigatokenEngine, TiktokenEngine, tokenizer
from gpt41calc.tokenizer.lookup import Lookup, LookupEngine
from gpt41calc.tokenizer.protocol import Tokenizer
from gpt41calc.tokenizer.unicode_versions import UNSETTLED_RANGES, as_unassigned, is_unsettled
from gpt41calc.tokenizer.utf8 import as_utf8
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

ENCODINGS = tuple(VOCABULARIES)
KINDS = ("tiktoken", "gigatoken", "lookup")

BLANKS = 1_200_000
"""More than the reference can count."""

BITS = (
    *(
        "it's",
        "I'LL",
        "they've",
        "'re",
        "'\u017f",
        "x'\u017f",
        "we'\u017fx",
        "\u212a",
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
        "\x1d\x1e",
        "\x1f",
        " \x1c",
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

NEW = tuple(chr(point) for ends in UNSETTLED_RANGES for point in ends)
"""The first and the last of every range of characters that are newer than the tables of the reference."""

TEXTS = st.lists(st.sampled_from(BITS) | st.sampled_from(NEW) | st.text(st.characters(), max_size=6), max_size=25).map(
    "".join
)
"""Runs of everything that the patterns treat in its own way, surrogates included."""


class Unwanted:
    """A reference that is never to be asked."""

    identity = "none"

    def count(self, text: str | bytes) -> int:
        """Fail."""
        pytest.fail(f"was asked to count {text[:40]!r}")

    def encode(self, text: str | bytes) -> array[int]:
        """Fail."""
        pytest.fail(f"was asked to encode {text[:40]!r}")


@cache
def engine(kind: str, encoding: str) -> Tokenizer:
    """Return one of the engines."""
    vocabulary = VOCABULARIES[encoding]
    reference = TiktokenEngine(vocabulary)
    if kind == "tiktoken":
        return reference
    lookup = Lookup(vocabulary)
    # Every text has a budget of its own, so the lookup engine never tires.
    return GigatokenEngine(vocabulary, lookup, reference) if kind == "gigatoken" else Untiring(lookup, reference)


class Untiring:
    """The lookup engine as it is in a fresh process, for each text."""

    def __init__(self, lookup: Lookup, reference: Tokenizer) -> None:
        """Keep what it is made of."""
        self._parts = (lookup, reference)

    @property
    def identity(self) -> str:
        """Encoding name and digest."""
        return LookupEngine(*self._parts).identity

    def count(self, text: str | bytes) -> int:
        """Count with a new engine."""
        return LookupEngine(*self._parts).count(text)

    def encode(self, text: str | bytes) -> array[int]:
        """Encode with a new engine."""
        return LookupEngine(*self._parts).encode(text)


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
@pytest.mark.parametrize("kind", KINDS)
@given(text=TEXTS)
def test_any_text_counts_as_published(
    published: dict[str, tiktoken.Encoding], kind: str, encoding: str, text: str
) -> None:
    """Scripts, contractions, blanks, special tokens and surrogates count as in the published encoding."""
    expected = len(published[encoding].encode(text, disallowed_special=()))
    actual = engine(kind, encoding).count(text)

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=20)
@given(text=TEXTS | st.lists(TEXTS, min_size=40, max_size=80).map("".join))
def test_all_engines_make_the_same_tokens(published: dict[str, tiktoken.Encoding], encoding: str, text: str) -> None:
    """Not only as many: the tokens themselves are those of the published encoding, in order."""
    expected = published[encoding].encode(text, disallowed_special=())
    actual = {kind: engine(kind, encoding).encode(text).tolist() for kind in KINDS}

    assert dict.fromkeys(KINDS, expected) == actual


def test_tokens_of_blanks_without_end() -> None:
    """Where the reference gives up, both engines make the same tokens, first to last."""
    text = "Hello there,\n" + " " * BLANKS + " world" + "\t" * 1000
    one, other = (engine(kind, "o200k_base").encode(text) for kind in ("tiktoken", "gigatoken"))

    assert one == other
    assert engine("gigatoken", "o200k_base").count(text) == len(one)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(raw=st.binary(max_size=60))
def test_any_bytes_count_as_they_would_be_sent(
    published: dict[str, tiktoken.Encoding], encoding: str, raw: bytes
) -> None:
    """Bytes that are no UTF-8 count as U+FFFD, in every engine and in the one that is chosen."""
    expected = {len(published[encoding].encode(raw.decode(errors="replace"), disallowed_special=()))}
    chosen = {tokenizer(encoding, short=short).count(raw) for short in (True, False)}
    actual = {engine(kind, encoding).count(raw) for kind in KINDS} | chosen

    assert expected == actual


def long_runs() -> dict[str, str]:
    """Return texts that are one piece of 12,000 characters, or nearly."""
    letters = random.Random(41)  # noqa: S311 - the same letters in every run
    return {
        "a": "a" * 12_000,
        "underscore": "_" * 12_000,
        "letters": "".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=12_000)),
        "Letters": "".join(letters.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=12_000)),
        "CJK": "".join(map(chr, letters.choices(range(0x4E00, 0x9FFF), k=12_000))),
        "emoji": "😀" * 12_000,
        "newlines": "\n" * 12_000,
        "CRLF": "\r\n" * 6_000,
        "base64": base64.b64encode(letters.randbytes(9_000)).decode(),
        "marks": "e" + "\u0301" * 12_000,
        "digits": "7" * 12_000,
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("run", long_runs())
def test_long_runs_count_as_published(published: dict[str, tiktoken.Encoding], run: str, encoding: str) -> None:
    """A word as long as a minified program has its exact count.

    https://github.com/openai/tiktoken/issues/195
    """
    text = long_runs()[run]
    expected = {len(published[encoding].encode(text, disallowed_special=()))}
    actual = {engine(kind, encoding).count(text) for kind in KINDS}

    assert expected == actual


@pytest.mark.parametrize("encoding", ["o200k_base", pytest.param("cl100k_base", marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize(
    ("text", "o200k", "cl100k"),
    [
        pytest.param(" " * 2_000_000 + "x", 15_627, 15_627, marks=pytest.mark.exhaustive),
        pytest.param(" " * BLANKS + "!", 9_377, 9_377, marks=pytest.mark.exhaustive),
        pytest.param(" " * BLANKS + "\n", 9_376, 9_376, marks=pytest.mark.exhaustive),
        pytest.param("\t" * BLANKS, 75_000, 75_000, marks=pytest.mark.exhaustive),
        pytest.param("\u3000" * BLANKS + "x", 75_003, 600_002, marks=pytest.mark.exhaustive),
        ("Hello there,\n" + " " * BLANKS + " world", 9_379, 9_379),
    ],
    ids=["letter", "mark", "newline", "tabs", "U+3000", "prose"],
)
def test_blanks_without_end(text: str, o200k: int, cl100k: int, encoding: str) -> None:
    """Where the reference gives up, at a million blanks, both engines agree on the exact count.

    https://github.com/openai/tiktoken/issues/245
    """
    expected = {o200k if encoding == "o200k_base" else cl100k}
    actual = {engine(kind, encoding).count(text) for kind in ("tiktoken", "gigatoken")}

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=10)
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
        one.count("hello <|endoftext|>") for one in (tokenizer(encoding), *(engine(kind, encoding) for kind in KINDS))
    }

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ordinary_text_needs_no_reference(encoding: str) -> None:
    """Text of long-known characters is counted by the fast engine alone."""
    fast = GigatokenEngine(VOCABULARIES[encoding], Lookup(VOCABULARIES[encoding]), Unwanted())
    expected = tokenizer(encoding).count("Grüße, 世界! Привет, 😀")
    actual = fast.count("Grüße, 世界! Привет, 😀")

    assert expected == actual


def test_nothing_is_no_token() -> None:
    """Empty text has no tokens."""
    expected = {0}
    actual = {engine(kind, encoding).count("") for kind in KINDS for encoding in ENCODINGS}

    assert expected == actual


@given(text=st.text(st.characters()))
def test_what_is_sent_is_valid(text: str) -> None:
    """Any string becomes UTF-8, with U+FFFD for half a surrogate pair and one character for a whole one."""
    expected = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    actual = as_utf8(text).decode()

    assert expected == actual


PIECE_LIMIT = 2000
"""The longest piece, in bytes, that is looked up."""


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=TEXTS, tail=st.sampled_from(["", "\n", " \n", "\n\n", "\t\r\n", " \n ", "\u2028", "\x85\n", "\u3000 "]))
def test_what_is_short_is_looked_up(
    published: dict[str, tiktoken.Encoding], encoding: str, text: str, tail: str
) -> None:
    """Text of short pieces never needs another engine, however it ends and however new its characters are."""
    text += tail
    expected = len(published[encoding].encode(text, disallowed_special=()))
    actual = looked_up(encoding).count(as_utf8(text))

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("unit", "before"),
    [
        *((unit, "") for unit in ("a", "_", " ", "\n", "xyzw", "é", "汉", "😀", "\u0301")),
        *((unit, "word ") for unit in ("a", " ")),
    ],
)
def test_a_long_piece_is_left_to_others(
    published: dict[str, tiktoken.Encoding], encoding: str, unit: str, before: str
) -> None:
    """A piece at the limit is counted; one that is longer makes the whole text somebody else's."""
    times = PIECE_LIMIT // len(unit.encode()) - len(before)
    short, long = before + unit * times, before + unit * (times + 2 * len(before) + 1)
    expected = (len(published[encoding].encode(short, disallowed_special=())), None)
    actual = (looked_up(encoding).count(short.encode()), looked_up(encoding).count(long.encode()))

    assert expected == actual


@cache
def looked_up(encoding: str) -> Lookup:
    """Return the lookup alone."""
    return Lookup(VOCABULARIES[encoding])


class Recorder:
    """An engine that records how much it was given."""

    identity = "recorder"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sizes: list[int] = []

    def count(self, text: str | bytes) -> int:
        """Record how much it is."""
        self.sizes.append(len(as_utf8(text)))
        return -1

    def encode(self, text: str | bytes) -> array[int]:
        """Record how much it is."""
        return array("I", [self.count(text) + 1])


def test_the_lookup_engine_gives_way() -> None:
    """After 64 KiB, in however many texts, and for any longer text, the faster engine counts; sooner it does not."""
    kibibyte = b"word" * 2 + b" word x 1" * 112 + b"\n" * 8
    one, many = Recorder(), Recorder()
    engine_for_many = LookupEngine(looked_up("o200k_base"), many)
    tokens = looked_up("o200k_base").count(kibibyte)
    expected = (1024, [-1], [65_537], [tokens] * 64 + [-1, -1], [1024, 1])
    actual = (
        len(kibibyte),
        [LookupEngine(looked_up("o200k_base"), one).count(kibibyte * 64 + b".")],
        one.sizes,
        [engine_for_many.count(kibibyte) for _ in range(64)]
        + [engine_for_many.count(text) for text in (kibibyte, b"x")],
        many.sizes,
    )

    assert expected == actual


def test_a_long_piece_does_not_end_looking_up() -> None:
    """A text that is left to the faster engine for one long piece does not take the next with it."""
    faster = Recorder()
    engine = LookupEngine(looked_up("o200k_base"), faster)
    expected = ([-1, 2, -1, 2], [3000, 3000])
    actual = ([engine.count(text) for text in ("a" * 3000, "hello world") * 2], faster.sizes)

    assert expected == actual


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=25)
@given(
    characters=st.lists(st.sampled_from(NEW), min_size=1, max_size=4),
    neighbours=st.sampled_from(["{}/c", "x{}'s", " {}", "{}\n", "7{}7", "\n{}\n\n", "{0}{0}", "\u0301{}"]),
    lines=st.sampled_from(["A line of words, 12 of them.\n", "    if x == 1:\n", "汉字かな", "слово "]),
    times=st.sampled_from([1, 40, 999]),
)
def test_large_text_with_few_new_characters(
    published: dict[str, tiktoken.Encoding],
    encoding: str,
    characters: list[str],
    neighbours: str,
    lines: str,
    times: int,
) -> None:
    """Characters that are newer than the reference do not change the count of what surrounds them."""
    text = lines * times + (lines * times).join(neighbours.format(char) for char in characters) + lines * times
    expected = (True, len(published[encoding].encode(text, disallowed_special=())))
    actual = (is_unsettled(text.encode()), engine("gigatoken", encoding).count(text))

    assert expected == actual


@given(text=st.text(st.sampled_from(NEW) | st.characters(exclude_categories=["Cs"]), max_size=20))
def test_what_is_unsettled_is_replaced(text: str) -> None:
    """Exactly the characters of the ranges are unsettled, and only they are replaced, one for one."""
    new = {char for char in text if any(first <= ord(char) <= last for first, last in UNSETTLED_RANGES)}
    expected = (bool(new), "".join("\ue000" if char in new else char for char in text))
    actual = (is_unsettled(text.encode()), as_unassigned(text))

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
    actual = len({engine(kind, encoding).identity for kind in KINDS for encoding in ENCODINGS})

    assert expected == actual
