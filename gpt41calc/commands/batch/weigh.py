"""What a line of a batch file takes, before it is added to those before it: all that several processes can do at once.

What depends on earlier lines (what a prompt cache serves, a name that was there before, which file a line goes into)
is not known here. So a line becomes plain values, which one process can hand to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from ...errors import Gpt41calcError, RequestError, UnknownModel
from ...pricing.schema import Model, distinct
from ...requests.batch_lines import RequestLine, parse_line
from ...requests.blocks import Measured, measured
from ...requests.tokens import range_around, request_overhead
from ...sources.strict_json import NotJson, parse_json
from ...tokenizer.engines import tokenizer
from ...tokenizer.protocol import Tokenizer
from .batch_files import file_kind, refusal_of_form
from .options import BatchOptions
from .prompts import Prompter
from .run_modes import Runs

__all__ = ["Weighed", "WeighedLine", "Weigher", "counted_alike"]


class Weighed(NamedTuple):
    """What a request takes with the model that it is run with, in what ``marshal`` knows."""

    model: str
    """The model, by its identifier."""

    is_alike: bool
    """Whether models that count alike count this one alike; else there is a count for each of them."""

    counts: tuple[tuple[int, int, int, int], ...]
    """For every model, or for all that count alike, the own model first: tokens of text, of what is around it, and by
    how many the billed count may lie below and above the two."""

    output: int
    """Tokens of its answer."""

    is_capped: bool
    """Whether these are the cap of its own body."""

    assumed: int
    """Pictures that are counted by a size that was not measured."""

    prefixes: tuple[int, ...]
    """What tells the beginnings of its prompt from others, the shortest first."""

    parts: tuple[tuple[int, int], ...]
    """Its parts that could stand in another order: by what tells them apart, with their tokens."""

    max_output: int | None
    """The most tokens that its answer may have, if the body says so."""


class WeighedLine(NamedTuple):
    """A line, in what ``marshal`` knows."""

    reason: str | None
    """Why it is left out; None if it is a request."""

    kind: str = ""
    """What is equal for requests that may be in one file."""

    named: tuple[int, str] | None = None
    """A digest of its name, and the beginning of it; None if it has no name."""

    form: str | None = None
    """Why a batch would refuse its form; None if it would not."""

    left_out: tuple[str, ...] = ()
    """What of it cannot be counted and is left out."""

    named_as: str | None = None
    """The name of its model, if that is none of the model's own."""

    weighed: tuple[tuple[Any, ...], ...] = ()
    """What it takes with every model that it is run with: fields of ``Weighed``."""


def counted_alike(model: Model, options: BatchOptions) -> tuple[list[Model], list[Model]]:
    """Return all models that offers are made for, and one for each kind of counting among them.

    Most models count a request without pictures alike: unless more is known, it is counted once for all of them.

    Args:
        model: the model of the requests, which comes first.
        options: says which other models there are.
    """
    everybody = distinct([model, *options.variants, *options.comparators])
    alike: dict[object, Model] = {}
    for one in everybody:
        alike.setdefault(Runs.counting_key(one), one)
    return everybody, list(alike.values())


class Weigher:
    """Weighs one line after the other; it knows of no earlier one, but for texts that it need not count again."""

    def __init__(self, options: BatchOptions, folder: str) -> None:
        """Take the options.

        Args:
            options: with which models, and how long answers are.
            folder: where paths of pictures begin.
        """
        self._options = options
        self._folder = folder
        self._models: dict[str, _ModelWeigher] = {}
        self._found: dict[str, Model | UnknownModel] = {}

    def weigh(self, raw: bytes) -> WeighedLine:
        """Return what a line takes, or why it is left out."""
        try:
            one = parse_line(parse_json(raw), partial=self._options.partial)
            models = self._options.models or (self._model(one.request.model),)
            whole = measured(one.request, self._folder, self._options.assumed_image)
            weighed = tuple(tuple(self._of(model).weigh(whole)) for model in models)
            form = self._form(one)
        except NotJson as error:
            return WeighedLine(error.reason)
        except Gpt41calcError as error:  # a bad body, a model that is not known, text that no engine counts
            return WeighedLine(str(error))
        except MemoryError:
            return WeighedLine("too large for the memory there is")
        named_as = None if self._options.models else models[0].named_as
        return WeighedLine(None, file_kind(one), _named(one.custom_id), form, one.request.left_out, named_as, weighed)

    def _model(self, name: str | None) -> Model:
        if name is None:
            raise RequestError("no model; give one with -m")
        found = self._found.get(name)
        if found is None:
            try:
                found = self._options.pricing.find(name)
            except UnknownModel as error:
                found = error
            self._found[name] = found
        if isinstance(found, UnknownModel):
            raise found
        return found

    def _of(self, model: Model) -> _ModelWeigher:
        found = self._models.get(model.id)
        if found is None:
            found = self._models[model.id] = _ModelWeigher(model, self._options)
        return found

    def _form(self, one: RequestLine) -> str | None:
        """Return why a batch would refuse the form of a line."""
        # With -m the form is of the file that there is, and the model of what it might be.
        named = None if self._options.models or one.request.model is None else self._model(one.request.model)
        return refusal_of_form(one, named)


def _named(custom_id: str | None) -> tuple[int, str] | None:
    if custom_id is None:
        return None
    digest = blake2b(custom_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big"), custom_id[:60]


class _ModelWeigher:
    """Weighs the requests that are run with one model."""

    def __init__(self, model: Model, options: BatchOptions) -> None:
        self._model = model
        self._options = options
        self._everybody, self._alike = counted_alike(model, options)
        self._tokenizers: Mapping[str, Tokenizer] = {
            one.counted_in: tokenizer(one.counted_in, short=False) for one in self._everybody
        }
        self._prompter = Prompter(model, self._tokenizers[model.counted_in])
        self._each = options.forecast.answer_tokens(model)

    def weigh(self, whole: Measured) -> Weighed:
        request = whole.request
        prompt = self._prompter.write(whole)
        is_alike = not whole.pictures and request.google is None and self._options.forecast.calibration is None
        cap = request.max_output
        is_capped = cap is not None and (self._options.from_body or cap < self._each)
        return Weighed(
            model=self._model.id,
            is_alike=is_alike,
            counts=tuple(self._counts(whole, prompt.text, self._alike if is_alike else self._everybody)),
            output=(cap if is_capped and cap is not None else self._each) * request.choices,
            is_capped=is_capped,
            assumed=whole.assumptions(self._model) if whole.pictures else 0,
            prefixes=prompt.prefixes,
            parts=prompt.parts,
            max_output=cap,
        )

    def _counts(self, whole: Measured, own_text: int, models: list[Model]) -> Iterator[tuple[int, int, int, int]]:
        """Yield what ``Weighed.counts`` holds, for some models."""
        request = whole.request
        text = {(self._model.counted_in, self._model.family): own_text}
        for model in models:
            read = model.counted_in, model.family
            if read not in text:
                text[read] = sum(map(self._counter(model), whole.texts(model)))
            overhead = request_overhead(whole, model, self._tokenizers[model.counted_in])
            if self._options.forecast.calibration is not None:
                overhead += self._options.forecast.extra_tokens(model, len(request.messages), len(request.tools))
            below, above = range_around(whole, model, self._tokenizers[model.counted_in], text[read])
            is_framed = request.google is None and not model.kind_ratios
            yield text[read], max(0, overhead) if is_framed else overhead, below, above

    def _counter(self, model: Model) -> Callable[[str], int]:
        """Return what counts a text for a model: what was encoded for the prompt is not counted again."""
        if model.counted_in == self._model.counted_in:
            return self._prompter.count
        return self._tokenizers[model.counted_in].count
