"""Cut a text to a number of tokens."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import UsageError
from ...tokenizer.engines import tokenizer
from ...tokenizer.truncate import At, From, Truncated, Truncation, truncate

__all__ = ["At", "From", "Truncated", "Truncation", "truncate_text"]


def truncate_text(blocks: Iterable[bytes], encoding: str, how: Truncation) -> Truncated:
    """Return a text with at most a number of tokens.

    Args:
        blocks: the text as UTF-8, in any division; to keep its start, no more is read than that takes.
        encoding: name of the encoding.
        how: how to cut it.

    Raises:
        UsageError: the marker alone has more tokens than the limit.
        VocabularyError: a vocabulary is missing or altered.
        Uncountable: more than 256 MiB without a place to cut.
    """
    engine = tokenizer(encoding)
    marker_tokens = engine.count(how.marker)
    if marker_tokens > how.limit:
        message = f"--marker has {marker_tokens:,} tokens, and only {how.limit:,} are allowed"
        raise UsageError(message, hint="a shorter marker, or a larger number with -t")
    return truncate(engine, encoding, blocks, how)
