"""The calculator for other programs: text in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from .calculator.context import input_tokens
from .calculator.estimate import Estimate, estimate_tally
from .calculator.workload import Workload
from .pricing.table import DEFAULT_MODELS, DEFAULT_VERSUS, Pricing, load_pricing
from .tally import Counted, Tally
from .tokenizer.engines import tokenizer
from .tokenizer.utf8 import as_utf8

__all__ = ["count_tokens", "estimate"]


def count_tokens(text: str | bytes, model: str = "gpt-4.1", *, pricing: Pricing | None = None) -> int:
    """Return how many tokens a model makes of a text.

    Args:
        text: any text; bytes are read as UTF-8, with U+FFFD for what is not.
        model: an identifier, alias or ``ft:`` name of the pricing table.
        pricing: the table to look the model up in; the shipped one if none is given.

    Returns:
        The exact number of tokens; for a model whose tokenizer is not public,
        the number to expect (``estimate`` gives its bounds).

    Raises:
        UnknownModel: the table does not list the model.
        VocabularyError: a vocabulary is missing or altered.

    >>> count_tokens("hello <|endoftext|>")
    8
    >>> count_tokens("hello world", "gpt-4")
    2
    """
    found = (pricing or load_pricing()).find(model)
    return input_tokens(tokenizer(found.counted_in).count(text), found).value


def estimate(
    text: str | bytes,
    workload: Workload | None = None,
    *,
    models: Sequence[str] = DEFAULT_MODELS,
    versus: Sequence[str] = DEFAULT_VERSUS,
    pricing: Pricing | None = None,
    as_of: date | None = None,
) -> Estimate:
    """Work out context fit, cost and savings of a text.

    Args:
        text: the input of one request.
        workload: output tokens, requests, cached tokens and tier; one request
            with 1,000 output tokens if none is given.
        models: identifiers of the models asked about.
        versus: identifiers of the models to compare them with.
        pricing: the table with the prices; the shipped one if none is given.
        as_of: the day whose prices and statuses hold; today (UTC) if none is given.

    Returns:
        The estimate; money is in US dollars, as exact decimals.

    Raises:
        UnknownModel: the table does not list a model.
        WorkloadError: more tokens are said to be cached than the text has.
        VocabularyError: a vocabulary is missing or altered.

    >>> result = estimate("Say hello.", Workload(requests=1000), as_of=date(2026, 11, 22))
    >>> result.models[0].context.fits, str(result.models[0].cost.total.value)
    (True, '8.006000')
    """
    table = pricing or load_pricing()
    asked = [table.find(name) for name in models]
    others = [table.find(name) for name in versus]
    raw = as_utf8(text)
    encodings: set[str] = {model.counted_in for model in (*asked, *others)}
    counts = {encoding: tokenizer(encoding).count(raw) for encoding in encodings}
    return estimate_tally(
        Tally.of(Counted("text", len(raw), counts)),
        asked,
        others,
        workload or Workload(),
        on=as_of or datetime.now(UTC).date(),
        checked=table.checked,
        overlay=table.overlay,
    )
