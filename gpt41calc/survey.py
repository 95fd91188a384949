"""The one pipeline: sources are read, counted and added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .errors import Uncountable
from .sources.nouns import Rules, Source
from .sources.read import NotText, Reading
from .tally import Counted, Skipped, Tally
from .tokenizer.engines import Tokenizer
from .tokenizer.stream import pieces

__all__ = ["Observer", "survey"]

Observer = Callable[[int], None]
"""Is told after every input how many there have been."""


def survey(
    found: Sequence[Source | Skipped],
    tokenizers: Iterable[Tokenizer],
    encodings: Iterable[str],
    rules: Rules,
    observe: Observer = lambda _inputs: None,
) -> Tally:
    """Count everything that was found; what cannot be counted is in the tally with its reason.

    Args:
        found: sources, and what was skipped in finding them.
        tokenizers: one for each encoding.
        encodings: the names to report them by, in the same order.
        rules: what to read of a file.
        observe: told of the progress.
    """
    by_encoding = dict(zip(encodings, tokenizers, strict=True))
    seen: list[Counted | Skipped] = []
    for one in found:
        seen.append(one if isinstance(one, Skipped) else _count(one, by_encoding, rules))
        observe(len(seen))
    return Tally.of(*seen)


def _count(source: Source, tokenizers: dict[str, Tokenizer], rules: Rules) -> Counted | Skipped:
    reading = Reading(source, rules)
    tokens = dict.fromkeys(tokenizers, 0)
    try:
        for piece in pieces(reading):
            for encoding, tokenizer in tokenizers.items():
                tokens[encoding] += tokenizer.count(piece)
    except NotText as reason:
        return Skipped(source.name, reason.reason, reason.expected)
    except Uncountable as reason:
        return Skipped(source.name, str(reason), expected=False)
    except MemoryError:
        return Skipped(source.name, "too large for the memory there is", expected=False)
    return Counted(source.name, reading.bytes, tokens, reading.lossy)
