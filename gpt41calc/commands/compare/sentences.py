"""The answer of ``compare``, and the sentences below its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ...calculator.change import ModelChange
from ...calculator.interval import is_approximate
from ...render.answer import Answer, Verdict
from ...render.change import model_sentence
from ...render.model_names import model_name_notes, names_taken
from ...render.numbers import dollars, number, percent, plural, signed
from ...render.sentences import endings, estimated_sentence
from ...render.skipped import skipped_sentence
from ...render.surcharges import surcharge_summary
from .comparison import Compared, Comparison
from .wording import Wording

__all__ = ["comparison_answer", "comparison_notes", "words_sentence"]


def comparison_answer(comparison: Comparison) -> Answer:
    """Say how much longer or shorter the inputs are than the first, and what that costs."""
    verdict: Verdict | None = None if comparison.is_complete else "not known"
    doubt = "" if comparison.is_complete else ", as far as could be counted"
    others = comparison.others
    if len(others) == 1:
        return Answer(_two(comparison.first.name, others[0], comparison.requests_per_month) + doubt, verdict)
    longest, shortest = (_at_end(comparison, is_longest=end) for end in (True, False))
    if longest[0] == shortest[0]:
        return Answer(f"all {number(len(comparison.sides))} inputs have {plural(shortest[0], 'token')}{doubt}", verdict)
    mark = _mark(others[0].models[0])
    less = f"{mark}{number(longest[0] - shortest[0])}{_share(shortest[0] - longest[0], longest[0])} less than"
    money = (
        "" if not longest[2] or shortest[2] is None else f": {mark}{dollars(longest[2] - shortest[2])} a request less"
    )
    text = f"{shortest[1]} is the shortest, {mark}{plural(shortest[0], 'token')}, {less} {longest[1]}{money}{doubt}"
    return Answer(text, verdict)


def _at_end(comparison: Comparison, *, is_longest: bool) -> tuple[int, str, Decimal | None]:
    """Return the tokens, name and cost of the longest or shortest input; of equal ones, of the first."""
    start = comparison.others[0].models[0]
    ends = [
        (start.before.value, comparison.first.name, start.cost_before),
        *((one.models[0].after.value, one.side.name, one.models[0].cost_after) for one in comparison.others),
    ]
    return (max if is_longest else min)(ends, key=lambda end: end[0])


def _two(first: str, one: Compared, requests_per_month: int | None) -> str:
    change = one.models[0]
    delta = change.delta
    if one.is_same:
        return f"{one.side.name} is the same as {first}: {plural(change.before.value, 'token')}"
    mark = _mark(change)
    if not delta.value:
        doubt = "" if delta.is_exact else f" ({_signed(delta.low)} to {_signed(delta.high)})"
        return f"{one.side.name} is as long as {first}: {mark}{plural(change.after.value, 'token')}{doubt}"
    word, less = ("longer", "more") if delta.value > 0 else ("shorter", "less")
    ends = sorted((abs(delta.low), abs(delta.high))) if delta.low * delta.high >= 0 else (delta.low, delta.high)
    between = "" if delta.is_exact else f"{number(ends[0])} to {number(ends[1])}"
    share = _share(delta.value, change.before.value, between)
    money = _money(change, requests_per_month, mark, less)
    return f"{one.side.name} is {mark}{plural(abs(delta.value), 'token')}{share} {word} than {first}{money}"


def _share(delta: int, of: int, between: str = "") -> str:
    """Return what share a difference is, and its range, in brackets; empty if there is neither."""
    share = percent((Decimal(100 * abs(delta)) / of).quantize(Decimal("0.01"))) if of else ""
    inside = "; ".join(filter(None, (share, between)))
    return f" ({inside})" if inside else ""


def _money(change: ModelChange, requests_per_month: int | None, mark: str, less: str) -> str:
    cost = change.cost_delta
    if not cost:
        return "" if change.cost_after is not None else ", no price"
    month = f", {mark}{dollars(abs(cost) * requests_per_month)} a month" if requests_per_month is not None else ""
    word = less if (cost > 0) == (change.delta.value > 0) else "more" if cost > 0 else "less"
    return f": {mark}{dollars(abs(cost))} a request {word}{month}"


def _mark(change: ModelChange) -> str:
    return "~" if is_approximate(change.exactness) or not change.after.is_exact else ""


def _signed(value: int) -> str:
    return signed(number(value), value)


def words_sentence(words: Sequence[Wording], more: int = 0) -> str:
    """Return the words that change the tokens the most, and how often each was added or removed; empty if none does.

    >>> words_sentence([Wording("never", 3, 3), Wording("unbelievably", -1, -4)])
    'words with the most tokens: "never" +3 (+3 tokens), "unbelievably" -1 (-4)'
    """
    shown = [
        f'"{one.text if len(one.text) <= _LONGEST_WORD else one.text[:_LONGEST_WORD] + "…"}" {_signed(one.times)} '
        f"({_signed(one.tokens)}{' tokens' if not at else ''})"
        for at, one in enumerate(words[:_MOST_WORDS])
    ]
    rest = len(words) + more - len(shown)
    return (
        f"words with the most tokens: {', '.join(shown)}{f', and {number(rest)} more' if rest else ''}" if shown else ""
    )


_MOST_WORDS = 3
_LONGEST_WORD = 24


def comparison_notes(comparison: Comparison) -> Iterator[str]:
    """Yield the words that cost, the effect for every model, and notes that a reader needs to trust it."""
    yield from _left_out(comparison)
    for one in comparison.others:
        name = f"{one.side.name}: " if len(comparison.others) > 1 else ""
        sentence = words_sentence(one.words, one.more_words)
        if sentence:
            yield name + sentence
        for change in one.models:
            yield name + model_sentence(change, comparison.requests_per_month)
    if comparison.config:
        yield f"options from {comparison.config}"
    models = [change.model for change in comparison.others[0].models]
    yield from model_name_notes(names_taken(models))
    tokens = plural(comparison.workload.output_tokens, "output token")
    yield f"a request has one input and {tokens}, {comparison.workload.tier} tier, prices of {comparison.as_of}"
    yield from endings(models, comparison.as_of)
    yield from (f"~ {estimated_sentence(model)}" for model in models if model.ratio)
    yield from surcharge_summary(models)
    yield from _how(comparison)


def _left_out(comparison: Comparison) -> Iterator[str]:
    """Yield sentences about what was not counted, divided or read."""
    skipped = list({one.path: one for side in comparison.sides for one in side.inputs.skipped}.values())
    if skipped:
        yield f"not counted: {skipped_sentence(skipped)}"
    if not comparison.is_complete:
        yield "some input could not be counted: how much longer one is, is not known"
    undivided = dict.fromkeys(each for one in comparison.others for each in one.undivided)
    yield from _first_of("without sections", list(undivided))
    unread = dict.fromkeys(each for one in comparison.others for each in one.unread)
    yield from _first_of("without a comparison of lines", list(unread))


def _first_of(what: str, found: Sequence[tuple[str, str]]) -> Iterator[str]:
    if found:
        (path, reason), more = found[0], len(found) - 1
        rest = f", and {plural(more, 'more file')}" if more else ""
        yield f"{what}: {path} ({reason}){rest}"


def _how(comparison: Comparison) -> Iterator[str]:
    """Yield sentences on how sections, lines and words were found and counted."""
    model = comparison.others[0].models[0].model
    if model.ratio:
        yield f"the tokens of files, sections, lines and words are exact, in {comparison.encoding}"
    by = {section.by for one in comparison.others for section in one.sections}
    if "headings" in by:
        yield "sections are by heading, as CommonMark has them"
    if "functions" in by:
        yield "sections are functions, classes and methods: of Python by its parser, of JavaScript by lines"
    if "messages" in by:
        yield "sections are the messages of a request"
    if any(one.lines for one in comparison.others):
        yield "lines are counted by how often they are there: one that moved costs nothing"
        yield "a word is counted with a blank before it, wherever it stands"
