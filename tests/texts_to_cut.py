"""Texts in which a cut changes tokens, and tiktoken to count them by."""

from __future__ import annotations

from hypothesis import strategies as st

from gpt41calc.tokenizer.engines import TiktokenEngine
from gpt41calc.tokenizer.vocabulary import VOCABULARIES

REFERENCES = {name: TiktokenEngine(vocabulary) for name, vocabulary in VOCABULARIES.items()}

PARTS = (
    *("hello", "The", "END", "A", "b", "/", "don't", "'", "'s", "'LL", "t", " word", " Word", "supercalifragilistic"),
    *(" ", "  ", "      ", "\t", "\n", "\n\n", "\r\n", "123", "12345", ".", "!", "...", "---", "=======", "a" * 24),
    *("中文", "。", "，", "Привет", "ไทยภาษา", "e\u0301", "👨‍👩‍👧", "🇩🇪", "🇫🇷", "\u200d", "<|endoftext|>"),
)

TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=40).map("".join)

ENCODINGS = st.sampled_from(sorted(VOCABULARIES))
