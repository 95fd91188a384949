"""Count the tokens of a generateContent body."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..calculator.interval import Exactness, Interval
from ..pricing.google_rules import GoogleRules
from ..tokenizer.gemma import Gemma, GemmaTokens
from .google_body import Call, Content, Function, GoogleBody, Item, Result
from .google_functions import (
    Spoken,
    as_declaration,
    as_python,
    call_values,
    declared_call,
    declared_result,
    python_call,
    python_result,
    schema_values,
    values,
)
from .parts import Image, Text

__all__ = ["google_exactness", "google_tokens"]

_NOTHING = GemmaTokens(0, 0, 0)

_SHORT_SIGNATURE = 120
"""A signature of up to this many characters has no thoughts: it is a client's dummy, or the model did not think."""

_TOKENS_PER_CHARACTER = 0.21
"""Thought tokens per further character of a signature; fitted on 20 calls and tested on 20 others."""

_CLOSE = 0.75, 1.3
"""Bounds of the thought tokens, as factors, since the signature is encrypted."""


def google_tokens(body: GoogleBody, rules: GoogleRules, gemma: Gemma, pictures: int = 0) -> Interval[int]:
    """Return the tokens of a body, with bounds that hold for 95 of 100 such calls.

    Args:
        body: the body.
        rules: the token rules of the model.
        gemma: counts the texts.
        pictures: tokens of all pictures in the body.
    """
    frames = _frames(body, rules)
    total = _total(body, rules, gemma) + _same(frames + pictures) + _thoughts(body, rules) + _unsure(body, rules)
    # Vertex AI bills no frames and, for some models, neither thoughts nor the function format; a body usually does not
    # tell whether it is sent there.
    low = min(total.low - frames, _total(body, _VALUES, gemma).low + pictures)
    return Interval(max(0, math.floor(low)), round(total.value), math.ceil(total.high))


_VALUES = GoogleRules(functions="values", per_content=0, source=("GEM-CALLS",))


def _total(body: GoogleBody, rules: GoogleRules, gemma: Gemma) -> GemmaTokens:
    """Return the tokens of all texts."""
    total = sum(map(gemma.tokens, _texts(body, rules)), _NOTHING)
    return sum((_spoken(one, gemma) for one in _spoken_texts(body, rules)), total)


def _frames(body: GoogleBody, rules: GoogleRules) -> int:
    return 0 if body.is_vertex else rules.per_content * (len(body.contents) + (body.system is not None))


def _unsure(body: GoogleBody, rules: GoogleRules) -> GemmaTokens:
    """Return the possible error, in tokens, of text forms that are not exactly known."""
    items = [item for item in body.items() if isinstance(item, Call | Result)]
    if rules.functions == "python":
        slack = len(items) + sum(4 for function in body.functions if "$defs" in function.schema)
    elif rules.functions == "values":
        slack = 2 * len(items) + len(body.functions)
    else:
        slack = 0
    if rules.bills_schema and body.schema:
        slack += 2
    return GemmaTokens(-slack, 0, slack)


def google_exactness(gemma: Gemma) -> Exactness:
    """Return the exactness of the count of a body."""
    return "modelled" if gemma.is_exact else "estimated"


def _same(number: int) -> GemmaTokens:
    return GemmaTokens(number, number, number)


def _texts(body: GoogleBody, rules: GoogleRules) -> Iterator[str]:
    """Yield every text that is counted separately."""
    yield from body.system or ()
    for function in body.functions:
        yield from _function_texts(function, rules)
    for item in body.items():
        yield from _item_texts(item, rules)
    if rules.bills_schema and body.schema:
        yield from schema_values(body.schema)


def _function_texts(function: Function, rules: GoogleRules) -> Iterator[str]:
    if rules.functions == "python":
        yield as_python(function)
    elif rules.functions == "values":
        yield from values(function)


def _item_texts(item: Item, rules: GoogleRules) -> Iterator[str]:
    if isinstance(item, Text):
        yield item.text
    elif isinstance(item, Image) or rules.functions == "declarations":
        return
    elif rules.functions == "python":
        yield python_call(item) if isinstance(item, Call) else python_result(item)
    else:
        yield item.name
        yield from call_values(item.args if isinstance(item, Call) else item.response)


def _spoken_texts(body: GoogleBody, rules: GoogleRules) -> Iterator[Spoken]:
    """Yield every text that contains special tokens."""
    if rules.functions != "declarations":
        return
    yield from map(as_declaration, body.functions)
    for item in body.items():
        if isinstance(item, Call):
            yield declared_call(item)
        elif isinstance(item, Result):
            yield declared_result(item)


def _spoken(spoken: Spoken, gemma: Gemma) -> GemmaTokens:
    return sum(map(gemma.tokens, spoken.texts), _same(spoken.marks))


def _thoughts(body: GoogleBody, rules: GoogleRules) -> GemmaTokens:
    """Return the tokens of earlier thoughts, which the API decrypts from their signatures and bills again."""
    if rules.thoughts == "unknown":
        # Of 28 calls with signatures to Gemini 2.5, 24 were billed nothing for them, and 4 one token per 8 characters.
        all_lengths = [length for content in body.contents for length in content.signatures]
        return GemmaTokens(0, 0, sum(length for length in all_lengths if length > _SHORT_SIGNATURE) / 8)
    contents = body.contents if rules.thoughts == "all" else body.contents[_last_question(body.contents) + 1 :]
    lengths = [length for content in contents for length in content.signatures if length > _SHORT_SIGNATURE]
    expected = sum(length - _SHORT_SIGNATURE for length in lengths) * _TOKENS_PER_CHARACTER
    least, most = _CLOSE
    return GemmaTokens(expected * least - 8 * len(lengths), expected, expected * most + 12 * len(lengths))


def _last_question(contents: tuple[Content, ...]) -> int:
    """Return the index of the content where the current turn begins; -1 if the user says nothing."""
    return max((at for at, content in enumerate(contents) if content.is_question), default=-1)
