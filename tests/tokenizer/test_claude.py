"""Claude's text is counted as the package ctok counts it, whatever the text is."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ctok = pytest.importorskip("ctok", reason="ctok needs Python 3.12")

from gpt41calc.tokenizer import claude_pieces, claude_vocabulary  # noqa: E402
from gpt41calc.tokenizer.claude import ClaudeEngine  # noqa: E402
from gpt41calc.tokenizer.claude_vocabulary import FAMILIES, Pieces  # noqa: E402

VERSIONS = {"claude-3": "3.0", "claude-4.7": "4.7", "claude-4.8": "4.8"}
FRAMES = {"claude-3": 7, "claude-4.7": 11, "claude-4.8": 6}

WORDS = (
    *("it's", "I'll", "don't", "'re", "x's", "can 't", "1's", "文's", "é's", " 'a", " 'é", "'", "''", "HELLO", "Hello"),
    *("hELLO", "API", "QQ", "WiFi", "==", "});", "->", "12345", "0", "1.5", "\n", "\n\n", "  ", " ", "\t", "a b", "،"),
    *(
        "naïve",
        "Übung",
        "ΣΑΣ",
        "ёлка",
        "НАТО",
        "नमस्ते",
        "ไทยำ",
        "مرحبا",
        "١٢٣",
        "漢字",
        "カナー",
        "한국어",
        "😀",
        "⚖️",
        "漢️",
    ),
    *(
        "“x”",
        "‘y’",
        "—",
        "…",
        "•",
        "①",
        "²",
        "Ⅳ",
        "\u0301",
        "\u0650",
        "\u200b",
        "\u00a0",
        "\u3000",
        "、",
        "？",
        "）",
        "\ufdd0",
    ),
    *(
        "\ufdd4",
        "\ue000",
        "\x00",
        "\x1f",
        "\x85",
        "\ufeff",
        "İ",
        "ẞ",
        "ß",
        "ℳ",
        "〇",
        "々",
        "\U000e0100",
        "𝒳",
        "\u0e4d\u0e32",
    ),
)
"""Each stands for a rule of the marked stream, or for a border between two."""


@pytest.fixture(scope="module", autouse=True)
def installed() -> Iterator[None]:
    """Use ctok, which other tests leave alone."""
    patch = pytest.MonkeyPatch()
    patch.delenv("GPT41CALC_CLAUDE", raising=False)
    claude_vocabulary.ctok_folder.cache_clear()
    claude_vocabulary.ctok_version.cache_clear()
    yield
    patch.undo()
    claude_vocabulary.ctok_folder.cache_clear()
    claude_vocabulary.ctok_version.cache_clear()


ENGINES = {name: ClaudeEngine(name) for name in FAMILIES}


def reference(text: str, encoding: str) -> int:
    """Return what ctok counts of a text, without the frame of a message."""
    return int(ctok.token_count(text, VERSIONS[encoding])) - FRAMES[encoding]


@pytest.mark.parametrize("encoding", FAMILIES)
@settings(max_examples=400)
@given(words=st.lists(st.sampled_from(WORDS), max_size=12))
def test_words_of_every_rule_are_counted_as_by_ctok(encoding: str, words: list[str]) -> None:
    """Any sequence of words, signs and blanks that rules are about has ctok's count."""
    text = "".join(words)

    assert reference(text, encoding) == ENGINES[encoding].count(text)


@pytest.mark.parametrize("encoding", FAMILIES)
@settings(max_examples=400)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_is_counted_as_by_ctok(encoding: str, text: str) -> None:
    """Any Unicode text has ctok's count."""
    assert reference(text, encoding) == ENGINES[encoding].count(text)


@pytest.mark.parametrize("encoding", FAMILIES)
@settings(max_examples=300)
@given(text=st.text(st.sampled_from("aAbZ09 ''\n\t.,=(){}\"-_\\#"), max_size=40))
def test_ascii_is_counted_as_by_ctok(encoding: str, text: str) -> None:
    """ASCII, which is marked here and not by ctok, has ctok's count."""
    assert reference(text, encoding) == ENGINES[encoding].count(text)


@pytest.mark.parametrize("encoding", FAMILIES)
def test_the_standard_library_is_counted_as_by_ctok(encoding: str) -> None:
    """Every twelfth module of Python's library has ctok's count."""
    modules = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::12]
    texts = {path.name: path.read_text("utf-8", "replace") for path in modules}
    expected = {name: reference(text, encoding) for name, text in texts.items()}

    assert expected
    assert expected == {name: ENGINES[encoding].count(text) for name, text in texts.items()}


@pytest.mark.parametrize("text", [" " * 20_000, "\n" * 17_000, "=" * 20_000, "a" * 3000, "文" * 3000, "é" * 2000])
def test_long_runs_are_counted_as_by_ctok(text: str) -> None:
    """One character again and again has ctok's count, beyond where the longest piece is taken as often as it fits."""
    assert reference(text, "claude-3") == ENGINES["claude-3"].count(text)


@settings(max_examples=200)
@given(text=st.text(max_size=30).filter(lambda text: text.isprintable()), more=st.sampled_from("aé漢."))
def test_another_character_never_takes_less_by_more_than_a_piece(text: str, more: str) -> None:
    """A character at the end joins at most the last word, and never makes a text a token shorter than before it."""
    engine = ENGINES["claude-4.8"]

    assert engine.count(text + " " + more) >= engine.count(text)


def test_bytes_that_are_no_text_are_replaced() -> None:
    """Bytes are read as UTF-8, with U+FFFD for what is not."""
    assert ENGINES["claude-3"].count("a\ufffdb") == ENGINES["claude-3"].count(b"a\xffb")


@pytest.mark.parametrize("text", ["", "one\ntwo\n", "one line", "a\n\n\nb", "é\n" * 5])
def test_as_many_numbers_as_tokens(text: str) -> None:
    """What stands for tokens is as long as the count; texts that begin alike have numbers that begin alike."""
    engine = ENGINES["claude-3"]
    longer = engine.encode(f"{text}\nand more")
    shared = engine.count(text.splitlines(keepends=True)[0]) if "\n" in text else 0

    assert engine.count(text) == len(engine.encode(text))
    assert longer[:shared] == engine.encode(text)[:shared]


def test_identity_names_ctok_and_its_version() -> None:
    """Counts of another version of ctok are never taken for this one's."""
    assert f"claude-3:ctok-{claude_vocabulary.ctok_version()}" == ENGINES["claude-3"].identity


def test_kept_pieces_are_what_ctok_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces that were kept are those of ctok; kept ones that are damaged are read anew."""
    monkeypatch.setattr(claude_pieces, "cache_folder", lambda: tmp_path / "cache")
    first = Pieces("claude-4.7").cost("word")
    (kept,) = (tmp_path / "cache").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-100])
    second = Pieces("claude-4.7").cost("word")

    assert first == second
    assert whole == kept.read_bytes()


def test_pieces_others_may_write_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that others may write to, nothing is kept."""
    (tmp_path / "cache").mkdir(mode=0o777)
    (tmp_path / "cache").chmod(0o777)
    monkeypatch.setattr(claude_pieces, "cache_folder", lambda: tmp_path / "cache")
    Pieces("claude-4.7").cost("word")

    assert [] == list((tmp_path / "cache").iterdir())
