"""tiktoken itself, with the shipped ranks in place of a download: what other counts are compared with."""

from __future__ import annotations

from functools import cache

import tiktoken

from gpt41calc.tokenizer.vocabulary import VOCABULARIES

__all__ = ["o200k"]


@cache
def o200k() -> tiktoken.Encoding:
    """Return the encoding of GPT-4.1 and GPT-4o."""
    vocabulary = VOCABULARIES["o200k_base"]
    return tiktoken.Encoding(
        "o200k_base", pat_str=vocabulary.pattern, mergeable_ranks=vocabulary.ranks(), special_tokens={}
    )
