"""Count inputs, without prices and limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...counting.runtime import Runtime, count_sources
from ...requests.counted_as_text import mention_request
from ...sources.find import gather
from ...sources.source import DEFAULT_RULES, Rules
from ...tally import Tally
from ...tokenizer.vocabulary import DEFAULT_ENCODING

if TYPE_CHECKING:
    from ...calculator.breakdown import Breakdown, Grouping
    from ...pricing.schema import Model

__all__ = ["CountOptions", "Counts", "count_paths"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountOptions:
    """Inputs to count, and settings."""

    paths: Sequence[str]
    """Files, folders, or ``-`` for standard input."""

    strings: Sequence[str] = ()
    """Texts to count, given as options."""

    rules: Rules = DEFAULT_RULES
    """Rules for files in folders."""

    model: Model | None = None
    """The model whose tokens are counted. None to count as GPT-4.1, without loading the price table."""

    breakdown: Grouping | None = None
    """How to break the counts down; None for no breakdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The counted inputs."""

    inputs: Tally
    """The inputs, with their tokens in ``encoding``."""

    encoding: str
    """Encoding of the counts."""

    model: Model | None
    """The model whose tokens are counted; None if none was named."""

    breakdown: Breakdown | None = None
    """Tokens by file, folder or extension; None if it was not requested."""

    @property
    def tokens_of(self) -> Callable[[int], int]:
        """A function that converts a count in the encoding into tokens of the model."""
        model = self.model
        if model is None:
            return int
        from ...calculator.context import input_tokens

        return lambda counted: input_tokens(counted, model).value

    @property
    def tokens(self) -> int:
        """Tokens of all inputs."""
        return self.tokens_of(self.inputs.tokens(self.encoding))


def _counted_strings(texts: Sequence[str], encoding: str, rules: Rules) -> Tally:
    from ...counting.counter import SourceCounter
    from ...requests.literals import literal_inputs
    from ...tokenizer.engines import tokenizer

    counter = SourceCounter({encoding: tokenizer(encoding)}, rules)
    return Tally.of(
        *(counter.count_text(one.source.name, one.begun) for one in literal_inputs(texts) if one.begun is not None)
    )


def count_paths(options: CountOptions, runtime: Runtime) -> Counts:
    """Find, read and count the inputs.

    Raises:
        UsageError: a path does not exist, or a glob pattern is invalid.
        VocabularyError: a vocabulary file is missing or altered.
    """
    encoding = options.model.counted_in if options.model else DEFAULT_ENCODING
    model, found = options.model, gather(options.paths, options.rules)
    mention_request(found, runtime.hint)
    tally = count_sources(found, [encoding], options.rules, runtime)
    if options.strings:
        tally = _counted_strings(options.strings, encoding, options.rules) + tally
    if model is not None and model.kind_ratios:
        from ...calculator.kind_ratio import with_mean_ratio
        from ...counting.kind_shares import kind_weights

        model = with_mean_ratio(model, kind_weights(tally, found, encoding))
    counts = Counts(inputs=tally, encoding=encoding, model=model)
    if options.breakdown is None:
        return counts
    from dataclasses import replace

    from ...calculator.breakdown import break_down

    return replace(counts, breakdown=break_down(tally, encoding, options.breakdown, tokens_of=counts.tokens_of))
